"""One turn of one portal: what is on its way first, then what is asked for, then a page of what changed."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from math import ceil
from random import Random

from client.errors import Deadline, Forbidden, PortalError, Throttled, Unauthorised
from workbench.dialogue.key import Key
from workbench.dialogue.people import Me
from workbench.dialogue.status import Connection, PortalStatus
from workbench.store.errors import StoreError
from workbench.sync.attending import SETTLES, Attending
from workbench.sync.backoff import Breaker
from workbench.sync.courier import Courier
from workbench.sync.ports import CachePort, OutboxPort, PortalPort
from workbench.sync.pull import Pull, Step
from workbench.sync.push import OF_ONE, Push
from workbench.sync.refreshing import Refreshing

INTERNAL = "internal"
"""Word of a fault of our own."""
LONG_ROUND = 500
"""Resources in one round from which on it is shown as going on; shorter ones are over before one has read so."""
MOST_ASIDE = 100_000
"""Resources that could not be read which are told apart; more are not counted."""
SLOWER = 4
"""How much longer than usual the time between two rounds is while the portal tells by itself when something changes."""
LEAST = 1.0
"""Seconds between two rounds, however much it tells."""
ONCE_MORE = 5.0
"""Seconds until it is looked once more where it told of something but nothing new was found: searches may be behind."""
INTRODUCED_FOR = 3600.0
"""Seconds after which the portal is asked again who works there."""
INTRODUCED_AGAIN = 60.0
"""The same, after it failed to tell."""
INTRODUCED_SLOWLY = 600.0
"""The same, after it took too long, when it is known who acts."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a turn did, and when the next one is due."""

    status: PortalStatus
    wake: float
    """Seconds until the next turn; 0 when there is more to do at once."""
    changed: frozenset[Key] = frozenset()
    """Conversations of which something new is held, or moved in the outbox."""
    moved: bool = False
    """Something moved in the outbox."""
    ended: bool = False
    """A round of pulling ended with this turn."""


@dataclass(frozen=True, slots=True)
class World:
    """What a turn takes from outside itself."""

    cache: CachePort
    outbox: OutboxPort
    clock: Callable[[], datetime]
    """Now, aware; stamps what is sent, and never decides what is pulled."""
    monotonic: Callable[[], float]
    """Seconds that only rise."""
    rng: Random
    poll: float
    """Seconds between two rounds of pulling."""
    person: Callable[[str], Me | None]
    """Who acts on a portal, None while nobody is known."""
    introduce: Callable[[PortalPort], Awaitable[None]]
    """Asks a portal who works there and who acts, and keeps it."""


