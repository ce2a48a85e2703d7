"""Asks for what is named by what is held, and is not held itself: people, headers, Tasks.

Several are asked for in one call. Where it fails, smaller calls find out at which of them, and that one is done without
for a while: no name is worth that the news behind it do not come.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from client.errors import Deadline
from workbench.dialogue.held import Batch
from workbench.dialogue.key import Key
from workbench.sync.faults import BROKEN, UNAVAILABLE
from workbench.sync.ports import CachePort, PortalPort
from workbench.sync.sparing import Sparing

CHUNK: Final = 100
"""References asked for in one call; fewer after one that took too long, until some have come."""
MOST_BROKEN: Final = 20
"""Calls in one round that may fail; after them it does without all that is left."""


class Fetching:
    """What is still to be asked for in a round."""

    def __init__(self, portal: PortalPort, cache: CachePort, monotonic: Callable[[], float]) -> None:
        self._portal = portal
        self._cache = cache
        self._sparing = Sparing(monotonic)
        self._wanted: list[tuple[str, ...]] = []
        self._asked: set[str] = set()
        self._chunk = CHUNK
        self._broken = 0

    @property
    def pending(self) -> bool:
        """Whether something is to be asked for."""
        return bool(self._wanted)

    def begin(self) -> None:
        """A round has begun."""
        self._asked, self._broken = set(), 0

    def leave(self) -> None:
        """The round is left."""
        self._wanted = []

    def look(self) -> None:
        """Finds what to ask for next; what was asked for in this round and is still missing is not there."""
        spared = self._sparing.spared()
        named = self._cache.missing(self._portal.name, self._chunk + len(spared))
        missing = [reference for reference in named if reference not in spared][: self._chunk]
        again = [reference for reference in missing if reference in self._asked]
        if again:
            self._cache.note_missing(self._portal.name, again)
        fresh = tuple(reference for reference in missing if reference not in self._asked)
        self._wanted = [fresh] if fresh else []

    async def step(self) -> tuple[Batch, frozenset[Key]]:
        """Makes one call, and applies what it gives; tells which conversations changed.

        Raises:
            PortalError: The portal cannot be spoken to, or took too long.
        """
        references = self._wanted.pop()
        self._asked.update(references)
        try:
            batch = await self._portal.fetch(references)
        except UNAVAILABLE:
            if len(references) == 1:
                self._cache.note_missing(self._portal.name, references)
            else:
                self._halve(references)
            return Batch(), frozenset()
        except BROKEN:
            self._failed_at(references)
            return Batch(), frozenset()
        except Deadline:
            self._chunk = max(1, len(references) // 2)
            if len(references) == 1:
                self._cache.note_missing(self._portal.name, references)
            raise
        self._chunk = min(CHUNK, 2 * self._chunk)
        for reference in references:
            self._sparing.done(reference)
        return batch, self._cache.apply(self._portal.name, batch)

    def _halve(self, references: tuple[str, ...]) -> None:
        half = len(references) // 2
        self._wanted += [references[:half], references[half:]]

    def _failed_at(self, references: tuple[str, ...]) -> None:
        """Does without a single one for a while; without all, once the portal has failed at too many."""
        self._broken += 1
        left_out = [references]
        if self._broken >= MOST_BROKEN:
            left_out += self._wanted
            self._wanted = []
        elif len(references) > 1:
            return self._halve(references)
        for reference in (each for some in left_out for each in some):
            self._sparing.failed(reference)
            self._asked.discard(reference)
        return None
