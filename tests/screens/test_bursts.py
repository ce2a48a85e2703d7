"""Keys that come in one piece, as from a machine that was held up or a text expander, do their work in their order."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.world import World
from tests.screens.seat import Seat, seat_at
from workbench import language
from workbench.dialogue.work import Priority


@pytest.fixture(autouse=True)
def _bokmaal() -> None:
    language.use("nb")


async def replies(seat: Seat, thread: str) -> None:
    """Begins a reply."""
    await seat.stands_on(thread)
    await seat.keys("r")
    await seat.until(lambda: seat.inbox.pane.composer.is_open and seat.inbox.pane.composer.has_focus_within)


async def test_a_dose_that_is_corrected_at_once_is_the_corrected_one(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await replies(seat, world.id("header"))
        await seat.strikes(*"Ta 10", "backspace", *"2 mg", "home", *"Ja: ", "end", "!")
        await seat.until(lambda: seat.inbox.pane.composer.text.endswith("!"))
        assert seat.inbox.pane.composer.text == "Ja: Ta 12 mg!"


async def test_a_name_that_is_corrected_at_once_is_searched_for_as_corrected(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await seat.stands_on(world.id("header"))
        await seat.strikes("slash", *"hansem", "backspace", *"n o")
        await seat.until(lambda: seat.inbox.listing.search_line.value.endswith("o"))
        assert seat.inbox.listing.search_line.value == "hansen o"


async def test_what_is_typed_in_a_choice_is_what_enter_picks(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await seat.stands_on(world.id("header"))
        await seat.strikes("p", *"akutt", "enter")
        entry = await seat.until(lambda: next(iter(seat.store.outbox.all()), None))
        assert entry.change is not None
        assert entry.change.priority is Priority.STAT


async def test_what_was_moved_to_in_a_choice_is_what_enter_picks(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await seat.stands_on(world.id("header"))
        await seat.strikes("g", *"ferdig", "down", "enter")
        await seat.until(lambda: seat.inbox.listing.queue and seat.inbox.listing.queue.name == "today")
