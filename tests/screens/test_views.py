"""A search is kept as a view among the queues, and thrown away again; a row says why it is where it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.world import World
from tests.screens.seat import seat_at
from workbench import language
from workbench.dialogue.queue import Query
from workbench.dialogue.work import OPEN
from workbench.views import View, Views


async def test_a_search_becomes_a_queue_and_goes_again(world: World, tmp_path: Path) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        await seat.searches("er:åpen levaxin")
        listing = seat.inbox.listing
        await seat.until(lambda: listing.query_shown and listing.query_shown.words == "levaxin")
        assert listing.query_shown is not None
        assert listing.query_shown.states == OPEN
        total = listing.rows.total
        assert 0 < total < len(await seat.session.keys(Query(OPEN), 10_000))
        await seat.keys("enter")
        await seat.keys("w")
        await seat.on_top("AskText")
        await seat.writes("Mine resepter")
        await seat.keys("enter")
        await seat.until(lambda: "Mine resepter" in seat.shown())
        assert (tmp_path / "views" / "mine-resepter.toml").exists()

        await seat.keys("escape", "g")
        await seat.on_top("Choose")
        await seat.writes("Mine res")
        await seat.keys("enter")
        await seat.until(lambda: listing.queue is not None and listing.queue.name == "view:Mine resepter")
        await seat.until(lambda: f"Mine resepter · {total}" in seat.shown())

        await seat.searches("er:ny")
        await seat.keys("enter")
        await seat.until(lambda: listing.typed == "er:ny")
        await seat.keys("W")
        await seat.until(lambda: any("Gå til en egen liste" in note.message for note in seat.app._notifications))
        for answer in ("escape", "enter"):
            before = (tmp_path / "views" / "mine-resepter.toml").read_text()
            assert "levaxin" in before
            await seat.keys("w")
            await seat.on_top("AskText")
            await seat.writes("mine/resepter")
            await seat.keys("enter")
            await seat.on_top("Ask")
            assert "Mine resepter" in seat.shown()
            assert "er:åpen levaxin" in seat.shown()
            await seat.keys(answer)
            await seat.on_top("InboxScreen")
        await seat.until(lambda: any(queue.name == "view:mine/resepter" for queue in seat.inbox._queues))
        await seat.keys("escape")
        await seat.goes_to("mine/resepter")

        await seat.keys("W")
        await seat.agrees()
        await seat.until(lambda: all(queue.name != "view:mine/resepter" for queue in seat.inbox._queues))
        assert not (tmp_path / "views" / "mine-resepter.toml").exists()


async def test_a_colleague_s_view_is_told_to_be_everybody_s_before_it_goes(world: World, tmp_path: Path) -> None:
    language.use("nb")
    shared = Views(tmp_path / "own", tmp_path / "shared")
    shared.save(View("Dagens", "er:ny", shared=True))
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        seat.session._shelves.views = shared
        await seat.stands_on(world.id("header"))
        await seat.searches("levaxin")
        await seat.keys("enter")
        await seat.keys("w")
        await seat.on_top("AskText")
        await seat.writes("Dagens")
        await seat.keys("enter")
        await seat.on_top("Choose")
        await seat.writes("alle")
        await seat.keys("enter")
        await seat.on_top("Ask")
        assert "Alle på stedet har den" in seat.shown()
        await seat.keys("escape")
        await seat.on_top("InboxScreen")
        assert shared.all() == (View("Dagens", "er:ny", shared=True),)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
@pytest.mark.parametrize("typed", ["dato:tull", "er:haster"])
async def test_what_is_not_understood_is_said_and_narrows_nothing(
    world: World, tmp_path: Path, typed: str, size: tuple[int, int]
) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor"), size=size) as seat:
        await seat.stands_on(world.id("header"))
        await seat.searches(typed)
        await seat.until(lambda: f"Ikke forstått: {typed}" in seat.shown())


async def test_why_a_row_is_here(world: World, tmp_path: Path) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        await seat.keys("i")
        await seat.on_top("Why")
        assert "Rekkefølgen er den samme for alle" in seat.shown()
        await seat.keys("i")
        await seat.on_top("InboxScreen")


async def test_a_search_that_finds_nothing_is_told_from_a_queue_that_holds_nothing(
    world: World, tmp_path: Path
) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        await seat.searches("finnes ikke")
        await seat.until(lambda: "Ingenting ble funnet" in seat.shown())
        await seat.keys("escape")
        await seat.goes_to("Utsatt")
        await seat.until(lambda: "Ingenting ligger her nå" in seat.shown())
        assert "Ingenting ble funnet" not in seat.shown()


async def test_the_keys_shown_while_one_types_to_search_are_those_that_mean_something_there(
    world: World, tmp_path: Path
) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        await seat.keys("slash")
        await seat.until(lambda: "enter til listen  esc tilbake" in seat.shown())
        assert "r svar" not in seat.shown()
        await seat.keys("enter")
        await seat.until(lambda: "r svar" in seat.shown())
        assert "enter til listen" not in seat.shown()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_view_that_is_not_understood_says_so_wherever_its_rows_are_shown(
    world: World, tmp_path: Path, size: tuple[int, int]
) -> None:
    language.use("nb")
    Views(tmp_path / "views").save(View("Haster", "er:haster"))
    async with seat_at(tmp_path, world.base, world.ref("doctor"), size=size) as seat:
        await seat.stands_on(world.id("header"))
        await seat.picks("g", "Haster")
        await seat.until(lambda: "Ikke forstått: er:haster" in seat.shown())
        await seat.keys("slash", *"er:ny", "enter", "escape")
        await seat.until(lambda: seat.inbox.listing.typed == "" and "Ikke forstått: er:haster" in seat.shown())
        await seat.goes_to("Ufordelt")
        assert "Ikke forstått" not in seat.shown()


async def test_a_view_holds_what_was_found_when_its_last_word_was_whole(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        await seat.keys("slash")
        await seat.writes("levaxi ")
        await seat.until(lambda: seat.inbox.listing.typed == "levaxi " and seat.inbox.listing.rows.total == 0)
        await seat.keys("enter", "w")
        await seat.on_top("AskText")
        await seat.writes("Hele ord")
        await seat.keys("enter")
        view = await seat.until(lambda: next(iter(Views(tmp_path / "views").all()), None))
        assert view.search == "levaxi "
