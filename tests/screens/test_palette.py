"""The palette: every verb by its name, in the language that is on."""

import asyncio
from pathlib import Path
from threading import Event as Flag

import pytest

from screens.inbox import InboxScreen
from tests.contract.world import World
from tests.screens.seat import WITHIN, seat_at
from workbench import language
from workbench.dialogue.work import Change, Verb


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


async def test_a_verb_that_is_picked_is_done_to_nothing_else_when_its_row_has_left(
    world: World, tmp_path: Path
) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await seat.stands_on(world.id("header"))
        rows = seat.inbox.listing.rows
        first = rows.cursor_key
        assert first is not None
        await seat.keys("ctrl+p")
        await seat.on_top("Choose")
        await seat.session.act(first, Change(Verb.CLAIM))
        await seat.until(lambda: rows.cursor_key not in (None, first))
        told = seat.told()
        await seat.writes("ferdig")
        await seat.keys("enter")
        await seat.until(lambda: any("forlatt listen" in said for said in told))
        assert [entry.key for entry in seat.store.outbox.all()] == [first]


@pytest.mark.parametrize(("typed", "opens"), [("svar til", "reply"), ("notat", "note")])
async def test_words_typed_after_a_verb_that_opens_the_composer_was_picked_are_no_verbs(
    world: World, tmp_path: Path, typed: str, opens: str
) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await seat.stands_on(world.id("header"))
        begun, free = asyncio.Event(), Flag()
        action = getattr(seat.inbox, f"action_{opens}")

        async def begins() -> None:
            begun.set()
            await action()

        setattr(seat.inbox, f"action_{opens}", begins)
        await seat.keys("ctrl+p")
        await seat.on_top("Choose")
        await seat.writes(typed)
        seat.session._writer.submit(free.wait, WITHIN)  # the draft cannot be read yet
        await seat.strikes("enter")
        await asyncio.wait_for(begun.wait(), WITHIN)
        await seat.strikes(*"dcd")
        free.set()
        await seat.until(lambda: seat.inbox.pane.composer.text == "dcd")
        assert not seat.store.outbox.all()
