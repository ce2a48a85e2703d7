"""The queues of a user: the fixed ones, the saved views, and one for each team and type of message."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from workbench.dialogue.asking import Asked, Vocabulary, asked
from workbench.dialogue.deadline import DeadlineRules, guard_until
from workbench.dialogue.queue import Queue, standard_queues
from workbench.views import View, Views

if TYPE_CHECKING:
    from workbench.store.store import Store


class Shelves:
    """Makes queues of what a store holds and a user has saved. Its methods read the disk."""

    def __init__(self, store: Store, views: Views, clock: Callable[[], datetime]) -> None:
        self._store, self._clock = store, clock
        self.views = views
        self._vocabulary = Vocabulary()
        self.deadlines: DeadlineRules | None = None
        """How the office reckons, once its calendar has been loaded: the first list must not wait for that."""

    def queues(self, portals: Iterable[str]) -> tuple[Queue, ...]:
        """All queues as of now.

        Args:
            portals: Names of the portals, in the user's order.
        """
        pools: dict[str, str] = {}
        for portal in portals:
            for pool in self._store.cache.staff.directory(portal).pools:
                pools.setdefault(pool.code, pool.name)
        for code in self._store.cache.pools():
            pools.setdefault(code, "")
        categories = self._store.cache.categories()
        self._vocabulary = Vocabulary(pools, {code: code for code in categories})
        now = self._clock()
        guard = guard_until(now, self.deadlines) if self.deadlines else None
        standard = standard_queues(tuple(pools), now, categories=categories, guard=guard)
        views = tuple(self._queue(view) for view in self.views.all())
        first = next((at for at, queue in enumerate(standard) if ":" in queue.name), len(standard))
        return (*standard[:first], *views, *standard[first:])

    def _queue(self, view: View) -> Queue:
        read = self.understood(view.search)
        return Queue(f"view:{view.name}", read.query, read.not_understood)

    def understood(self, line: str) -> Asked:
        """What was typed to search for, in the words of the site as last read."""
        return asked(line, self._clock(), self._vocabulary)

    def view(self, name: str) -> View | None:
        """The saved view of a name."""
        return next((view for view in self.views.all() if view.name == name), None)
