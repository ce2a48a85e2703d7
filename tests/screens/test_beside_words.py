"""Keys struck at once after one that leads away from the words being written are not more of those words."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.widgets import Input

from tests.contract.world import World
from tests.screens.holding import bells, stands_first
from tests.screens.seat import Seat, seat_at
from workbench import language
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Draft, Kind
from workbench.store.errors import StoreError


@pytest.fixture(autouse=True)
def _bokmaal() -> None:
    language.use("nb")


@asynccontextmanager
async def writes_hei(world: World, folder: Path) -> AsyncIterator[tuple[Seat, Key]]:
    """Somebody who has written a word of a reply."""
    async with seat_at(folder, world.base, world.ref("doctor"), poll=600) as seat:
        key, composer = await stands_first(seat), seat.inbox.pane.composer
        await seat.keys("r")
        await seat.until(lambda: composer.has_focus_within)
        await seat.writes("Hei da")
        await seat.until(lambda: composer.text == "Hei da")
        yield seat, key


async def test_what_follows_leaving_a_draft_is_a_verb_and_no_word_of_it(world: World, tmp_path: Path) -> None:
    async with writes_hei(world, tmp_path) as (seat, key):
        composer = seat.inbox.pane.composer
        await seat.strikes("escape", "n", *"dcd")
        await seat.until(lambda: composer.draft and composer.draft.kind is Kind.NOTE and composer.text == "dcd")
        assert (await seat.session.draft(key, Kind.REPLY)).text == "Hei da"
        assert seat.store.outbox.all() == ()


async def test_what_follows_a_leaving_that_failed_is_let_go(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with writes_hei(world, tmp_path) as (seat, key):

        async def fails(_draft: Draft) -> Draft:
            raise StoreError("busy")

        await seat.until(lambda: seat.store.drafts.get(key, world.ref("doctor"), Kind.REPLY))
        monkeypatch.setattr(seat.session, "save_draft", fails)
        await seat.writes("!")
        await seat.until(lambda: seat.inbox.pane.composer.text == "Hei da!")
        rung = bells(seat)
        await seat.strikes("escape", "d")
        await seat.until(lambda: rung)
        assert seat.inbox.pane.composer.text == "Hei da!"
        assert seat.store.outbox.all() == ()
        monkeypatch.undo()
        await seat.writes("!")
        await seat.until(lambda: seat.inbox.pane.composer.text == "Hei da!!")


@pytest.mark.parametrize("key", ["f2", "f3", "ctrl+p"])
async def test_what_follows_a_key_that_asks_something_is_the_answer_and_no_word_of_the_reply(
    world: World, tmp_path: Path, key: str
) -> None:
    async with writes_hei(world, tmp_path) as (seat, _key):
        await seat.strikes(key, *"blod")
        await seat.until(lambda: seat.app.screen is not seat.inbox)
        await seat.until(lambda: seat.app.screen.query_one(Input).value == "blod")
        assert seat.inbox.pane.composer.text == "Hei da"


async def test_a_path_typed_with_the_key_that_attaches_is_no_word_of_the_reply(world: World, tmp_path: Path) -> None:
    file = tmp_path / "kart.txt"
    file.write_text("Her")
    async with seat_at(tmp_path / "store", world.base, world.ref("doctor"), poll=600) as seat:
        await stands_first(seat)
        composer = seat.inbox.pane.composer
        await seat.strikes("a", *str(file), "enter")
        await seat.until(lambda: composer.draft and composer.draft.files)
        assert composer.text == ""


async def test_once_no_field_comes_none_is_looked_for(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await stands_first(seat)
        rung, looks, timer = bells(seat), [0], seat.app.set_timer

        def counted(*args: object, **more: object) -> object:
            looks[0] += 1
            return timer(*args, **more)  # type: ignore[arg-type]

        await seat.keys("u")
        await seat.until(lambda: not seat.app._ahead.waiting)
        seat.app.set_timer = counted  # type: ignore[method-assign, assignment]
        for _moment in range(10):
            await seat.pilot.pause(0.02)
        assert looks[0] <= 1, rung
