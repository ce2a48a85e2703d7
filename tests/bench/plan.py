"""What is asked of a run: sizes, figures, and how often each thing is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

BY_SIZE: Final = ("start", "keys", "page", "open", "search", "rare", "counts", "undo", "bulk", "memory", "idle")
"""Measured at each size."""
ONCE: Final = ("sync", "typing", "autosave")
"""Measured once a run."""
PEERS: Final = "peers"
"""Other programs."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How often each thing is done."""

    runs: int = 7
    """Starts of each program; one more goes before and is not counted."""
    presses: int = 200
    """Of one key."""
    saves: int = 400
    """Letters in the composer, with drafts saved and with none ever due."""
    times: int = 30
    """Conversations opened, words searched for."""
    steps: int = 10
    """Verbs done and taken back."""
    bulks: int = 3
    """Verbs done to many, and slow searches of other programs."""
    seconds: float = 10.0
    """Of idling."""
    synced: int = 4_000
    """Conversations of the portal that a first sync is timed with."""
    typed: int = 7_500
    """Conversations of the portal that is synced while keys are timed."""
    idle: int = 1_000
    """Conversations of the portal beside which nothing happens."""
    boxes: tuple[int, ...] = (1_000, 10_000, 100_000)
    """Messages in the mailboxes of other programs, as far as so many are asked for."""


QUICK: Final = Plan(
    runs=1, presses=10, saves=10, times=2, steps=1, bulks=1, seconds=1.0, synced=20, typed=60, idle=30, boxes=(100,)
)
"""Shows that everything works, no more."""
