"""Where the store is forgotten at the end, what is unsent is not lost without a word."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.world import World
from tests.screens.seat import Seat, seat_at
from tests.screens.test_outbox import NOWHERE, held
from workbench import language


async def writes(seat: Seat, thread: str, *, queues: bool) -> None:
    """Writes a reply, and puts it in the outbox, where it cannot leave."""
    await seat.stands_on(thread)
    await seat.keys("r")
    await seat.until(lambda: seat.inbox.pane.composer.has_focus_within)
    await seat.writes("Ring 113")
    if queues:
        await seat.keys("ctrl+s")
        await seat.agrees()
        await seat.until(lambda: seat.session.status.outbox.waiting)


@pytest.mark.parametrize("queues", [False, True])
async def test_a_store_that_is_forgotten_takes_no_unsent_words_with_it_unasked(
    world: World, tmp_path: Path, *, queues: bool
) -> None:
    language.use("nb")
    key = await held(tmp_path, world)
    async with seat_at(tmp_path, NOWHERE, world.ref("doctor")) as seat:
        seat.app._keeps = False
        await writes(seat, key.thread, queues=queues)
        await seat.keys("ctrl+q")
        await seat.on_top("Ask")
        said = " ".join(seat.shown().replace("┃", " ").split())
        assert ("1 i utboksen, 0 som utkast" if queues else "0 i utboksen, 1 som utkast") in said
        await seat.keys("escape")
        await seat.on_top("InboxScreen")
        assert seat.app.is_running
        await seat.keys("ctrl+q")
        await seat.agrees()
        await seat.until(lambda: seat.app.return_code == 0)


@pytest.mark.parametrize("keeps", [False, True])
async def test_where_nothing_is_lost_nothing_is_asked(world: World, tmp_path: Path, *, keeps: bool) -> None:
    language.use("nb")
    key = await held(tmp_path, world)
    async with seat_at(tmp_path, NOWHERE, world.ref("doctor")) as seat:
        seat.app._keeps = keeps
        if keeps:
            await writes(seat, key.thread, queues=True)
        await seat.keys("ctrl+q")
        await seat.until(lambda: seat.app.return_code == 0)
