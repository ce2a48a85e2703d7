"""When staff may tell a patient that a message has come: once for the same words, and only before an answer."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from workbench.dialogue.basis import Seen
from workbench.dialogue.checks import why_no_words
from workbench.dialogue.conversation import Conversation, Message, MessageState
from workbench.dialogue.held import HeldPost
from workbench.dialogue.outgoing import Outgoing, Sending
from workbench.dialogue.people import Me, outside
from workbench.dialogue.refusals import SendWord
from workbench.dialogue.work import Verb

SAID_NOTHING = (MessageState.RETRACTED, MessageState.DRAFT)


def may_receipt(conversation: Conversation) -> bool:
    """Whether nothing has come from staff since the patient's last words; what is on its way counts as come."""
    for entry in reversed(conversation.entries):
        if isinstance(entry, Outgoing) and entry.verb in (Verb.REPLY, Verb.RECEIPT):
            if entry.state is not Sending.NEEDS_YOU:
                return False
        elif isinstance(entry, Message) and entry.state not in SAID_NOTHING:
            return entry.sender.outside
    return False


def given_since(posts: Iterable[HeldPost], earlier: Iterable[Outgoing]) -> HeldPost | None:
    """What staff wrote last in a thread, where that came after the patient's last words; None where nothing did.

    Args:
        posts: The thread's messages as the portal has them now.
        earlier: Receipts of the conversation that have left from here.
    """
    said = [post for post in posts if not post.internal and post.state not in SAID_NOTHING]
    theirs = [post.stamp.id for post in said if outside(post.sender)]
    if covered(theirs, earlier):
        said = [post for post in said if post.stamp.id not in theirs]
    last = max(said, key=lambda post: (post.sent, post.stamp.id), default=None)
    return None if last is None or outside(last.sender) else last


def covered(words: Collection[str], earlier: Iterable[Outgoing]) -> bool:
    """Whether a receipt that left, or is on its way, was given by somebody who had seen all of the patient's words.

    Times do not say it alone: a workstation whose clock is slow sends receipts from before the words they are for.

    Args:
        words: Ids of the patient's messages.
        earlier: Receipts of the same conversation that went through this outbox.
    """
    given = (one for one in earlier if one.verb is Verb.RECEIPT and one.state is not Sending.NEEDS_YOU)
    return any(set(words) <= Seen.read(one.basis).messages.keys() for one in given)


def words_in(conversation: Conversation) -> frozenset[str]:
    """Ids of the patient's messages in a conversation, as far as they stand."""
    said = (entry for entry in conversation.entries if isinstance(entry, Message) and entry.state not in SAID_NOTHING)
    return frozenset(entry.id for entry in said if entry.sender.outside)


def why_not_receipt(text: str, conversation: Conversation, me: Me | None) -> SendWord | None:
    """Why a receipt may not be queued, None when it may: it is nobody's alone to give, whatever it is about.

    Args:
        text: The words.
        conversation: What the user saw.
        me: Who acts on the conversation's portal, None when nobody is known.
    """
    if me is None:
        return SendWord.NOBODY_ACTS
    if not text.strip():
        return SendWord.EMPTY
    if word := why_no_words(conversation):
        return word
    return None if may_receipt(conversation) else SendWord.RECEIPTED
