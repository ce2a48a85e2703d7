"""One history from one seed: people work, the clinic goes on, everything fails; then it calms down and is judged."""

from __future__ import annotations

import asyncio
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final

from tests.proofs.simulation.clinic import Clinic
from tests.proofs.simulation.disk import Crash
from tests.proofs.simulation.ledger import Ledger
from tests.proofs.simulation.oracle import Findings, judge
from tests.proofs.simulation.portal import Portal, Sent, sent
from tests.proofs.simulation.seat import Seat
from tests.proofs.simulation.ticking import simulate
from tests.proofs.simulation.user import User
from tests.proofs.simulation.wire import Weather, Wire
from workbench.dialogue.basis import Seen
from workbench.dialogue.outgoing import Outgoing, Sending
from workbench.dialogue.people import Me, Role
from workbench.sandbox.exchange import Call
from workbench.sandbox.faults.exchange import Asked
from workbench.store.errors import StoreError

START: Final = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
NAMES: Final = ("national", "regional")
LONG: Final = 0.2
"""How many of the histories are long, with several people at work; the others are a short while of one."""
HEEDING: Final = 0.6
"""How many portals heed `If-None-Exist`: only on one that does not can what is sent again be there twice."""
STEPS: Final = (12, 30)
"""Things that happen in a short and in a long history before it calms down."""
MEANWHILE: Final = 0.7
"""How often the patient writes while a message is on its way that nobody waits for any more."""
SOON: Final = 30.0
"""Seconds in which that is done."""
ROUNDS: Final = 60
"""Calm stretches, half a minute each and then five, in which everything must come to rest."""


class _Undo(Exception):  # noqa: N818 - it is how a portal is put back
    pass


@dataclass
class Stage:
    """What histories share: two portals that are put back after each, and filled stores to begin with."""

    folder: Path
    portals: list[Portal] = field(default_factory=lambda: [Portal(name, START) for name in NAMES])

    def prepare(self) -> None:
        """Fills the stores that each history begins with a copy of."""
        for name in ("kari", "lise"):
            play(self, 0, 0, begin=name)

    @contextmanager
    def as_it_was(self) -> Iterator[None]:
        """Whatever happens on the portals inside is undone."""
        try:
            with self.portals[0].store.transaction(), self.portals[1].store.transaction():
                yield
                raise _Undo
        except _Undo:
            return


