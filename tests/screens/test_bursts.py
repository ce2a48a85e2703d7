"""Keys that come in one piece, as from a machine that was held up or a text expander, do their work in their order."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from tests.contract.world import World
from tests.screens.holding import done, held, stands_first
from tests.screens.seat import Seat, seat_at
from tests.session.live import NAME
from workbench import language
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Kind
from workbench.dialogue.work import Priority
from workbench.snapshot.stage import strike


@pytest.fixture(autouse=True)
def _bokmaal() -> None:
    language.use("nb")


async def replies(seat: Seat, thread: str) -> None:
    """Begins a reply."""
    await seat.stands_on(thread)
    await seat.keys("r")
    await seat.until(lambda: seat.inbox.pane.composer.is_open and seat.inbox.pane.composer.has_focus_within)


async def test_a_dose_that_is_corrected_at_once_is_the_corrected_one(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await replies(seat, world.id("header"))
        await seat.strikes(*"Ta 10", "backspace", *"2 mg", "home", *"Ja: ", "end", "!")
        await seat.until(lambda: seat.inbox.pane.composer.text.endswith("!"))
        assert seat.inbox.pane.composer.text == "Ja: Ta 12 mg!"


async def test_a_name_that_is_corrected_at_once_is_searched_for_as_corrected(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await seat.stands_on(world.id("header"))
        await seat.strikes("slash", *"hansem", "backspace", *"n o")
        await seat.until(lambda: seat.inbox.listing.search_line.value.endswith("o"))
        assert seat.inbox.listing.search_line.value == "hansen o"


async def test_what_is_typed_in_a_choice_is_what_enter_picks(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await seat.stands_on(world.id("header"))
        await seat.strikes("p", *"akutt", "enter")
        entry = await seat.until(lambda: next(iter(seat.store.outbox.all()), None))
        assert entry.change is not None
        assert entry.change.priority is Priority.STAT


async def test_what_was_moved_to_in_a_choice_is_what_enter_picks(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await seat.stands_on(world.id("header"))
        await seat.strikes("g", *"ferdig", "down", "enter")
        await seat.until(lambda: seat.inbox.listing.queue and seat.inbox.listing.queue.name == "today")


async def test_a_note_struck_right_behind_a_reply_that_is_left_is_not_written_into_the_reply(
    world: World, tmp_path: Path
) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await replies(seat, world.id("header"))
        composer = seat.inbox.pane.composer
        await seat.strikes(*"Til pasienten", "escape", "n", *"bare for oss")
        await seat.until(lambda: composer.draft and "oss" in composer.text)
        assert composer.draft is not None
        assert (composer.draft.kind, composer.text) == (Kind.NOTE, "bare for oss")
        reply = seat.store.drafts.get(composer.draft.key, composer.draft.author, Kind.REPLY)
        assert reply is not None
        assert reply.text == "Til pasienten"


async def test_a_note_is_not_written_into_the_reply_on_a_slow_disk_either(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await replies(seat, world.id("header"))
        composer = seat.inbox.pane.composer
        await seat.writes("Til pasienten")
        with held(seat.session._writer):
            await seat.strikes("escape")
            await seat.strikes("n", *"bare for oss")
            assert composer.text == "Til pasienten"
        await seat.until(
            lambda: composer.draft and composer.draft.kind is Kind.NOTE and composer.text == "bare for oss"
        )


async def test_what_is_struck_behind_a_search_is_for_what_was_found(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        first, composer = await stands_first(seat), seat.inbox.pane.composer
        await seat.strikes("slash", *"levaxin", "enter", "r", *"dcd")
        await seat.until(lambda: composer.text == "dcd" or len(seat.inbox.listing.typed) > len("levaxin"))
        assert seat.inbox.listing.typed == "levaxin"
        assert composer.draft is not None
        assert composer.draft.key == Key(NAME, world.id("header")) != first
        assert done(seat) == []


@pytest.mark.parametrize("yields", [0, 5])
async def test_a_key_struck_as_a_search_is_left_is_not_searched_for_unseen(
    world: World, tmp_path: Path, yields: int
) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await seat.stands_on(world.id("header"))
        await seat.strikes("slash", *"lev")
        await seat.until(lambda: seat.inbox.listing.typed == "lev")
        strike(seat.app, "escape")
        for _ in range(yields):
            await asyncio.sleep(0)
        strike(seat.app, "n")
        await seat.until(lambda: seat.inbox.pane.composer.is_open or seat.inbox.listing.typed == "n")
        assert seat.inbox.listing.typed == ""


@pytest.mark.parametrize("leaves", ["enter", "escape"])
async def test_words_behind_a_verb_that_came_too_soon_for_what_lies_beneath_are_no_verbs(
    world: World, tmp_path: Path, leaves: str
) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await seat.stands_on(world.id("header"))
        await seat.keys("p")
        await seat.on_top("Choose")
        await seat.strikes(leaves, "n")
        await seat.on_top("InboxScreen")
        await seat.strikes(*"cdc")
        await seat.until(lambda: seat.inbox.pane.composer.text == "cdc" or len(done(seat)) > 1)
        assert [verb for verb, _key in done(seat)] in ([], ["priority"])


async def test_the_first_letters_of_why_are_not_lost_behind_the_choice_of_whom(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await seat.stands_on(world.id("header"))
        await seat.strikes("f", *"sykepl", "enter", *"dcd")
        await seat.on_top("AskText")
        await seat.until(lambda: getattr(seat.app.focused, "value", "") == "dcd")
        assert done(seat) == []
