"""Whether a verb may still be carried out on what the portal holds now: pure."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from workbench.dialogue.basis import Seen, what_is_set
from workbench.dialogue.held import HeldTask
from workbench.dialogue.outgoing import Reason
from workbench.dialogue.tie import ANY, TIES, Tie, TieKind
from workbench.dialogue.work import TYING, Change, State, Verb, ours


class NeedsYou(Exception):  # noqa: N818 - it is no error, and reads as what it says
    """Something may not leave before the user has looked at it.

    Attributes:
        reason: Why.
        detail: What concerns it: a reference of the colleague who has it, or words that came since.
    """

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(str(reason))
        self.reason = reason
        self.detail = detail


class Verdict(StrEnum):
    """What is left to do."""

    GO = "go"
    ALREADY = "already"


def verdict(change: Change, task: HeldTask, seen: Seen, me: str) -> Verdict:
    """Judges a verb against the Task as it is now.

    A claim wants nobody else to have it, a release that I have it; a snooze and its end that it is mine or
    nobody's; a priority, a category and a hand-over want what they set to stand as the user saw it; a hand-over, a
    *done*, a merge and its end, a next action and a snooze that is put back stop when somebody took it after the user
    looked; all that changes stops on what was closed after the user looked, but for what ties it to another
    conversation.

    Args:
        change: The verb and what it needs.
        task: The Task, just read.
        seen: What the user decided on.
        me: Reference of the user.

    Raises:
        NeedsYou: It must not be carried out; `TAKEN` carries the owner's reference.
    """
    if already(change, task, me):
        return Verdict.ALREADY
    closed_since = task.state is State.DONE and task.stamp.version not in ("", seen.task)
    if closed_since and change.verb not in (Verb.REOPEN, Verb.DONE, *TYING):
        raise NeedsYou(Reason.CONFLICT)
    if _set_since(change, task, seen):
        raise NeedsYou(Reason.CONFLICT)
    mine = {"", me}
    if change.verb in (Verb.HAND_OVER, Verb.DONE, Verb.NEXT, Verb.REPLY, Verb.MERGE, Verb.SPLIT) or (
        change.back and change.verb in (Verb.SNOOZE, Verb.WAKE)
    ):
        mine.add(seen.owner)
    if (
        change.verb not in (Verb.PRIORITY, Verb.CATEGORY, Verb.REOPEN, Verb.LINK, Verb.UNLINK)
        and task.owner not in mine
    ):
        raise NeedsYou(Reason.TAKEN, task.owner)
    return Verdict.GO


def _set_since(change: Change, task: HeldTask, seen: Seen) -> bool:
    """Whether a colleague has set what a verb is to set, to something that the user neither saw nor wants."""
    known = seen.stood.get(change.verb)
    if known is None or task.stamp.version in ("", seen.task):
        return False
    now = {Verb.PRIORITY: str(task.priority), Verb.CATEGORY: task.category}.get(change.verb, task.pool)
    # Where the Task says nothing the screen shows what the message says.
    return bool(now) and now not in (*known, what_is_set(change))


def already(change: Change, task: HeldTask, me: str) -> bool:
    """Whether the Task is as the verb would make it: by an earlier try whose answer was lost, or by a colleague."""
    if change.note and all(change.note != note.text for note in task.notes):
        return False  # why it was done has not been said yet
    if change.verb in TYING:
        # Once a tie is there, or gone, how the Task stands is for whoever changed it after that.
        return (Tie(TIES[change.verb], change.other) in task.ties) is (change.verb in (Verb.MERGE, Verb.LINK))
    if change.restores:
        return _as_before(change, task)
    match change.verb:
        case Verb.CLAIM:
            return task.owner == me and task.state not in (State.NEW, State.DONE, State.SNOOZED)
        case Verb.RELEASE:
            return not task.owner
        case Verb.HAND_OVER:
            return (task.owner == change.owner) if change.owner else (not task.owner and task.pool == change.pool)
        case Verb.DONE:
            return task.state is State.DONE and not (change.other == ANY and _merged(task))
        case Verb.REOPEN:
            return task.state not in (State.DONE, State.SNOOZED)
        case Verb.SNOOZE:
            return task.state is State.SNOOZED and task.until == told(change.until)
        case Verb.WAKE:
            return task.state not in (State.SNOOZED, State.DONE)
        case Verb.NEXT:
            return task.state is (ours(owned=bool(task.owner)) if change.state is State.NEW else change.state)
        case Verb.PRIORITY:
            return task.priority is change.priority
        case Verb.CATEGORY:
            return task.category == change.category
        case _:
            return False


def _merged(task: HeldTask) -> bool:
    return any(tie.kind is TieKind.MERGED for tie in task.ties)


def _as_before(change: Change, task: HeldTask) -> bool:
    """Whether the Task stands as a change that takes another back would have it."""
    moved = change.verb in (Verb.CLAIM, Verb.RELEASE, Verb.HAND_OVER)
    return (
        task.state is change.state
        and (task.state is not State.SNOOZED or task.until == told(change.until))
        and (not moved or task.owner == change.owner)
        and (change.verb is not Verb.HAND_OVER or task.pool == change.pool)
    )


def told(until: datetime | None) -> datetime | None:
    """A moment as a portal holds it that was told it: FHIR's instants have milliseconds."""
    return until and until.replace(microsecond=until.microsecond // 1000 * 1000)
