"""Two people at two workbenches on one portal: each sees on the screen where the other is."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.contract.world import World
from tests.screens.seat import seat_at


async def test_who_writes_is_seen_in_the_row_in_the_conversation_and_before_sending(
    world: World, tmp_path: Path
) -> None:
    thread = world.id("header")
    async with (
        seat_at(tmp_path / "lise", world.base, world.ref("secretary")) as lise,
        seat_at(tmp_path / "kari", world.base, world.ref("doctor")) as kari,
    ):
        await asyncio.gather(lise.stands_on(thread), kari.stands_on(thread))
        await kari.until(lambda: "Lise Sekretær leser dette nå" in kari.shown())
        await kari.until(lambda: "Lise S. leser" in kari.shown())
        await lise.keys("r")
        await lise.until(lambda: lise.inbox.pane.composer.is_open)
        await kari.until(lambda: "Lise Sekretær skriver her nå" in kari.shown())
        await kari.until(lambda: "Lise S. skriver" in kari.shown())
        await kari.keys("r")
        await kari.until(lambda: kari.inbox.pane.composer.is_open)
        await kari.writes("Hei")
        await kari.keys("ctrl+s")
        await kari.on_top("Ask")
        assert "Lise Sekretær skriver også her: bli enige om hvem som svarer." in kari.shown()
        await kari.keys("escape", "escape")
        await lise.keys("escape")
        await kari.until(lambda: "skriver her nå" not in kari.shown())
        assert "Kari Nordmann" not in str(kari.inbox.pane.presence.content), "nobody is told of themselves"
