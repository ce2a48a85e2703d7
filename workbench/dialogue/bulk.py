"""One verb on many conversations: which of them it is done to, and which are left out and why."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from workbench.dialogue.queue import Item, Whose
from workbench.dialogue.roles import CONSULTATION
from workbench.dialogue.snoozing import why_not_snooze
from workbench.dialogue.work import Change, State, Verb


class LeftOut(StrEnum):
    """Why a conversation is left out of what is done to many."""

    FLAGGED = "flagged"
    """It has a red flag: somebody looks at it by itself before it is closed or put off."""
    UNANSWERED = "unanswered"
    """An e-consultation whose last word is the patient's is not closed."""
    TAKEN = "taken"
    """A colleague has it."""
    NO_CHANGE = "no-change"
    """It is so already."""
    CLOSED = "closed"
    """It is done."""
    OTHER_PORTAL = "other-portal"
    """Who it would be handed to works on another portal."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What will be done."""

    change: Change
    to: tuple[Item, ...]
    left_out: tuple[tuple[Item, LeftOut], ...]

    @property
    def patients(self) -> int:
        """How many people it touches; conversations without a patient count one each."""
        return len({(item.key.portal, item.patient or item.key.thread) for item in self.to})


def plan(change: Change, items: Iterable[Item], now: datetime, *, portal: str = "") -> Plan:
    """Sorts out what a verb may be done to without looking at each conversation.

    Args:
        change: The verb with what it needs.
        items: The rows that were selected.
        now: Aware, in the zone of who acts.
        portal: The portal on which whom it is handed to works; empty when that does not matter.
    """
    to: list[Item] = []
    left: list[tuple[Item, LeftOut]] = []
    for item in items:
        reason = LeftOut.OTHER_PORTAL if portal and item.key.portal != portal else why_left_out(change, item, now)
        if reason is None:
            to.append(item)
        else:
            left.append((item, reason))
    return Plan(change, tuple(to), tuple(left))


def why_left_out(change: Change, item: Item, now: datetime) -> LeftOut | None:
    """Why a verb is not done to a row among many, None when it is."""
    if item.state is State.DONE:
        return LeftOut.NO_CHANGE if change.verb is Verb.DONE else LeftOut.CLOSED
    if item.whose is Whose.COLLEAGUE and change.verb in (Verb.CLAIM, Verb.DONE, Verb.SNOOZE, Verb.NEXT):
        return LeftOut.TAKEN
    match change.verb:
        case Verb.CLAIM if item.whose is Whose.ME:
            return LeftOut.NO_CHANGE
        case Verb.DONE if item.flag:
            return LeftOut.FLAGGED
        case Verb.DONE if item.category == CONSULTATION and item.from_patient:
            return LeftOut.UNANSWERED
        case Verb.SNOOZE if why_not_snooze(change.until, now, flagged=bool(item.flag)):
            return LeftOut.FLAGGED
        case Verb.PRIORITY if item.priority is change.priority:
            return LeftOut.NO_CHANGE
        case Verb.CATEGORY if item.category == change.category:
            return LeftOut.NO_CHANGE
    return None
