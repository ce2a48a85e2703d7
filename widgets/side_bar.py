"""The queues with how many conversations each holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Final

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Offset, Size
from textual.message import Message
from textual.strip import Strip

from widgets.cells import cut, exact, outside
from widgets.scrolling import LineScroller
from widgets.words import total_word
from workbench.dialogue.queue import Queue, Total
from workbench.language import N_, _

HEADINGS: Final = {"view": N_("View"), "pool": N_("Team"), "category": N_("Type")}
"""What stands above the queues whose names begin with such a word and a colon."""
CURRENT, HERE = "▌", "›"
"""Signs of the queue that is open and, while the side bar has the focus, of the one under the cursor."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """A queue as the side bar shows it."""

    queue: Queue
    word: str
    """What it is called; text from outside."""
    count: Total | None
    """Conversations in it, None while that is not known."""


class SideBar(LineScroller, can_focus=True):
    """Shows the queues, those of a kind under a heading of their own, and says which one was chosen."""

    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", N_("next"), id="queues.down", show=False),
        Binding("up,k", "move(-1)", N_("previous"), id="queues.up", show=False),
        Binding("home,pageup", "move(-1000)", N_("first"), id="queues.first", show=False),
        Binding("end,pagedown", "move(1000)", N_("last"), id="queues.last", show=False),
        Binding("enter", "choose", N_("open"), id="queues.open", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "side-bar--queue",
        "side-bar--current",
        "side-bar--cursor",
        "side-bar--head",
    }
    DEFAULT_CSS = """
    SideBar {
        border: round $foreground 30%;
        border-title-style: bold;
        border-title-color: $foreground;
        background: $surface;
        color: $foreground;
        overflow-x: hidden;
        scrollbar-gutter: stable;
        scrollbar-size-vertical: 1;
        &:focus { border: round $border; border-title-color: $border; }
        & > .side-bar--queue { color: $foreground; }
        & > .side-bar--current { color: $foreground; text-style: bold; }
        & > .side-bar--cursor { color: $block-cursor-foreground; background: $block-cursor-background; }
        & > .side-bar--head { color: $text-muted; text-style: bold; }
    }
    """

    @dataclass
    class QueueChosen(Message):
        """A queue was opened."""

        queue: Queue

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self.border_title = Content(_("Queues"))
        self._shelves: tuple[Shelf, ...] = ()
        self._lines: tuple[int | str, ...] = ()
        """What stands on each line: the place of a queue, or a heading (message id)."""
        self._cursor = 0
        self._current = ""
        self._styles: dict[str, Style] = {}

    @property
    def cursor_queue(self) -> Queue | None:
        """The queue under the cursor."""
        return self._shelves[self._cursor].queue if self._shelves else None

    @property
    def current(self) -> str:
        """Name of the queue that is open; empty when none is."""
        return self._current

    def show(self, shelves: Sequence[tuple[Queue, str, Total | None]], current: str | None = None) -> None:
        """Shows queues with their counts; the cursor stays on the queue it stands on.

        Args:
            shelves: Queue, word and count, in the order to show them; those of a kind side by side.
            current: Name of the queue that is open; None leaves it as it is.
        """
        under = self.cursor_queue.name if self.cursor_queue else current
        self._shelves = tuple(Shelf(*shelf) for shelf in shelves)
        names = [shelf.queue.name for shelf in self._shelves]
        self._lines = tuple(_lines(names))
        self._cursor = names.index(under) if under in names else min(self._cursor, max(len(names) - 1, 0))
        self._measure()
        self.refresh()
        if current is not None:
            self.mark(current)

    def mark(self, name: str) -> None:
        """Shows a queue as the open one, and brings the cursor to it unless it is being moved."""
        self._current = name
        names = [shelf.queue.name for shelf in self._shelves]
        if name in names and not self.has_focus:
            self._cursor = names.index(name)
            self._reveal()
        self.refresh()

    def action_move(self, lines: int) -> None:
        """Moves the cursor."""
        self._cursor = min(max(self._cursor + lines, 0), max(len(self._shelves) - 1, 0))
        self._reveal()
        self.refresh()

    def action_choose(self) -> None:
        """Opens the queue under the cursor."""
        if self.cursor_queue is not None:
            self.post_message(self.QueueChosen(self.cursor_queue))

    def on_click(self, event: events.Click) -> None:
        """Opens the queue that was clicked."""
        offset = event.get_content_offset(self)
        line = offset.y + self.scroll_offset.y if offset else len(self._lines)
        place = self._lines[line] if line < len(self._lines) else None
        if isinstance(place, int):
            self._cursor = place
            self.refresh()
            self.action_choose()

    def on_resize(self) -> None:
        """Keeps the cursor in view."""
        self._measure()
        self._reveal()

    def on_focus(self) -> None:
        """Shows the cursor."""
        self._reveal()
        self.refresh()

    def on_blur(self) -> None:
        """Hides the cursor and leaves the open queue shown."""
        self.refresh()

    def notify_style_update(self) -> None:
        """Forgets the old colours."""
        super().notify_style_update()
        self._styles.clear()

    def render_line(self, y: int) -> Strip:
        """One queue, the heading, or a blank."""
        line, width = y + self.scroll_offset.y, self.size.width
        if line >= len(self._lines):
            text, look = "", "side-bar--queue"
        elif isinstance(place := self._lines[line], str):
            text, look = f" {_(place)}", "side-bar--head"
        else:
            text, look = self._queue_line(place, width - self.styles.scrollbar_size_vertical)
        return Strip([Segment(exact(text, width), self._look(look))], width)

    def _queue_line(self, place: int, width: int) -> tuple[str, str]:
        """The words of a queue's line, and their look."""
        shelf = self._shelves[place]
        here = self.has_focus and place == self._cursor
        current = shelf.queue.name == self._current
        sign = CURRENT if current else HERE if here else " "
        count = "" if shelf.count is None else total_word(shelf.count)
        indent = " " if _heading(shelf.queue.name) else ""
        word = exact(indent + outside(shelf.word), max(width - cell_len(count) - 2, 0))
        look = "side-bar--cursor" if here else "side-bar--current" if current else "side-bar--queue"
        return cut(f"{sign}{word} {count}", width), look

    def _look(self, name: str) -> Style:
        if name not in self._styles:
            self._styles[name] = self.get_component_rich_style(name)
        return self._styles[name]

    def _measure(self) -> None:
        self.virtual_size = Size(self.size.width, len(self._lines))

    def _reveal(self) -> None:
        """Scrolls as little as brings the cursor into view, the heading above the first of a kind with it."""
        if not self._shelves:
            return
        line, top, height = self._lines.index(self._cursor), self.scroll_offset.y, self.size.height
        above = line - 1 if line and isinstance(self._lines[line - 1], str) and height > 1 else line
        if above < top:
            self.scroll_to(y=above, animate=False, force=True, immediate=True)
        elif line >= top + height:
            self.scroll_to(y=line - height + 1, animate=False, force=True, immediate=True)
        if self.has_focus:
            self.app.cursor_position = self.content_region.offset + Offset(0, line - self.scroll_offset.y)


def _heading(name: str) -> str:
    """The heading a queue stands under; empty for one of the fixed ones."""
    kind, colon, _rest = name.partition(":")
    return HEADINGS.get(kind, "") if colon else ""


def _lines(names: Sequence[str]) -> Iterable[int | str]:
    """The queues' places with the headings between them."""
    before = ""
    for place, name in enumerate(names):
        heading = _heading(name)
        if heading and heading != before:
            yield heading
        before = heading
        yield place