@dataclass
class History:
    """One history as it is played."""

    stage: Stage
    seed: int
    number: int
    folder: Path
    trace: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.dice = Random(f"{self.seed}/{self.number}")
        self.ledger = Ledger()
        self.found = Findings()
        self.foreign: list[str] = []
        self.weather = {name: Weather() for name in NAMES}
        self.ahead = {name: timedelta() for name in NAMES}
        self.heeds = {name: self.dice.random() < HEEDING for name in NAMES}
        self.wrong_clock = timedelta()
        self.last_late = 0.0
        """When the last of what portals do late is done: nothing has come to rest before that."""
        self.long = self.dice.random() < LONG

    def told(self, what: str) -> None:
        """Takes down what happens, and when."""
        self.trace.append(f"{asyncio.get_running_loop().time():9.2f} {what}")

    def real(self) -> datetime:
        """The true time."""
        return START + timedelta(seconds=asyncio.get_running_loop().time())

    def clock(self) -> datetime:
        """The time as the workstations have it."""
        return self.real() + self.wrong_clock

    def seat(self, name: str, *, begin: bool = False, window: int = 0) -> Seat:
        """A workbench for somebody, on a copy of the filled store, or on one that is to be filled."""
        folder = self.stage.folder / f"begin-{name}" if begin else self.folder / name
        if not begin and not folder.exists():
            shutil.copytree(self.stage.folder / f"begin-{name}", folder)
        role = Role.CLINICIAN
        people = {portal: Me(portal, f"Practitioner/{name}", name.title(), role) for portal in NAMES}
        label = name + "'" * window
        seat = Seat(label, folder, people, self.dice, self.clock, self._wire(label), self.told)
        self.seats.append(seat)
        return seat

    def _wire(self, name: str) -> Callable[[str, Callable[[], bool]], Wire]:
        def make(portal: str, dies: Callable[[], bool]) -> Wire:
            where = next(each for each in self.stage.portals if each.name == portal)
            return Wire(
                where,
                self.weather[portal],
                self.dice,
                self.heeds[portal],
                dies,
                self.foreign,
                lambda fault: self.told(f"{name} meets {fault} on {portal}"),
                lambda call, left: self._arrived(where, call, left),
                lambda asked, when: self._comes(where, asked, when),
            )

        return make

    def _comes(self, portal: Portal, asked: Asked, when: float) -> None:
        """Something comes late; meanwhile the patient often writes, so that the reply stops and is taken back."""
        self.last_late = max(self.last_late, when)
        if (asked.method, asked.path) != ("POST", "Communication") or self.dice.random() >= MEANWHILE:
            return
        for parent in json.loads(asked.body).get("partOf", []):
            soon, thread = self.dice.uniform(0, SOON), parent["reference"].rpartition("/")[2]
            asyncio.get_running_loop().call_later(soon, self.clinic.writes, portal, thread)

    def _arrived(self, portal: Portal, call: Call, left: float) -> None:
        """Looks, when a reply reaches the portal for the first time, whether it knew the last word when it left."""
        if call.method != "POST" or call.path != ("Communication",) or not isinstance(call.content, dict):
            return
        names = [one["value"] for one in call.content.get("identifier", [])]
        attempts = [one for seat in self.seats for name in names for one in seat.attempts.get(name, [])]
        if not attempts or any(one.client_id in names for one in sent(portal)):
            return
        last = max((one for one in attempts if one.began <= left), key=lambda one: one.began)
        if call.content.get("recipient") is None:
            return
        seen = Seen.read(last.item.basis)
        self._check_readers(portal, call, seen)
        before = START + self.ahead[portal.name] + timedelta(seconds=last.began)
        for each in portal.now("Communication"):
            others = each.get("partOf") == call.content["partOf"] and each["sender"] != call.content["sender"]
            first = portal.versions("Communication", each["id"])[0]["meta"]["lastUpdated"]
            if others and each["id"] not in seen.messages and datetime.fromisoformat(first) < before:
                self.found.misdirected.append(f"{names[0]} passed {each['id']} unseen on {portal.name}")

    def _check_readers(self, portal: Portal, call: Call, seen: Seen) -> None:
        assert isinstance(call.content, dict)
        readers = {one["reference"] for one in call.content["recipient"]}
        outside = {who for who in readers if not who.startswith("Practitioner/")}
        if outside != set(seen.readers):
            self.found.misdirected.append(f"a reply on {portal.name} goes to {outside}, the user saw {seen.readers}")

    async def run(self, begin: str) -> None:
        """Plays it, or fills a store to begin with."""
        self.seats: list[Seat] = []
        for portal in self.stage.portals:
            portal.clock = lambda name=portal.name: self.real() + self.ahead[name]  # type: ignore[misc]
        if begin:
            await self._begin(begin)
            return
        users = self._users()
        self.clinic = Clinic(self.stage.portals, self.dice, self.real, self.told)
        for user in users:
            self._guard(user.seat, user.seat.open)
        for _ in range(STEPS[self.long]):
            await asyncio.sleep(self.dice.expovariate(1 / 12))
            self._turn_of_fate()
            if self.dice.random() < 0.3:
                self.clinic.act()
            else:
                await self._work(self.dice.choice(users))
        await self._rest(users)
        judge(self.stage.portals, self.seats, self.ledger, self.found)
        self.found.misdirected += [f"{each} was sent to another host" for each in self.foreign]
        for user in users:
            await user.seat.stop(killed=False)

    def _users(self) -> list[User]:
        names = [("kari", 0)]
        if self.long and self.dice.random() < 0.5:
            names.append(("lise", 0))
        if self.long and self.dice.random() < 0.5:
            names.append(("kari", 1))
        self.ahead = {name: timedelta(seconds=self.dice.choice([0, 0, 3600, -3600, 86_400])) for name in NAMES}
        users = []
        for name, window in names:
            seat = self.seat(name, window=window)
            seat.failing, seat.crashing = self.dice.choice([(0.0, 0.0), (0.03, 0.0), (0.0, 0.03), (0.02, 0.02)])
            users.append(User(seat, self.ledger, self.dice, self.told))
        return users

    def _turn_of_fate(self) -> None:
        """The weather changes, a clock is set, a portal goes away or comes back."""
        chance = self.dice.random()
        weather = self.weather[self.dice.choice(NAMES)]
        if chance < 0.15:
            weather.badness = self.dice.choice([0.0, 0.05, 0.2, 0.6])
        elif chance < 0.2:
            weather.out = not weather.out
        elif chance < 0.23:
            self.wrong_clock = timedelta(seconds=self.dice.choice([0, 0, -3600, 7200, 30]))

    async def _work(self, user: User) -> None:
        """Somebody does something; a process that has died is started again."""
        seat = user.seat
        if seat.alive and seat.disk.dead:
            await seat.stop(killed=True)
        if not seat.alive:
            user.restarted()
            self._guard(seat, seat.open)
            return
        try:
            user.act()
        except Crash:
            self.told(f"{seat.name} died")
        if self.dice.random() < 0.01:
            await seat.stop(killed=True)

    def _guard(self, seat: Seat, open_: Callable[[], None]) -> None:
        try:
            open_()
        except StoreError as error:
            self.found.unreadable.append(f"the store of {seat.name} does not open: {error}")

    async def _rest(self, users: list[User]) -> None:
        """Nothing fails any more, and everybody decides on what stopped, until all has come to rest."""
        for weather in self.weather.values():
            weather.badness, weather.out = 0.0, False
        since: float | None = None
        """Since when nothing has been waiting, and nothing came late."""
        for turn in range(ROUNDS):
            for user in users:
                if not user.seat.alive or user.seat.disk.dead:
                    await user.seat.stop(killed=True) if user.seat.alive else None
                    self._guard(user.seat, user.seat.open)
                    user.restarted()
                user.seat.calm(on=True)
                user.seat.nudge(hurry=True)
            since = self._idle_since(since, users)
            await asyncio.sleep(30 if turn < ROUNDS // 4 else 300)
            for user, entry in self._pending(users):
                if entry.state is Sending.NEEDS_YOU:
                    user.decide(entry, finally_=turn > ROUNDS // 2)
                since = None
            if since is not None and all(self._has_read(user.seat, since) for user in users):
                return

    @staticmethod
    def _pending(users: list[User]) -> list[tuple[User, Outgoing]]:
        return [(user, entry) for user in users for entry in user.seat.store.outbox.pending()]

    def _idle_since(self, since: float | None, users: list[User]) -> float | None:
        now = asyncio.get_running_loop().time()
        return None if now < self.last_late or self._pending(users) else now if since is None else since

    @staticmethod
    def _has_read(seat: Seat, since: float) -> bool:
        """Whether a workbench has read every portal to its end, beginning no earlier than a moment."""
        return all(seat.whole.get(name, 0.0) >= since for name in NAMES)

    async def _begin(self, name: str) -> None:
        seat = self.seat(name, begin=True)
        seat.open()
        for portal in NAMES:
            seat.store.cache.me(portal, f"Practitioner/{name}")
        await asyncio.sleep(200)
        await seat.stop(killed=False)


def play(stage: Stage, seed: int, number: int, *, begin: str = "") -> History:
    """Plays one history and judges it.

    Args:
        stage: Shared by all histories of a process.
        seed: Of all histories.
        number: Of this one.
        begin: Whose empty store is to be filled instead.
    """
    with tempfile.TemporaryDirectory(prefix="history-", dir=stage.folder) as folder, stage.as_it_was():
        history = History(stage, seed, number, Path(folder))
        simulate(history.run(begin))
    return history


def where() -> Path:
    """A folder in memory where there is one: here a disk's own speed proves nothing."""
    memory = Path("/dev/shm")
    return Path(tempfile.mkdtemp(prefix="simulation-", dir=memory if memory.is_dir() else None))


__all__ = ["History", "Sent", "Stage", "play", "where"]
