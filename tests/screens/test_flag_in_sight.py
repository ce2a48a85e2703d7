"""A red flag is told with the conversation, wherever in it one reads and however narrow the window is."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.contract.world import World
from tests.screens.seat import seat_at
from tests.screens.test_closing import FLAGGING
from tests.session.live import NAME
from workbench import language
from workbench.dialogue.key import Key


@pytest.mark.parametrize("size", [(60, 24), (80, 24), (120, 40)])
async def test_the_banner_tells_of_a_red_flag_that_is_scrolled_out_of_sight(
    world: World, tmp_path: Path, size: tuple[int, int]
) -> None:
    language.use("nb")
    await world.thread("long", topic={"text": "Litt sliten"})
    await world.post("long", "Har også vondt i brystet.")
    await world.post("long", "\n".join(f"linje {n}" for n in range(60)))
    await world.task("long", "long task")
    async with seat_at(tmp_path, world.base, world.ref("doctor"), size=size, site=FLAGGING) as seat:
        key = Key(NAME, world.id("long"))
        await seat.until(lambda: seat.inbox.listing.rows.total)
        seat.inbox._open(key)
        await seat.until(lambda: seat.inbox.pane.key == key and "linje 5" in seat.shown())
        banner = seat.inbox.pane.banner.render_lines(seat.inbox.pane.banner.size.region)
        told = " ".join("".join(segment.text for segment in strip).strip() for strip in banner)
        assert "hastesignal «vondt i brystet»" in told, seat.shown()
