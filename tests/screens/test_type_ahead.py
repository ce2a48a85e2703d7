"""Keys typed at once after one that opens a text field go to the field, and none of them is a verb."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Event as Flag

import pytest

from screens.inbox import InboxScreen
from screens.inbox_verbs import InboxVerbs
from tests.contract.world import World
from tests.screens.holding import bells, done, said
from tests.screens.seat import WITHIN, Seat, seat_at
from tests.screens.test_mouse import at_three
from tests.session.live import NAME
from widgets.composer import Composer
from workbench import language, striking
from workbench.courtesy import Courtesy
from workbench.dialogue.held import Batch
from workbench.dialogue.work import Verb
from workbench.snapshot.stage import strike


def at_once(seat: Seat, keys: str) -> None:
    """Types as a terminal does that hands over everything in one piece."""
    strike(seat.app, *keys)


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


async def test_a_key_after_the_search_is_not_for_the_list_of_before(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("widgets.search_line.PAUSE", 600.0)
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        listing = seat.inbox.listing
        at_once(seat, "/levaxin")
        await seat.until(lambda: listing.search_line.value == "levaxin")
        await seat.keys("enter")
        await seat.until(lambda: listing.rows.has_focus)
        assert listing.typed == "levaxin", "as far as keys know, the list is another one from here on"


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
        assert (await world.raw.delete(f"/{world.ref('header')}")).is_success
        gone = Batch(gone=(world.ref("header"),))
        seat.store.cache.apply(NAME, gone)  # and the list shows it still
        await seat.strikes(key, "d", "c")
        await seat.until(lambda: not seat.app._ahead.waiting)
        assert not seat.inbox.pane.composer.is_open
        assert seat.store.outbox.all() == ()


@pytest.mark.parametrize("key", ["r", "n", "p", "t", "f"])
async def test_a_verb_on_an_empty_list_keeps_no_key_from_the_next(world: World, tmp_path: Path, key: str) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        await seat.searches("finnes ikke")
        await seat.until(lambda: seat.inbox.listing.query_shown and seat.inbox.listing.rows.total == 0)
        await seat.keys("enter")
        await seat.until(lambda: seat.inbox.pane.wanted is None and not seat.app._ahead.waiting)
        await seat.keys(key)
        await seat.until(lambda: not seat.app._ahead.waiting)
        await seat.keys("question_mark")
        assert type(seat.app.screen).__name__ == "HelpScreen"


async def test_a_verb_that_is_through_lets_go_of_nothing_that_was_typed_for_another(
    world: World, tmp_path: Path
) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await seat.stands_on(world.id("header"))
        free = Flag()
        seat.session._writer.submit(free.wait, WITHIN)
        await seat.strikes("c")
        await seat.strikes("r", *"dette er ")
        free.set()
        await seat.until(lambda: seat.inbox.pane.composer.text == "dette er ")
        assert [entry.verb for entry in seat.store.outbox.all()] == [Verb.CLAIM]


async def test_the_same_verb_done_before_lets_go_of_nothing_either(world: World, tmp_path: Path) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await seat.stands_on(world.id("header"))
        await seat.picks("p", "akutt")
        await seat.until(lambda: bool(seat.store.outbox.all()) and isinstance(seat.app.screen, InboxScreen))
        seat.app._ahead.begin("priority", 0.0)
        await seat.app.on_inbox_verbs_no_field(InboxVerbs.NoField("priority", seat.app._ahead.number - 1))
        assert seat.app._ahead.waiting
        await seat.app.on_inbox_verbs_no_field(InboxVerbs.NoField("priority", seat.app._ahead.number))
        assert not seat.app._ahead.waiting


async def waits_in_the_outbox(seat: Seat, words: str) -> None:
    """Writes a reply that does not leave."""
    await seat.keys("r")
    await seat.until(lambda: seat.inbox.pane.composer.has_focus_within)
    await asyncio.to_thread(seat.session._office.stop)
    await seat.writes(words)
    await seat.keys("ctrl+s")
    await seat.agrees()
    await seat.until(lambda: len(seat.session.steps.done) == 1 and not seat.inbox.pane.composer.is_open)


async def test_words_typed_after_taking_back_in_the_outbox_are_for_the_composer(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await seat.stands_on(world.id("header"))
        await waits_in_the_outbox(seat, "et svar")
        await seat.keys("b")
        await seat.on_top("OutboxScreen")
        await seat.until(lambda: bool(getattr(seat.app.screen, "_entries", None)))
        await seat.keys("end")
        free = Flag()
        seat.session._writer.submit(free.wait, WITHIN)
        await seat.strikes("e")
        await seat.on_top("InboxScreen")
        await seat.strikes(*"dcd")
        free.set()
        await seat.until(lambda: seat.inbox.pane.composer.has_focus_within and not seat.app._ahead.waiting)
        await seat.until(lambda: "dcd" in seat.inbox.pane.composer.text)
        assert len(seat.session.steps.done) == 1


async def test_a_key_struck_in_the_outbox_is_no_verb_once_that_was_left(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await seat.stands_on(world.id("header"))
        await waits_in_the_outbox(seat, "et svar")
        await seat.keys("b")
        await seat.on_top("OutboxScreen")
        await seat.until(lambda: bool(getattr(seat.app.screen, "_entries", None)))
        await seat.keys("end")
        at_once(seat, "edc")
        await seat.until(lambda: seat.inbox.pane.composer.has_focus_within and not seat.app._ahead.waiting)
        await seat.pilot.pause()
        assert len(seat.session.steps.done) == 1


async def test_words_typed_after_a_step_was_picked_are_for_the_composer(world: World, tmp_path: Path) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await seat.stands_on(world.id("header"))
        await waits_in_the_outbox(seat, "et svar")
        await seat.keys("U")
        await seat.on_top("Choose")
        await seat.writes("svar")
        free = Flag()
        seat.session._writer.submit(free.wait, WITHIN)
        await seat.strikes("enter")
        await seat.on_top("InboxScreen")
        await seat.strikes(*"dcd")
        free.set()
        await seat.until(lambda: "dcd" in seat.inbox.pane.composer.text)
        assert len(seat.session.steps.done) == 1


async def test_the_session_is_told_of_a_key_whoever_gets_it(world: World, tmp_path: Path) -> None:
    courtesy = Courtesy(monotonic=lambda: 100.0)
    async with seat_at(tmp_path, world.base, world.ref("doctor"), courtesy=courtesy) as seat:
        assert not seat.session.typing
        await seat.keys("down")
        assert seat.session.typing


@asynccontextmanager
async def writing(world: World, folder: Path) -> AsyncIterator[tuple[Seat, Composer]]:
    """Has written some words of a reply."""
    async with seat_at(folder, world.base, world.ref("doctor"), poll=600) as seat:
        await seat.stands_on(world.id("header"))
        composer = seat.inbox.pane.composer
        await seat.keys("r")
        await seat.until(lambda: composer.has_focus_within)
        await seat.writes("Ta 10 mg")
        yield seat, composer


@pytest.mark.parametrize("asks", ["ctrl+s", "f8"])
async def test_what_is_struck_before_a_question_is_seen_neither_answers_it_nor_changes_the_words(
    world: World, tmp_path: Path, asks: str
) -> None:
    async with writing(world, tmp_path) as (seat, composer):
        await seat.keys("left", "left", "left", "left")
        rung = bells(seat)
        strike(seat.app, asks, "enter", "X", "enter")
        await seat.on_top("Ask")
        await seat.until(lambda: bool(rung))
        assert composer.text == "Ta 10 mg"
        assert not seat.store.outbox.all()
        await seat.keys("enter")
        await seat.until(lambda: not composer.is_open)
        assert [entry.text for entry in seat.store.outbox.all() if entry.text] == ["Ta 10 mg"] * (asks == "ctrl+s")


async def test_what_is_struck_once_a_question_is_seen_answers_it_however_late_the_machine_looks(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with writing(world, tmp_path) as (seat, composer):
        monkeypatch.setattr(striking, "LOOK", 10 * WITHIN)
        strike(seat.app, "ctrl+s")
        await seat.on_top("Ask")
        await seat.until(lambda: "Ta 10 mg" in seat.shown())
        await seat.strikes("enter")
        await seat.until(lambda: not composer.is_open)
        assert [entry.text for entry in seat.store.outbox.all() if entry.text] == ["Ta 10 mg"]


async def test_letters_struck_behind_the_key_for_attachments_are_no_verbs(tmp_path: Path) -> None:
    language.use("nb")
    async with at_three(tmp_path) as (seat, _keys):
        await seat.strikes("v", *"dcd")
        await seat.until(lambda: said(seat, "ingen vedlegg") and not seat.app._ahead.waiting)
        assert done(seat) == []
