"""What was done in this session, newest last, and what takes each step back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Outgoing
from workbench.dialogue.undo import inverse
from workbench.dialogue.work import Change, Verb, WorkItem


class Undone(StrEnum):
    """What became of taking a step back."""

    TAKEN_BACK = "taken-back"
    """It had not left: nothing of it reaches the portal."""
    PUT_BACK = "put-back"
    """It had left: what puts everything back is on its way."""
    PARTLY = "partly"
    """Some of it could not be taken back."""
    NOT = "not"
    """It cannot be taken back: somebody has changed it since."""
    ARRIVED = "arrived"
    """Words that cannot be taken back: the portal has them, and who they are for may have read them."""
    IN_DOUBT = "in-doubt"
    """Words that cannot be taken back now: they are leaving, or no answer came and they may have arrived."""
    OPENED = "opened"
    """Words that had not left, and were opened to go on writing."""
    DROPPED = "dropped"
    """It is in the outbox no more and did not arrive from there: somebody threw it away, or took it back."""


DONE = frozenset({Undone.TAKEN_BACK, Undone.PUT_BACK})
"""What becomes of a step of which nothing is left to take back."""
FAILED = frozenset({Undone.NOT, Undone.ARRIVED, Undone.IN_DOUBT, Undone.DROPPED})
"""What becomes of a step of which nothing could be taken back."""


@dataclass(frozen=True, slots=True)
class Deed:
    """One verb on one conversation, as part of a step."""

    key: Key
    entry: str
    """Identifier in the outbox."""
    change: Change | None
    """What was done there; None for words."""
    back: Change | None
    """What puts back how it stood; None for words, which can only be taken back before they leave."""
    undone: Undone | None = None
    """What became of taking it back; None while nobody has tried."""


@dataclass(frozen=True, slots=True)
class Step:
    """One thing the user did, to one conversation or to many."""

    number: int
    at: datetime
    verb: Verb
    change: Change | None
    deeds: tuple[Deed, ...]
    patient: str
    """Name of the patient where it was one conversation; text from outside."""
    undone: Undone | None = None
    """What became of taking it back; None while nobody has tried."""

    @property
    def left(self) -> tuple[Deed, ...]:
        """What of it has not been taken back; what was may have been moved on since, and that stays."""
        return tuple(deed for deed in self.deeds if deed.undone not in DONE)


@dataclass(frozen=True, slots=True)
class Line:
    """A step as the journal tells it."""

    step: Step
    outlook: Undone | None
    """What would become of it, were it taken back now; None where nothing of it is left to take back."""


@dataclass(frozen=True, slots=True)
class Steps:
    """All steps of a session."""

    done: tuple[Step, ...] = field(default_factory=tuple)

    @property
    def newest(self) -> Step | None:
        """The last step that nobody has tried to take back."""
        return next((step for step in reversed(self.done) if step.undone is None), None)

    def find(self, number: int) -> Step | None:
        """The step of a number."""
        return next((step for step in self.done if step.number == number), None)

    def of(self, entry: str) -> Step | None:
        """The step that put something in the outbox."""
        return next((step for step in self.done if entry in [deed.entry for deed in step.deeds]), None)

    def with_step(self, at: datetime, entries: tuple[Outgoing, ...], befores: tuple[WorkItem, ...], name: str) -> Steps:
        """With one more step.

        Args:
            at: When it was done.
            entries: What it put in the outbox, all of one verb.
            befores: How each conversation stood, in the same order.
            name: The patient's, where it was one conversation.
        """
        deeds = tuple(
            Deed(entry.key, entry.id, entry.change, inverse(entry.change, before) if entry.change else None)
            for entry, before in zip(entries, befores, strict=True)
        )
        number = self.done[-1].number + 1 if self.done else 1
        return Steps((*self.done, Step(number, at, entries[0].verb, entries[0].change, deeds, name)))

    def with_undone(self, number: int, undone: Undone) -> Steps:
        """With what became of taking a step back."""
        return Steps(tuple(replace(step, undone=undone) if step.number == number else step for step in self.done))

    def with_deeds(self, number: int, outcomes: Mapping[str, Undone]) -> Steps:
        """With what became of taking back some deeds of a step, by entry; the step once all of it has been tried."""
        return Steps(tuple(_with_deeds(step, outcomes) if step.number == number else step for step in self.done))


def _with_deeds(step: Step, outcomes: Mapping[str, Undone]) -> Step:
    deeds = tuple(replace(deed, undone=outcomes.get(deed.entry, deed.undone)) for deed in step.deeds)
    tried = [deed.undone for deed in deeds if deed.undone is not None]
    return replace(step, deeds=deeds, undone=together(tried) if len(tried) == len(deeds) else step.undone)


def together(outcomes: Sequence[Undone]) -> Undone:
    """What becomes of a step of whose deeds this becomes."""
    kinds = set(outcomes)
    if failed := kinds & FAILED:
        return outcomes[-1] if len(kinds) == 1 else Undone.NOT if kinds == failed else Undone.PARTLY
    return Undone.PUT_BACK if Undone.PUT_BACK in kinds else Undone.TAKEN_BACK
