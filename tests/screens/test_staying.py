"""What one reads stays what one reads, and keys are for it: whatever the terminal, its window or the list do."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from tests.contract.world import World
from tests.screens.holding import stands_first
from tests.screens.seat import seat_at
from tests.screens.test_acting_on import a_colleague_takes, claims_the_first
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
