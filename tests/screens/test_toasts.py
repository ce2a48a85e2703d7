"""What is told for a moment covers neither the patient's name nor the words one writes, where there are two columns."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets._toast import Toast

from tests.contract.world import World
from tests.screens.seat import seat_at
from workbench import language

TOLD = "En e-konsultasjon kan ikke avsluttes uten svar: skriv et svar, eller overlat den"


@pytest.mark.parametrize("size", [(72, 24), (80, 24), (109, 30), (120, 40)])
async def test_what_is_told_stands_beside_the_conversation(world: World, tmp_path: Path, size: tuple[int, int]) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600, size=size) as seat:
        await seat.stands_on(world.id("header"))
        await seat.keys("r")
        await seat.until(lambda: seat.inbox.pane.composer.has_focus_within)
        seat.inbox.say(TOLD)
        seat.inbox.say("Overlatt")
        await seat.until(lambda: len(seat.app.screen.query(Toast)) == 2)
        await seat.until(lambda: "avsluttes" in seat.shown() and "Overlatt" in seat.shown())
        assert max(toast.region.right for toast in seat.app.screen.query(Toast)) <= seat.inbox.pane.region.x
