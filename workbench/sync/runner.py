"""Runs the turns of all portals on a thread with an event loop of its own, so that nothing waits for the network."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from workbench.dialogue.key import Key
from workbench.dialogue.presence import Doing
from workbench.sync.attending import At
from workbench.sync.ports import PortalPort
from workbench.sync.turn import Outcome, Turn

T = TypeVar("T")
Listen = Callable[[PortalPort, Callable[[bool], None]], Coroutine[Any, Any, None]]

RENEWAL = 8.0
"""Seconds between two renewals of the lease, which lasts thirty."""
FAREWELL = 1.0
"""Seconds that closing the connections may take."""
SWITCH = 0.001
"""Seconds after which a busy thread lets another run; Python's own 5 ms are felt in the keys during a first sync."""
PATIENCE = 2.0
"""Seconds that stopping may take; what hangs longer ends with the process."""

_log = logging.getLogger(__name__)


class Lease(Protocol):
    """The store's right to send, which one process holds at a time."""

    def acquire(self, owner: str) -> bool:
        """Takes or renews it; False while another process holds it."""

    def release(self, owner: str) -> None:
        """Gives it back."""


@dataclass(frozen=True, slots=True)
class Rounds:
    """What is done again and again, whatever the portals do."""

    work: Callable[[], None]
    """Must not raise, and must soon return."""
    every: float
    """Seconds."""


