"""The mouse at a seat: what the driver makes of a press and a release, without a picture in between."""

from __future__ import annotations

from textual import events
from textual.geometry import Offset
from textual.widget import Widget

from tests.screens.seat import Seat
from widgets.row import ROW_HEIGHT


def clicks(seat: Seat, widget: Widget, x: int, y: int) -> None:
    """Clicks once at a place of a widget's content, in one go with what is struck before and after."""
    at = widget.content_region.offset + Offset(x, y)
    for kind in (events.MouseDown, events.MouseUp):
        seat.app.post_message(kind(None, at.x, at.y, 0, 0, 1, shift=False, meta=False, ctrl=False))


def clicks_row(seat: Seat, place: int) -> None:
    """Clicks a row of the list, by its place in it."""
    rows = seat.inbox.listing.rows
    clicks(seat, rows, 5, place * ROW_HEIGHT - rows.scroll_offset.y)


def wheels(seat: Seat, widget: Widget, times: int) -> None:
    """Turns the wheel downwards over a widget."""
    at = widget.content_region.offset + Offset(3, 1)
    for _ in range(times):
        wheel = events.MouseScrollDown(None, at.x, at.y, 0, 1, 0, shift=False, meta=False, ctrl=False)
        seat.app.post_message(wheel)
