"""Parts of a proof on two processors at once."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Final, TypeVar

Part = TypeVar("Part")
Done = TypeVar("Done")
WORKERS: Final = 2


def shares(runs: int, most: int) -> list[int]:
    """Splits runs into parts of nearly one size, none with more than `most`, as many for each process.

    Args:
        runs: How many in all.
        most: In one part.
    """
    parts = min(runs, -(-runs // (most * WORKERS)) * WORKERS)
    return [runs // parts + (number < runs % parts) for number in range(parts)]


def spread(work: Callable[[Part], Done], parts: Iterable[Part]) -> Iterator[Done]:
    """What some work gives for each part, in the order of the parts; each process is new and has one thread.

    Args:
        work: A function of a module.
        parts: What it is called with; must be picklable, as what it gives.
    """
    with ProcessPoolExecutor(WORKERS, multiprocessing.get_context("spawn")) as workers:
        yield from workers.map(work, parts)
