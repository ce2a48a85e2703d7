"""Where nothing can be written to the disk, what is on the screen can still be thrown away, and the program left."""

from __future__ import annotations

from pathlib import Path

from tests.contract.world import World
from tests.screens.seat import seat_at
from workbench import language
from workbench.dialogue.outgoing import Draft
from workbench.store.errors import StoreError


async def test_what_cannot_be_saved_can_be_thrown_away_and_the_program_left(world: World, tmp_path: Path) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:

        async def refuses(_draft: Draft) -> Draft:
            raise StoreError("no space left on device")

        seat.session.save_draft = refuses  # type: ignore[method-assign, assignment]
        seat.session.discard_draft = refuses  # type: ignore[method-assign, assignment]
        await seat.stands_on(world.id("header"))
        await seat.keys("r")
        await seat.until(lambda: seat.inbox.pane.composer.has_focus_within)
        await seat.writes("Uten plass")
        await seat.until(lambda: "ikke lagret" in seat.shown())
        await seat.keys("ctrl+q")
        await seat.pilot.pause(0.3)
        assert seat.app.is_running, "the words are not thrown away unasked"
        await seat.throws_away("Uten plass")
        await seat.keys("ctrl+q")
        await seat.until(lambda: seat.app.return_code == 0)
