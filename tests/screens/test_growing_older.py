"""What is open stays open past midnight and past its deadline, and says so."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

from tests.contract.world import World
from tests.screens.seat import seat_at
from tests.session.live import now
from workbench import language


async def test_an_open_conversation_tells_days_and_deadline_by_the_clock(world: World, tmp_path: Path) -> None:
    language.use("nb")
    begun = (now() - timedelta(days=1)).replace(hour=12, minute=0)
    written, due = begun.replace(hour=11), begun.replace(hour=14)
    await world.thread("night", topic={"text": "Vakt"})
    await world.post("night", "Skrevet i dag", sent=written.isoformat())
    await world.task("night", "night task", restriction={"period": {"end": due.isoformat()}})
    clock = [begun]

    def time() -> datetime:
        return clock[0]

    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        seat.session.clock = time
        pane = seat.inbox.pane
        pane._now = pane.timeline._now = time
        await seat.stands_on(world.id("night"))
        await seat.until(lambda: "i dag 11:00" in seat.shown() and "frist i dag" in seat.shown())

        clock[0] = begun.replace(hour=15)
        seat.inbox._tick()
        await seat.until(lambda: "over frist siden 14:00" in seat.shown())

        clock[0] = begun + timedelta(days=1)
        seat.inbox._tick()
        await seat.until(lambda: "i går 11:00" in seat.shown() and "over frist siden i går" in seat.shown())
