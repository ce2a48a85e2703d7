"""When something happened in a conversation: a stretch of time that a query can ask for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

TICK: Final = timedelta(microseconds=1)
"""The least by which two moments differ."""


class Happening(StrEnum):
    """What happens in a conversation, as far as a shift's leader counts it."""

    WAITS = "waits"
    """The patient has waited for an answer since then: the first words of theirs that came after ours."""
    DONE = "done"
    """It was done, and has been since."""
    CAME = "came"
    """The patient's side wrote in it for the first time."""
    WROTE = "wrote"
    """The patient's side wrote in it."""
    ANSWERED = "answered"
    """What the patient's side had written was answered."""
    LATE = "late"
    """It was answered, after the answer was due."""
    FIRST = "first"
    """What the patient's side had written first was answered."""


OF_ROWS: Final = frozenset({Happening.WAITS, Happening.DONE})
"""What a row of a list tells; what else happened only the messages do, of which there may be many a conversation."""


@dataclass(frozen=True, slots=True)
class Span:
    """Something that happened, from one moment to another."""

    what: Happening
    since: datetime | None = None
    """At this moment or later; None for ever before."""
    before: datetime | None = None
    """Earlier than this; None for ever after."""

    def holds(self, moment: datetime | None) -> bool:
        """Whether a moment lies in it; one that never was does not."""
        return (
            moment is not None
            and (self.since is None or moment >= self.since)
            and (self.before is None or moment < self.before)
        )
