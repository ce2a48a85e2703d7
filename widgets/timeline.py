"""The messages and notes of a conversation, oldest first, drawn line by line."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from datetime import date, datetime
from types import MappingProxyType

from textual.content import Content
from textual.geometry import Size
from textual.strip import Strip

from widgets.entry import EntryStyles, Look, entry_lines, nothing_yet
from widgets.scrolling import SCROLLING, LineScroller
from workbench.dialogue.conversation import Entry, Message


class Timeline(LineScroller, can_focus=True):
    """Shows entries; scrolls by line and page; knows nothing of where they come from."""

    ALLOW_SELECT = False
    BINDINGS = SCROLLING
    COMPONENT_CLASSES = {
        "timeline--name",
        "timeline--quiet",
        "timeline--body",
        "timeline--note",
        "timeline--note-name",
        "timeline--out",
        "timeline--warn",
    }
    DEFAULT_CSS = """
    Timeline {
        height: 1fr;
        padding: 0 1;
        background: $surface;
        overflow-x: hidden;
        scrollbar-gutter: stable;
        scrollbar-size-vertical: 1;
        & .timeline--name { text-style: bold; color: $text-primary; }
        & .timeline--quiet { color: $text-muted; }
        & .timeline--body { color: $foreground; }
        & .timeline--note { color: $text-warning; text-style: italic; }
        & .timeline--note-name { color: $text-warning; text-style: bold; }
        & .timeline--out { color: $text-accent; text-style: bold; }
        & .timeline--warn { color: $text-error; text-style: bold; }
    }
    """

    def __init__(self, now: Callable[[], datetime], *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._now = now
        self._entries: tuple[Entry, ...] = ()
        self._origins: Mapping[int, str] = {}
        self._whole = False
        self._lines: list[Content] = []
        self._strips: dict[int, Strip] = {}
        self._starts: list[int] = []
        self._width = 0
        self._day: date | None = None
        """The day that the lines tell from."""
        self._at_latest = True
        """The reader has not scrolled away from the latest entry: what comes after it is gone to."""
        self._reading = -1, 0.0
        """The entry on top, and how much of it is above, as the reader left it: -1 is the latest from its beginning."""
        self._settled: Size | None = None
        """The size for which the reader was last brought back to that; in another one the system moves the lines."""

    def show(
        self, entries: tuple[Entry, ...], origins: Mapping[int, str] = MappingProxyType({}), *, same: bool = False
    ) -> None:
        """Shows entries instead of what was there.

        Args:
            entries: Oldest first.
            origins: By place, where an entry comes from that was written in another conversation.
            same: It is the conversation that was shown already: stay where the reader is, unless at the end.
        """
        if same and (entries, origins) == (self._entries, self._origins):
            return
        if not same:
            self._at_latest, self._reading = True, (-1, 0.0)
        self._entries, self._origins = entries, origins
        if not same:
            self._whole = False
        self._lay_out()
        if self._at_latest:
            self.call_after_refresh(self._to_latest)

    def turn_day(self) -> None:
        """Tells the days anew when another has begun: what was written today was written yesterday then."""
        if self._lines and self._now().date() != self._day:
            self._lay_out()

    def toggle_whole(self) -> None:
        """Shows long messages whole, or short again."""
        self._whole = not self._whole
        self._lay_out()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What is shown."""
        return self._entries

    def _to_latest(self) -> None:
        last = self._starts[-1] if self._starts else 0
        self.scroll_to(y=min(last, self.max_scroll_y), animate=False, force=True, immediate=True)
        self._at_latest, self._reading = True, (-1, 0.0)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Notices when the reader goes elsewhere."""
        super().watch_scroll_y(old_value, new_value)
        if self.size == self._settled:
            self._note_place(round(new_value))

    def _note_place(self, top: int) -> None:
        last = min(self._starts[-1] if self._starts else 0, self.max_scroll_y)
        self._at_latest = top >= last
        self._reading = (-1, 0.0) if top == last else self._place_of(top)

    def _place_of(self, top: int) -> tuple[int, float]:
        place = max(bisect_right(self._starts, top) - 1, 0)
        begin, end = self._bounds(place)
        return place, (top - begin) / max(end - begin, 1)

    def _bounds(self, place: int) -> tuple[int, int]:
        """The first line of an entry and the one after its last."""
        ends = [*self._starts, len(self._lines), len(self._lines)]
        return ends[place], ends[place + 1]

    def _stay(self) -> None:
        """Brings the reader back to what was read before the size changed."""
        place, part = self._reading
        if place < 0 or place >= len(self._starts):
            self._to_latest()
        else:
            begin, end = self._bounds(place)
            self.scroll_to(y=begin + round(part * (end - begin)), animate=False, force=True, immediate=True)
        self._settled = self.size

    def _lay_out(self) -> None:
        self._width = self.scrollable_content_region.width
        self._strips.clear()
        self._lines, self._starts = [], []
        if self._width < 1:
            return
        look = Look(self._width, self._now(), self._whole, self._styles())
        self._day = look.now.date()
        if not any(isinstance(entry, Message) for entry in self._entries):
            self._lines.extend(nothing_yet(look))
        for place, entry in enumerate(self._entries):
            self._starts.append(len(self._lines))
            self._lines.extend(entry_lines(entry, look, self._origins.get(place, "")))
        self.virtual_size = Size(self._width, len(self._lines))
        if self.size == self._settled and self._reading[0] >= 0:
            self._reading = self._place_of(self.scroll_offset.y)
        self.refresh()

    def _styles(self) -> EntryStyles:
        style = self.get_visual_style
        return EntryStyles(
            style("timeline--name"),
            style("timeline--quiet"),
            style("timeline--body"),
            style("timeline--note"),
            style("timeline--note-name"),
            style("timeline--out"),
            style("timeline--warn"),
        )

    def on_resize(self) -> None:
        """Wraps anew when the width changed."""
        if self.scrollable_content_region.width != self._width:
            self._lay_out()
        self.call_after_refresh(self._stay)

    def notify_style_update(self) -> None:
        """Drops what was drawn in the old looks."""
        super().notify_style_update()
        if self._lines:
            self.call_later(self._lay_out)  # the parts' own styles are worked out after this is told

    def render_line(self, y: int) -> Strip:
        """One line of the picture."""
        line = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        if line >= len(self._lines):
            return Strip.blank(width, self.rich_style)
        strip = self._strips.get(line)
        if strip is None:
            base = self.visual_style
            strip = Strip(self._lines[line].render_segments(base)).adjust_cell_length(width, self.rich_style)
            self._strips[line] = strip
        return strip
