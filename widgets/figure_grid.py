"""Figures in rows and columns that one walks over and steps into."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Offset, Size
from textual.message import Message
from textual.strip import Strip

from widgets.cells import cut, exact
from widgets.figure_widths import Widths, columns_in_view
from widgets.figures import Cell, Row, Table
from widgets.scrolling import LineScroller
from workbench.language import N_

LATE, BAR = "█", "▒"
"""What a bar is made of: the late part of it, which stands first, and the rest."""
HERE: Final = "›"
"""Sign of the figure under the cursor, which its colour alone does not tell."""
BEFORE, AFTER = "«", "»"
"""Signs beside the heads that more columns lie there."""
THOUSAND: Final = 1000
SHORT: Final = 8
"""Cells of a bar that is too short for parts of it to be told apart."""


class FigureGrid(LineScroller, can_focus=True):
    """Shows a table whose heads stay; the cursor stays on its figure whatever arrives."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", N_("next"), show=False),
        Binding("up,k", "move(-1)", N_("previous"), show=False),
        Binding("right", "across(1)", N_("next"), show=False),
        Binding("left", "across(-1)", N_("previous"), show=False),
        Binding("home", "across(-100)", N_("first"), show=False),
        Binding("end", "across(100)", N_("last"), show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "grid--plain",
        "grid--quiet",
        "grid--alert",
        "grid--cursor",
        "grid--heads",
        "grid--here",
        "grid--bar",
        "grid--late",
    }
    DEFAULT_CSS = """
    FigureGrid {
        background: $surface; color: $foreground;
        overflow-x: hidden; scrollbar-gutter: stable; scrollbar-size-vertical: 1;
        & > .grid--plain { color: $foreground; }
        & > .grid--quiet { color: $text-muted; }
        & > .grid--alert { color: $text-error; text-style: bold; }
        & > .grid--heads { color: $text-muted; text-style: bold; }
        & > .grid--here { color: $foreground; text-style: bold; }
        & > .grid--cursor { color: $block-cursor-foreground; background: $block-cursor-background; text-style: bold; }
        & > .grid--bar { color: $primary; }
        & > .grid--late { color: $error; }
    }
    """

    @dataclass
    class Moved(Message):
        """The cursor stands on another figure, or on none."""

        grid: FigureGrid
        cell: Cell | None

    @dataclass
    class Left(Message):
        """The cursor went over an edge: upwards, or downwards."""

        grid: FigureGrid
        by: int

    def __init__(self, widths: Callable[[int], Widths], *, column: int = 0, id: str | None = None) -> None:  # noqa: A002
        """Prepares an empty grid.

        Args:
            widths: Tells the columns' widths, by how many cells there are.
            column: Where the cursor stands at first.
            id: Textual's.
        """
        super().__init__(id=id)
        self._widths = widths
        self._table = Table((), ())
        self._row, self._column = 0, column
        self._first = 0
        """The first column in view."""
        self._styles: dict[str, Style] = {}

    @property
    def current(self) -> Cell | None:
        """The figure under the cursor."""
        rows = self._table.rows
        return rows[self._row].cells[self._column] if rows and rows[self._row].cells else None

    @property
    def row(self) -> Row | None:
        """The row the cursor stands in."""
        return self._table.rows[self._row] if self._table.rows else None

    @property
    def place(self) -> tuple[str, int]:
        """Where the cursor stands: key of the row, and column."""
        return (self.row.key if self.row else "", self._column)

    @property
    def widths(self) -> Widths:
        """Of the columns, as wide as it is now."""
        return self._widths(self._cells)

    @property
    def in_view(self) -> range:
        """The columns that there is room for."""
        column = min(self._column, len(self.widths.columns) - 1)
        return columns_in_view(self.widths, self._cells, column, self._first)

    @property
    def _cells(self) -> int:
        return max(self.size.width - self.styles.scrollbar_size_vertical, 1)

    def show(self, table: Table, place: tuple[str, int] | None = None) -> None:
        """Shows a table; the cursor stays in its row, by the row's key.

        Args:
            table: Every row with figures has as many.
            place: Where the cursor is to stand; where it stands when that is None.
        """
        key, column = place or self.place
        self._table = table
        keys = [row.key for row in table.rows]
        self._row = keys.index(key) if key in keys else min(self._row, max(len(keys) - 1, 0))
        if keys and not table.rows[self._row].cells:
            self._row += 1
        self._column = column
        self.virtual_size = Size(self.size.width, len(table.rows) + 1)
        self._stands()

    def action_move(self, by: int) -> None:
        """Goes up or down, over headings."""
        rows, at = self._table.rows, self._row + by
        while 0 <= at < len(rows) and not rows[at].cells:
            at += by
        if 0 <= at < len(rows):
            self._row = at
            self._stands()
        else:
            self.post_message(self.Left(self, by))

    def action_across(self, by: int) -> None:
        """Goes to the left or to the right."""
        if self.row is not None:
            self._column = min(max(self._column + by, 0), len(self.row.cells) - 1)
            self._stands()

    def on_click(self, event: events.Click) -> None:
        """Goes to the figure that was clicked."""
        offset = event.get_content_offset(self)
        if offset is None or offset.y == 0:
            return
        line, left = offset.y - 1 + self.scroll_offset.y, offset.x - self.widths.head
        if line < len(self._table.rows) and self._table.rows[line].cells:
            self._row = line
            shown, columns = self.in_view, self.widths.columns
            ends = [(at, sum(columns[shown.start : at + 1])) for at in shown]
            self._column = next((at for at, end in ends if left < end), shown[-1])
            self._stands()

    def watch_has_focus(self, has_focus: bool) -> None:
        """Shows the cursor where the keys go."""
        super().watch_has_focus(has_focus)
        if has_focus:
            self._stands()

    def on_blur(self) -> None:
        """Hides the cursor."""
        self.refresh()

    def on_resize(self) -> None:
        """Keeps the cursor in view."""
        self.virtual_size = Size(self.size.width, len(self._table.rows) + 1)
        self._reveal()

    def notify_style_update(self) -> None:
        """Forgets the old colours."""
        super().notify_style_update()
        self._styles.clear()

    def render_line(self, y: int) -> Strip:
        """The heads on the first line, always; a row on each other."""
        width, place = self.size.width, y - 1 + self.scroll_offset.y
        if y == 0:
            segments = self._heads()
        elif place >= len(self._table.rows):
            segments = []
        else:
            segments = self._segments(place)
        blank = Segment(" " * max(width - Segment.get_line_length(segments), 0), self._look("grid--plain"))
        return Strip([*segments, blank]).crop(0, width)

    def _heads(self) -> list[Segment]:
        widths, look, shown = self.widths, self._look("grid--heads"), self.in_view
        heads, roomy = self._table.heads, self._table.long_heads
        if roomy and all(cell_len(head) < width for head, width in zip(roomy[1:], widths.columns, strict=False)):
            heads = roomy
        head, *columns = heads or ("",)
        words = [_right(columns[at], widths.columns[at] - bar) + " " * bar for at, bar in self._bars(columns)]
        before = BEFORE if shown.start else ""
        after = AFTER if shown.stop < len(columns) else ""
        label = exact(head, widths.head - len(before)) + before
        return [Segment(label, look), *(Segment(word, look) for word in words), Segment(after, look)]

    def _segments(self, place: int) -> list[Segment]:
        row, widths = self._table.rows[place], self.widths
        if not row.cells:
            return [Segment(exact(row.head, self.size.width), self._look("grid--heads"))]
        stands = place == self._row
        segments = [
            Segment(exact(row.head, widths.head - 1) + " ", self._look("grid--here" if stands else "grid--plain"))
        ]
        for at, bar in self._bars(row.cells):
            cell, width = row.cells[at], widths.columns[at]
            cursor = self.has_focus and stands and at == self._column
            look = "grid--cursor" if cursor else f"grid--{cell.look}"
            text = _right(_short(cell, width - bar - 1), width - bar - 1)
            segments.append(Segment(HERE if cursor else " ", self._look("grid--here")))
            segments.append(Segment(text, self._look(look)))
            if bar:
                segments += self._bar(cell.bar, bar)
        return segments

    def _bars(self, columns: Sequence[object]) -> Iterator[tuple[int, int]]:
        """The columns in view, each with the cells of its bar."""
        for at in self.in_view:
            if at < len(columns):
                yield at, self.widths.bar if at == 0 else 0

    def _bar(self, parts: tuple[float, float] | None, cells: int) -> list[Segment]:
        """A bar after a blank; whatever is more than nothing has a cell of its own, and a short bar is of one piece."""
        whole, late = (0, 0) if parts is None else (_cells(part, cells - 1) for part in parts)
        late = late if cells > SHORT else 0
        whole = max(whole, late)
        return [
            Segment(" ", self._look("grid--plain")),
            Segment(LATE * late, self._look("grid--late")),
            Segment(BAR * (whole - late) + " " * (cells - 1 - whole), self._look("grid--bar")),
        ]

    def _look(self, name: str) -> Style:
        if name not in self._styles:
            self._styles[name] = self.get_component_rich_style(name)
        return self._styles[name]

    def _stands(self) -> None:
        self._first = self.in_view.start
        self._reveal()
        self.refresh()
        if self.has_focus:
            self.post_message(self.Moved(self, self.current))

    def _reveal(self) -> None:
        """Scrolls as little as brings the cursor into view; the heads take the first line."""
        top, height = self.scroll_offset.y, self.size.height - 1
        above = self._row - 1 if self._row and not self._table.rows[self._row - 1].cells else self._row
        if height < 1:
            return
        if above < top:
            self.scroll_to(y=above, animate=False, force=True, immediate=True)
        elif self._row >= top + height:
            self.scroll_to(y=self._row - height + 1, animate=False, force=True, immediate=True)
        if self.has_focus:
            left = self.widths.head + sum(self.widths.columns[self.in_view.start : self._column])
            self.app.cursor_position = self.content_region.offset + Offset(left, self._row - self.scroll_offset.y + 1)


def _right(text: str, cells: int) -> str:
    short = cut(text, cells)
    return " " * max(cells - cell_len(short), 0) + short


def _short(cell: Cell, cells: int) -> str:
    """A figure's text; in thousands, cut down, where it is wider than its column. The sentence has it whole."""
    if cell_len(cell.text) <= cells or cell.figure is None or cell.figure.n < THOUSAND:
        return cell.text
    return f"{cell.figure.n // THOUSAND}k"


def _cells(part: float, cells: int) -> int:
    return max(round(part * cells), 1) if part > 0 else 0
