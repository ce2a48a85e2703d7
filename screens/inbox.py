"""The inbox: queues, list and conversation side by side, or one after the other on a narrow terminal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.screen import Screen
from textual.timer import Timer
from textual.widgets import Input
from widgets.conversation_list import ConversationList
from widgets.key_line import KeyLine
from widgets.picker import Choice
from widgets.side_bar import SideBar
from widgets.top_line import TopLine

from screens.acting import Acting
from screens.choose import Choose
from screens.record import RecordScreen
from screens.saving import save_attachment
from screens.writing import Writing
from widgets.composer import Composer, DraftArea
from widgets.conversation_pane import ConversationPane
from widgets.display import for_display
from widgets.problems import sentence
from widgets.search_line import SearchLine
from widgets.words import queue_word
from workbench.commands import INBOX, WRITING, bindings, hints
from workbench.dialogue.conversation import Conversation, Key
from workbench.dialogue.outgoing import Draft, Kind
from workbench.dialogue.queue import Page, Query, Queue
from workbench.dialogue.status import Event
from workbench.dialogue.work import State
from workbench.language import _, ngettext, number

if TYPE_CHECKING:
    from workbench.session import Session

PAGE: Final = 100
FOLLOW: Final = 0.09
"""Seconds the cursor rests on a row before its conversation is shown beside it."""
SETTLE: Final = 0.1
"""Seconds within which several changes are shown as one."""


class InboxScreen(Screen[None]):
    """Where the day's work is done."""

    AUTO_FOCUS = "ConversationList"
    BINDINGS = bindings(INBOX)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (70, "-middle"), (110, "-wide")]
    side = query_one(SideBar)
    rows = query_one(ConversationList)
    pane = query_one(ConversationPane)
    search_line = query_one(SearchLine)

    @dataclass
    class Counted(Message):
        """Queues with how many each holds."""

        queues: tuple[Queue, ...]
        counts: tuple[int, ...]

    @dataclass
    class Listed(Message):
        """The beginning of a list, or what is around the cursor after a change."""

        query: Query
        page: Page
        cursor: int | None

    @dataclass
    class Supplied(Message):
        """A stretch of the list that was asked for."""

        query: Query
        page: Page

    @dataclass
    class Read(Message):
        """A conversation as it is held now, with my drafts in it."""

        key: Key
        conversation: Conversation | None
        drafts: tuple[Draft, ...]

    def __init__(self, session: Session, remapped: Mapping[str, str]) -> None:
        super().__init__()
        self._session = session
        self._remapped = remapped
        self._queues: tuple[Queue, ...] = ()
        self._queue: Queue | None = None
        self._query: Query | None = None
        self._wanted: Key | None = None
        self._follow: Timer | None = None
        self._settle: Timer | None = None
        self._writing: Writing
        self._acting: Acting

    def compose(self) -> ComposeResult:
        """Top line, three panes, key line."""
        yield TopLine()
        with Horizontal(id="panes"):
            yield SideBar()
            with Vertical(id="list"):
                yield SearchLine(_("Search words, patient, sender"))
                yield ConversationList(self._session.clock)
            yield ConversationPane(self._session.clock)
        yield KeyLine()

    def on_mount(self) -> None:
        """Builds the helpers and reads what is held."""
        self._writing = Writing(self._session, self, self.pane, self)
        self._acting = Acting(self._session, self.app, self)
        self.pane.clear(_("No conversation is open"))
        self.set_interval(30, self._tick)
        self._show_keys()
        self._show_status()
        self._count()

    # -- telling

    def report(self, error: Exception) -> None:
        """Says what went wrong, with what the portal said of it."""
        said = str(getattr(error, "text", "") or getattr(error, "detail", ""))
        words = sentence(str(getattr(error, "word", type(error).__name__)))
        self.app.notify(
            for_display(words + (f"\n{said}" if said else "")).plain, severity="error", timeout=10, markup=False
        )

    def say(self, words: str) -> None:
        """Says that something was done."""
        self.app.notify(for_display(words).plain, timeout=4, markup=False)

    def changed(self, event: Event) -> None:
        """Takes a change of the session: shows the status at once, the rest when changes settle."""
        self._show_status()
        if (event.keys or event.many) and self._settle is None:
            self._settle = self.set_timer(SETTLE, self._reread)

    def _reread(self) -> None:
        self._settle = None
        self._count()
        if self.pane.key is not None:
            self._read(self.pane.key)

    def _tick(self) -> None:
        self.rows.refresh_ages()
        self._show_status()

    def _show_status(self) -> None:
        if self.is_mounted:
            self.query_one(TopLine).show(self._session.status, self._session.me, self._session.clock())

    def _show_keys(self) -> None:
        place = WRITING if self.pane.composer.is_open else INBOX
        self.query_one(KeyLine).show(hints((place,), self._remapped), ("?", _("help")))

    # -- queues and list

    @work(group="count", exclusive=True)
    async def _count(self) -> None:
        queues = await self._session.queues()
        counts = await self._session.counts([queue.query for queue in queues])
        self.post_message(self.Counted(queues, counts))

    @on(Counted)
    def counted(self, event: Counted) -> None:
        """Shows the queues; the first time, opens the first that holds anything of mine, else the unclaimed."""
        self._queues = event.queues
        current = self._queue.name if self._queue else None
        self.side.show([(q, queue_word(q.name), n) for q, n in zip(event.queues, event.counts, strict=True)], current)
        if self._queue is None:
            first = next((q for q, n in zip(event.queues, event.counts, strict=True) if n), event.queues[0])
            self._open_queue(first)
        elif self._query is not None:
            self._list(self._query, self.rows.cursor_key)

    @on(SideBar.QueueChosen)
    def queue_chosen(self, event: SideBar.QueueChosen) -> None:
        """Opens a queue."""
        event.stop()
        self.search_line.close()
        self._open_queue(event.queue)
        self.rows.focus()

    def _open_queue(self, queue: Queue) -> None:
        self._queue = queue
        self.side.mark(queue.name)
        self._list(queue.query, None)

    @work(group="list", exclusive=True)
    async def _list(self, query: Query, cursor: Key | None) -> None:
        place = await self._session.locate(query, cursor) if cursor else 0
        at = place if place is not None else min(self.rows.cursor_index, max(self.rows.total - 1, 0))
        page = await self._session.page(query, max(at - PAGE // 2, 0), PAGE)
        if at >= page.total:
            at = max(page.total - 1, 0)
            page = await self._session.page(query, max(at - PAGE // 2, 0), PAGE)
        self.post_message(self.Listed(query, page, at if page.total else None))

    @on(Listed)
    def listed(self, event: Listed) -> None:
        """Shows the list."""
        fresh = event.query != self._query
        self._query = event.query
        self.rows.show(event.page, cursor=event.cursor, keep_scroll=not fresh)
        words = event.query.words
        name = (
            _("Search: {words}").format(words=words) if words else queue_word(self._queue.name if self._queue else "")
        )
        title = f" {name} · {number(event.page.total)} "
        self.query_one("#list", Vertical).border_title = for_display(title, one_line=True)
        if event.page.total == 0 and not self._writing.active:
            self.pane.clear(_("No conversation is open"))

    @on(ConversationList.PageWanted)
    def page_wanted(self, event: ConversationList.PageWanted) -> None:
        """Fetches rows that came into view."""
        event.stop()
        if self._query is not None:
            self._supply(self._query, event.offset, event.limit)

    @work(group="supply")
    async def _supply(self, query: Query, offset: int, limit: int) -> None:
        self.post_message(self.Supplied(query, await self._session.page(query, offset, limit)))

    @on(Supplied)
    def supplied(self, event: Supplied) -> None:
        """Hands rows to the list, unless it shows something else by now."""
        if event.query == self._query:
            self.rows.supply(event.page)

    @on(ConversationList.Highlighted)
    def highlighted(self, event: ConversationList.Highlighted) -> None:
        """Shows the conversation once the cursor rests."""
        event.stop()
        if self._follow is not None:
            self._follow.stop()
        item = event.item
        if item is None or item.key == self.pane.key or self._writing.active or self.has_class("-narrow"):
            return
        self._follow = self.set_timer(FOLLOW, lambda: self._read(item.key))

    @on(ConversationList.Chosen)
    async def chosen(self, event: ConversationList.Chosen) -> None:
        """Opens a conversation and goes to it."""
        event.stop()
        await self._go_to(event.item.key)

    async def _go_to(self, key: Key) -> None:
        if self._writing.active and key != self.pane.key and not await self._writing.leave():
            return
        self._show_keys()
        self.add_class("-reading")
        self._read(key, opened=True)
        self.pane.timeline.focus()

    # -- conversation

    @work(group="read", exclusive=True)
    async def _read(self, key: Key, *, opened: bool = False) -> None:
        self._wanted = key
        conversation = await self._session.conversation(key)
        drafts = [await self._session.draft(key, kind) for kind in Kind]
        self.post_message(self.Read(key, conversation, tuple(d for d in drafts if not d.empty)))
        if opened:
            await self._session.opened(key)

    @on(Read)
    def read(self, event: Read) -> None:
        """Shows the conversation, unless the user went on or writes in another one."""
        if event.key != self._wanted or (self._writing.active and event.key != self.pane.key):
            return
        if event.conversation is None:
            self.pane.clear(_("The portal does not hold this conversation any more"))
            return
        self.pane.show(event.conversation)
        kept = () if self._writing.active else event.drafts
        self.pane.show_drafts(kept)

    # -- writing

    async def action_reply(self) -> None:
        """Writes a reply in the conversation the keys act on."""
        await self._write(Kind.REPLY)

    async def action_note(self) -> None:
        """Writes a note in it."""
        await self._write(Kind.NOTE)

    def action_attach(self) -> None:
        """Attaches a file to the reply."""
        self._attach_here()

    @work(group="dialog")
    async def _attach_here(self) -> None:
        await self._write(Kind.REPLY)
        if self._writing.active:
            await self._writing.attach_file()

    async def _write(self, kind: Kind) -> None:
        key = self._target()
        if key is None or not await self._writing.leave():
            return
        conversation = await self._session.conversation(key)
        if conversation is None:
            return
        self._wanted = key
        self.add_class("-reading")
        self.pane.show(conversation)
        self.pane.show_drafts(())
        await self._writing.begin(kind)
        self._show_keys()
        self.run_worker(self._session.opened(key), group="opened", exit_on_error=False)

    @on(Composer.Changed)
    def typed(self, event: Composer.Changed) -> None:
        """Keeps what is typed."""
        event.stop()
        self._writing.typed(event.text)

    @on(DraftArea.Pasted)
    def pasted(self, event: DraftArea.Pasted) -> None:
        """Remembers the paste."""
        event.stop()
        self._writing.pasted(event.left_out)

    @on(Composer.Wanted)
    @work(group="dialog", exclusive=True)
    async def composer_wants(self, event: Composer.Wanted) -> None:
        """Does what a key in the composer asks for."""
        event.stop()
        doing = {
            "send": self._writing.send,
            "attach": self._writing.attach_file,
            "attach-document": self._writing.attach_document,
            "detach": self._writing.detach,
            "discard": self._writing.discard,
            "leave": self._writing.leave,
        }
        await doing[event.command]()
        if not self._writing.active:
            self.pane.timeline.focus()
            self._show_keys()
            if self.pane.key:
                self._read(self.pane.key)

    # -- verbs

    def _target(self) -> Key | None:
        """The conversation the keys act on: the one read when it has the focus, else the row under the cursor."""
        if self.pane.has_focus_within:
            return self.pane.key
        return self.rows.cursor_key or self.pane.key

    @work(group="verb")
    async def _do(self, verb: str, key: Key) -> None:
        done = await getattr(self._acting, verb)(key)
        if done and verb == "done":
            self.call_after_refresh(self._to_next, key)

    def _verb(self, verb: str) -> None:
        key = self._target()
        if key is None:
            self.app.bell()
            return
        self._do(verb, key)

    def _to_next(self, finished: Key) -> None:
        item = self.rows.cursor_item
        if item is not None and item.key != finished:
            self._read(item.key)

    def action_claim(self) -> None:
        """Claims or releases."""
        self._verb("claim")

    def action_hand_over(self) -> None:
        """Hands over."""
        self._verb("hand_over")

    def action_done(self) -> None:
        """Marks done and goes to the next."""
        self._verb("done")

    def action_priority(self) -> None:
        """Sets the priority."""
        self._verb("priority")

    def action_category(self) -> None:
        """Sets the category."""
        self._verb("category")

    # -- going about

    @work(group="dialog", exclusive=True)
    async def action_go(self) -> None:
        """Lets the user pick a queue by its name."""
        choices = [Choice(q.name, queue_word(q.name), "") for q in self._queues]
        picked = await self.app.push_screen_wait(Choose(Content(_("Go to queue")), choices))
        for queue in self._queues:
            if queue.name == picked:
                self.search_line.close()
                self.remove_class("-reading")
                self._open_queue(queue)
                self.rows.focus()

    def action_search(self) -> None:
        """Opens the line to search in."""
        self.remove_class("-reading")
        self.search_line.open()

    @on(SearchLine.Asked)
    def searched(self, event: SearchLine.Asked) -> None:
        """Lists what holds the words."""
        event.stop()
        if event.words:
            self._list(Query(frozenset(State), words=event.words), None)
        elif self._queue is not None:
            self._list(self._queue.query, None)

    @on(Input.Submitted, "#search")
    def search_done(self, event: Input.Submitted) -> None:
        """Goes from the words to what was found."""
        event.stop()
        self.rows.focus()

    async def action_next(self) -> None:
        """Opens the next conversation of the list."""
        await self._step(1)

    async def action_previous(self) -> None:
        """Opens the previous one."""
        await self._step(-1)

    async def _step(self, by: int) -> None:
        if await self._writing.leave():
            self._show_keys()
            self.rows.move_to(self.rows.cursor_index + by)
            if item := self.rows.cursor_item:
                self._read(item.key, opened=True)

    async def action_back(self) -> None:
        """Goes back one step: from what is written, from the conversation, from the search."""
        if self._writing.active and not await self._writing.leave():
            return
        self._show_keys()
        if self.search_line.is_open and not self.pane.has_focus_within:
            self.search_line.close()
            if self._queue is not None:
                self._list(self._queue.query, None)
        self.remove_class("-reading")
        self.rows.focus()

    def action_more(self) -> None:
        """Shows long messages whole."""
        self.pane.timeline.toggle_whole()

    def action_refresh(self) -> None:
        """Asks the portal now."""
        self._session.hurry()
        if self.pane.key:
            self._read(self.pane.key, opened=True)

    def action_outbox(self) -> None:
        """Shows what is on its way."""
        from screens.outbox import OutboxScreen

        self.app.push_screen(OutboxScreen(self._session, self))

    def action_record(self) -> None:
        """Shows the patient's record."""
        key = self._target()
        if key is not None:
            self.app.push_screen(RecordScreen(self._session, key, self))

    @work(group="dialog", exclusive=True)
    async def action_attachments(self) -> None:
        """Saves an attachment of the conversation."""
        key = self._target()
        conversation = await self._session.conversation(key) if key else None
        if conversation is not None:
            await save_attachment(self._session, self.app, self, conversation)

    async def finish(self) -> bool:
        """Saves what is written, before the program ends. False when it could not be saved."""
        return await self._writing.leave()

    def drafts_kept(self, count: int) -> None:
        """Tells at the start that there are drafts from before."""
        if count:
            said = ngettext("{count} draft from before is kept", "{count} drafts from before are kept", count)
            self.say(said.format(count=count))
