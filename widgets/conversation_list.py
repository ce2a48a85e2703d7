"""The list of conversations: a cursor through any number of them, of which only some pages are held."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.geometry import Offset
from textual.message import Message

from widgets.pages import Pages
from widgets.portals import ONE_PORTAL, PortalNames
from widgets.row import ROW_HEIGHT
from widgets.row_view import RowView
from workbench.commands import by_id
from workbench.dialogue.key import Key
from workbench.dialogue.queue import Item, Page
from workbench.language import N_

MARK: Final = by_id("mark")
"""The list answers it where it has the focus, the screen elsewhere."""
AHEAD: Final = 30
"""Rows beyond the view, and beyond the cursor, that are asked for before they are needed."""


class ConversationList(RowView, can_focus=True):
    """Shows a queue, moves a cursor through it and asks for the rows it has not.

    The cursor stands on a conversation, not on a place: what arrives above it never moves it to another one.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "move(1)", N_("next"), id="list.down", show=False),
        Binding("up,k", "move(-1)", N_("previous"), id="list.up", show=False),
        Binding("pagedown", "page(1)", N_("a page down"), id="list.page_down", show=False),
        Binding("pageup", "page(-1)", N_("a page up"), id="list.page_up", show=False),
        Binding("home", "go(0)", N_("first"), id="list.first", show=False),
        Binding("end", "go(-1)", N_("last"), id="list.last", show=False),
        Binding("enter", "choose", N_("open"), id="list.open", show=False),
        Binding(",".join(MARK.keys), MARK.action, MARK.word, id=MARK.id, show=False),
    ]

    @dataclass
    class PageWanted(Message):
        """Rows near the view are not held; asked once for a page until the list is shown anew."""

        offset: int
        """Place of the first row, from 0."""
        limit: int
        """Rows at most."""
        generation: int
        """To be given back with the answer."""

    @dataclass
    class Highlighted(Message):
        """The cursor came to stand on another conversation; None while its row is not held, or there is none."""

        item: Item | None

    @dataclass
    class Chosen(Message):
        """The conversation under the cursor was opened."""

        item: Item

    class Missed(Message):
        """A click may have been for a conversation that lay there a moment before: it was for nothing."""

    @dataclass
    class Marked(Message):
        """Another set of conversations is selected."""

        keys: frozenset[Key]

    def __init__(
        self,
        *,
        now: Callable[[], datetime],
        empty_text: str = "",
        selects: bool = True,
        portals: PortalNames = ONE_PORTAL,
        id: str | None = None,  # noqa: A002 - Textual's own name for it
        classes: str | None = None,
    ) -> None:
        """Starts as a list that is still being fetched.

        Args:
            now: The time, aware, in the zone of who reads.
            empty_text: What is said when the queue holds nothing.
            selects: Rows can be selected; False where nobody would do anything with the selection.
            portals: What the portals are called.
            id: The widget's id.
            classes: The widget's CSS classes.
        """
        super().__init__(now=now, empty_text=empty_text, portals=portals, id=id, classes=classes)
        self._selects = selects
        self._item: Item | None = None
        """What stands under the cursor."""
        self.moves = 0
        """Counts the times the user brought the cursor elsewhere."""
        self._swapped: float | None = None
        self._came_by_click = -1
        """Where the first click of a pair moved the cursor to; -1 when it did not move it."""

    @property
    def cursor(self) -> int | None:
        """Place of the cursor, from 0; None in an empty list."""
        return self._cursor if self.total else None

    @property
    def cursor_item(self) -> Item | None:
        """What the cursor stands on; None when its row is not held."""
        return self._item

    @property
    def cursor_key(self) -> Key | None:
        """Names what the cursor stands on; None when its row is not held."""
        return self._item.key if self._item else None

    @property
    def stood(self) -> float | None:
        """Seconds for which what the list itself put under the cursor has stood there; None where the user did."""
        return None if self._swapped is None else monotonic() - self._swapped

    @property
    def cursor_in_sight(self) -> bool:
        """Whether the line that names the patient under the cursor is on the screen."""
        return 0 <= self._cursor * ROW_HEIGHT - self.scroll_offset.y < self.size.height

    @property
    def marks(self) -> frozenset[Key]:
        """The conversations that are selected, on the screen or not."""
        return self._marks

    def show(self, page: Page, *, cursor: int | None = None, keep_scroll: bool = True, own: bool = True) -> None:
        """Shows a queue, or its new order; rows of other pages are asked for as they come near the view.

        Args:
            page: The queue's total and some of its rows: best a hundred around the cursor.
            cursor: Place the user asked for. When None, the conversation the cursor stands on if the page holds it,
                else the place it has.
            keep_scroll: The same queue again: what is on the screen stays in sight until it is replaced, and
                the cursor's row stays on its line. False for another that was asked for: nothing of the old one is
                kept.
            own: The user has not moved the cursor since another one, or a place, was asked for.
        """
        line = self._cursor * ROW_HEIGHT - self.scroll_offset.y
        in_view = self._cursor in self.in_view
        place = min(max(self._place_in(page, cursor, keep_scroll), 0), max(page.total - 1, 0))
        seen, shift = self.in_view if keep_scroll else range(0), place - self._cursor if in_view else 0
        self._pages.restart(page, seen, shift)
        self._shown = True
        self._cursor = place
        self._moment = self._now()
        self._measure()
        if not keep_scroll:
            self._scroll(0)
        elif in_view:
            self._scroll(self._cursor * ROW_HEIGHT - line)
        if not keep_scroll or in_view or cursor is not None:
            self._reveal()
        self.refresh()
        self._settle(own=own and (cursor is not None or not keep_scroll))
        self._ask()

    def supply(self, page: Page, generation: int | None = None) -> None:
        """Adds rows that `PageWanted` asked for.

        Args:
            page: The rows.
            generation: The question's own; an answer to a question of before the last `show` is left aside.
        """
        if generation is not None and generation != self.generation:
            return
        key, old = self.cursor_key, not self._pages.fresh(self._cursor)
        self._pages.supply(page)
        place = Pages.find(page, key) if key and old else None
        if place is not None and place != self._cursor:
            line = self._cursor * ROW_HEIGHT - self.scroll_offset.y
            self._cursor = place
            self._scroll(place * ROW_HEIGHT - line)
        self.refresh()
        self._settle()
        self._ask()

    def mark(self, keys: Iterable[Key]) -> None:
        """Selects these conversations and no others."""
        marks = frozenset(keys)
        if marks != self._marks:
            self._marks = marks
            self.refresh()
            self.post_message(self.Marked(marks))

    def move_to(self, place: int) -> None:
        """Moves the cursor to a place, as near as the queue has one."""
        if not self.total:
            return
        old, self._cursor = self._cursor, min(max(place, 0), self.total - 1)
        if not self._reveal():
            self._refresh_rows(old, self._cursor)
        if old != self._cursor:
            self._settle(own=True)
            self._ask()

    def action_move(self, rows: int) -> None:
        """Moves the cursor by rows."""
        self.move_to(self._cursor + rows)

    def action_page(self, pages: int) -> None:
        """Moves view and cursor by whole pages, the cursor keeping its line."""
        rows = pages * self._rows
        self._scroll(self.scroll_offset.y + rows * ROW_HEIGHT)
        self.move_to(self._cursor + rows)

    def action_go(self, place: int) -> None:
        """Moves the cursor to a place, counted from the end when negative."""
        self.move_to(place if place >= 0 else self.total + place)

    def action_choose(self) -> None:
        """Opens what the cursor stands on."""
        if self._item is not None:
            self.post_message(self.Chosen(self._item))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Takes no key for selecting where rows cannot be selected."""
        return self._selects if action == "mark" else super().check_action(action, parameters)

    def action_mark(self) -> None:
        """Selects what the cursor stands on, or no longer."""
        if self._item is not None:
            self.mark(self._marks ^ {self._item.key})

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Asks for the rows that come near."""
        super().watch_scroll_y(old_value, new_value)
        if round(old_value) != round(new_value):
            self._ask()

    def on_resize(self) -> None:
        """Keeps the cursor in view."""
        self._measure()
        self._reveal()
        self._ask()

    def on_focus(self) -> None:
        """Draws the cursor as the one that keys move."""
        self._refresh_rows(self._cursor)
        self._point()

    def on_blur(self) -> None:
        """Draws the cursor as one that waits."""
        self._refresh_rows(self._cursor)

    def on_click(self, event: events.Click) -> None:
        """Moves the cursor to a row; opens the row it already stands on."""
        offset = event.get_content_offset(self)
        place = (offset.y + self.scroll_offset.y) // ROW_HEIGHT if offset else self.total
        if place >= self.total or offset is None:
            return
        item = self._pages.item(place)
        if item is not None and self._glimpses.moved(offset.y, item.key, monotonic()):
            self.post_message(self.Missed())
            return
        if event.chain == 1:
            self._came_by_click = place if place != self._cursor else -1
        if place != self._cursor:
            self.move_to(place)
        elif event.chain == 1 or (event.chain == 2 and self._came_by_click == place):
            self.action_choose()

    def _place_in(self, page: Page, cursor: int | None, keep: bool) -> int:
        """Where the cursor goes when a page is shown."""
        if cursor is not None:
            return cursor
        if not keep:
            return 0
        found = Pages.find(page, self._item.key) if self._item else None
        return self._cursor if found is None else found

    def _reveal(self) -> bool:
        """Scrolls as little as brings the whole of the cursor's row into view, and tells whether it did."""
        top, before = self._cursor * ROW_HEIGHT, self.scroll_offset.y
        if top < before:
            self._scroll(top)
        elif top + ROW_HEIGHT > before + self.size.height:
            self._scroll((self._cursor - self._rows + 1) * ROW_HEIGHT)
        self._point()
        return self.scroll_offset.y != before

    def _settle(self, *, own: bool = False) -> None:
        """Tells when another conversation has come under the cursor, by the user's own doing or not."""
        key, self._item = self.cursor_key, self._pages.item(self._cursor) if self.total else None
        if own:
            self._swapped, self.moves = None, self.moves + 1
        elif self.cursor_key != key and (key is not None or self._swapped is not None):
            self._swapped = monotonic()
        if self.cursor_key != key:
            # Textual lets a message go no further than its sender, and that is whoever called `show`.
            self.post_message(self.Highlighted(self._item).set_sender(self))

    def _ask(self) -> None:
        """Asks for the pages near the view and near the cursor that are not held."""
        if not self.total:
            return
        view = self.in_view
        for first, last in ((view.start, view.stop - 1), (self._cursor, self._cursor)):
            for places in self._pages.wanted(first - AHEAD, last + AHEAD):
                self.post_message(self.PageWanted(places.start, len(places), self.generation))

    def _point(self) -> None:
        """Puts the terminal's own cursor on the row, where screen readers and magnifiers look for it."""
        if self.has_focus:
            top = self._cursor * ROW_HEIGHT - self.scroll_offset.y
            self.app.cursor_position = self.content_region.offset + Offset(0, top)
