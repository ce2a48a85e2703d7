"""What takes a verb back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from workbench.dialogue.basis import Seen
from workbench.dialogue.conversation import Conversation
from workbench.dialogue.since import since
from workbench.dialogue.standing import REOPENED_BY_PATIENT
from workbench.dialogue.work import Change, State, Verb, WorkItem

SECOND: Final = timedelta(seconds=1)
OTHER_WAY: Final = {
    Verb.MERGE: Verb.SPLIT,
    Verb.SPLIT: Verb.MERGE,
    Verb.LINK: Verb.UNLINK,
    Verb.UNLINK: Verb.LINK,
}


def inverse(change: Change, before: WorkItem) -> Change | None:
    """What takes a verb back, given how the work item stood before it.

    Args:
        change: What was done.
        before: The work item as it was shown then.

    Returns:
        None for what has left for somebody's eyes, and so cannot be taken back: a reply, a note, a receipt.
    """
    owner = before.owner.reference if before.owner else ""
    name = before.owner.name if before.owner else ""
    match change.verb:
        case Verb.PRIORITY:
            return Change(Verb.PRIORITY, priority=before.priority, back=True)
        case Verb.CATEGORY:
            return Change(Verb.CATEGORY, category=before.category, back=True)
        case Verb.CLAIM | Verb.RELEASE:
            verb = Verb.CLAIM if owner else Verb.RELEASE
            return Change(verb, owner, name, until=before.until, state=before.state, back=True)
        case Verb.HAND_OVER:
            was = before.pool
            return Change(Verb.HAND_OVER, owner, name, was, until=before.until, state=before.state, back=True)
        case Verb.DONE | Verb.REOPEN | Verb.SNOOZE | Verb.WAKE | Verb.NEXT:
            return Change(_toward(before.state, change.verb), until=before.until, state=before.state, back=True)
        case Verb.MERGE | Verb.SPLIT:
            return replace(change, verb=OTHER_WAY[change.verb], until=before.until, state=before.state, back=True)
        case Verb.LINK | Verb.UNLINK:
            return replace(change, verb=OTHER_WAY[change.verb])
        case _:
            return None


def left_as(change: Change, now: WorkItem) -> bool:
    """Whether a work item still stands as a verb left it: else somebody has changed it since, and that stays."""
    owner, awake = now.owner.reference if now.owner else "", now.state in (State.NEW, State.CLAIMED)
    match change.verb:
        case Verb.PRIORITY:
            return now.priority is change.priority
        case Verb.CATEGORY:
            return now.category == change.category
        case Verb.CLAIM:
            return owner == change.owner
        case Verb.RELEASE:
            return not owner
        case Verb.HAND_OVER:
            return owner == change.owner and (bool(owner) or now.pool == change.pool)
        case Verb.DONE:
            return now.state is State.DONE
        case Verb.SNOOZE:
            return now.state is State.SNOOZED and _same(change.until, now.until)
        case Verb.REOPEN | Verb.WAKE:
            return awake
        case Verb.NEXT:
            return awake if change.state in (State.NEW, State.CLAIMED) else now.state is change.state
        case _:
            return True


def hides(back: Change, seen: Seen, now: Conversation, me: str) -> bool:
    """Whether what takes a verb back would put away what somebody else has written or taken since.

    Args:
        back: What is to take it back.
        seen: What the verb was decided on.
        now: The conversation as it is held.
        me: Reference of who did it.
    """
    owner = now.work.owner.reference if now.work.owner else ""
    news = since(seen, now, me) or owner not in ("", me, seen.owner)
    return back.state in REOPENED_BY_PATIENT and bool(news)


def _same(one: datetime | None, other: datetime | None) -> bool:
    """Whether two moments are one, of which a portal keeps no more than it likes."""
    return one == other or (one is not None and other is not None and abs(one - other) < SECOND)


def _toward(state: State, undone: Verb) -> Verb:
    """What it is called to go back to a state; checks and words follow from it."""
    if state is State.DONE:
        return Verb.DONE
    if state is State.SNOOZED:
        return Verb.SNOOZE
    return {Verb.DONE: Verb.REOPEN, Verb.SNOOZE: Verb.WAKE}.get(undone, Verb.NEXT)
