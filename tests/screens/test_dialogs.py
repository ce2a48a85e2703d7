"""A dialog is left once, however fast the keys come, and what lies beneath it stays."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.content import Content

from screens.ask import Ask
from tests.contract.world import World
from tests.screens.holding import done
from tests.screens.seat import Seat, seat_at
from tests.screens.test_mouse import at_three
from workbench import language


async def stands_alone(seat: Seat) -> None:
    """Waits for the inbox on top; the program goes on."""
    await seat.on_top("InboxScreen")
    await seat.keys("question_mark")
    await seat.on_top("HelpScreen")
    assert seat.app._exception is None


@pytest.mark.parametrize(
    ("opens", "screen", "leaves"),
    [
        ("p", "Choose", "escape"),
        ("p", "Choose", "enter"),
        ("b", "OutboxScreen", "escape"),
        ("O", "OverviewScreen", "escape"),
        ("o", "RecordScreen", "escape"),
        ("i", "Why", "enter"),
        ("question_mark", "HelpScreen", "escape"),
    ],
)
async def test_a_key_struck_twice_leaves_a_dialog_once(
    world: World, tmp_path: Path, opens: str, screen: str, leaves: str
) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await seat.stands_on(world.id("header"))
        await seat.keys(opens)
        await seat.on_top(screen)
        await seat.pilot.pause()
        await seat.strikes(leaves, leaves)
        await stands_alone(seat)


async def test_two_yeses_send_a_reply_once(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await seat.stands_on(world.id("header"))
        await seat.keys("r")
        await seat.until(lambda: seat.inbox.pane.composer.has_focus_within)
        await seat.writes("et svar")
        await seat.keys("ctrl+s")
        await seat.on_top("Ask")
        await seat.strikes("enter", "enter")
        await seat.until(lambda: len(seat.session.steps.done) == 1 and not seat.inbox.pane.composer.is_open)
        await stands_alone(seat)
        assert len(seat.session.steps.done) == 1


async def test_two_enters_in_a_row_hand_over_once_and_leave_the_line_of_text_once(world: World, tmp_path: Path) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await seat.stands_on(world.id("header"))
        await seat.keys("f")
        await seat.on_top("Choose")
        await seat.keys("enter")
        await seat.on_top("AskText")
        await seat.strikes("enter", "enter")
        await seat.until(lambda: bool(seat.store.outbox.all()))
        await stands_alone(seat)
        assert len(seat.store.outbox.all()) == 1


async def test_two_enters_on_what_arrived_leave_the_outbox_once(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await seat.stands_on(world.id("header"))
        await seat.keys("c")
        await seat.until(seat.arrived)
        await seat.keys("b")
        await seat.on_top("OutboxScreen")
        await seat.until(lambda: bool(getattr(seat.app.screen, "_receipts", None)))
        await seat.keys("down")
        await seat.strikes("enter", "enter")
        await stands_alone(seat)


async def test_what_lies_beneath_a_dialog_stays_in_sight(world: World, tmp_path: Path) -> None:
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await seat.stands_on(world.id("header"))
        await seat.keys("p")
        await seat.on_top("Choose")
        assert 0 < seat.app.screen.styles.background.a < 1


async def test_a_question_that_is_left_before_it_was_put_together_does_not_end_the_program(tmp_path: Path) -> None:
    async with at_three(tmp_path) as (seat, (first, _second, _third)):
        for _round in range(3):
            ask = Ask(Content("Spørsmål"), Content("Ord"), "ja", "nei")
            seat.app.push_screen(ask)
            ask.action_cancel()
            await seat.on_top("InboxScreen")
        await seat.strikes("d")
        await seat.until(lambda: done(seat))
        assert done(seat) == [("done", first)]
