"""What a verb goes on to comes soon and for the one that is still there, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.world import World
from tests.screens.holding import done, held, said, stands_first
from tests.screens.seat import Seat, seat_at
from workbench import language
from workbench.dialogue.key import Key
from workbench.dialogue.work import Change, Verb


@pytest.fixture(autouse=True)
def _bokmaal() -> None:
    language.use("nb")


async def settled(seat: Seat) -> None:
    """Waits until everything that is on its way within the program has come."""
    await seat.until(lambda: all(worker.is_finished or worker.group == "end" for worker in seat.app.workers))
    await seat.pilot.pause()


async def test_a_claim_that_comes_late_leaves_the_search_the_focus(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await seat.stands_on(world.id("header"))
        search = seat.inbox.listing.search_line
        with held(seat.session._writer):
            await seat.strikes("c", "slash")
            await seat.until(lambda: search.has_focus and not seat.app._ahead.waiting)
            await seat.strikes("h")
        await seat.until(lambda: said(seat, "samtalen er din nå"))
        await settled(seat)
        await seat.strikes("d")
        await seat.until(lambda: search.value == "hd")
        assert done(seat) == [("claim", Key("here", world.id("header")))]


async def test_a_claim_that_comes_late_leaves_the_next_row_the_focus(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        first, rows = await stands_first(seat), seat.inbox.listing.rows
        with held(seat.session._writer):
            await seat.strikes("c", "j")
            second = rows.cursor_key
        await seat.until(lambda: said(seat, "samtalen er din nå"))
        await settled(seat)
        assert rows.has_focus
        assert rows.cursor_key == second
        await seat.strikes("c")
        await seat.until(lambda: len(done(seat)) == 2)
        assert done(seat) == [("claim", first), ("claim", second)]


async def test_the_key_of_a_claim_releases_nothing_at_once(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("screens.acting.BOUNCE", 3600.0)
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        first, pane = await stands_first(seat), seat.inbox.pane
        await seat.strikes("c")
        await seat.until(lambda: pane.timeline.has_focus and pane.conversation and pane.conversation.work.owner)
        await seat.strikes("j", "c")
        await seat.until(lambda: said(seat, "trykk c en gang til"))
        assert done(seat) == [("claim", first)]
        monkeypatch.setattr("screens.acting.BOUNCE", 0.0)
        await seat.strikes("c")
        await seat.until(lambda: len(done(seat)) == 2)
        assert done(seat)[1] == ("release", first)


async def test_what_comes_into_an_emptied_queue_does_not_take_the_place_of_what_is_read(
    world: World, tmp_path: Path
) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await seat.stands_on(world.id("header"))
        rows, pane = seat.inbox.listing.rows, seat.inbox.pane
        read = rows.cursor_key
        await seat.keys("c")
        await seat.until(lambda: pane.timeline.has_focus)
        await seat.goes_to("Mine")
        await seat.until(lambda: rows.cursor_key == read and rows.total == 1)
        await seat.keys("enter")
        await seat.until(lambda: pane.timeline.has_focus)
        await seat.keys("d")
        await seat.until(lambda: rows.total == 0)
        await settled(seat)
        assert pane.key == read
        unclaimed = next(queue for queue in seat.inbox._queues if queue.name == "unclaimed")
        other = (await seat.session.page(unclaimed.query, 0, 1)).items[0].key
        await seat.session.act(other, Change(Verb.CLAIM))  # as when a colleague hands it over
        await seat.until(lambda: rows.cursor_key == other)
        await settled(seat)
        assert pane.wanted == pane.key == read


async def test_a_note_in_what_was_done_stays_with_it(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await seat.stands_on(world.id("header"))
        rows, pane = seat.inbox.listing.rows, seat.inbox.pane
        read = rows.cursor_key
        await seat.keys("enter")
        await seat.until(lambda: pane.timeline.has_focus and pane.key == read)
        with held(seat.session._writer):
            await seat.strikes("d", "n")
        await seat.until(lambda: pane.composer.has_focus_within and rows.cursor_key not in (None, read))
        await settled(seat)
        assert pane.wanted == pane.key == read
        await seat.keys("escape")
        await seat.until(lambda: pane.timeline.has_focus)
        following = rows.cursor_key
        assert following is not None
        await seat.session.act(following, Change(Verb.DONE))  # news, long after
        await seat.until(lambda: rows.cursor_key not in (None, following))
        await settled(seat)
        assert pane.wanted == pane.key == read


async def test_a_queue_can_be_gone_to_before_any_has_been_counted(world: World, tmp_path: Path) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.until(lambda: seat.inbox._queues)
        seat.inbox._count = lambda: None  # type: ignore[method-assign, assignment, misc]
        seat.inbox._queues = ()
        await seat.goes_to("Ufordelt")
