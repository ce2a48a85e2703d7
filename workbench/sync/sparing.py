"""Does without what takes a portal too long or fails, for a while: nothing else may wait for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

from client.errors import Deadline

FIRST: Final = 60.0
"""Seconds after which it is tried again; each time in a row twice as long."""
LONGEST: Final = 3600.0
"""The most that becomes."""


class Sparing:
    """Remembers what took too long or failed, by a name for each."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._now = monotonic
        self._waits: dict[str, float] = {}
        self._until: dict[str, float] = {}

    def may(self, what: str) -> bool:
        """Whether it may be tried now."""
        return self._until.get(what, 0.0) <= self._now()

    @contextmanager
    def trying(self, what: str) -> Iterator[None]:
        """Around a call: should it take too long, it is not tried again for a while."""
        try:
            yield
        except Deadline:
            self.failed(what)
            raise

    def failed(self, what: str) -> None:
        """It is not tried again for a while."""
        self._waits[what] = min(2 * self._waits.get(what, FIRST / 2), LONGEST)
        self._until[what] = self._now() + self._waits[what]

    def spared(self) -> frozenset[str]:
        """All that may not be tried now."""
        return frozenset(what for what in self._until if not self.may(what))

    def done(self, what: str) -> None:
        """It was done: the next time it takes too long or fails is the first again."""
        self._waits.pop(what, None)
        self._until.pop(what, None)
