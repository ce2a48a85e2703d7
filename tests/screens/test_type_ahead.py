"""Keys typed at once after one that opens a text field go to the field, and none of them is a verb."""

from pathlib import Path

import pytest
from textual import events

from tests.contract.world import World
from tests.screens.seat import Seat, seat_at
from workbench.courtesy import Courtesy


def at_once(seat: Seat, keys: str) -> None:
    """Types as a terminal does that hands over everything in one piece."""
    for char in keys:
        seat.app.post_message(events.Key({" ": "space", "/": "slash"}.get(char, char), char))


@pytest.mark.parametrize("key", ["r", "n"])
async def test_words_typed_with_the_key_that_opens_the_composer(world: World, tmp_path: Path, key: str) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        at_once(seat, key + "dcf dette er ord")
        await seat.until(lambda: seat.inbox.pane.composer.text == "dcf dette er ord")
        assert seat.store.outbox.all() == ()


async def test_words_typed_with_the_key_that_opens_the_search(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        at_once(seat, "/dcd")
        await seat.until(lambda: seat.inbox.listing.search_line.value == "dcd")
        assert seat.store.outbox.all() == ()


async def test_words_typed_with_the_key_that_opens_a_choice(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        at_once(seat, "gdc")
        await seat.on_top("Choose")
        await seat.until(lambda: getattr(seat.app.focused, "value", "") == "dc")
        assert seat.store.outbox.all() == ()


async def test_words_for_a_field_that_does_not_come_are_no_verbs(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.type_ahead.PATIENCE", 0.1)
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))

        async def opens_nothing() -> None:
            pass

        seat.inbox.action_reply = opens_nothing  # type: ignore[method-assign]
        at_once(seat, "rdc")
        await seat.until(lambda: not seat.app._ahead.waiting)
        await seat.pilot.pause()
        assert seat.store.outbox.all() == ()


async def test_the_session_is_told_of_a_key_whoever_gets_it(world: World, tmp_path: Path) -> None:
    courtesy = Courtesy(monotonic=lambda: 100.0)
    async with seat_at(tmp_path, world.base, world.ref("doctor"), courtesy=courtesy) as seat:
        assert not seat.session.typing
        await seat.keys("down")
        assert seat.session.typing
