"""One workbench: a process with the real store, desk and turns, which can die and be started again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from client.http import Http
from client.origin import Base
from client.portal import Portal as Client
from tests.proofs.simulation.disk import Crash, Disk, wire_up
from tests.proofs.simulation.wire import Wire
from workbench.desk.desk import Desk
from workbench.desk.sender import Sender
from workbench.dialogue.basis import Seen
from workbench.dialogue.outgoing import Outgoing
from workbench.dialogue.people import Me
from workbench.dialogue.status import Connection, PortalStatus
from workbench.store.errors import StoreError
from workbench.store.store import Store
from workbench.sync.ports import PortalPort
from workbench.sync.turn import INTERNAL, Turn, World

KEY = bytes(range(32))
POLL = 240.0
"""Seconds between two looks at a portal: long, as everybody who acts asks for a look."""
RENEWAL = 8.0


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try to send something."""

    item: Outgoing
    began: float
    """Simulated seconds."""


@dataclass
class Seat:
    """Where one person sits."""

    name: str
    folder: Path
    people: Mapping[str, Me]
    dice: Random
    clock: Callable[[], datetime]
    wire: Callable[[str, Callable[[], bool]], Wire]
    """Makes the way to a portal."""
    told: Callable[[str], None]
    """Takes down what happens."""
    failing: float = 0.0
    crashing: float = 0.0
    attempts: dict[str, list[Attempt]] = field(default_factory=dict)
    """Tries to send, by the identifier of what was sent."""
    wrong: list[str] = field(default_factory=list)
    """What must never happen in a process: a fault of our own."""
    alive: bool = False
    whole: dict[str, float] = field(default_factory=dict)
    """When the round began in which a portal was last read to its end, simulated seconds."""

    def open(self) -> None:
        """Starts the process; it opens the store and begins its turns."""
        self.disk = Disk(self.dice)
        ticks = asyncio.get_running_loop().time
        self.store = Store.open(self.folder, KEY, clock=self.clock, uuid=self._uuid, ticks=ticks)
        wire_up(self.store, self.disk)
        self.desk = Desk(self.store, self.people.get, self.clock)
        self.sender = Sender(self.folder, self.store.outbox)
        self.owner = str(self._uuid())
        self.sends = False
        self.alive = True
        self.calm(on=False)
        self.turns: dict[str, Turn] = {}
        self.nudges: dict[str, asyncio.Event] = {}
        self.clients: list[Client] = []
        self.tasks = [asyncio.ensure_future(self._guarded(self._keep(name))) for name in self.people]
        self.tasks.append(asyncio.ensure_future(self._guarded(self._keep_lease())))
        self.tasks.append(asyncio.ensure_future(self._guarded(self._go_rounds())))

    def calm(self, *, on: bool) -> None:
        """Sets whether disk and power hold."""
        self.disk.failing, self.disk.crashing = (0.0, 0.0) if on else (self.failing, self.crashing)

    async def stop(self, *, killed: bool) -> None:
        """Ends the process, at once or in peace."""
        self.disk.dead = self.disk.dead or killed
        self.alive = False
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        for client in self.clients:
            await client.close()
        with suppress(StoreError, Crash):
            self.sender.release(self.owner)
        self.store.close()

    def nudge(self, *, hurry: bool = False) -> None:
        """Lets all portals have a turn now."""
        for name, nudge in self.nudges.items():
            if hurry:
                self.turns[name].hurry()
            nudge.set()

    def dies(self) -> bool:
        """Whether the process dies at this call."""
        if self.disk.dead or (self.disk.crashing and self.dice.random() < self.disk.crashing / 4):
            self.disk.dead = True
        return self.disk.dead

    async def _guarded(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except Crash:
            self.disk.dead = True
        except asyncio.CancelledError:
            raise
        except BaseException as error:  # noqa: BLE001 - it is what is looked for
            self.wrong.append(f"{self.name}: {error!r}")

    async def _keep(self, name: str) -> None:
        http = Http(
            Base(f"http://{name}.localhost/fhir"),
            clock=self.clock,
            dice=self.dice,
            transport=self.wire(name, self.dies),
        )
        client = Client(name, http, page=12)
        self.clients.append(client)
        turn = self.turns[name] = Turn(client, self._world(), PortalStatus(name, Connection.CONNECTING))
        nudge = self.nudges[name] = asyncio.Event()
        began = 0.0
        while True:
            nudge.clear()
            if not self.sends:
                self._renew()
            if not turn._pull.underway:
                began = asyncio.get_running_loop().time()
            outcome = await turn.take(sends=self.sends)
            if outcome.ended:
                self.whole[name] = began
            if outcome.status.word == INTERNAL:
                self.wrong.append(f"{self.name}: a turn of {name} failed by a fault of our own")
            if self.disk.dead:
                raise Crash
            if outcome.wake <= 0:
                await asyncio.sleep(0)
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(outcome.wake):
                    await nudge.wait()

    async def _keep_lease(self) -> None:
        while True:
            await asyncio.sleep(RENEWAL)
            self._renew()

    async def _go_rounds(self) -> None:
        while True:
            with suppress(StoreError):
                self.store.cache.wake()
            await asyncio.sleep(POLL)

    def _renew(self) -> None:
        try:
            self.sends = self.sender.acquire(self.owner)
        except StoreError:
            self.sends = False

    def _world(self) -> World:
        async def introduce(_: PortalPort) -> None:
            return

        outbox = _Watched(self.store.outbox, self._began)
        return World(
            self.store.cache,
            outbox,
            self.clock,
            asyncio.get_running_loop().time,
            self.dice,
            POLL,
            self.people.get,
            introduce,
        )

    def _began(self, identity: str) -> None:
        item = self.store.outbox.get(identity)
        assert item is not None
        attempt = Attempt(item, asyncio.get_running_loop().time())
        self.attempts.setdefault(identity, []).append(attempt)
        self.told(f"{self.name} tries {item.verb} {item.key} {sorted(Seen.read(item.basis).messages)}")

    def _uuid(self) -> UUID:
        return UUID(int=self.dice.getrandbits(128), version=4)


class _Watched:
    """The outbox, telling of every try that begins."""

    def __init__(self, outbox: Any, began: Callable[[str], None]) -> None:
        self._outbox, self._began = outbox, began

    def start(self, identity: str) -> bool:
        if not self._outbox.start(identity):
            return False
        self._began(identity)
        return True

    def __getattr__(self, name: str) -> Any:
        return getattr(self._outbox, name)
