"""A question can be read to its end by keys, and its answers stay in sight, however long it is and low the window."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.content import Content

from screens.ask import Ask
from screens.why import Why
from tests.contract.world import World
from tests.screens.seat import seat_at
from workbench import language

LONG = Content("\n".join(f"pasient nummer {n}" for n in range(1, 50)) + "\nder er den siste")


@pytest.mark.parametrize("size", [(80, 24), (60, 18), (120, 40)])
async def test_all_that_one_says_yes_to_can_be_read(world: World, tmp_path: Path, size: tuple[int, int]) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600, size=size) as seat:
        await seat.until(lambda: "Ufordelt" in seat.shown() or "Solberg" in seat.shown())
        seat.app.push_screen(Ask(Content("Hastegrad"), LONG, "gjør det", "tilbake"))
        await seat.on_top("Ask")
        await seat.until(lambda: "pasient nummer 1" in seat.shown())
        assert "enter gjør det     esc tilbake" in seat.shown()
        assert "der er den siste" not in seat.shown()
        await seat.keys("pagedown")
        await seat.until(lambda: "pasient nummer 2\n" not in seat.shown() and "pasient nummer 1 " not in seat.shown())
        await seat.keys("end")
        await seat.until(lambda: "der er den siste" in seat.shown())
        assert "enter gjør det     esc tilbake" in seat.shown()


@pytest.mark.parametrize("size", [(80, 24), (60, 18)])
async def test_how_to_leave_an_explanation_stays_in_sight(world: World, tmp_path: Path, size: tuple[int, int]) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600, size=size) as seat:
        await seat.until(lambda: "Ufordelt" in seat.shown() or "Solberg" in seat.shown())
        seat.app.push_screen(Why("Ikke gjort", LONG))
        await seat.on_top("Why")
        await seat.until(lambda: "pasient nummer 1" in seat.shown())
        assert "esc tilbake" in seat.shown()


async def test_a_short_question_takes_no_more_room_than_it_needs(world: World, tmp_path: Path) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600, size=(80, 24)) as seat:
        await seat.until(lambda: "Ufordelt" in seat.shown() or "Solberg" in seat.shown())
        seat.app.push_screen(Ask(Content("Kort"), Content("en\nto"), "ja", "nei"))
        await seat.on_top("Ask")
        await seat.until(lambda: "enter ja     esc nei" in seat.shown())
        box = seat.app.screen.query_one("Vertical")
        assert box.outer_size.height == 8, seat.shown()
