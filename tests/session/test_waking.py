"""What was snoozed comes back when its time has come, whatever the portals do, and whoever looks is told."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from client.http import Http
from client.origin import Base
from client.portal import Portal
from tests.session.live import KEY, Live
from tests.store.made import ME, START, patient, post, task, thread
from workbench.dialogue.held import Batch
from workbench.dialogue.key import Key
from workbench.dialogue.people import Me, Role
from workbench.dialogue.queue import Item, Query
from workbench.dialogue.work import OPEN, Change, State, Verb
from workbench.session import Session
from workbench.store.store import Store

HERE = Key("here", "t")
POLL = 0.05


class Hanging(httpx.AsyncBaseTransport):
    """A portal that lets every request wait for ever."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        await asyncio.sleep(3600)
        raise httpx.ConnectError("too late")


class Away(httpx.AsyncBaseTransport):
    """A portal that is not there."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("away")


@dataclass
class Watch:
    """A clock that only a test moves."""

    now: datetime = field(default=START)

    def __call__(self) -> datetime:
        return self.now


@asynccontextmanager
async def at_desk(folder: Path, clock: Watch, way: httpx.AsyncBaseTransport, until: datetime) -> AsyncIterator[Live]:
    store = Store.open(folder, KEY, clock=clock, uuid=uuid4)
    store.cache.apply(
        "here",
        Batch((thread("t"),), (post("m", "t"),), (task("k", "t", State.SNOOZED, 1, until=until),), (patient(),)),
    )
    kari = Me("here", ME, "Kari", Role.CLINICIAN)
    portals = lambda: [Portal("here", Http(Base("http://here.localhost/fhir"), transport=way))]  # noqa: E731
    session = Session(store, portals, {"here": kari}, clock=clock, poll=POLL)
    try:
        yield Live(session, store)
    finally:
        await session.close()


async def row(live: Live) -> Item:
    (item,) = (await live.session.page(Query(OPEN), 0, 10)).items
    return item


async def woken(live: Live) -> Item:
    """The row once it is awake: soon, as a poll here is a twentieth of a second."""

    async def look() -> Item | None:
        item = await row(live)
        return item if item.state is State.NEW else None

    async with asyncio.timeout(20 * POLL):
        return await live.until(look)


@pytest.mark.parametrize("way", [Away(), Hanging()], ids=["away", "hanging"])
async def test_it_comes_back_at_its_time_without_the_portal(tmp_path: Path, way: httpx.AsyncBaseTransport) -> None:
    clock = Watch()
    async with at_desk(tmp_path, clock, way, START + timedelta(hours=2)) as live:
        await live.session.start()
        await asyncio.sleep(5 * POLL)
        assert (await row(live)).state is State.SNOOZED
        live.events.clear()
        clock.now = START + timedelta(hours=2)
        item = await woken(live)
        assert item.wakes is None
        assert any(HERE in event.keys for event in live.events)
        shown = await live.session.conversation(HERE)
        assert shown is not None
        assert (shown.work.state, shown.work.until) == (State.NEW, None)


async def test_what_was_to_come_back_while_nobody_worked_is_there_at_the_start(tmp_path: Path) -> None:
    clock = Watch()
    async with at_desk(tmp_path, clock, Away(), START + timedelta(hours=2)) as live:
        clock.now = START + timedelta(days=1)
        assert (await row(live)).state is State.SNOOZED
        await live.session.start()
        await woken(live)


async def test_a_snooze_that_has_not_left_ends_at_its_time_too(tmp_path: Path) -> None:
    clock = Watch()
    async with at_desk(tmp_path, clock, Away(), START - timedelta(hours=1)) as live:
        await live.session.start()
        assert await live.session.conversation(HERE)
        await live.session.act(HERE, Change(Verb.SNOOZE, until=START + timedelta(hours=2)))
        assert (await row(live)).state is State.SNOOZED
        clock.now = START + timedelta(hours=2)
        await woken(live)


async def test_a_sync_without_a_screen_brings_back_as_well(tmp_path: Path) -> None:
    clock = Watch()
    async with at_desk(tmp_path, clock, Away(), START + timedelta(hours=2)) as live:
        clock.now = START + timedelta(hours=2)
        await live.session.sync_once()
        assert (await row(live)).state is State.NEW
