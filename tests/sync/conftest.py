"""A portal on paper, a real encrypted store, and a clock that only a test moves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Final
from uuid import UUID

import pytest

from tests.sync.paper import KARI, START, Paper, run
from tests.sync.served import Served, Server, Sit
from workbench.desk.desk import Desk
from workbench.dialogue.conversation import Conversation
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Draft, Kind, Outgoing, Sending
from workbench.dialogue.people import Me
from workbench.dialogue.status import Connection, PortalStatus
from workbench.dialogue.work import Change
from workbench.store.store import Store
from workbench.sync.ports import PortalPort
from workbench.sync.turn import Outcome, Turn, World

MOST_TURNS: Final = 20_000


@dataclass
class Bench:
    """A workbench without screen and threads: each turn is one call."""

    store: Store
    portal: Paper
    seconds: float = 0.0
    me: Me = KARI
    rng: Random = field(default_factory=lambda: Random(1))
    taken: int = 0

    def __post_init__(self) -> None:
        self.desk = Desk(self.store, lambda _: self.me, self.clock)
        self.turn = self.new_turn()

    def clock(self) -> datetime:
        return START + timedelta(days=1, seconds=self.seconds)

    def new_turn(self) -> Turn:
        """The turns of a workbench that has just been started."""

        async def introduce(_: PortalPort) -> None:
            return

        world = World(
            self.store.cache,
            self.store.outbox,
            self.clock,
            lambda: self.seconds,
            self.rng,
            15.0,
            lambda _: self.me,
            introduce,
        )
        return Turn(self.portal, world, PortalStatus(self.portal.name, Connection.CONNECTING))

    def take(self) -> Outcome:
        """One turn, whatever time it is due; a test that waits for what never comes ends red."""
        self.taken += 1
        assert self.taken < MOST_TURNS, "what is waited for does not come"
        return run(self.turn.take(sends=True))

    def settle(self, turns: int = 200) -> Outcome:
        """Turns, each when it is due, until a round has ended and nothing in the outbox moves."""
        for _ in range(turns):
            outcome = self.take()
            if outcome.ended and not outcome.moved:
                return outcome
            self.seconds += outcome.wake
        raise AssertionError("it does not come to rest")

    def sync(self) -> Outcome:
        """A whole round now."""
        self.turn.hurry()
        return self.settle()

    def read(self, thread: str) -> Conversation:
        found = self.desk.conversation(Key("p", thread))
        assert found is not None
        return found

    def reply(self, thread: str, text: str, kind: Kind = Kind.REPLY) -> Outgoing:
        """What the user writes and sends, having read what is held."""
        draft = self.desk.save_draft(Draft(Key("p", thread), self.me.reference, kind, text))
        return self.desk.send(draft, self.read(thread))

    def act(self, thread: str, change: Change) -> Outgoing:
        return self.desk.act(Key("p", thread), change, self.read(thread))

    def entry(self, outgoing: Outgoing) -> Outgoing:
        found = self.store.outbox.get(outgoing.id)
        assert found is not None
        return found

    def states(self) -> list[Sending]:
        return [entry.state for entry in self.store.outbox.all()]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    dice = Random(7)
    portal = Paper()
    holder: list[Bench] = []
    store = Store.open(
        tmp_path / "store",
        bytes(range(32)),
        clock=lambda: holder[0].clock() if holder else START,
        uuid=lambda: UUID(int=dice.getrandbits(128)),
    )
    holder.append(Bench(store, portal))
    store.outbox.acquire("test")
    yield holder[0]
    store.close()


@pytest.fixture
def sit(tmp_path: Path) -> Iterator[Sit]:
    """Sits down at a server in memory; who sits down again finds what was left."""
    made: list[Served] = []

    def down(server: Server) -> Served:
        made.append(Served(tmp_path, server))
        return made[-1]

    yield down
    for served in made:
        served.close()


@pytest.fixture
def served(sit: Sit) -> Served:
    """At a server that holds nothing but people."""
    return sit(Server())


@pytest.fixture
def inbox(bench: Bench) -> Bench:
    """A conversation of nobody's and one of the user's, fetched."""
    bench.portal.open_thread("a")
    bench.portal.open_thread("b", "kari")
    bench.sync()
    return bench
