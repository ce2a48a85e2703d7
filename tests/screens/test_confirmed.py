"""What was said yes to is done, whatever key comes next."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Event as Flag
from uuid import uuid4

from tests.contract.world import World
from tests.screens.seat import WITHIN, Seat, seat_at
from tests.session.live import KEY, now
from workbench import language
from workbench.dialogue.outgoing import Outgoing
from workbench.dialogue.queue import Query
from workbench.dialogue.work import Verb
from workbench.store.store import Store


@contextmanager
def slow_disk(seat: Seat) -> Iterator[None]:
    """Lets nothing be written in here."""
    free = Flag()
    seat.session._writer.submit(free.wait, WITHIN)
    try:
        yield
    finally:
        free.set()


def end_of(seat: Seat) -> asyncio.Event:
    """Set once the program has decided to end."""
    ends, end = asyncio.Event(), seat.app.exit

    def exits(code: int = 0) -> None:
        ends.set()
        end(code)

    seat.app.exit = exits  # type: ignore[method-assign, assignment]
    return ends


def kept(folder: Path) -> list[Outgoing]:
    """The outbox as the next start finds it."""
    store = Store.open(folder, KEY, clock=now, uuid=uuid4)
    try:
        return list(store.outbox.all())
    finally:
        store.close()


async def test_another_dialog_does_not_drop_what_was_confirmed_for_many(world: World, tmp_path: Path) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await seat.stands_on(world.id("header"))
        marked = await seat.selects_two()
        await seat.keys("c")
        await seat.on_top("Ask")
        told = seat.told()
        with slow_disk(seat):
            await seat.strikes("enter")
            await seat.on_top("InboxScreen")
            await seat.strikes("b")
            await seat.on_top("OutboxScreen")
        await seat.until(lambda: not seat.inbox.listing.rows.marks)
        assert {entry.key for entry in seat.store.outbox.all()} == marked
        assert any("din nå" in said for said in told)


async def test_another_dialog_does_not_drop_a_receipt(world: World, tmp_path: Path) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await seat.stands_on(world.id("header"))
        page = await seat.session.page(seat.inbox.listing.query_shown or Query(), 0, 50)
        item = next(each for each in page.items if each.due and each.due > now() and each.from_patient)
        await seat.stands_on(item.key.thread)
        await seat.keys("q")
        await seat.on_top("Ask")
        told = seat.told()
        with slow_disk(seat):
            await seat.strikes("enter")
            await seat.on_top("InboxScreen")
            await seat.strikes("b")
            await seat.on_top("OutboxScreen")
        await seat.until(lambda: bool(told))
        assert [entry.verb for entry in seat.store.outbox.all()] == [Verb.RECEIPT]


async def test_a_reply_that_was_confirmed_is_queued_before_the_program_ends(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await seat.stands_on(world.id("header"))
        await seat.keys("r")
        await seat.until(lambda: seat.inbox.pane.composer.has_focus_within)
        await asyncio.to_thread(seat.session._office.stop)
        await seat.writes("et svar")
        await seat.keys("ctrl+s")
        await seat.on_top("Ask")
        ends = end_of(seat)
        with slow_disk(seat):
            await seat.strikes("enter", "ctrl+q")
        await asyncio.wait_for(ends.wait(), WITHIN)
    assert [entry.text for entry in kept(tmp_path) if entry.verb is Verb.REPLY] == ["et svar"]


async def test_a_verb_struck_just_before_the_end_is_done(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await seat.stands_on(world.id("header"))
        await asyncio.to_thread(seat.session._office.stop)
        ends = end_of(seat)
        with slow_disk(seat):
            await seat.strikes("c", "ctrl+q")
        await asyncio.wait_for(ends.wait(), WITHIN)
    assert [entry.verb for entry in kept(tmp_path)] == [Verb.CLAIM]


async def test_the_program_stays_when_what_was_confirmed_cannot_be_written(world: World, tmp_path: Path) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await seat.stands_on(world.id("header"))
        await seat.keys("r")
        await seat.until(lambda: seat.inbox.pane.composer.has_focus_within)
        await seat.writes("et svar")
        await seat.keys("ctrl+s")
        await seat.on_top("Ask")

        def full(*_args: object) -> None:
            raise OSError

        seat.session._deeds.send = full  # type: ignore[method-assign, assignment]
        told = seat.told()
        with slow_disk(seat):
            await seat.strikes("enter", "ctrl+q")
        await seat.until(lambda: bool(told))
        assert not seat.app._exit
        assert seat.inbox.pane.composer.text == "et svar"
