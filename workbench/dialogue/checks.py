"""Checks before something is queued or attached: what must hold whatever the screen shows."""

from __future__ import annotations

from collections.abc import Sequence

from workbench.dialogue.conversation import Conversation, Entry, Message, Note
from workbench.dialogue.held import RecordDocument
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Draft, Kind, Outgoing, Reason, Sending
from workbench.dialogue.people import Me
from workbench.dialogue.refusals import AttachWord, SendWord
from workbench.dialogue.roles import may_reply_to
from workbench.dialogue.work import WORDS, Verb


def why_not_send(draft: Draft, conversation: Conversation, me: Me | None) -> SendWord | None:
    """Why a draft may not be queued, None when it may.

    Args:
        draft: The words.
        conversation: What the user saw.
        me: Who acts on the conversation's portal, None when nobody is known.
    """
    if me is None:
        return SendWord.NOBODY_ACTS
    if draft.key != conversation.key or draft.author != me.reference:
        return SendWord.CHANGED
    if draft.empty:
        return SendWord.EMPTY
    if draft.kind is Kind.NOTE:
        return None
    if word := why_no_words(conversation):
        return word
    categories = {*conversation.categories, conversation.work.category}
    return None if may_reply_to(me.role, categories) else SendWord.ROLE


def why_no_words(conversation: Conversation) -> SendWord | None:
    """Why no words may go to the patient's side of a conversation, whosever they are; None when they may."""
    if conversation.mixed:
        return SendWord.MIXED
    if conversation.patient is None or not conversation.patient.reference:
        return SendWord.NO_PATIENT
    if conversation.closed:
        return SendWord.CLOSED
    if not conversation.readers:
        return SendWord.NO_READER
    return None if any(isinstance(entry, Message) for entry in conversation.entries) else SendWord.NOT_READ


def why_not_attach(draft: Draft, document: RecordDocument, patient: str) -> AttachWord | None:
    """Why a document of the record may not travel with a draft, None when it may.

    Args:
        draft: What it would be attached to.
        document: The document.
        patient: Reference of the conversation's patient.
    """
    if document.portal != draft.key.portal:
        return AttachWord.OTHER_PORTAL
    if not patient or document.patient != patient:
        return AttachWord.OTHER_PATIENT
    if document.restricted:
        return AttachWord.RESTRICTED
    if not document.final:
        return AttachWord.NOT_FINAL
    attached = any(held.reference == document.reference for held in draft.documents)
    return AttachWord.ALREADY if attached else None


def waiting_in(key: Key, entries: Sequence[Entry], outbox: Sequence[Outgoing]) -> tuple[Outgoing, ...]:
    """What the user wrote in a conversation that is not yet among what is held of it, in the order of queueing.

    Args:
        key: The conversation.
        entries: What is held of it.
        outbox: All entries of it, receipts included; a receipt stays until the message itself is held.
    """
    held = {entry.client_id for entry in entries if isinstance(entry, Message | Note)}
    words = (entry for entry in outbox if entry.verb in WORDS and entry.id not in held)
    return tuple(entry for entry in words if entry.key == key)


def claims_lost_before(entry: Outgoing, outbox: Sequence[Outgoing]) -> tuple[str, ...]:
    """Identifiers of claims that a colleague was faster with, and that stand before an entry of the same conversation.

    One that was refused for another reason is none of them: the user has not been told yet what to make of it.
    """
    claims = []
    for other in outbox:
        if other.id == entry.id:
            break
        lost = other.state is Sending.NEEDS_YOU and other.reason == Reason.TAKEN
        if other.key == entry.key and other.verb is Verb.CLAIM and lost:
            claims.append(other.id)
    return tuple(claims)
