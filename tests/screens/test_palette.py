"""The palette: every verb by its name, in the language that is on."""

from pathlib import Path

import pytest

from screens.inbox import InboxScreen
from tests.contract.world import World
from tests.screens.seat import seat_at
from workbench import language


@pytest.mark.parametrize(("code", "typed", "title"), [("nb", "haster", "Hastegrad ·"), ("nn", "hastar", "Hastegrad ·")])
async def test_a_verb_is_found_by_its_name_and_done(
    code: str, typed: str, title: str, world: World, tmp_path: Path
) -> None:
    language.use(code)
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        await seat.keys("ctrl+p")
        await seat.on_top("Choose")
        await seat.writes(typed)
        await seat.keys("enter")
        await seat.until(lambda: title in seat.shown())


async def test_what_is_done_anywhere_is_found_too_and_a_dialog_has_no_palette(world: World, tmp_path: Path) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        await seat.keys("ctrl+p")
        await seat.on_top("Choose")
        await seat.writes("vis alle taster")
        await seat.keys("enter")
        await seat.on_top("HelpScreen")
        await seat.keys("ctrl+p")
        await seat.pilot.pause()
        assert type(seat.app.screen).__name__ == "HelpScreen"
        await seat.keys("escape")
        assert isinstance(seat.app.screen, InboxScreen)


async def test_a_row_is_selected_from_the_palette_and_from_the_conversation(world: World, tmp_path: Path) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        await seat.keys("ctrl+p")
        await seat.on_top("Choose")
        await seat.writes("velg raden")
        await seat.keys("enter")
        rows = seat.inbox.listing.rows
        await seat.until(lambda: rows.marks == {rows.cursor_key})
        await seat.keys("tab")
        await seat.until(lambda: seat.inbox.pane.has_focus_within)
        await seat.keys("x")
        await seat.until(lambda: not rows.marks and rows.has_focus)


async def test_the_palette_is_left_without_doing_anything(world: World, tmp_path: Path) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        await seat.keys("ctrl+p")
        await seat.on_top("Choose")
        await seat.writes("zzz")
        assert "ingenting passer" in seat.shown()
        await seat.keys("escape")
        await seat.on_top("InboxScreen")
        assert not seat.store.outbox.all()
