"""The mouse never makes a key act on another conversation than the one it was struck for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.widgets import OptionList

from tests.screens.holding import bells, done, held
from tests.screens.mouse import clicks, clicks_row, wheels
from tests.screens.seat import Seat, seat_at
from tests.screens.test_overview import ME, NOWHERE, conversation, fill
from widgets.composer import DraftArea
from workbench import language
from workbench.dialogue.key import Key
from workbench.dialogue.work import Priority
from workbench.snapshot.stage import strike

LONG = 600.0
"""Seconds in place of those in which nobody can have answered to a picture: a slow machine must not use them up."""


@pytest.fixture(autouse=True)
def _bokmål() -> None:
    language.use("nb")


@asynccontextmanager
async def at_three(folder: Path) -> AsyncIterator[tuple[Seat, list[Key]]]:
    """Stands on the first of three, which is shown beside; gives all three from the top."""
    fill(folder, *(conversation(f"c{place}", 10 + place, due=24 + place) for place in range(3)))
    async with seat_at(folder, NOWHERE, ME, poll=600) as seat:
        rows, pane = seat.inbox.listing.rows, seat.inbox.pane
        await seat.until(lambda: rows.cursor_item)
        await seat.goes_to("Ufordelt")
        await seat.until(lambda: rows.cursor == 0 and rows.total == 3 and pane.key == rows.cursor_key and rows.steady)
        query = seat.inbox.listing.query_shown
        assert query is not None
        yield seat, list(await seat.session.keys(query, 3))


async def test_a_key_struck_before_a_click_is_not_for_the_row_that_is_clicked(tmp_path: Path) -> None:
    async with at_three(tmp_path) as (seat, (first, _second, third)):
        rung = bells(seat)
        strike(seat.app, "d")
        clicks_row(seat, 2)
        await seat.until(lambda: done(seat) or (rung and seat.inbox.listing.rows.cursor_key == third))
        assert [key for _verb, key in done(seat) if key != first] == []


async def test_words_behind_a_verb_that_a_click_outran_are_no_verbs(tmp_path: Path) -> None:
    async with at_three(tmp_path) as (seat, (_first, _second, third)):
        strike(seat.app, "r")
        clicks_row(seat, 2)
        strike(seat.app, *"dcd")
        await seat.until(lambda: seat.inbox.listing.rows.cursor_key == third and not seat.app._ahead.waiting)
        assert not seat.inbox.pane.composer.is_open
        assert done(seat) == []


async def test_a_key_struck_behind_a_click_is_for_the_row_that_is_clicked(tmp_path: Path) -> None:
    async with at_three(tmp_path) as (seat, (_first, _second, third)):
        clicks_row(seat, 2)
        strike(seat.app, "d")
        await seat.until(lambda: done(seat))
        assert done(seat) == [("done", third)]


async def test_a_key_kept_while_a_choice_is_done_is_not_for_a_row_clicked_meanwhile(tmp_path: Path) -> None:
    async with at_three(tmp_path) as (seat, (first, _second, third)):
        rung = bells(seat)
        await seat.keys("p")
        await seat.on_top("Choose")
        with held(seat.session._writer):
            await seat.strikes(*"akutt", "enter", "d")
            await seat.on_top("InboxScreen")
            clicks_row(seat, 2)
            await seat.until(lambda: seat.inbox.listing.rows.cursor_key == third)
        await seat.until(lambda: done(seat) and (rung or len(done(seat)) > 1))
        assert done(seat) == [("priority", first)]


async def test_a_key_behind_a_click_that_a_choice_took_is_not_for_the_row_before(tmp_path: Path) -> None:
    async with at_three(tmp_path) as (seat, (first, _second, _third)):
        rung = bells(seat)
        await seat.keys("p")
        await seat.on_top("Choose")
        strike(seat.app, "enter")
        clicks_row(seat, 2)
        strike(seat.app, "d")
        await seat.until(lambda: rung or len(done(seat)) > 1)
        assert ("done", first) not in done(seat)


async def test_a_key_acts_on_no_row_that_the_wheel_took_out_of_sight(tmp_path: Path) -> None:
    fill(tmp_path, *(conversation(f"c{place}", 10 + place, due=24 + place) for place in range(30)))
    async with seat_at(tmp_path, NOWHERE, ME, poll=600, size=(60, 24)) as seat:
        rows = seat.inbox.listing.rows
        await seat.until(lambda: rows.cursor_item)
        await seat.goes_to("Ufordelt")
        await seat.until(lambda: rows.cursor == 0 and rows.total == 30 and seat.inbox.stands_on)
        wheels(seat, rows, 10)
        await seat.until(lambda: rows.scroll_offset.y > 4)
        rung = bells(seat)
        await seat.strikes("d")
        await seat.until(lambda: rung or done(seat))
        assert done(seat) == []
        await seat.strikes("up", "d")
        await seat.until(lambda: done(seat))


async def test_a_click_picks_nothing_that_letters_put_under_the_mouse_unseen(tmp_path: Path) -> None:
    async with at_three(tmp_path) as (seat, _keys):
        rung = bells(seat)
        await seat.keys("p")
        await seat.on_top("Choose")
        options = seat.app.screen.query_one(OptionList)
        await seat.until(lambda: options.region.height == 4)
        strike(seat.app, "h")
        clicks(seat, options, 3, 0)
        await seat.until(lambda: rung or done(seat))
        assert [entry.change for entry in seat.store.outbox.all()] == []
        await seat.until(lambda: options.region.height == 1)
        clicks(seat, options, 3, 0)
        await seat.until(lambda: done(seat))
        assert [entry.change and entry.change.priority for entry in seat.store.outbox.all()] == [Priority.URGENT]


async def test_a_key_acts_on_no_row_beside_which_another_patient_is_written_to(tmp_path: Path) -> None:
    async with at_three(tmp_path) as (seat, (first, _second, third)):
        pane, rung = seat.inbox.pane, bells(seat)
        await seat.strikes("r", *"Hei")
        await seat.until(lambda: pane.composer.text == "Hei")
        clicks_row(seat, 2)
        await seat.until(lambda: seat.inbox.listing.rows.cursor_key == third)
        assert pane.key == first
        await seat.strikes("d")
        await seat.until(lambda: rung or done(seat))
        assert done(seat) == []
        clicks_row(seat, 2)
        await seat.until(lambda: pane.key == third and not pane.composer.is_open)
        await seat.strikes("d")
        await seat.until(lambda: done(seat))
        assert done(seat) == [("done", third)]


async def test_what_is_found_behind_a_click_is_not_the_row_that_was_clicked(tmp_path: Path) -> None:
    async with at_three(tmp_path) as (seat, (_first, _second, third)):
        rows, pane, rung = seat.inbox.listing.rows, seat.inbox.pane, bells(seat)
        await seat.keys("slash")
        await seat.until(lambda: seat.inbox.listing.search_line.has_focus)
        pane.follow = lambda key: None  # type: ignore[method-assign]  # the machine is held up
        strike(seat.app, *"c2")
        clicks_row(seat, 1)
        await seat.until(lambda: rows.has_focus and rows.total == 1 and rows.cursor_key == third)
        await seat.strikes("d")
        await seat.until(lambda: rung or done(seat))
        assert done(seat) == []
        pane.want(third)
        await seat.until(lambda: pane.key == third)
        await seat.strikes("d")
        await seat.until(lambda: done(seat))
        assert done(seat) == [("done", third)]


async def test_the_key_line_shows_verbs_where_letters_are_verbs_though_a_draft_is_open(tmp_path: Path) -> None:
    async with at_three(tmp_path) as (seat, _keys):
        composer = seat.inbox.pane.composer
        writes, acts = "f1", "? "
        await seat.keys("r")
        await seat.until(lambda: composer.has_focus_within and writes in seat.shown().splitlines()[-1])
        clicks_row(seat, 2)
        await seat.until(lambda: seat.inbox.focused is seat.inbox.listing.rows)
        await seat.until(lambda: acts in seat.shown().splitlines()[-1])
        assert composer.is_open
        clicks(seat, composer, 2, 1)
        await seat.until(lambda: composer.has_focus_within and writes in seat.shown().splitlines()[-1])


async def test_keys_behind_a_click_that_outran_one_before_it_are_for_nothing(tmp_path: Path) -> None:
    async with at_three(tmp_path) as (seat, _keys):
        rung, composer = bells(seat), seat.inbox.pane.composer
        strike(seat.app, "end")
        clicks_row(seat, 0)  # where the cursor stands still, so that it opens what was only to be gone to
        strike(seat.app, "down", "r", *"Hei")
        await seat.until(lambda: composer.is_open or (len(rung) > 1 and not seat.app._behind.waiting))
        assert not composer.is_open
        assert done(seat) == []


async def test_keys_behind_clicks_in_the_list_and_beside_it_are_for_nothing(tmp_path: Path) -> None:
    async with at_three(tmp_path) as (seat, _keys):
        rung = bells(seat)
        clicks_row(seat, 2)
        clicks(seat, seat.inbox.pane.timeline, 3, 0)
        strike(seat.app, "d")
        await seat.until(lambda: done(seat) or (rung and not seat.app._behind.waiting))
        assert done(seat) == []


async def test_a_key_struck_behind_a_double_click_is_for_what_it_opens(tmp_path: Path) -> None:
    async with at_three(tmp_path) as (seat, (_first, _second, third)):
        clicks_row(seat, 2)
        clicks_row(seat, 2)
        strike(seat.app, "down", "d")
        await seat.until(lambda: done(seat))
        assert done(seat) == [("done", third)]


async def test_words_behind_clicks_into_the_text_are_words_of_it(tmp_path: Path) -> None:
    async with at_three(tmp_path) as (seat, (first, _second, _third)):
        composer = seat.inbox.pane.composer
        await seat.strikes("r", *"Ta 10 mg")
        await seat.until(lambda: composer.text == "Ta 10 mg")
        clicks(seat, composer.query_one(DraftArea), 0, 0)
        clicks(seat, composer.query_one(DraftArea), 3, 0)
        strike(seat.app, *"ikke ")
        await seat.until(lambda: "ikke" in composer.text and not seat.app._behind.waiting)
        assert composer.text == "Ta ikke 10 mg"
        clicks_row(seat, 2)
        clicks(seat, composer.query_one(DraftArea), 0, 0)
        strike(seat.app, *"Hei! ")
        await seat.until(lambda: "Hei" in composer.text and not seat.app._behind.waiting)
        assert composer.text == "Hei! Ta ikke 10 mg"
        assert composer.draft is not None
        assert composer.draft.key == first


async def click_where_another_lay(seat: Seat) -> None:
    """Marks the first as done and clicks where the second lay, where the third has come."""
    rows = seat.inbox.listing.rows
    await seat.strikes("d")
    await seat.until(lambda: rows.total == 2 and not rows.steady)
    clicks_row(seat, 1)


async def test_a_click_is_not_for_what_came_under_the_mouse_just_now(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_three(tmp_path) as (seat, (first, second, third)):
        rows, rung = seat.inbox.listing.rows, bells(seat)
        with monkeypatch.context() as slow:
            slow.setattr("widgets.glimpses.REACTION", LONG)
            await click_where_another_lay(seat)
            strike(seat.app, "d")
            await seat.until(lambda: len(rung) > 1 or len(done(seat)) > 1)
            assert done(seat) == [("done", first)]
            assert rows.cursor_key == second
        await seat.until(lambda: rows.steady)
        monkeypatch.setattr("workbench.striking.REACTION", 0.0)
        clicks_row(seat, 1)
        strike(seat.app, "d")
        await seat.until(lambda: len(done(seat)) > 1)
        assert done(seat)[-1] == ("done", third)


async def test_a_verb_struck_right_after_a_click_that_was_for_nothing_is_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_three(tmp_path) as (seat, (first, _second, _third)):
        rung = bells(seat)
        monkeypatch.setattr("widgets.glimpses.REACTION", LONG)
        monkeypatch.setattr("workbench.striking.REACTION", LONG)
        await click_where_another_lay(seat)
        await seat.until(lambda: rung and not seat.app._behind.waiting)
        await seat.strikes("d")
        await seat.until(lambda: len(rung) > 1 or len(done(seat)) > 1)
        assert done(seat) == [("done", first)]


async def test_keys_behind_a_click_that_was_for_nothing_are_for_nothing_however_late(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with at_three(tmp_path) as (seat, (first, _second, _third)):
        rung = bells(seat)
        monkeypatch.setattr("widgets.glimpses.REACTION", LONG)
        monkeypatch.setattr("workbench.striking.REACTION", 0.0)  # they come to their turn when that has passed
        await click_where_another_lay(seat)
        strike(seat.app, "d")
        await seat.until(lambda: len(rung) > 1 or len(done(seat)) > 1)
        assert done(seat) == [("done", first)]
