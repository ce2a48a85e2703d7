"""One verb on many conversations: which of them it is done to, and which are left out and why."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from workbench.dialogue.basis import Seen
from workbench.dialogue.key import Key
from workbench.dialogue.queue import Item, Whose
from workbench.dialogue.refusals import SendWord
from workbench.dialogue.roles import CONSULTATION
from workbench.dialogue.snoozing import why_not_snooze
from workbench.dialogue.work import Change, State, Verb


class LeftOut(StrEnum):
    """Why a conversation is left out of what is done to many."""

    FLAGGED = "flagged"
    """It has a red flag: somebody looks at it by itself before it is closed, put off or waits for the patient."""
    UNANSWERED = "unanswered"
    """An e-consultation whose last word is the patient's is not closed."""
    TAKEN = "taken"
    """A colleague has it."""
    NO_CHANGE = "no-change"
    """It is so already."""
    DRAFT = "draft"
    """Unsent words lie in it, of whoever works from this store."""
    CLOSED = "closed"
    """It is done."""
    OTHER_PORTAL = "other-portal"
    """Who it would be handed to works on another portal."""
    PAST = "past"
    """The moment until which it would be put off has passed."""
    MERGED = "merged"
    """It is done because it was merged into another: taking the two apart opens it again."""
    CHANGED = "changed"
    """It is no longer as it was when the user was shown what would be done."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be done."""

    change: Change
    to: tuple[Item, ...]
    left_out: tuple[tuple[Item, LeftOut], ...]
    seen: Mapping[Key, Seen] = field(default_factory=dict)
    """What each conversation held no later than its row was read: what came after it was not decided on."""

    @property
    def patients(self) -> int:
        """How many people it touches; conversations without a patient count one each."""
        return len({(item.key.portal, item.patient or item.key.thread) for item in self.to})


MOVES: Final = frozenset({Verb.CLAIM, Verb.RELEASE, Verb.DONE, Verb.REOPEN, Verb.SNOOZE, Verb.WAKE, Verb.NEXT})
"""Verbs that are not done among many to what a colleague has: it is theirs to move."""


def meant(verb: Verb, items: Collection[Item]) -> Verb:
    """Which of two things a key means that does one and takes it away again.

    It is taken away only where all of them stand so: where some do, the key does to the rest what it is called.

    Args:
        verb: What the key is called: claim, done or snooze; any other means itself.
        items: The rows that were selected.
    """
    match verb:
        case Verb.CLAIM if items and all(item.whose is Whose.ME for item in items):
            return Verb.RELEASE
        case Verb.DONE if items and all(item.state is State.DONE for item in items):
            return Verb.REOPEN
        case Verb.SNOOZE if items and all(item.state is State.SNOOZED for item in items):
            return Verb.WAKE
    return verb


def plan(
    change: Change,
    items: Iterable[Item],
    now: datetime,
    *,
    portal: str = "",
    seen: Mapping[Key, Seen] | None = None,
) -> Plan:
    """Sorts out what a verb may be done to without looking at each conversation.

    Args:
        change: The verb with what it needs.
        items: The rows that were selected.
        now: Aware, in the zone of who acts.
        portal: The portal on which whom it is handed to works; empty when that does not matter.
        seen: What each conversation held, read before the rows.
    """
    to: list[Item] = []
    left: list[tuple[Item, LeftOut]] = []
    for item in items:
        reason = LeftOut.OTHER_PORTAL if portal and item.key.portal != portal else why_left_out(change, item, now)
        if reason is None:
            to.append(item)
        else:
            left.append((item, reason))
    return Plan(change, tuple(to), tuple(left), seen or {})


def still(agreed: Plan, rows: Mapping[Key, Item], written: Collection[Key], now: datetime) -> Plan:
    """What is left of a plan when it is carried out: a row that is not as it was shown is left out, and told.

    Args:
        agreed: What the user said yes to.
        rows: The same rows as they are now.
        written: Where somebody has written, or other people read along, since.
        now: Aware, in the zone of who acts.
    """
    to: list[Item] = []
    left: list[tuple[Item, LeftOut]] = []
    for shown in agreed.to:
        item = rows.get(shown.key)
        reason = LeftOut.CHANGED if item is None else why_left_out(agreed.change, item, now)
        if reason is None and (shown.key in written or item is None or _standing(item) != _standing(shown)):
            reason = LeftOut.CHANGED
        if reason is None:
            to.append(shown)
        else:
            left.append((item or shown, reason))
    return Plan(agreed.change, tuple(to), tuple(left), agreed.seen)


def _standing(item: Item) -> tuple[object, ...]:
    """What of a row a verb on many is decided by; not the version of its work item, which one's own verbs move on."""
    work = (item.state, item.whose, item.owner_name, item.pool, item.priority, item.category, item.due, item.wakes)
    return (*work, item.patient, item.from_patient, item.flag, item.flag_words)


def why_left_out(change: Change, item: Item, now: datetime) -> LeftOut | None:
    """Why a verb is not done to a row among many, None when it is."""
    if (item.state is State.DONE) is not (change.verb is Verb.REOPEN):
        return LeftOut.NO_CHANGE if change.verb in (Verb.DONE, Verb.REOPEN) else LeftOut.CLOSED
    if item.whose is Whose.COLLEAGUE and change.verb in MOVES:
        return LeftOut.TAKEN
    return LeftOut.NO_CHANGE if _stands_so(change, item) else _why_by_itself(change, item, now)


def _stands_so(change: Change, item: Item) -> bool:
    """Whether a row stands already as a verb would leave it."""
    match change.verb:
        case Verb.CLAIM:
            return item.whose is Whose.ME
        case Verb.RELEASE:
            return item.whose is Whose.NOBODY
        case Verb.WAKE:
            return item.state is not State.SNOOZED
        case Verb.NEXT:
            return item.state is change.state or (change.state is State.NEW and item.state is State.CLAIMED)
        case Verb.PRIORITY:
            return item.priority is change.priority
        case Verb.CATEGORY:
            return item.category == change.category
    return False


def _why_by_itself(change: Change, item: Item, now: datetime) -> LeftOut | None:
    """Why somebody is to look at a row by itself before a verb is done to it."""
    match change.verb:
        case Verb.DONE if item.flag:
            return LeftOut.FLAGGED
        case Verb.DONE if item.category == CONSULTATION and item.from_patient:
            return LeftOut.UNANSWERED
        case Verb.DONE if item.draft:
            return LeftOut.DRAFT
        case Verb.SNOOZE if why := why_not_snooze(change.until, now, flagged=bool(item.flag)):
            return LeftOut.PAST if why is SendWord.SNOOZE_PAST else LeftOut.FLAGGED
        case Verb.NEXT if change.hides_flags and item.flag and item.from_patient:
            return LeftOut.FLAGGED
        case Verb.REOPEN if item.into:
            return LeftOut.MERGED
    return None
