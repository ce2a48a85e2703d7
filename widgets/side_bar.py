"""The queues with how much each holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import on
from textual.binding import Binding
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from widgets.display import for_display
from workbench.dialogue.queue import Queue
from workbench.language import _, number


class SideBar(OptionList):
    """Lists queues; enter opens one; counts change without moving the cursor."""

    BINDINGS = [Binding("j", "cursor_down", show=False), Binding("k", "cursor_up", show=False)]
    DEFAULT_CSS = """
    SideBar {
        border: round $border-blurred; border-title-style: bold; background: $surface; padding: 0;
        scrollbar-size-vertical: 1;
        &:focus { border: round $border; }
    }
    """

    @dataclass
    class QueueChosen(Message):
        """A queue is to be opened."""

        queue: Queue

    def __init__(self) -> None:
        super().__init__(markup=False)
        self.border_title = Content(f" {_('Queues')} ")
        self._rows: tuple[tuple[Queue, str, int | None], ...] = ()
        self._current: str | None = None

    def show(self, rows: Sequence[tuple[Queue, str, int | None]], current: str | None) -> None:
        """Shows queues with their words and counts; a None count is not known yet."""
        names = [q.name for q, _word, _n in rows]
        before = [q.name for q, _word, _n in self._rows]
        self._rows, self._current = tuple(rows), current
        if names == before:
            for queue, word, count in rows:
                self.replace_option_prompt(queue.name, self._line(queue, word, count))
            return
        self.clear_options()
        team = False
        for queue, word, count in rows:
            if queue.name.startswith("pool:") and not team:
                team = True
                self.add_option(Option(Content.styled(_("Team"), "bold $text-muted"), disabled=True))
            self.add_option(Option(self._line(queue, word, count), id=queue.name))

    def mark(self, name: str) -> None:
        """Marks the queue that is open."""
        self._current = name
        self.show(self._rows, name)

    def on_resize(self) -> None:
        """Fits the lines anew."""
        self.show(self._rows, self._current)

    def _line(self, queue: Queue, word: str, count: int | None) -> Content:
        width = max(self.scrollable_content_region.width - 2, 10)
        said = number(count) if count is not None else ""
        current = queue.name == self._current
        name = for_display(word, one_line=True).truncate(max(width - len(said) - 3, 3), ellipsis=True, pad=True)
        style = "bold $text-primary" if current else ""
        return Content.assemble(("▌" if current else " ", "$text-primary"), name.stylize(style), " ", (said, style))

    @on(OptionList.OptionSelected)
    def chosen(self, event: OptionList.OptionSelected) -> None:
        """Opens it."""
        event.stop()
        for queue, _word, _count in self._rows:
            if queue.name == event.option_id:
                self.post_message(self.QueueChosen(queue))
