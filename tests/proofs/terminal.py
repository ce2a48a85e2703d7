"""kill -9 of the whole program in a pseudo-terminal, while it starts, while one types by keys and while one sends."""

from __future__ import annotations

from tests.proofs.killing.desk import KILLS, Desk
from tests.proofs.spread import shares, spread
from tests.proofs.verdict import Verdict


def prove(runs: int, seed: int) -> Verdict:
    """Kills so many times."""
    desks = [(seed, number, kills) for number, kills in enumerate(shares(runs, KILLS))]
    return sum(spread(desk, desks), Verdict("terminal", 0, seed))


def desk(told: tuple[int, int, int]) -> Verdict:
    """One clinician's desk, in a process of its own."""
    return Desk(*told).live()
