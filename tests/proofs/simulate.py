"""Simulated histories of a clinic: workbenches with real stores, two portals, users, faults, all from one seed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event
from typing import Any, Final

from tests.proofs.verdict import Verdict

ROOT: Final = Path(__file__).parents[2]
WORKER: Final = "tests.proofs.simulation.worker"
CHUNK: Final = 250
"""Histories a process plays, after which it is replaced by a fresh one."""
STEP: Final = 1_000
"""Histories between two words of progress."""


def prove(runs: int, seed: int, *, first: bool = False, begin: int = 0, workers: int = 0) -> Verdict:
    """Plays histories on all processors.

    Args:
        runs: How many.
        seed: Of all of them; a history is named by it and its number.
        first: Stop at the first that goes wrong.
        begin: Number of the first one: a long run can be made in parts.
        workers: Processes at once; 0 for as many as there are processors.
    """
    done = Event()
    total = Verdict("simulate", 0, seed)
    at_once = workers or os.cpu_count() or 1
    with ThreadPoolExecutor(at_once) as pool:
        chunks = parts(runs, begin, at_once)
        for verdict in pool.map(lambda chunk: _chunk(seed, chunk[0], chunk[1], done, first=first), chunks):
            before, total = total.runs, total + verdict
            if total.runs // STEP > before // STEP:
                print(f"… {total.runs} histories, {len(total.notes)} findings", file=sys.stderr, flush=True)
    return total


def parts(runs: int, begin: int, at_once: int) -> list[tuple[int, int]]:
    """What each process plays: the number of its first history, and how many."""
    size = max(1, min(CHUNK, -(-runs // at_once)))
    return [(begin + past, min(size, runs - past)) for past in range(0, runs, size)]


def played(seed: int, start: int, count: int) -> Iterator[dict[str, Any]]:
    """Histories one after the other, in a process of their own: number, counts, notes, and a name for their trace."""
    command = [sys.executable, "-m", WORKER, str(seed), str(start), str(count)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=_environment()) as process:
        assert process.stdout is not None
        told = 0
        try:
            for line in process.stdout:
                yield json.loads(line)
                told += 1
        finally:
            process.terminate()
    if told < count:  # by a signal too: what was not played proves nothing
        raise RuntimeError(f"a process that played histories from {start} ended after {told}: {process.returncode}")


def _chunk(seed: int, start: int, count: int, done: Event, *, first: bool) -> Verdict:
    total = Verdict("simulate", 0, seed)
    if done.is_set():
        return total
    for told in played(seed, start, count):
        notes = tuple(f"history {told['number']}: {note}" for note in told["notes"])
        if notes:
            notes += (f"  see it again: python -m {WORKER} {seed} {told['number']} 1 --trace",)
        lost, doubled, misdirected, unreadable = told["counts"]
        total += Verdict("simulate", 1, seed, lost, doubled, misdirected, unreadable, notes)
        if notes:
            print("\n".join(notes), file=sys.stderr, flush=True)
        if first and notes:
            done.set()
        if done.is_set():
            break
    return total


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONHASHSEED": "0"}
