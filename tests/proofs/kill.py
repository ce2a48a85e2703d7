"""kill -9 while typing, syncing and sending: the real store, outbox and sync in a child, a real portal counting.

A workbench without a screen is forked, works as a hurried user makes it, and is killed at a chosen moment; the next one
opens the same store and goes on. Now and then there are two on one store, or one sleeps while the other sends.
"""

from __future__ import annotations

import gc
from collections import Counter

from tests.proofs.killing.era import KILLS, Era
from tests.proofs.spread import shares, spread
from tests.proofs.verdict import Verdict


def prove(runs: int, seed: int) -> Verdict:
    """Kills so many times."""
    verdict, seen = counted(runs, seed)
    print(f"  killed while {', '.join(f'{what}: {count}' for what, count in sorted(seen.items()))}")
    return verdict


def counted(runs: int, seed: int) -> tuple[Verdict, Counter[str]]:
    """The verdict, and in the middle of what the kills came."""
    verdict, seen = Verdict("kill", 0, seed), Counter[str]()
    eras = [(seed, number, kills) for number, kills in enumerate(shares(runs, KILLS))]
    for found, moments in spread(era, eras):
        verdict += found
        seen += moments
    return verdict, seen


def era(told: tuple[int, int, int], until: str = "") -> tuple[Verdict, Counter[str]]:
    """One store's life, in a process of its own; at most until something is `lost` or otherwise found wrong."""
    gc.freeze()  # children share what is loaded
    one = Era(*told)
    return one.live(until), one.moments.seen
