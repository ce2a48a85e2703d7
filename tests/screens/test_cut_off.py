"""Where a search finds more than it lists, everything that tells its total says so, and what to do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.contract.world import World
from tests.screens.seat import Seat, seat_at
from workbench import language
from workbench.store import queues

MOST = 3


@asynccontextmanager
async def found(world: World, folder: Path, words: str, total: str) -> AsyncIterator[Seat]:
    """Sits before what a search found."""
    language.use("nb")
    async with seat_at(folder, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("bird0"))
        await seat.searches(words)
        await seat.until(lambda: f"Søk · {total} · «{words}»" in seat.shown())
        await seat.keys("enter")
        yield seat


@pytest.fixture
async def many(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """One more conversation of hummingbirds than a search lists, and of larks just as many."""
    monkeypatch.setattr(queues, "MOST", MOST)
    for number in range(MOST + 1):
        await world.thread(f"bird{number}")
        await world.post(f"bird{number}", "En kolibri sang" if number else "En kolibri")
        await world.task(f"bird{number}", f"task{number}")
    return world


async def test_the_heading_the_place_the_last_row_and_the_reason_say_that_there_is_more(
    many: World, tmp_path: Path
) -> None:
    async with found(many, tmp_path, "kolibri", "3+") as seat:
        await seat.until(lambda: "1 / 3+" in seat.shown())
        assert "snevre inn søket" not in seat.shown()
        await seat.keys("end")
        await seat.until(lambda: "3 / 3+" in seat.shown())
        assert "Flere: snevre inn søket" in seat.shown()
        await seat.keys("i")
        await seat.on_top("Why")
        assert "3 av 3+" in seat.shown()
        await seat.keys("escape")
        await seat.keys("up")
        await seat.until(lambda: "snevre inn søket" not in seat.shown())


async def test_an_answer_that_is_whole_says_nothing_of_more(many: World, tmp_path: Path) -> None:
    async with found(many, tmp_path, "kolibri sang", "3") as seat:
        await seat.keys("end")
        await seat.until(lambda: "3 / 3 " in seat.shown())
        assert "snevre inn" not in seat.shown()
        await seat.keys("X")
        await seat.until(lambda: "3 valgt · av 3 " in seat.shown())
        await seat.keys("c")
        await seat.on_top("Ask")
        assert "lista har" not in seat.shown()


async def test_a_view_counts_in_the_side_bar_that_there_is_more(many: World, tmp_path: Path) -> None:
    async with found(many, tmp_path, "kolibri", "3+") as seat:
        await seat.keys("w")
        await seat.on_top("AskText")
        await seat.writes("Fugler")
        await seat.keys("enter")
        await seat.on_top("InboxScreen")
        await seat.keys("escape")
        await seat.goes_to("Fugler")
        await seat.until(lambda: "Fugler · 3+" in seat.shown())
        bar = seat.inbox.side
        lines = ["".join(segment.text for segment in bar.render_line(y)).split() for y in range(bar.size.height)]
        assert ["▌", "Fugler", "3+"] in lines


async def test_what_is_done_to_all_of_it_says_of_how_many(many: World, tmp_path: Path) -> None:
    async with found(many, tmp_path, "kolibri", "3+") as seat:
        await seat.keys("X")
        await seat.until(lambda: "3 valgt · av 3+" in seat.shown())
        await seat.keys("c")
        await seat.on_top("Ask")
        assert "3 samtaler" in seat.shown()
        assert "lista har 3+" in seat.shown()
        await seat.keys("escape")
        await seat.on_top("InboxScreen")
        await seat.keys("p")
        await seat.on_top("Choose")
        assert "3 samtaler · lista har 3+" in seat.shown()
