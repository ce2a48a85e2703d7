"""What can be done about something in the outbox: only what would change anything."""

from __future__ import annotations

from enum import StrEnum

from workbench.dialogue import work
from workbench.dialogue.conversation import Conversation
from workbench.dialogue.outgoing import FOLLOWS, Outgoing, Reason, Sending
from workbench.dialogue.receipts import may_receipt
from workbench.dialogue.work import Verb


class Remedy(StrEnum):
    """Something the user can do about it; each is the name of a command."""

    EDIT = "edit"
    """Take the words back and go on writing them."""
    TAKE_BACK = "take-back"
    """Words become a draft again; a verb is undone."""
    SEND = "send-again"
    """Let it go out although it was stopped."""
    TRY = "try-now"
    """Speak to the portal now instead of later."""
    THROW_AWAY = "throw-away"


WORDS = (Verb.REPLY, Verb.NOTE)
"""What was a draft, and becomes one again."""
FOR_GOOD = (
    Reason.GONE,
    Reason.AMBIGUOUS,
    Reason.OTHER_PATIENT,
    Reason.OTHER_READERS,
    Reason.DOCUMENT,
    Reason.READER_LEFT,
)
"""Why something stopped that sending it again would stop once more."""


def remedies(
    out: Outgoing,
    held: Conversation | None,
    *,
    me: str,
    connected: bool = True,
    sends: bool = True,
    doubtful: bool = False,
) -> tuple[Remedy, ...]:
    """What can be done about an entry now, the most likely first.

    Args:
        out: The entry.
        held: Its conversation as it is held now.
        me: Reference of who acts on its portal, empty when nobody does.
        connected: Its portal is one of this run's.
        sends: This process is the one that sends.
        doubtful: A try of it that nobody answered may still come to pass, so its words cannot be taken back.
    """
    if out.state in (Sending.SENDING, Sending.SENT) or (connected and out.author != me):
        return ()  # what a colleague wrote is theirs to change, and their program asks the portal about it
    words, mine = out.verb in WORDS, connected and out.author == me
    back = out.reason != Reason.AMBIGUOUS and not (out.verb in work.WORDS and doubtful)
    found = []
    if out.state is Sending.NEEDS_YOU:
        if words and mine and held is not None and back:
            found.append(Remedy.EDIT)
        if mine and may_go(out, held):
            found.append(Remedy.SEND)
        if words and back:
            found.append(Remedy.TAKE_BACK)
        return (*found, Remedy.THROW_AWAY)
    queued = out.state is Sending.QUEUED
    if words and mine and held is not None and queued and back:
        found.append(Remedy.EDIT)
    if connected and mine and sends:
        found.append(Remedy.TRY)
    if queued and back:
        found.append(Remedy.TAKE_BACK)
    return (*found, Remedy.THROW_AWAY) if words or not queued else tuple(found)


def may_go(out: Outgoing, held: Conversation | None) -> bool:
    """Whether something that was stopped would leave if it were sent all the same."""
    if held is None or out.reason in FOR_GOOD:
        return False
    owner = held.work.owner
    if out.verb in (Verb.CLAIM, Verb.RELEASE, Verb.SNOOZE, Verb.WAKE):
        return owner is None or owner.reference == out.author
    if out.verb not in (Verb.REPLY, Verb.RECEIPT):
        return True
    if out.verb is Verb.RECEIPT and not may_receipt(held):
        return False
    patient = held.patient.reference if held.patient else ""
    return not (held.closed or held.mixed) and patient == out.patient


def before(out: Outgoing, pending: tuple[Outgoing, ...]) -> Outgoing | None:
    """What stands before an entry in its conversation and holds it back; None when nothing does.

    Args:
        out: The entry.
        pending: All that is on its way, oldest first.
    """
    if out.verb is Verb.NOTE or out.state is not Sending.QUEUED:
        return None
    for other in pending:
        if other.id == out.id:
            return None
        if other.key != out.key or other.verb is Verb.NOTE:
            continue
        if other.state is not Sending.NEEDS_YOU or out.verb in FOLLOWS:
            return other
    return None
