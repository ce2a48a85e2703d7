"""The disk is full, fails or is read-only at every call of a scripted day: nothing is called saved that is not.

Every kind of fault at every call of its kind, once and lasting; each day runs in a folder of its own, in a process
of its own for some hundred days.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import Final

from tests.proofs.power import scratch
from tests.proofs.rounds import Round, Save, Stopped, save_at_desk
from tests.proofs.verdict import Verdict
from tests.proofs.vfs.child import Died, begun, in_child
from tests.proofs.vfs.faults import FAULTS, Failing, Fault
from tests.proofs.vfs.shim import Shim
from tests.proofs.vfs.system import watched_system

A_CHILD: Final = 150
"""Days that one process plays."""
AT_ONCE: Final = max(1, min(4, os.cpu_count() or 1))
"""Processes that play side by side."""


@dataclass(frozen=True, slots=True)
class _Day:
    fault: Fault
    at: int
    lasting: bool

    def __str__(self) -> str:
        return f"{self.fault.name} at call {self.at}{', lasting' * self.lasting}"


def prove(runs: int, seed: int) -> Verdict:
    """Tries so many places, or all of them when that is 0."""
    return tried(runs, seed)


def tried(runs: int, seed: int, save: Save = save_at_desk) -> Verdict:
    """Tries so many places, thrown by the seed, or all.

    Args:
        runs: How many; 0 for all.
        seed: Throws them, and the identifiers.
        save: How a draft is saved; another way shows that the proof can fail.
    """
    days = [
        _Day(fault, at, lasting)
        for fault, count in in_child(lambda: _counted(seed))
        for at in range(1, count + 1)
        for lasting in (False, True)
    ]
    if runs:
        days = Random(seed).sample(days, min(runs, len(days)))
    verdict = Verdict("disk", 0, seed)
    for begin in range(0, len(days), A_CHILD * AT_ONCE):
        share = days[begin : begin + A_CHILD * AT_ONCE]
        parts = [share[place::AT_ONCE] for place in range(min(AT_ONCE, len(share)))]
        waiting = [(part, begun(partial(_played, part, seed, save))) for part in parts]
        for part, wait in waiting:
            try:
                verdict += wait()
            except Died as died:
                notes = (f"seed {seed}, {part[0]} … {part[-1]}: {died}",)
                verdict += Verdict("disk", len(part), seed, unreadable=1, notes=notes)
    return verdict


def _counted(seed: int) -> list[tuple[Fault, int]]:
    """How many calls of each kind a day makes on a disk that is well."""
    shim = Shim(_never(FAULTS[0]))
    shim.register()
    every = Fault("none", 0, tuple({op for fault in FAULTS for op in fault.ops}))
    disk = _play(shim, _Day(every, 0, False), seed, save_at_desk)[1]
    return [(fault, sum(disk.counts[op] for op in fault.ops)) for fault in FAULTS]


def _never(fault: Fault) -> Failing:
    return Failing(Path("/nowhere"), fault, 0, lasting=False)


def _played(days: Sequence[_Day], seed: int, save: Save) -> Verdict:
    shim = Shim(_never(FAULTS[0]))
    shim.register()
    verdict = Verdict("disk", 0, seed)
    for day in days:
        played, _disk = _play(shim, day, seed, save)
        notes = [f"seed {seed}, {day}: {found}" for found in (*played.lost, *played.doubled, *played.crashed)]
        verdict += Verdict(
            "disk",
            1,
            seed,
            lost=len(played.lost),
            doubled=len(played.doubled),
            unreadable=len(played.crashed),
            notes=tuple(notes),
        )
    return verdict


def _play(shim: Shim, day: _Day, seed: int, save: Save) -> tuple[Round, Failing]:
    with scratch() as root:
        disk = Failing(root / "disk", day.fault, day.at, lasting=day.lasting)
        (root / "disk").mkdir()
        shim.watcher = disk
        played = Round(root, disk, seed, save)
        try:
            with watched_system(disk, root / "disk"):
                played.run()
        except Stopped:
            assert played.crashed
        finally:
            shim.watcher = _never(day.fault)
        if shim.broken is not None:
            raise shim.broken
        if day.at and not disk.hits:
            played.crashed.append("the day never came to that call: it is not the same day")
    return played, disk
