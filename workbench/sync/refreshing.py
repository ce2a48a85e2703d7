"""Reads afresh what somebody looks at: a conversation, and the people of the patient's side in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from client.errors import Deadline, Gone, NotFound, PortalError, Throttled, Unauthorised, Unreachable
from workbench.dialogue.held import Batch
from workbench.dialogue.key import Key
from workbench.dialogue.readers import PATIENT_SIDE
from workbench.sync.ports import CachePort, PortalPort
from workbench.sync.push import OF_ONE

MOST_ASKED = 16
"""Conversations remembered to be read afresh while the portal is away; those looked at last."""
SLOW_OR_ONE: tuple[type[PortalError], ...] = (*OF_ONE, Deadline)
"""What people are done without for."""
PEOPLE_FOR = 600.0
"""Seconds in which a patient, or who acts for one, is not asked for again: no list of changes tells of people."""
MOST_PEOPLE = 1_000
"""People of whom it is remembered when they were asked for."""


class Refreshing:
    """What was asked to be read afresh on one portal."""

    def __init__(
        self,
        portal: PortalPort,
        cache: CachePort,
        doubt: Callable[[Iterable[str]], None],
        monotonic: Callable[[], float],
    ) -> None:
        self._portal = portal
        self._cache = cache
        self._doubt = doubt
        self._now = monotonic
        self._asked: dict[str, None] = {}
        self._people: dict[str, float] = {}
        """When each was last asked for."""

    @property
    def pending(self) -> bool:
        """Whether something has yet to be read."""
        return bool(self._asked)

    def ask(self, thread: str) -> None:
        """Asks for a conversation to be read afresh in the next turn."""
        self._asked.pop(thread, None)
        self._asked[thread] = None
        if len(self._asked) > MOST_ASKED:
            del self._asked[next(iter(self._asked))]

    async def take(self) -> frozenset[Key]:
        """Reads all that was asked for; what seems to be gone is asked for by itself.

        A conversation that cannot be read stays as it is held, and holds up nothing else.

        Returns:
            The conversations that changed.

        Raises:
            PortalError: The portal cannot be spoken to now; what is left is kept.
        """
        changed: frozenset[Key] = frozenset()
        while self._asked:
            thread = next(iter(self._asked))
            del self._asked[thread]
            doubtful: tuple[str, ...] = ()
            try:
                batch = await self._portal.thread(thread)
                doubtful = self._cache.checks.unsaid(self._portal.name, thread, batch)
                batch += await self._people_of(batch)
            except (NotFound, Gone):
                batch, doubtful = Batch(), (f"Communication/{thread}",)  # one answer alone takes nothing off the shelf
            except OF_ONE:
                continue
            except (Unreachable, Throttled, Unauthorised):
                self._asked = {thread: None} | self._asked
                raise
            changed |= self._cache.apply(self._portal.name, batch)
            doubtful += self._cache.checks.later(self._portal.name, batch)
            if doubtful:
                self._doubt(doubtful)
        return changed

    async def _people_of(self, batch: Batch) -> Batch:
        """The patient of a conversation and who acts for them, as they are now: one may have died since."""
        now = self._now()
        named = {who for held in batch.threads for who in (held.patient, held.sender, *held.recipients)}
        theirs = sorted(who for who in named if who.startswith(PATIENT_SIDE))
        stale = [who for who in theirs if now - self._people.get(who, -PEOPLE_FOR) >= PEOPLE_FOR]
        if not stale:
            return Batch()
        try:
            found = await self._portal.fetch(stale)
        except SLOW_OR_ONE:  # what was read of the conversation matters more, and is not asked for in vain again
            found = Batch()
        if len(self._people) > MOST_PEOPLE:
            self._people.clear()
        self._people.update(dict.fromkeys(stale, now))
        return found
