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

from widgets.cells import exact
from widgets.row import Line, Look, placeholder_lines, row_lines
from workbench.dialogue.queue import Item

ROWS_KEPT: Final = 512
CURSOR: Final = "row--cursor"
CURSOR_AWAY: Final = "row--cursor-away"
"""The cursor's row while the list has not the focus."""
STRONG: Final = frozenset({Look.UNREAD, Look.NAME, Look.URGENT, Look.ALERT})
"""Looks that stay bold on the cursor's row, where colours of their own would not be told from its ground."""


class RowStrips:
    """Draws rows for one width and one minute, and keeps what it has drawn until either changes."""

    def __init__(self, style: Callable[[str], Style]) -> None:
        self._style = style
        """Gives the whole style of a component class, ground included."""
        self._width = 0
        self._moment: datetime | None = None
        self._styles: dict[str, Style] = {}
        self._rows: LRUCache[tuple[Item | None, bool, bool, bool], tuple[Strip, Strip]] = LRUCache(ROWS_KEPT)

    def forget(self) -> None:
        """Drops all that was drawn: the theme changed."""
        self._rows.clear()
        self._styles.clear()

    def set(self, width: int, moment: datetime) -> bool:
        """Sets the cells of a row and the time ages are told at.

        Returns:
            Whether rows look different now.
        """
        same = width == self._width and self._moment is not None and _minute(moment) == _minute(self._moment)
        if not same:
            self._rows.clear()
        self._width, self._moment = width, moment
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
        return Strip([Segment(" " * self._width, self._look(Look.PLAIN))], self._width)

    def words(self, text: str, height: int) -> list[Strip]:
        """A text instead of rows, in the upper middle of so many lines."""
        lines = Content(text).wrap(max(self._width - 4, 1)) if text else []
        top = max((height - len(lines)) // 3, 0)
        quiet = self._look(Look.QUIET)
        strips = [
            Strip([Segment(exact(_centred(line, self._width), self._width), quiet)], self._width) for line in lines
        ]
        return [self.blank()] * top + strips

    def _draw(self, item: Item | None, cursor: bool, focused: bool, marked: bool) -> tuple[Strip, Strip]:
        assert self._moment is not None
        if item is None:
            first, second = placeholder_lines(self._width, cursor=cursor)
        else:
            first, second = row_lines(item, self._width, self._moment, cursor=cursor, marked=marked)
        ground = (CURSOR if focused else CURSOR_AWAY) if cursor else ""
        return self._strip(first, ground), self._strip(second, ground)

    def _strip(self, line: Line, ground: str) -> Strip:
        return Strip([Segment(piece.text, self._look(piece.look, ground)) for piece in line], self._width)

    def _look(self, look: Look, ground: str = "") -> Style:
        name = f"{ground} {look}" if ground else look
        style = self._styles.get(name)
        if style is None:
            style = self._style(ground or look)
            if ground and look in STRONG:
                style += Style(bold=True)
            self._styles[name] = style
        return style


def _minute(moment: datetime) -> int:
    return int(moment.timestamp() // 60)


def _centred(line: Content, width: int) -> str:
    return " " * max((width - line.cell_length) // 2, 0) + line.plain
