"""Who writes a reply is told what a colleague notes meanwhile."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from tests.contract.world import World
from tests.screens.seat import seat_at
from workbench import language


async def test_the_question_before_a_reply_tells_that_a_colleague_has_noted_something(
    world: World, tmp_path: Path
) -> None:
    language.use("nb")
    thread = world.id("header")
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(thread)
        await seat.keys("r")
        await seat.until(lambda: seat.inbox.pane.composer.is_open)
        await seat.writes("Kom i morgen")
        said = "Saken er løst, ikke svar"
        moment = datetime.now(UTC)
        await world.portal.send_note(str(uuid4()), thread, world.id("task"), world.colleague, said, (), moment)
        await seat.until(lambda: said in seat.shown())
        await seat.keys("ctrl+s")
        await seat.on_top("Ask")
        await seat.until(lambda: "Noe er skrevet her siden du begynte" in seat.shown())
