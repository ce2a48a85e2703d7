"""How a shift stands, from what a store holds: for the screen and for the command line. Its methods read the disk."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from workbench.dialogue.deadline import DeadlineRules
from workbench.dialogue.moments import Moments, moments
from workbench.dialogue.office import Office
from workbench.dialogue.overview import (
    HANDOVER,
    Figure,
    Handover,
    HandoverLine,
    Overview,
    handover_queries,
)
from workbench.dialogue.queue import STUCK, Queue

if TYPE_CHECKING:
    from workbench.store.store import Store


class Overseer:
    """Counts what a store holds, with what is laid over it."""

    def __init__(self, store: Store, clock: Callable[[], datetime], deadlines: DeadlineRules | None) -> None:
        """Prepares.

        Args:
            store: Where everything is.
            clock: Now, aware.
            deadlines: Whose working days count; weekdays do, and no holiday is known, where that is None.
        """
        self._store, self._clock = store, clock
        self._office = deadlines.office if deadlines else Office(lambda _day: False)

    def moments(self) -> Moments:
        """Between which moments is counted now. Loads the office's calendar the first time, which takes a while."""
        return moments(self._clock(), self._office)

    def overview(self, queues: Iterable[Queue], at: Moments) -> Overview:
        """How the queues stand, and what happened on the last days.

        Args:
            queues: Any; saved views are left out, as a search is no queue anybody is staffed for.
            at: When.
        """
        return self._store.cache.overview([queue for queue in queues if not queue.name.startswith("view:")], at)

    def handover(self, at: Moments) -> Handover:
        """What the next shift must know."""
        queries = handover_queries(at)
        counts = self._store.cache.figures(queries, at)
        lines = [
            HandoverLine(name, Figure(count, query))
            for name, count, query in zip(HANDOVER, counts, queries, strict=True)
        ]
        return Handover(at.now, at.until, tuple(lines), self._elsewhere())

    def _elsewhere(self) -> int:
        stuck = [entry.key for entry in self._store.outbox.pending() if entry.state in STUCK]
        keys = [*self._store.drafts.keys(), *stuck]
        listed = self._store.cache.rows(keys)
        return sum(key not in listed for key in keys)
