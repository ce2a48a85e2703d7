"""What the user has done shows at once; only what others do is gathered for a moment first."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.world import World
from tests.screens.seat import Seat, seat_at
from workbench import language
from workbench.dialogue.work import Priority


async def test_a_verb_and_its_taking_back_show_without_waiting_for_news(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        await seat.until(lambda: not seat.inbox._news._rest.waits)
        monkeypatch.setattr("screens.news.SETTLE", 3600.0)
        mine, held = queue(seat, "mine"), seat.inbox.listing.rows.total
        await seat.keys("c")
        await seat.until(lambda: queue(seat, "mine") == mine + 1)
        await seat.until(lambda: seat.inbox.listing.rows.total == held - 1)
        await seat.keys("u")
        await seat.until(lambda: queue(seat, "mine") == mine)
        await seat.until(lambda: seat.inbox.listing.rows.total == held)
        await seat.keys("X")
        await seat.until(lambda: len(seat.inbox.listing.rows.marks) == held)
        await seat.picks("p", "akutt")
        await seat.agrees()
        await seat.until(lambda: (row := seat.inbox.listing.rows.cursor_item) and row.priority is Priority.STAT)


def queue(seat: Seat, name: str) -> int:
    """How many the column of queues says one holds."""
    return next(int(shelf.count or 0) for shelf in seat.inbox.side._shelves if shelf.queue.name == name)
