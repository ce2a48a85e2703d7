"""The rows of a list as they are drawn: two lines each, as many of them as are in view."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from time import monotonic
from typing import ClassVar

from textual.geometry import Region, Size
from textual.strip import Strip

from widgets.cells import outside
from widgets.glimpses import Glimpses
from widgets.pages import Pages
from widgets.portals import PortalNames
from widgets.row import ROW_HEIGHT, Look
from widgets.row_strips import CURSOR, CURSOR_AWAY, RowStrips
from widgets.scrolling import LineScroller
from workbench.dialogue.key import Key
from workbench.dialogue.office import Office
from workbench.dialogue.queue import Total
from workbench.language import _


class RowView(LineScroller):
    """Draws the rows that are held of a queue, and knows what lies where."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {*Look, CURSOR, CURSOR_AWAY}
    DEFAULT_CSS = """
    RowView {
        background: $surface;
        color: $foreground;
        overflow-x: hidden;
        scrollbar-gutter: stable;
        scrollbar-size-vertical: 1;
        & > .row--plain { color: $foreground; }
        & > .row--name { color: $foreground; }
        & > .row--unread { color: $foreground; text-style: bold; }
        & > .row--quiet { color: $text-muted; }
        & > .row--sign { color: $text-accent; }
        & > .row--urgent { color: $text-warning; text-style: bold; }
        & > .row--alert { color: $text-error; text-style: bold; }
        & > .row--cursor { color: $block-cursor-foreground; background: $block-cursor-background; }
        & > .row--cursor-away {
            color: $block-cursor-blurred-foreground;
            background: $block-cursor-blurred-background;
        }
    }
    """

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        empty_text: str,
        portals: PortalNames,
        id: str | None,  # noqa: A002 - Textual's own name for it
        classes: str | None,
    ) -> None:
        """Starts as a list that is still being fetched; each argument is as `ConversationList` has it."""
        super().__init__(id=id, classes=classes)
        self._now = now
        self._moment = now()
        self._empty_text = empty_text
        self._pages = Pages()
        self._strips = RowStrips(self.get_component_rich_style, portals)
        self._glimpses = Glimpses()
        self._shown = False
        self._cursor = 0
        """Place of the row that is drawn as the cursor's."""
        self._marks: frozenset[Key] = frozenset()
        """What is drawn as selected."""

    @property
    def total(self) -> Total:
        """Rows of the queue."""
        return self._pages.total

    @property
    def generation(self) -> int:
        """Counts calls of `show`."""
        return self._pages.generation

    @property
    def steady(self) -> bool:
        """Whether rows have stood still for so long that a click on any of them is for it."""
        return self._glimpses.steady(monotonic())

    @property
    def in_view(self) -> range:
        """Places of the rows on the screen."""
        top = self.scroll_offset.y
        bottom = top + self.size.height
        return range(top // ROW_HEIGHT, min(-(-bottom // ROW_HEIGHT), self.total))

    def set_empty_text(self, text: str) -> None:
        """Says what is shown when the queue holds nothing."""
        self._empty_text = text
        if not self.total:
            self.refresh()

    def reckon(self, office: Office) -> None:
        """Tells from now on how long something is overdue, in an office's working days.

        Args:
            office: Whose holidays are loaded, as rows are drawn in the way of keys.
        """
        self._strips.reckon(office)
        self.refresh()

    def refresh_ages(self) -> None:
        """Tells ages and deadlines anew, when a minute has passed."""
        self._moment = self._now()
        if self._set_strips():
            self.refresh()

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines that are painted; what lies on each is taken down, for clicks."""
        top = self.scroll_offset.y
        items = [self._pages.item((top + y) // ROW_HEIGHT) for y in range(self.size.height)]
        self._glimpses.painted([None if item is None else item.key for item in items], monotonic())
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """One line of the view."""
        self._set_strips()
        if not self.total:
            lines = self._strips.words(self._message(), self.size.height)
            return lines[y] if y < len(lines) else self._strips.blank()
        place, half = divmod(y + self.scroll_offset.y, ROW_HEIGHT)
        if place >= self.total:
            return self._strips.blank()
        item = self._pages.item(place)
        marked = item is not None and item.key in self._marks
        return self._strips.row(item, place == self._cursor, self.has_focus, marked)[half]

    def notify_style_update(self) -> None:
        """Looks again at what was drawn in the old colours."""
        super().notify_style_update()
        self._strips.doubt()

    def _set_strips(self) -> bool:
        spare = self.styles.scrollbar_size_vertical
        return self._strips.set(self.size.width - spare, spare, self._moment)

    @property
    def _rows(self) -> int:
        """Rows that fit in the view, at least one."""
        return max(self.size.height // ROW_HEIGHT, 1)

    def _message(self) -> str:
        return outside(self._empty_text) if self._shown else _("Fetching the conversations …")

    def _measure(self) -> None:
        """Tells the scroll bar how long the list is; a long list ends on a whole row."""
        lines, height = self.total * ROW_HEIGHT, self.size.height
        self.virtual_size = Size(self.size.width, lines + height % ROW_HEIGHT if lines > height else lines)

    def _scroll(self, line: int) -> None:
        self.scroll_to(y=max(line, 0), animate=False, force=True, immediate=True)
        self.refresh()  # every line of the view is another now

    def _refresh_rows(self, *places: int) -> None:
        """Repaints only these rows."""
        view, top = self.in_view, self.scroll_offset.y
        regions = [
            Region(0, place * ROW_HEIGHT - top, self.size.width, ROW_HEIGHT) for place in places if place in view
        ]
        if regions:
            self.refresh(*regions)
