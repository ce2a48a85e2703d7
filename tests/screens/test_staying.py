"""What one reads stays what one reads, and keys are for it: whatever the terminal, its window or the list do."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from tests.contract.world import World
from tests.screens.holding import claims_the_first, stands_first
from tests.screens.seat import seat_at
from tests.screens.test_acting_on import a_colleague_takes
from workbench import language


@pytest.fixture(autouse=True)
def _bokmaal() -> None:
    language.use("nb")


async def test_who_looks_into_another_window_comes_back_to_the_same_conversation(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        first, pane, rows = await claims_the_first(seat), seat.inbox.pane, seat.inbox.listing.rows
        pane.follow = pane.want  # type: ignore[method-assign]  # the cursor has rested on its row
        seat.app.post_message(events.AppBlur())
        await seat.pilot.pause()
        assert rows.cursor_key is not None
        await a_colleague_takes(seat, rows.cursor_key)
        seat.app.post_message(events.AppFocus())
        await seat.strikes("r")
        await seat.until(lambda: pane.composer.draft)
        assert pane.composer.draft is not None
        assert pane.composer.draft.key == pane.key == first


async def test_the_next_after_what_left_the_list_is_the_one_that_took_its_place(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        first, pane, rows = await claims_the_first(seat), seat.inbox.pane, seat.inbox.listing.rows
        second = rows.cursor_key
        await seat.keys("ctrl+down")
        await seat.until(lambda: pane.key != first)
        assert pane.key == rows.cursor_key == second
        await seat.keys("ctrl+down")
        await seat.until(lambda: pane.key != second)
        assert rows.cursor == 1


@pytest.mark.parametrize("leaves", ["escape", "b"])
async def test_what_is_beside_the_list_is_its_row_again_once_nothing_is_written(
    world: World, tmp_path: Path, leaves: str
) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        first, pane, rows = await stands_first(seat), seat.inbox.pane, seat.inbox.listing.rows
        await seat.keys("r")
        await seat.until(lambda: pane.composer.has_focus_within)
        rows.focus()
        await seat.until(lambda: rows.has_focus)
        await seat.keys("down", leaves)
        await seat.until(lambda: not pane.composer.is_open)
        await seat.until(lambda: pane.key == rows.cursor_key != first)
        assert seat.inbox.focused is rows


async def test_what_one_reads_is_still_on_a_terminal_that_becomes_narrow(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        first, pane, rows = await stands_first(seat), seat.inbox.pane, seat.inbox.listing.rows
        await seat.keys("tab")
        await seat.until(lambda: pane.timeline.has_focus)
        await a_colleague_takes(seat, first)
        await seat.pilot.resize_terminal(60, 24)
        await seat.until(lambda: seat.inbox.has_class("-narrow"))
        assert seat.inbox.stands_on == pane.key == first
        assert pane.timeline.has_focus
        await seat.pilot.resize_terminal(120, 40)
        await seat.until(lambda: seat.inbox.has_class("-wide"))
        rows.focus()
        await seat.until(lambda: rows.has_focus)
        await seat.pilot.resize_terminal(60, 24)
        await seat.until(lambda: seat.inbox.has_class("-narrow") and seat.inbox.stands_on is not None)
        assert seat.inbox.stands_on == rows.cursor_key != first
        assert rows.has_focus
