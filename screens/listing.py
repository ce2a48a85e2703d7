"""The middle column: one queue or search as a list, read from the session page by page."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.getters import query_one
from textual.message import Message
from textual.widgets import Input

from screens.empty_list import empty_words
from screens.telling import Telling
from widgets.conversation_list import ConversationList
from widgets.display import for_display
from widgets.lit import Lit
from widgets.portals import PortalNames
from widgets.query_words import query_words
from widgets.search_line import SearchLine
from widgets.words import queue_word, total_word
from workbench.dialogue.key import Key
from workbench.dialogue.queue import Item, Page, Query, Queue, Total
from workbench.dialogue.status import Status
from workbench.language import _, ngettext, number

if TYPE_CHECKING:
    from workbench.session import Session

PAGE: Final = 100
MOST_MARKED: Final = 500
"""Conversations that are selected at once: as many as a person can look through before saying yes."""


class Listing(Telling, Lit, Vertical):
    """Shows what a query holds; the cursor stays on its conversation whatever arrives."""

    DEFAULT_CSS = """
    Listing {
        border: round $foreground 30%;
        border-title-style: bold;
        border-title-color: $foreground;
        &.-lit { border: round $border; border-title-color: $border; }
        & ConversationList { height: 1fr; }
    }
    """
    rows = query_one(ConversationList)
    search_line = query_one(SearchLine)

    @dataclass
    class Emptied(Message):
        """The list holds nothing now."""

    @dataclass
    class Rested(Message):
        """The cursor came to stand on another conversation, by a key or because the list changed."""

        item: Item | None

    class Drawn(Message):
        """The list holds something else, or in another order."""

    class Standing(Message):
        """The first list has been drawn: what is not needed to see it may begin."""

    @dataclass
    class Listed(Message):
        """The beginning of a list, or what is around the cursor after a change."""

        query: Query
        page: Page
        asked: bool
        """The user asked for this list; otherwise it is the one that is shown, read again."""
        cursor: int | None
        """The place that was asked for in it; None to leave the cursor on its conversation."""

    @dataclass
    class Supplied(Message):
        """A stretch of the list that was asked for."""

        query: Query
        page: Page
        generation: int

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self.queue: Queue | None = None
        self.query_shown: Query | None = None
        """What the list shows."""
        self._wanted: Query | None = None
        """What it is to show; the same once that has been read."""
        self._wanted_cursor: Key | None = None
        """Where the cursor is to stand in that; of no account once it is shown."""
        self._asking = False
        """What is wanted was asked for and is not shown yet."""
        self._asks = 0
        self._asked_at: int | None = None
        """How often the user had moved the cursor when it was asked for; None where they had left the search for it."""
        self._standing = False
        self.typed = ""
        """The search whose answer the list shows, or is to show; empty while it shows a queue."""
        self._unclear: tuple[str, ...] = ()
        self._status: Status | None = None
        """How the portals stand."""
        self._grouped: frozenset[str] = frozenset()
        """Names of the queues whose rows stand by patient; the empty name is that of a search."""
        self._all_asked = False
        """What is selected was so by `mark_all`."""
        self._before: tuple[Queue, Key] | None = None
        """The queue from which one patient's conversations were looked at, and whose they are."""

    def compose(self) -> ComposeResult:
        """The line to search in, hidden, and the list."""
        yield SearchLine(_("Search words, patient, sender"))
        yield ConversationList(
            now=self._session.clock,
            empty_text=_("Nothing lies here now"),
            portals=PortalNames.of(self._session.people),
        )

    def open(self, queue: Queue) -> None:
        """Shows a queue from its top, and ends a search."""
        self._show(queue, None)
        self._before = None

    def open_patient(self, queue: Queue, key: Key) -> None:
        """Shows all conversations of one patient, the cursor on the one that it was asked from."""
        before = self._before or (self.queue and (self.queue, key))
        self._show(queue, key)
        self._before = before or None

    def _show(self, queue: Queue, cursor: Key | None) -> None:
        self.queue, self.typed = queue, ""
        self.search_line.close()
        self._want(self._arranged(queue.query), cursor)

    def _arranged(self, query: Query) -> Query:
        """A query with its rows by patient, where the user wants that list so."""
        name = "" if self.typed or self.queue is None else self.queue.name
        return replace(query, by_patient=name in self._grouped)

    def group(self) -> None:
        """Puts the rows of each patient together in the list that is shown, or no longer."""
        if self._wanted is None:
            return
        name = "" if self.typed or self.queue is None else self.queue.name
        self._grouped ^= {name}
        self._want(self._arranged(self._wanted), self._cursor)

    def renew(self, queue: Queue) -> None:
        """Takes the queue it shows as it reads now: what is overdue, or of today, is another query every minute."""
        old, self.queue = self.queue, queue
        if self._wanted is not None and old is not None and self._wanted == self._arranged(old.query):
            same = self.query_shown == self._wanted
            self._wanted = self._arranged(queue.query)
            if same:
                self.query_shown = self._wanted

    @property
    def place(self) -> str:
        """Where the cursor stands in the list, in words; nothing in an empty one."""
        at = self.rows.cursor
        return "" if at is None else f"{number(at + 1)} / {total_word(self.rows.total)}"

    def tell(self, status: Status) -> None:
        """Takes how the portals stand, which an empty list gives as its reason."""
        self._status = status
        self._tell_empty()

    def _tell_empty(self) -> None:
        if self._status is not None:
            self.rows.set_empty_text(empty_words(self._status, searched=bool(self.typed)))

    @property
    def arrived(self) -> bool:
        """Whether the list that was asked for is the one on the screen."""
        return not self._asking

    @property
    def whereabouts(self) -> tuple[int, int, bool]:
        """Another value each time the user goes elsewhere in the list, or begins to search."""
        return self._asks, self.rows.moves, self.search_line.is_open

    def reread(self) -> None:
        """Reads the list again, the cursor staying on its conversation, also if a key moves it meanwhile."""
        if self._wanted is not None:
            self._list(self._wanted, self._cursor, asked=self._asking)

    @property
    def _cursor(self) -> Key | None:
        """Where the cursor stands, or is to stand once the list that was asked for is shown."""
        return self._wanted_cursor if self._asking else self.rows.cursor_key

    def _want(self, query: Query, cursor: Key | None = None, *, own: bool = True) -> None:
        """Goes over to another query; news of before it may come in between without bringing the old one back.

        Args:
            query: Which.
            cursor: On what its cursor is to stand; None for its top.
            own: It was the last thing the user did; False where they have gone to another row by now.
        """
        shown = self.query_shown
        if shown is not None and replace(query, by_patient=shown.by_patient) != shown:
            self.rows.mark(())  # what is selected is done to unseen in a list that does not hold it
        self._wanted, self._wanted_cursor = query, cursor
        self._asking, self._asks = True, self._asks + 1
        self._asked_at = self.rows.moves if own else None
        self._list(query, cursor, asked=True)

    def search(self) -> None:
        """Lets the user type words to search for."""
        self.search_line.open()

    @work(group="mark", exclusive=True, exit_on_error=False)
    async def mark_all(self) -> None:
        """Selects all that the list holds, up to `MOST_MARKED`; nothing when all of it is selected."""
        if self.query_shown is not None:
            keys = frozenset(await self._session.keys(self.query_shown, MOST_MARKED))
            self._all_asked = not keys <= self.rows.marks
            self.rows.mark(keys if self._all_asked else frozenset())

    @property
    def all_of(self) -> Total | None:
        """How many the list holds, where all were to be selected and more are there; None elsewhere."""
        total, marks = self.rows.total, len(self.rows.marks)
        return total if self._all_asked and marks and (total.cut or total > marks) else None

    def end_search(self) -> bool:
        """Goes back from a search, or from one patient's conversations, to the queue; False when none was open."""
        if not self.search_line.is_open and self._before is not None:
            queue, key = self._before
            self._show(queue, key)
            self._before = None
            return True
        if not self.search_line.is_open:
            return False
        if self.queue is not None:
            self._show(self.queue, None)
        return True

    @work(group="list", exclusive=True, exit_on_error=False)
    async def _list(self, query: Query, cursor: Key | None, *, asked: bool) -> None:
        top = 0 if asked else None
        place = await self._session.locate(query, cursor) if cursor else top
        at = (self.rows.cursor or 0) if place is None else place
        page = await self._session.page(query, max(at - PAGE // 2, 0), PAGE)
        if page.total and at >= page.total:
            at = page.total - 1
            page = await self._session.page(query, max(at - PAGE // 2, 0), PAGE)
        self.post_message(self.Listed(query, page, asked, at if asked and page.total else None))

    @on(Listed)
    def listed(self, event: Listed) -> None:
        """Shows the list under its name and count."""
        event.stop()
        if event.query != self._wanted or (self._asking and not event.asked):
            return
        fresh, cursor = event.query != self.query_shown, event.cursor if self._asking else None
        self.query_shown, self._asking = event.query, False
        self._tell_empty()
        self.rows.show(event.page, cursor=cursor, keep_scroll=not fresh, own=self._asked_at == self.rows.moves)
        self.border_title = for_display(self._heading(event.query, event.page.total), one_line=True)
        self._tell_end()
        self.post_message(self.Drawn())
        if event.page.total == 0:
            self.post_message(self.Emptied())
        if not self._standing:
            self._standing = True
            self.call_after_refresh(self.post_message, self.Standing())

    def _tell_end(self) -> None:
        """Says at the last row of a list that was cut that there is more, and what to do."""
        at, total = self.rows.cursor, self.rows.total
        words = _("More: narrow the search") if total.cut and at == total - 1 else ""
        if words != self.border_subtitle:
            self.border_subtitle = words

    def _heading(self, query: Query, total: Total) -> str:
        """The queue and its count, or what is searched for: what of it was not understood goes before the rest."""
        if marks := len(self.rows.marks):
            chosen = ngettext("{count} selected", "{count} selected", marks).format(count=number(marks))
            return f"{chosen} · {_('of {count}').format(count=total_word(total))}"
        if not self.typed:
            named = [queue_word(self.queue.name if self.queue else ""), total_word(total)]
            unclear = _unclear(self.queue.not_understood if self.queue else ())
            return " · ".join((*unclear, *named, *([_("by patient")] if query.by_patient else [])))
        first = _unclear(self._unclear) or (_("Search"),)  # in its place, to be found in the narrowest heading
        return " · ".join((*first, total_word(total), query_words(query, self._session.clock())))

    @on(ConversationList.Highlighted)
    def highlighted(self, event: ConversationList.Highlighted) -> None:
        """Tells it on: Textual does not let a message pass the widget whose handler caused it."""
        event.stop()
        self._tell_end()
        self.post_message(self.Rested(event.item))

    @on(ConversationList.Marked)
    def marked(self, event: ConversationList.Marked) -> None:
        """Says how many are selected."""
        event.stop()
        self._all_asked = self._all_asked and bool(self.rows.marks)
        if self.query_shown is not None:
            self.border_title = for_display(self._heading(self.query_shown, self.rows.total), one_line=True)

    @on(ConversationList.PageWanted)
    def page_wanted(self, event: ConversationList.PageWanted) -> None:
        """Fetches rows that came into view."""
        event.stop()
        if self.query_shown is not None:
            self._supply(self.query_shown, event)

    @work(group="supply", exit_on_error=False)
    async def _supply(self, query: Query, asked: ConversationList.PageWanted) -> None:
        page = await self._session.page(query, asked.offset, asked.limit)
        self.post_message(self.Supplied(query, page, asked.generation))

    @on(Supplied)
    def supplied(self, event: Supplied) -> None:
        """Hands rows to the list, unless it shows something else by now."""
        event.stop()
        if event.query == self.query_shown:
            self.rows.supply(event.page, event.generation)

    @on(SearchLine.Asked)
    def searched(self, event: SearchLine.Asked) -> None:
        """Lists what holds the words."""
        event.stop()
        self.typed, self._unclear = event.words, ()
        if event.words:
            understood = self._session.understood(event.words)
            self._unclear = understood.not_understood
            self._want(self._arranged(understood.query), own=self.search_line.has_focus)
        elif self.queue is not None:
            self._want(self._arranged(self.queue.query), own=self.search_line.has_focus)

    @on(Input.Submitted, "#search")
    def search_done(self, event: Input.Submitted) -> None:
        """Goes from the words to what was found."""
        event.stop()
        self.rows.focus()


def _unclear(fields: tuple[str, ...]) -> tuple[str, ...]:
    """What stands first in a heading where a field was not understood."""
    said = _("not understood: {what}").format(what=", ".join(fields))
    return (said[:1].upper() + said[1:],) if fields else ()
