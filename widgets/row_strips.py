"""Rows of the conversation list as strips for the terminal, drawn once and kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from rich.segment import Segment
from rich.style import Style
from textual.cache import LRUCache
from textual.content import Content
from textual.strip import Strip

from widgets.portals import PortalNames
from widgets.row import Line, Look, Piece, placeholder_lines, row_lines
from workbench.dialogue.office import Office
from workbench.dialogue.queue import Item

ROWS_KEPT: Final = 512
CURSOR: Final = "row--cursor"
CURSOR_AWAY: Final = "row--cursor-away"
"""The cursor's row while the list has not the focus."""
STRONG: Final = frozenset({Look.UNREAD, Look.NAME, Look.URGENT, Look.ALERT})
"""Looks that stay bold on the cursor's row, where colours of their own would not be told from its ground."""


class RowStrips:
    """Draws rows for one width and one minute, and keeps what it has drawn until either changes."""

    def __init__(self, style: Callable[[str], Style], portals: PortalNames) -> None:
        self._style = style
        """Gives the whole style of a component class, ground included."""
        self._portals = portals
        self._office: Office | None = None
        self._width = self._spare = 0
        self._moment: datetime | None = None
        self._styles: dict[tuple[Look, str], Style] = {}
        """By look and ground."""
        self._doubtful = False
        self._rows: LRUCache[tuple[Item | None, bool, bool, bool], tuple[Strip, Strip]] = LRUCache(ROWS_KEPT)

    def doubt(self) -> None:
        """Looks may have changed, as at each focus: what was drawn is dropped if they have, at the next drawing."""
        self._doubtful = True

    def reckon(self, office: Office) -> None:
        """Tells how long something is overdue in an office's working days."""
        self._office = office
        self._rows.clear()

    def set(self, width: int, spare: int, moment: datetime) -> bool:
        """Sets the cells of a row and the time ages are told at.

        Args:
            width: Cells of a row's words.
            spare: Blank cells after them, under the scroll bar: a strip as wide as the widget is not fitted again.
            moment: Aware, in the zone of who reads.

        Returns:
            Whether rows look different now.
        """
        same = (
            (width, spare) == (self._width, self._spare)
            and self._moment is not None
            and _minute(moment) == _minute(self._moment)
        )
        if not same:
            self._rows.clear()
        self._width, self._spare, self._moment = width, spare, moment
        if self._doubtful:
            self._look_again()
        return not same

    def row(self, item: Item | None, cursor: bool, focused: bool, marked: bool) -> tuple[Strip, Strip]:
        """The two lines of a row; a quiet placeholder when the item is not held."""
        key = (item, cursor, focused and cursor, marked)
        strips = self._rows.get(key)
        if strips is None:
            strips = self._rows[key] = self._draw(*key)
        return strips

    def blank(self) -> Strip:
        """A line without a row."""
        return self._strip((Piece("", Look.PLAIN),))

    def words(self, text: str, height: int) -> list[Strip]:
        """A text instead of rows, in the upper middle of so many lines."""
        lines = Content(text).wrap(max(self._width - 4, 1)) if text else []
        top = max((height - len(lines)) // 3, 0)
        strips = [self._strip((Piece(_centred(line, self._width), Look.QUIET),)) for line in lines]
        return [self.blank()] * top + strips

    def _draw(self, item: Item | None, cursor: bool, focused: bool, marked: bool) -> tuple[Strip, Strip]:
        assert self._moment is not None
        if item is None:
            first, second = placeholder_lines(self._width, cursor=cursor)
        else:
            first, second = row_lines(
                item,
                self._width,
                self._moment,
                cursor=cursor,
                marked=marked,
                portals=self._portals,
                office=self._office,
            )
        ground = (CURSOR if focused else CURSOR_AWAY) if cursor else ""
        return self._strip(first, ground), self._strip(second, ground)

    def _strip(self, line: Line, ground: str = "") -> Strip:
        segments = [Segment(piece.text, self._look(piece.look, ground)) for piece in line]
        blank = Segment(" " * (self._width - Segment.get_line_length(segments) + self._spare), segments[-1].style)
        return Strip([*segments, blank], self._width + self._spare).simplify()

    def _look(self, look: Look, ground: str = "") -> Style:
        style = self._styles.get((look, ground))
        if style is None:
            style = self._style(ground or look)
            if ground and look in STRONG:
                style += Style(bold=True)
            self._styles[look, ground] = style
        return style

    def _look_again(self) -> None:
        before, self._styles, self._doubtful = self._styles, {}, False
        for look, ground in before:
            self._look(look, ground)
        if self._styles != before:
            self._rows.clear()


def _minute(moment: datetime) -> int:
    return int(moment.timestamp() // 60)


def _centred(line: Content, width: int) -> str:
    return " " * max((width - line.cell_length) // 2, 0) + line.plain
