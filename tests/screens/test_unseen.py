"""A question is answered by nothing that was struck before it could be seen."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual import events

from screens.ask import Ask
from tests.screens.holding import bells, done
from tests.screens.test_mouse import at_three
from workbench import language


@pytest.fixture(autouse=True)
def _bokmål() -> None:
    language.use("nb")


async def test_an_enter_struck_before_a_receipt_is_asked_about_sends_none(tmp_path: Path) -> None:
    async with at_three(tmp_path) as (seat, _keys):
        rung = bells(seat)
        await seat.strikes("q", "enter")
        await seat.on_top("Ask")
        await seat.until(lambda: rung or done(seat))
        assert done(seat) == []
        await seat.keys("enter")
        await seat.until(lambda: done(seat))


async def test_an_enter_struck_before_a_question_is_painted_is_no_answer(tmp_path: Path) -> None:
    async with at_three(tmp_path) as (seat, _keys):
        rung = bells(seat)
        await seat.keys("q")
        await seat.on_top("Ask")
        ask = seat.app.screen
        assert isinstance(ask, Ask)
        ask.shown_at = None  # the machine has not come to paint it
        await seat.strikes("enter")
        await seat.until(lambda: rung)
        assert done(seat) == []
        await seat.strikes("escape")
        await seat.on_top("InboxScreen")


async def test_an_enter_that_the_list_let_pass_is_no_answer_to_what_came_meanwhile(tmp_path: Path) -> None:
    async with at_three(tmp_path) as (seat, _keys):
        app, rung = seat.app, bells(seat)
        enter = events.Key("enter", None)
        app._struck_on[enter] = app.screen, app._clicks
        enter._set_forwarded()  # no widget wanted it, and so it comes back to the program
        await seat.keys("q")
        await seat.on_top("Ask")
        app.post_message(enter)
        await seat.until(lambda: rung or done(seat))
        assert done(seat) == []
