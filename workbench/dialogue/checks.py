"""Checks before something is queued or attached: what must hold whatever the screen shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from workbench.dialogue.conversation import Conversation, Message, Note
from workbench.dialogue.held import RecordDocument
from workbench.dialogue.outgoing import Draft, Kind, Outgoing, Sending
from workbench.dialogue.people import Me
from workbench.dialogue.refusals import AttachWord, SendWord
from workbench.dialogue.roles import may_reply_to
from workbench.dialogue.work import Verb


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
    if conversation.mixed:
        return SendWord.MIXED
    if conversation.patient is None or not conversation.patient.reference:
        return SendWord.NO_PATIENT
    if conversation.closed:
        return SendWord.CLOSED
    categories = {*conversation.categories, conversation.work.category}
    return None if may_reply_to(me.role, categories) else SendWord.ROLE


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


def with_outgoing(conversation: Conversation, outbox: Sequence[Outgoing]) -> Conversation:
    """A conversation with what the user wrote and the portal does not hold yet, at its end in the order of queueing.

    Args:
        conversation: As it is held.
        outbox: All entries of it, receipts included; a receipt stays until the message itself is held.
    """
    held = {entry.client_id for entry in conversation.entries if isinstance(entry, Message | Note)}
    words = (entry for entry in outbox if entry.verb in (Verb.REPLY, Verb.NOTE) and entry.id not in held)
    waiting = tuple(entry for entry in words if entry.key == conversation.key)
    return replace(conversation, entries=conversation.entries + waiting) if waiting else conversation


def claims_lost_before(entry: Outgoing, outbox: Sequence[Outgoing]) -> tuple[str, ...]:
    """Identifiers of claims that came too late, and that stand before an entry of the same conversation."""
    claims = []
    for other in outbox:
        if other.id == entry.id:
            break
        if other.key == entry.key and other.verb is Verb.CLAIM and other.state is Sending.NEEDS_YOU:
            claims.append(other.id)
    return tuple(claims)
