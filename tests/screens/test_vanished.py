"""What one began to write is found though its conversation was deleted or taken back on the portal meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.contract.world import World
from tests.screens.seat import Seat, seat_at
from tests.session.test_deletions import remove, retract
from workbench import language
from workbench.dialogue.key import Key


@asynccontextmanager
async def writing(world: World, folder: Path, words: str) -> AsyncIterator[tuple[Seat, Key]]:
    """Sits where a reply is being written, in the conversation named."""
    language.use("nb")
    key = Key("here", world.id("header"))
    async with seat_at(folder, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(key.thread)
        await seat.keys("r")
        await seat.until(lambda: seat.inbox.pane.composer.is_open)
        await seat.writes(words)
        yield seat, key


@pytest.mark.parametrize("gone", [remove, retract])
async def test_a_draft_outlives_its_conversation(
    world: World, tmp_path: Path, gone: Callable[[World, str], Awaitable[None]]
) -> None:
    async with writing(world, tmp_path, "Halvferdig svar") as (seat, key):
        await seat.keys("escape", "escape")
        await seat.until(lambda: seat.inbox.listing.rows.has_focus)
        await gone(world, "header")
        await seat.until(lambda: not seat.store.cache.rows([key]))
        await seat.keys("b")
        await seat.on_top("OutboxScreen")
        await seat.until(lambda: "Halvferdig svar" in seat.shown())
        assert (await seat.session.handover()).elsewhere == 1


@pytest.mark.parametrize(
    ("gone", "told"), [(remove, "portalen har ikke dette lenger"), (retract, "lukket på portalen")]
)
async def test_who_writes_is_told_when_the_conversation_goes_and_goes_on_writing(
    world: World, tmp_path: Path, gone: Callable[[World, str], Awaitable[None]], told: str
) -> None:
    async with writing(world, tmp_path, "Halvferdig ") as (seat, key):
        await gone(world, "header")
        await seat.until(lambda: not seat.store.cache.rows([key]))
        await seat.until(lambda: told in seat.shown())
        await seat.writes("svar")
        await seat.until(lambda: [each.text for each in seat.store.drafts.list()] == ["Halvferdig svar"])