class Turn:
    """A portal's turns, one after the other; remembers only what a restart may forget."""

    def __init__(self, portal: PortalPort, world: World, status: PortalStatus) -> None:
        self.portal = portal
        self._world = world
        self._status = status
        self._breaker = Breaker(world.rng, world.monotonic)
        self._pull = Pull(portal, world.cache, world.monotonic)
        self.attending = Attending(portal, world.monotonic, min(SETTLES, world.poll))
        self._push = Push(world.outbox, portal.name, world.rng, world.monotonic)
        self._refreshing = Refreshing(portal, world.cache, self._doubt, world.monotonic)
        self._aside: set[str] = set()
        """Names of what could not be read; a round begins before the last one ended and is given it again."""
        self._headless = 0
        self._next_pull = 0.0
        self._last_round = -LEAST
        self._heard = False
        self._told = False
        """The round under way began because the portal told of something."""
        self._found = False
        """Something new was found in it."""
        self._caught_up = False
        self._next_introduction = 0.0
        self._retry: float | None = None

    def hurry(self) -> None:
        """Makes the next turn try everything at once, but for what the portal asked patience for."""
        self._breaker.hurry()
        self._push.hurry()
        self._next_pull = 0.0

    def heard(self, *, live: bool) -> None:
        """Something may have changed on the portal: it is looked at as soon as may be.

        Args:
            live: Whether the portal tells by itself, from now on.
        """
        self._status = replace(self._status, live=live)
        self._heard = True
        self._next_pull = min(self._next_pull, self._last_round + LEAST)

    def refresh(self, thread: str) -> None:
        """Asks for a conversation to be read afresh in the next turn."""
        self._refreshing.ask(thread)

    async def take(self, *, sends: bool) -> Outcome:
        """Does what is due; never raises but when it is cancelled.

        Args:
            sends: Whether this process holds the lease of the outbox.
        """
        if self._breaker.wait:
            return Outcome(self._status, self._breaker.wait)
        changed: frozenset[Key] = frozenset()
        ended = False
        try:
            await self._introduce()
            if sends:
                await self._send()
            changed = await self._refreshing.take()
            step = await self._look()
            if step is not None:
                changed, ended = changed | step.changed, step.ended
                self._catch_up(step)
            self._went_well(step)
            await self._attend()
        except PortalError as error:
            self._went_wrong(error)
        except StoreError as error:
            self._went_wrong(PortalError(), error.word)
        except Exception as error:  # noqa: BLE001 - the last guard: one portal's oddity must not end the program
            _log.warning("a turn failed: %s", type(error).__name__)
            self._went_wrong(PortalError(), INTERNAL)
        moved = self._push.touched()
        self._status = replace(self._status, next_try=self._at(self._breaker.wait), waits=self._waits())
        return Outcome(self._status, self._wake(), changed | moved, bool(moved), ended)

    async def _introduce(self) -> None:
        """Learns who works there; a portal that fails at it is read and written to all the same."""
        if self._world.monotonic() < self._next_introduction:
            return
        again = INTRODUCED_FOR
        try:
            await self._world.introduce(self.portal)
        except OF_ONE as error:
            _log.warning("who works at the portal was not told: %s", error.word)
            again = INTRODUCED_AGAIN
        except Deadline:  # the next turn goes without: the portal may be slow at nothing else
            known = self._world.person(self.portal.name) is not None
            self._next_introduction = self._world.monotonic() + (INTRODUCED_SLOWLY if known else INTRODUCED_AGAIN)
            raise
        self._next_introduction = self._world.monotonic() + again

    async def _send(self) -> None:
        me = self._world.person(self.portal.name)
        self._retry = None
        if me is None:
            return
        courier = Courier(self.portal, self._world.cache, self._world.outbox, me, self._world.clock, self._doubt)
        await self._push.settle(courier)
        await self._push.look_again(courier)
        self._retry = await self._push.once(courier)

    async def _attend(self) -> None:
        """Tells colleagues where the user is, last of all."""
        me = self._world.person(self.portal.name)
        if me is not None:
            await self.attending.tell(me)

    async def leave(self) -> None:
        """Tells colleagues that the user goes."""
        me = self._world.person(self.portal.name)
        if me is not None and not self._breaker.wait:
            await self.attending.leave(me)

    def _doubt(self, references: Iterable[str]) -> None:
        """Has some Communications and Tasks read by themselves, soon."""
        self._pull.doubt(references)
        self._next_pull = 0.0

    async def _look(self) -> Step | None:
        """A page of what changed, when a round is due or under way."""
        if not self._pull.underway and self._world.monotonic() < self._next_pull:
            return None
        if not self._pull.underway:
            self._status = replace(self._status, received=0)
            self._told, self._heard, self._found = self._heard, False, False
        step = await self._pull.step()
        self._found |= bool(step.changed)
        if step.ended:
            self._last_round = self._world.monotonic()
            self._next_pull = self._last_round + self._pause()
        return step

    def _pause(self) -> float:
        """Seconds until the round that follows the one that has ended."""
        if self._heard:
            return LEAST
        usual = self._world.poll * (SLOWER if self._status.live else 1)
        return min(usual, ONCE_MORE) if self._told and not self._found else usual

    def _catch_up(self, step: Step) -> None:
        """Notes, once, that the portal has been read to its end."""
        if step.ended and not step.incomplete and not self._caught_up:
            self._world.cache.caught_up(self.portal.name)
            self._caught_up = True

    def _went_well(self, step: Step | None) -> None:
        self._breaker.succeeded()
        status = replace(self._status, word="", text="", untold=self._push.untold)
        if step is not None:
            received = status.received + step.received
            if len(self._aside) < MOST_ASIDE:
                self._aside.update(step.set_aside)
            if step.ended:
                self._headless = self._world.cache.checks.headless(self.portal.name)
            status = replace(
                status,
                received=received,
                set_aside=len(self._aside) + self._headless,
                incomplete=step.incomplete or (status.incomplete and not step.ended),
            )
        if step is not None and step.ended:
            status = replace(status, connection=Connection.ONLINE, data_from=self._world.clock())
        elif self._pull.underway and (status.data_from is None or status.received > LONG_ROUND):
            status = replace(status, connection=Connection.SYNCING)
        elif status.connection is not Connection.SYNCING:
            status = replace(status, connection=Connection.ONLINE)
        self._status = status

    def _went_wrong(self, error: PortalError, word: str = "") -> None:
        self._breaker.failed(error.retry_after)
        connection = Connection.OFFLINE
        if isinstance(error, (Unauthorised, Forbidden)):
            connection = Connection.REFUSED
        elif isinstance(error, Throttled):
            connection = self._status.connection
        self._status = replace(self._status, connection=connection, word=word or error.word, text=error.text)

    def _waits(self) -> tuple[tuple[str, datetime], ...]:
        return tuple([(name, at) for name, wait in self._push.waits().items() if (at := self._at(wait))])

    def _at(self, wait: float) -> datetime | None:
        """The moment some seconds from now, in whole seconds; None for none."""
        return self._world.clock().replace(microsecond=0) + timedelta(seconds=ceil(wait)) if wait > 0 else None

    def _wake(self) -> float:
        if self._breaker.wait:
            return self._breaker.wait
        if self._pull.underway or self._refreshing.pending:
            return 0.0
        left = self._next_pull - self._world.monotonic()
        known = self._world.person(self.portal.name) is not None
        waits = (left, self._retry, self.attending.wait if known else None)
        return max(0.0, min(wait for wait in waits if wait is not None))
