"""What a proof finds: four counts that must be nothing, and how to try the same again."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

COUNTS: Final = ("lost", "doubled", "misdirected", "unreadable")
"""What a proof counts, each of which must be 0."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The counts of one proof."""

    proof: str
    runs: int
    """Histories, kills, states or places that were tried."""
    seed: int
    lost: int = 0
    """Acknowledged words, sends or received messages that were nowhere afterwards, and false words of success."""
    doubled: int = 0
    """Sends that reached the portal more than once."""
    misdirected: int = 0
    """Sends that reached another conversation, patient, portal or reader than the user saw, or passed unseen news."""
    unreadable: int = 0
    """Stores that did not open afterwards, crashes, and damage that was not noticed."""
    notes: tuple[str, ...] = ()
    """A line for each finding, with what is needed to see it again."""

    @property
    def holds(self) -> bool:
        """Whether all four counts are 0 and anything was tried at all."""
        return self.runs > 0 and not (self.lost or self.doubled or self.misdirected or self.unreadable)

    def __add__(self, other: Verdict) -> Verdict:
        """Both as one."""
        return replace(
            self,
            runs=self.runs + other.runs,
            lost=self.lost + other.lost,
            doubled=self.doubled + other.doubled,
            misdirected=self.misdirected + other.misdirected,
            unreadable=self.unreadable + other.unreadable,
            notes=self.notes + other.notes,
        )

    def line(self) -> str:
        """The last line that the command prints."""
        names = ("proof", "runs", *COUNTS, "seed")
        return json.dumps({name: getattr(self, name) for name in names})


Proof = Callable[..., Verdict]
"""Takes how many runs and a seed; some take `first`, to stop at the first finding."""
