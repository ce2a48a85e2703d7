"""One figure a day as columns over an axis, each above its day in the table below."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import ClassVar, Final

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from widgets.cells import cut
from widgets.figure_widths import Widths, day_widths

EIGHTHS: Final = " ▁▂▃▄▅▆▇█"


class DayPlot(Widget):
    """Draws a series; the figures themselves stand in the table below it."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"plot--axis", "plot--bar", "plot--here"}
    DEFAULT_CSS = """
    DayPlot {
        background: $surface; color: $foreground;
        & > .plot--axis { color: $text-muted; }
        & > .plot--bar { color: $primary; }
        & > .plot--here { color: $accent; }
    }
    """

    def __init__(self, in_view: Callable[[], range], *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        """Prepares an empty plot.

        Args:
            in_view: Tells which days the table below it has room for.
            id: Textual's.
        """
        super().__init__(id=id)
        self._in_view = in_view
        self._sizes: tuple[float | None, ...] = ()
        self._top, self._label = 1.0, ""
        self._here: int | None = None

    def show(self, sizes: Sequence[float | None], top: float, label: str, here: int | None) -> None:
        """Shows a series.

        Args:
            sizes: One a day, None where there is none.
            top: What the highest line stands for.
            label: The same in words.
            here: The day under the cursor; None where it is elsewhere.
        """
        self._sizes, self._top, self._label, self._here = tuple(sizes), max(top, 1e-9), label, here
        self.refresh()

    def render_line(self, y: int) -> Strip:
        """A line of the columns, with the axis before it."""
        height, widths = self.size.height, day_widths(self.size.width)
        label = self._label if y == 0 else "0" if y == height - 1 else ""
        axis = cut(label, widths.head - 2).rjust(widths.head - 2) + ("┤" if label else "│")
        segments = [Segment(axis + " ", self._style("plot--axis"))]
        shown = [(day, self._sizes[day]) for day in self._in_view() if day < len(self._sizes)]
        segments += [self._column(day, size, height - 1 - y, height, widths) for day, size in shown]
        return Strip(segments).adjust_cell_length(self.size.width, self._style("plot--axis"))

    def _column(self, day: int, size: float | None, up: int, height: int, widths: Widths) -> Segment:
        """The part of a day's column on the line that is so many up; what is more than nothing is seen."""
        eighths = 0 if not size else max(round(size / self._top * height * 8), 1)
        part = EIGHTHS[min(max(eighths - up * 8, 0), 8)]
        cells = widths.columns[day]
        gap = 2 if cells > 4 else 1
        name = "plot--here" if day == self._here else "plot--bar"
        return Segment(" " * gap + part * (cells - gap), self._style(name))

    def _style(self, name: str) -> Style:
        return self.get_component_rich_style(name)