class Runner:
    """A thread that keeps store and portals together until it is stopped."""

    def __init__(
        self,
        open_portals: Callable[[], Sequence[PortalPort]],
        turn: Callable[[PortalPort], Turn],
        lease: Lease,
        owner: str,
        report: Callable[[Outcome], None],
        broken: Callable[[], None],
        listen: Listen,
        rounds: Rounds,
    ) -> None:
        """Prepares; nothing runs before `start`.

        Args:
            open_portals: Called once on the thread, so that what it imports delays no picture.
            turn: Makes the turns of a portal.
            lease: Who holds it sends.
            owner: Names this process to the lease.
            report: Told of each turn, on the thread; must return at once.
            broken: Told when the thread ends by itself, as when no portal can be made from the configuration.
            listen: Given a portal and whom to tell, listens to what the portal tells by itself.
            rounds: Done on the thread, from its start.
        """
        self._open_portals = open_portals
        self._make_turn = turn
        self._lease = lease
        self._owner = owner
        self._report = report
        self._broken = broken
        self._listen = listen
        self._rounds = rounds
        self._sends = False
        self._turns: dict[str, Turn] = {}
        self._nudges: dict[str, asyncio.Event] = {}
        self._answered: dict[str, asyncio.Event] = {}
        """Set once a portal has answered a whole round."""
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._main: asyncio.Task[None] | None = None
        self._thread = threading.Thread(target=self._run, name="sync", daemon=True)

    @property
    def sends(self) -> bool:
        """Whether this process is the one that sends."""
        return self._sends

    def start(self) -> None:
        """Starts the thread."""
        self._thread.start()

    def wait(self, seconds: float) -> bool:
        """Waits until the portals are open, or the thread has ended; False when neither came in time."""
        return self._ready.wait(seconds)

    def stop(self) -> None:
        """Ends the thread, in the middle of a request if need be; blocks at most two seconds."""
        if not self._thread.is_alive():
            return
        self._ready.wait(PATIENCE)
        if self._loop is not None and self._main is not None:
            with suppress(RuntimeError):  # the loop has ended by itself
                self._loop.call_soon_threadsafe(self._main.cancel)
        self._thread.join(PATIENCE)

    def nudge(self, portal: str | None = None, *, hurry: bool = False) -> None:
        """Lets a portal, or all of them, have a turn now.

        Args:
            portal: Its name; None for all.
            hurry: Whether to look at the portal at once, offline or not.
        """

        def wake() -> None:
            for name in self._turns if portal is None else {portal} & set(self._turns):
                if hurry:
                    self._turns[name].hurry()
                self._nudges[name].set()

        self._soon(wake)

    def refresh(self, portal: str, thread: str) -> None:
        """Has a conversation read afresh."""

        def ask() -> None:
            if portal in self._turns:
                self._turns[portal].refresh(thread)
                self._nudges[portal].set()

        self._soon(ask)

    def attend(self, key: Key | None, doing: Doing) -> None:
        """Tells colleagues where the user is, and on no portal but that one.

        Args:
            key: The conversation; None for none.
            doing: What they do there.
        """

        def come() -> None:
            for name, turn in self._turns.items():
                here = key is not None and key.portal == name
                turn.attending.come(At(key.thread, doing) if key is not None and here else None)
                if turn.attending.wait is not None:
                    self._nudges[name].set()

        self._soon(come)

    def call(self, portal: str, work: Callable[[PortalPort], Coroutine[Any, Any, T]]) -> Future[T]:
        """Runs something on the thread's loop with a portal; the answer comes as a future.

        Raises:
            RuntimeError: In the future: the thread is not running, or knows no such portal.
        """

        async def run() -> T:
            if portal not in self._turns:
                raise RuntimeError("no such portal is open")
            return await work(self._turns[portal].portal)

        loop = self._loop
        if loop is None or not self._ready.is_set() or loop.is_closed():
            failed: Future[T] = Future()
            failed.set_exception(RuntimeError("the portals are not open"))
            return failed
        return asyncio.run_coroutine_threadsafe(run(), loop)

    def later(self, seconds: float, work: Callable[[], None]) -> bool:
        """Calls something on the thread after a while; False when the thread does not run."""
        loop = self._loop
        if loop is None or loop.is_closed():
            return False
        try:
            loop.call_soon_threadsafe(loop.call_later, seconds, work)
        except RuntimeError:
            return False
        return True

    def _soon(self, work: Callable[[], None]) -> None:
        if self._loop is not None and self._ready.is_set():
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(work)

    def _run(self) -> None:
        sys.setswitchinterval(SWITCH)
        try:
            asyncio.run(self._live())
        except asyncio.CancelledError:
            pass
        except Exception as error:  # noqa: BLE001 - the last guard of the thread
            _log.warning("the thread for the portals ended: %s", type(error).__name__)
            self._broken()

    async def _live(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._main = asyncio.current_task()
        portals: Sequence[PortalPort] = ()
        try:
            portals = self._open_portals()
            self._turns = {portal.name: self._make_turn(portal) for portal in portals}
            self._nudges = {portal.name: asyncio.Event() for portal in portals}
            self._answered = {portal.name: asyncio.Event() for portal in portals}
            self._renew()
            self._ready.set()
            async with asyncio.TaskGroup() as group:
                group.create_task(self._go_rounds())
                group.create_task(self._keep_lease())
                for name in self._turns:
                    group.create_task(self._keep(name))
                    group.create_task(self._hear(name))
        finally:
            self._ready.set()
            await _close(portals, self._turns)
            with suppress(Exception):  # a store that cannot be written any more lets the lease run out
                self._lease.release(self._owner)

    async def _keep(self, name: str) -> None:
        turn, nudge = self._turns[name], self._nudges[name]
        while True:
            nudge.clear()
            if not self._sends:
                self._renew()
            outcome = await turn.take(sends=self._sends)
            self._tell(outcome)
            if outcome.ended:
                self._answered[name].set()
            if outcome.wake <= 0:
                await asyncio.sleep(0)
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(outcome.wake):
                    await nudge.wait()

    async def _hear(self, name: str) -> None:
        """Lets the portal tell by itself, once there is something to show; it is an extra, and comes last."""
        await self._answered[name].wait()
        turn, nudge = self._turns[name], self._nudges[name]

        def heard(live: bool) -> None:
            turn.heard(live=live)
            nudge.set()

        await self._listen(turn.portal, heard)

    def _tell(self, outcome: Outcome) -> None:
        try:
            self._report(outcome)
        except Exception as error:  # noqa: BLE001 - who listens must not stop who works
            _log.warning("a turn was not announced: %s", type(error).__name__)

    async def _go_rounds(self) -> None:
        while True:
            self._rounds.work()
            await asyncio.sleep(self._rounds.every)

    async def _keep_lease(self) -> None:
        while True:
            await asyncio.sleep(RENEWAL)
            self._renew()

    def _renew(self) -> None:
        """Becomes or stays the one that sends; without a word from the store, nobody sends."""
        try:
            self._sends = self._lease.acquire(self._owner)
        except Exception as error:  # noqa: BLE001 - a full disk must not end the thread
            _log.warning("the lease was not renewed: %s", type(error).__name__)
            self._sends = False


async def _close(portals: Sequence[PortalPort], turns: Mapping[str, Turn]) -> None:
    for portal in portals:
        with suppress(Exception):
            async with asyncio.timeout(FAREWELL / max(1, len(portals))):
                try:
                    if portal.name in turns:
                        await turns[portal.name].leave()
                finally:
                    await portal.close()
