"""Whether a verb may still be carried out on what the portal holds now: pure."""

from __future__ import annotations

from enum import StrEnum

from workbench.dialogue.basis import Seen
from workbench.dialogue.held import HeldTask
from workbench.dialogue.outgoing import Reason
from workbench.dialogue.work import Change, State, Verb


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

    A claim wants nobody else to have it, a release that I have it; a hand-over or a *done* stops when somebody
    took it after the user looked; all that changes stops on what was closed after the user looked.

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
    closed_since = task.state is State.DONE and task.stamp.version != seen.task
    if closed_since and change.verb not in (Verb.REOPEN, Verb.DONE):
        raise NeedsYou(Reason.CONFLICT)
    mine = {"", me}
    if change.verb in (Verb.HAND_OVER, Verb.DONE, Verb.REPLY):
        mine.add(seen.owner)
    if change.verb not in (Verb.PRIORITY, Verb.CATEGORY, Verb.REOPEN) and task.owner not in mine:
        raise NeedsYou(Reason.TAKEN, task.owner)
    return Verdict.GO


def already(change: Change, task: HeldTask, me: str) -> bool:
    """Whether the Task is as the verb would make it: by an earlier try whose answer was lost, or by a colleague."""
    match change.verb:
        case Verb.CLAIM:
            return task.owner == me and task.state not in (State.NEW, State.DONE)
        case Verb.RELEASE:
            return not task.owner
        case Verb.HAND_OVER:
            return (task.owner == change.owner) if change.owner else (not task.owner and task.pool == change.pool)
        case Verb.DONE:
            return task.state is State.DONE
        case Verb.REOPEN:
            return task.state is not State.DONE
        case Verb.PRIORITY:
            return task.priority is change.priority
        case Verb.CATEGORY:
            return task.category == change.category
        case _:
            return False
