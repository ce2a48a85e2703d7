"""A press of the mouse is a click only where it is let go, and only of the button that clicks."""

from __future__ import annotations

from pathlib import Path

from textual import events
from textual.geometry import Offset
from textual.widget import Widget
from textual.widgets import OptionList

from tests.screens.holding import bells, done
from tests.screens.mouse import clicks, clicks_row
from tests.screens.seat import Seat
from tests.screens.test_mouse import at_three
from widgets.row import ROW_HEIGHT
from widgets.side_bar import SideBar
from workbench import language


def presses(seat: Seat, widget: Widget, at: tuple[int, int], to: tuple[int, int], *, button: int = 1) -> None:
    """Presses a button at one place of a widget's content and lets it go at another."""
    for kind, place in ((events.MouseDown, at), (events.MouseUp, to)):
        x, y = widget.content_region.offset + Offset(*place)
        seat.app.post_message(kind(None, x, y, 0, 0, button, shift=False, meta=False, ctrl=False))


async def test_a_press_that_is_let_go_on_another_row_or_queue_is_no_click(tmp_path: Path) -> None:
    language.use("nb")
    async with at_three(tmp_path) as (seat, (first, second, _third)):
        rows, queues = seat.inbox.listing.rows, seat.inbox.query_one(SideBar)
        presses(seat, rows, (5, 0), (5, 2 * ROW_HEIGHT))
        presses(seat, queues, (3, 2), (3, 0))
        presses(seat, rows, (5, 2 * ROW_HEIGHT), (5, 2 * ROW_HEIGHT), button=3)
        clicks_row(seat, 1)
        await seat.until(lambda: rows.cursor_key == second and seat.inbox.pane.key == second)
        assert rows.total == 3
        presses(seat, rows, (5, 0), (7, 0))
        await seat.until(lambda: rows.cursor_key == first)


async def test_a_choice_is_picked_only_where_the_mouse_was_pressed_and_let_go(tmp_path: Path) -> None:
    language.use("nb")
    async with at_three(tmp_path) as (seat, _keys):
        bells(seat)
        await seat.keys("p")
        await seat.on_top("Choose")
        options = seat.app.screen.query_one(OptionList)
        await seat.until(lambda: options.region.height == 4)
        presses(seat, options, (3, 0), (3, 2))
        presses(seat, options, (3, 0), (3, 0), button=2)
        presses(seat, options, (3, 0), (3, 0), button=3)
        await seat.pilot.pause()
        assert type(seat.app.screen).__name__ == "Choose"
        assert done(seat) == []
        clicks(seat, options, 3, 0)
        await seat.until(lambda: done(seat))
