"""Keys struck in one go with one that goes elsewhere do there what they do when they are struck slowly, or nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.screens.holding import bells, done, held, said
from tests.screens.mouse import clicks
from tests.screens.seat import seat_at
from tests.screens.test_mouse import at_three
from tests.screens.test_overview import ME, NOWHERE, conversation, fill
from workbench import language
from workbench.dialogue.held import Batch, HeldPatient, Stamp
from workbench.dialogue.people import Patient
from workbench.snapshot.stage import strike


@pytest.fixture(autouse=True)
def _bokmål() -> None:
    language.use("nb")


async def test_a_reply_struck_behind_opening_and_scrolling_is_to_whom_was_opened(tmp_path: Path) -> None:
    async with at_three(tmp_path) as (seat, (first, _second, _third)):
        composer = seat.inbox.pane.composer
        await seat.strikes("enter", "down", "r", *"Hei")
        await seat.until(lambda: composer.text == "Hei")
        assert composer.draft is not None
        assert composer.draft.key == first


@pytest.mark.parametrize("key", ["tab", "shift+tab"])
async def test_what_the_cursor_came_to_goes_along_to_the_next_pane(tmp_path: Path, key: str) -> None:
    async with at_three(tmp_path) as (seat, (_first, second, _third)):
        await seat.strikes("down", key, "d")
        await seat.until(lambda: done(seat))
        assert done(seat) == [("done", second)]


async def test_a_pane_gone_to_at_once_shows_what_the_cursor_came_to(tmp_path: Path) -> None:
    async with at_three(tmp_path) as (seat, (_first, second, _third)):
        await seat.strikes("down", "tab")
        await seat.until(lambda: seat.inbox.pane.timeline.has_focus and seat.inbox.pane.key == second)


async def test_a_key_struck_behind_a_queue_that_is_opened_is_not_for_what_was_shown_before(tmp_path: Path) -> None:
    async with at_three(tmp_path) as (seat, _keys):
        rung = bells(seat)
        await seat.strikes("shift+tab", "home", "enter", "d")
        await seat.until(lambda: seat.inbox.listing.queue and seat.inbox.listing.queue.name == "mine")
        await seat.until(lambda: done(seat) or rung)
        assert done(seat) == []


async def test_a_key_struck_behind_a_click_on_a_queue_is_not_for_what_was_shown_before(tmp_path: Path) -> None:
    async with at_three(tmp_path) as (seat, _keys):
        rung = bells(seat)
        clicks(seat, seat.inbox.side, 3, 0)
        strike(seat.app, "d")
        await seat.until(lambda: seat.inbox.listing.queue and seat.inbox.listing.queue.name == "mine")
        await seat.until(lambda: done(seat) or rung)
        assert done(seat) == []


def of_another(batch: Batch) -> Batch:
    """The same conversation with another patient."""
    who = Patient("Patient/b", "Bjarne Dahl", "1950-01-02", "02015034567")
    threads = tuple(replace(each, patient="Patient/b", recipients=("Patient/b", ME)) for each in batch.threads)
    posts = tuple(replace(each, patient="Patient/b", sender="Patient/b") for each in batch.posts)
    patients = (HeldPatient(Stamp("Patient/b", "1", batch.threads[0].stamp.updated), who),)
    return replace(batch, threads=threads, posts=posts, patients=patients)


async def test_an_arrow_behind_all_of_a_patient_leads_to_no_other_patient(tmp_path: Path) -> None:
    three = [conversation(f"c{place}", 10 + place, due=24 + place) for place in range(3)]
    fill(tmp_path, three[0], of_another(three[1]), three[2])
    async with seat_at(tmp_path, NOWHERE, ME, poll=600) as seat:
        rows, pane = seat.inbox.listing.rows, seat.inbox.pane
        await seat.until(lambda: rows.cursor_item)
        await seat.goes_to("Ufordelt")
        await seat.until(lambda: rows.cursor == 0 and rows.total == 3 and pane.key == rows.cursor_key)
        assert rows.cursor_item is not None
        mine = rows.cursor_item.patient_name
        await seat.strikes("h", "down", "d")
        (_verb, key) = (await seat.until(lambda: done(seat)))[0]
        shown = await seat.session.conversation(key)
        assert shown is not None
        assert shown.patient is not None
        assert shown.patient.name == mine


async def test_a_verb_struck_behind_selecting_all_is_for_all_and_asks(tmp_path: Path) -> None:
    async with at_three(tmp_path) as (seat, keys):
        await seat.strikes("X", "d")
        await seat.on_top("Ask")
        assert done(seat) == []
        await seat.keys("enter")
        await seat.until(lambda: len(done(seat)) == len(keys))


async def test_who_went_back_to_the_list_is_not_fetched_away_by_a_claim(tmp_path: Path) -> None:
    async with at_three(tmp_path) as (seat, (first, _second, _third)):
        rows = seat.inbox.listing.rows
        with held(seat.session._writer):
            await seat.strikes("c", "escape")
        await seat.until(
            lambda: said(seat, "din nå") and not seat.inbox.acting and rows.cursor_key not in (None, first)
        )
        assert rows.has_focus
        assert done(seat) == [("claim", first)]


async def test_an_enter_struck_once_a_choice_has_gone_is_for_the_list_though_keys_are_kept(tmp_path: Path) -> None:
    async with at_three(tmp_path) as (seat, _keys):
        pane = seat.inbox.pane
        await seat.keys("g")
        await seat.on_top("Choose")
        with held(seat.session._reader):
            await seat.strikes(*"Ufordelt", "enter")
            await seat.on_top("InboxScreen")
            assert seat.app._behind.waiting
            await seat.strikes("enter")
        await seat.until(lambda: pane.timeline.has_focus)


async def test_an_enter_struck_twice_for_a_choice_opens_nothing(tmp_path: Path) -> None:
    async with at_three(tmp_path) as (seat, _keys):
        inbox = seat.inbox
        await seat.keys("g")
        await seat.on_top("Choose")
        await seat.strikes(*"Ufordelt", "enter", "enter")
        await seat.on_top("InboxScreen")
        await seat.until(lambda: not seat.app._behind.waiting and inbox.arrived)
        assert inbox.focused is inbox.listing.rows
