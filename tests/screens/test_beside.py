"""What is shown beside the list is what its cursor stands on, however the keys came."""

from __future__ import annotations

import asyncio
from pathlib import Path

from screens.reader import FOLLOW
from tests.contract.world import World
from tests.screens.seat import seat_at


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
