"""What the next shift must know, each thing with the conversations behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from screens.dialog import Dialog
from screens.telling import Telling
from widgets.display import for_display
from widgets.handover_lines import elsewhere_words, handover_lines, line_queue, title_words
from widgets.later import Later
from workbench.commands import by_id, key_name, key_of
from workbench.dialogue.overview import Handover
from workbench.dialogue.queue import Item, Queue
from workbench.dialogue.status import Event
from workbench.language import _

if TYPE_CHECKING:
    from workbench.session import Session

FIRST: Final = 3
"""Conversations that are shown of each thing."""
SETTLE: Final = 1.0
"""Seconds within which several changes are shown as one."""


class HandoverScreen(Telling, Dialog[Queue | None]):
    """Lists it; gives back what is behind the thing that was stepped into, as a queue."""

    BINDINGS = [Binding("escape,h", "close", show=False)]
    DEFAULT_CSS = """
    HandoverScreen {
        align: center middle;
        & > Vertical {
            width: 96%; max-width: 110; height: 94%;
            border: round $primary; border-title-style: bold; background: $surface; padding: 0 1;
        }
        & OptionList {
            height: 1fr; border: none; background: $surface;
            scrollbar-size-vertical: 1; scrollbar-gutter: stable;
        }
        & OptionList:focus { border: none; background-tint: $foreground 0%; }
        & OptionList > .option-list--option-highlighted,
        & OptionList:focus > .option-list--option-highlighted { background: $primary 25%; text-style: none; }
        & Static { height: auto; }
        & .handover--elsewhere { color: $text-warning; }
        & .handover--keys { color: $text-muted; }
    }
    """

    @dataclass
    class Got(Message):
        """The list, and the first conversations behind each thing in it."""

        handover: Handover
        first: tuple[tuple[Item, ...], ...]

    def __init__(self, session: Session, remapped: Mapping[str, str]) -> None:
        super().__init__()
        self._session, self._remapped = session, remapped
        self._later = Later(self.set_timer)
        self._queues: dict[str, Queue | None] = {}

    def compose(self) -> ComposeResult:
        """The list, what no list shows, and keys."""
        with Vertical() as box:
            box.border_title = Content(_("Handover"))
            yield OptionList(markup=False)
            yield Static(classes="handover--elsewhere", markup=False)
            keys = ((key_of(by_id("open-figure"), self._remapped), _("open")), (key_name("escape"), _("back")))
            yield Static(
                Content("   ").join([Content(f"{key} {word}") for key, word in keys]), classes="handover--keys"
            )

    def on_mount(self) -> None:
        """Reads it."""
        self._fetch()

    def changed(self, event: Event) -> None:
        """Reads it again once changes have settled."""
        if (event.keys or event.many) and not self._later.waits:
            self._later.put_off(SETTLE, self._fetch)

    @work(group="handover", exclusive=True, exit_on_error=False)
    async def _fetch(self) -> None:
        handover = await self._session.handover()
        first = [(await self._session.page(line.figure.query, 0, FIRST)).items for line in handover.lines]
        self.post_message(self.Got(handover, tuple(first)))

    @on(Got)
    def got(self, event: Got) -> None:
        """Shows it; the cursor stays on what it was on."""
        handover, options = event.handover, self.query_one(OptionList)
        at = options.highlighted
        width = options.scrollable_content_region.width
        self._queues = {line.name: line_queue(line, handover) for line in handover.lines}
        options.clear_options()
        options.add_options(
            Option(handover_lines(line, handover, rows, width), id=line.name)
            for line, rows in zip(handover.lines, event.first, strict=True)
        )
        first = next((place for place, line in enumerate(handover.lines) if line.figure.n), 0)
        options.highlighted = first if at is None else at
        self.query_one(Vertical).border_title = Content(title_words(handover, self._session.clock()))
        words, box = elsewhere_words(handover), self.query_one(".handover--elsewhere", Static)
        box.display = bool(words)
        box.update(for_display(words))

    @on(OptionList.OptionSelected)
    def selected(self, event: OptionList.OptionSelected) -> None:
        """Gives back what lies behind it."""
        event.stop()
        queue = self._queues.get(str(event.option_id))
        if queue is None:
            self.app.bell()
        else:
            self.dismiss(queue)

    def action_close(self) -> None:
        """Goes back to the overview."""
        self.dismiss(None)
