"""Keys typed at once after one that opens a text field go to the field, and none of them is a verb."""

from pathlib import Path

import pytest
from textual import events

from tests.contract.world import World
from tests.screens.seat import Seat, seat_at
from tests.session.live import NAME
from workbench.courtesy import Courtesy
from workbench.dialogue.held import Batch


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
        await seat.strikes("r", "d", "c")
        await seat.until(lambda: not seat.app._ahead.waiting)
        await seat.pilot.pause()
        assert seat.store.outbox.all() == ()


async def test_a_screen_that_comes_first_gets_the_keys(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("workbench.type_ahead.PATIENCE", 600.0)
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        at_once(seat, "brdc")
        await seat.on_top("OutboxScreen")
        await seat.until(lambda: not seat.app._ahead.waiting)
        await seat.keys("escape")
        await seat.on_top("InboxScreen")
        assert seat.store.outbox.all() == ()


@pytest.mark.parametrize("key", ["r", "n"])
async def test_a_composer_that_does_not_open_says_so(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    monkeypatch.setattr("workbench.type_ahead.PATIENCE", 600.0)
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        seat.store.cache.apply(
            NAME, Batch(gone=(f"Communication/{world.id('header')}",))
        )  # and the list shows it still
        await seat.strikes(key, "d", "c")
        await seat.until(lambda: not seat.app._ahead.waiting)
        assert not seat.inbox.pane.composer.is_open
        assert seat.store.outbox.all() == ()


@pytest.mark.parametrize("key", ["r", "n", "p", "t", "f"])
async def test_a_verb_on_an_empty_list_keeps_no_key_from_the_next(world: World, tmp_path: Path, key: str) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        await seat.keys("slash")
        await seat.writes("finnes ikke")
        await seat.until(lambda: seat.inbox.listing.query_shown and seat.inbox.listing.rows.total == 0)
        await seat.keys("enter")
        await seat.until(lambda: seat.inbox.pane.wanted is None and not seat.app._ahead.waiting)
        await seat.keys(key)
        await seat.until(lambda: not seat.app._ahead.waiting)
        await seat.keys("question_mark")
        assert type(seat.app.screen).__name__ == "HelpScreen"


async def test_the_session_is_told_of_a_key_whoever_gets_it(world: World, tmp_path: Path) -> None:
    courtesy = Courtesy(monotonic=lambda: 100.0)
    async with seat_at(tmp_path, world.base, world.ref("doctor"), courtesy=courtesy) as seat:
        assert not seat.session.typing
        await seat.keys("down")
        assert seat.session.typing
