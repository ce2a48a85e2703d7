"""A path is completed as it is typed, and one that leads nowhere ends nothing."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from screens.files import FileSuggester
from tests.contract.world import World
from tests.screens.seat import seat_at
from workbench import language


async def test_a_path_in_the_home_of_nobody_does_not_end_the_program(world: World, tmp_path: Path) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await seat.stands_on(world.id("header"))
        await seat.keys("a")
        await seat.on_top("AskText")
        await seat.writes("~ingenslik/prøvesvar.pdf")
        await seat.keys("enter")
        await seat.until(lambda: any("kan ikke leses" in note.message for note in seat.app._notifications))
        assert seat.inbox.pane.composer.is_open


@pytest.mark.parametrize("failure", [PermissionError(13, "no"), OSError(5, "no"), RuntimeError("no")])
async def test_what_cannot_be_looked_at_is_not_suggested(
    tmp_path: Path, failure: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "svar").mkdir()
    suggester = FileSuggester()
    assert await suggester.get_suggestion(f"{tmp_path}/s") == f"{tmp_path}/svar/"

    def refuses(_path: Path) -> bool:
        raise failure

    monkeypatch.setattr(Path, "is_dir", refuses)
    assert await asyncio.wait_for(suggester.get_suggestion(f"{tmp_path}/s"), 10) is None
