"""What is shown beside the list is what its cursor stands on, however the keys came."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from screens.reader import FOLLOW
from tests.contract.world import World
from tests.screens.seat import WITHIN, seat_at
from widgets import one_picture


async def test_a_row_the_cursor_has_left_does_not_come_back(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        pane = seat.inbox.pane
        query = seat.inbox.listing.query_shown
        assert query is not None
        page = await seat.session.page(query, 0, 10)
        left, shown = [item.key for item in page.items if item.key != pane.key][:2]

        async def busy() -> None:
            pane.follow(left)
            await asyncio.sleep(FOLLOW + 0.05)  # it has rested, and that waits in line behind this
            pane.follow(shown)

        pane.call_next(busy)
        await seat.until(lambda: pane.key in (left, shown))
        assert pane.key == shown
        assert pane.wanted == shown


async def test_what_is_opened_is_painted_with_the_focus_on_it_and_never_the_one_before(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(one_picture, "LONGEST", 2 * WITHIN)  # so that the picture comes when all is read, and then
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.until(lambda: seat.inbox.listing.rows.cursor_item)
        await seat.goes_to("Ufordelt")
        await seat.stands_on(world.id("header"))
        pane, rows = seat.inbox.pane, seat.inbox.listing.rows
        painted: list[tuple[bool, bool]] = []
        display = seat.app._display

        def look(screen: Any, picture: Any) -> None:
            if picture is not None and not seat.app._batch_count:
                painted.append((pane.has_focus_within, pane.key == rows.cursor_key))
            display(screen, picture)

        seat.app._display = look  # type: ignore[method-assign, assignment]
        begun = rows.cursor
        await seat.strikes("up" if begun else "down", "enter")
        await seat.until(lambda: painted and painted[-1] == (True, True))
        assert (True, False) not in painted, "keys were for a conversation that was not the one on the screen"
