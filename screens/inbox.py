"""The inbox: queues, list and conversation side by side, or one after the other on a narrow terminal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import events, on, work
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.getters import query_one
from textual.message import Message
from textual.reactive import Reactive
from textual.widget import Widget

from screens.acting import Acting
from screens.bulk import Bulk
from screens.choose import Choose
from screens.figures import Figures, is_figure
from screens.inbox_dialogs import InboxDialogs
from screens.listing import Listing
from screens.news import News
from screens.reader import FOLLOW, Reader
from widgets.conversation_list import ConversationList
from widgets.key_line import KeyLine
from widgets.later import Later
from widgets.one_picture import OnePicture
from widgets.picker import Choice
from widgets.problem_line import ProblemLine
from widgets.side_bar import SideBar
from widgets.top_line import TopLine
from widgets.words import queue_word
from workbench.command import INBOX, WRITING
from workbench.commands import bindings, by_id, hints, key_of
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Kind
from workbench.dialogue.people import Me
from workbench.dialogue.queue import Query, Queue, Total
from workbench.dialogue.status import Event
from workbench.dialogue.work import State
from workbench.language import _

if TYPE_CHECKING:
    from workbench.session import Session


class InboxScreen(InboxDialogs):
    """Where the day's work is done."""

    AUTO_FOCUS = "ConversationList"
    BINDINGS = bindings(INBOX)
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (70, "-middle"), (110, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (18, "-tall")]
    side = query_one(SideBar)
    focused: Reactive[Widget | None] = Reactive(None, repaint=False)
    """What changes its look with the focus paints itself; Textual would paint the whole screen twice a conversation."""

    @dataclass
    class Counted(Message):
        """Queues with how many each holds."""

        queues: tuple[Queue, ...]
        counts: tuple[Total, ...]

    def __init__(self, session: Session, remapped: Mapping[str, str], opening: Callable[[str], None]) -> None:
        super().__init__()
        self.opening = opening
        self._session = session
        self._remapped = remapped
        self._queues: tuple[Queue, ...] = ()
        self._picked = False
        """The user has chosen a queue: it stays open, empty or not."""
        self._news = News(session, self.set_timer, self._show_status, self._show_news)
        self._placing = Later(self.set_timer)
        self._first = OnePicture(self)
        self._acting: Acting
        self._bulk: Bulk
        self._figures: Figures

    def compose(self) -> ComposeResult:
        """Top line, three panes, key line."""
        yield TopLine()
        with Horizontal(id="panes"):
            yield SideBar()
            yield Listing(self._session)
            yield Reader(self._session)
        yield ProblemLine()
        yield KeyLine()

    def on_mount(self) -> None:
        """Builds the helpers and reads what is held; the first picture has the list in it, if that comes soon."""
        self._first.hold()
        self._acting = Acting(self._session, self.app, self)
        self._bulk = Bulk(self._session, self.app, self)
        self._figures = Figures(self._session, self.app, self._remapped)
        self.pane.nothing()
        self.set_interval(30, self._tick)
        self._show_keys()
        self._show_status()
        self._count()

    def on_screen_resume(self) -> None:
        """Goes to the conversation that takes the list's place: keys of a list that is not seen act on what is not."""
        if self.focused is None and self.has_class("-narrow") and self.has_class("-reading"):
            self.set_focus(self.pane.timeline)

    # -- telling

    def changed(self, event: Event) -> None:
        """Takes a change of the session."""
        self._news.came(event)

    def _show_done(self) -> None:
        self._first.hold()  # the counts of the queues and the list come in one picture
        self._news.done()

    def _show_news(self) -> None:
        if self._session.office is not None:
            self.listing.rows.reckon(self._session.office)
        self._count()
        self.pane.again()

    def _tick(self) -> None:
        self.listing.rows.refresh_ages()
        self.pane.grow_older()
        self._show_status()
        self._count()  # what is overdue is more by now

    def _show_status(self) -> None:
        if not self.query(TopLine):
            return  # the last change comes in while the program ends
        status = self._session.status
        self.query_one(TopLine).show(status, self._me(), self._session.clock())
        self.query_one(ProblemLine).show(status)
        self.listing.tell(status)

    def _me(self) -> Me:
        """Who acts in the conversation the user is at, on the first portal while there is none."""
        key = self._looked_at
        return self._session.people.get(key.portal, self._session.me) if key else self._session.me

    def _show_place(self) -> None:
        """Shows where in the queue the cursor stands, once it rests; of what is opened at once, in the same picture."""
        if self.listing.rows.cursor_key == self.pane.wanted:
            self._placing.drop()
            self._placed()
        else:
            self._placing.put_off(FOLLOW, self._placed)

    def _placed(self) -> None:
        self.query_one(KeyLine).stand(self.listing.place)
        if len(self._session.people) > 1:
            self._show_status()  # another portal may know the user by another name

    def _show_keys(self) -> None:
        composer, searching = self.pane.composer, self.listing.search_line.has_focus
        draft = composer.draft if composer.has_focus_within else None  # from the list, letters are verbs all the while
        keys = hints((WRITING if draft else INBOX,), self._remapped)
        if searching:
            keys = (("enter", _("to the list")), (key_of(by_id("back"), self._remapped), _("back")))
        elif draft is not None and draft.kind is Kind.NOTE:
            keys = ((keys[0][0], _("save note")), *keys[1:])
        self.query_one(KeyLine).show(keys, ("f1" if draft or searching else "?", _("help")))

    # -- queues

    @work(group="count", exclusive=True, exit_on_error=False)
    async def _count(self) -> None:
        queues = await self._session.queues()
        counts = await self._session.counts([queue.query for queue in queues])
        self.post_message(self.Counted(queues, counts))

    @on(Counted)
    def counted(self, event: Counted) -> None:
        """Shows the queues; the first time, opens the first that holds anything."""
        self._queues = event.queues
        counted = list(zip(event.queues, event.counts, strict=True))
        current = self.listing.queue
        self.side.show([(q, queue_word(q.name), n) for q, n in counted], current.name if current else None)
        if current is None or self._idle():
            self._open_queue(next((q for q, n in counted if n), event.queues[0]))
            return
        if renewed := next((q for q in event.queues if q.name == current.name), None):
            self.listing.renew(renewed)
        self.listing.reread()

    def _idle(self) -> bool:
        """Whether the user has not begun anything: an empty queue may then give way to one that holds something."""
        busy = self._picked or self.pane.bound or self.has_class("-reading") or self.listing.search_line.is_open
        return self.listing.rows.total == 0 and not busy

    @on(SideBar.QueueChosen)
    def queue_chosen(self, event: SideBar.QueueChosen) -> None:
        """Opens a queue."""
        event.stop()
        self._pick(event.queue)

    def _pick(self, queue: Queue) -> None:
        self._picked = True
        self._open_queue(queue)
        self._to_list()

    def _open_queue(self, queue: Queue) -> None:
        self.side.mark(queue.name)
        self.listing.open(queue)

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def action_go(self) -> None:
        """Lets the user pick a queue by its name."""
        queues = self._queues or await self._session.queues()  # none have been counted yet when one is in a hurry
        choices = [Choice(q.name, queue_word(q.name), "") for q in queues]
        picked = await self.app.push_screen_wait(Choose(Content(_("Go to queue")), choices))
        for queue in self._queues or queues:
            if queue.name == picked:
                self._pick(queue)

    def action_patient(self) -> None:
        """Lists all conversations of the patient, open and done."""
        if key := self._aimed_at("patient"):
            self._list_patient(key)

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def _list_patient(self, key: Key) -> None:
        conversation = await self._session.conversation(key)
        if conversation is None:
            self.in_vain("patient")
            return
        patient = conversation.patient
        if patient is None:
            self.say(_("The portal names no patient here"))
            return
        query = Query(frozenset(State), portal=key.portal, patient=patient.reference)
        self._picked = True
        self.side.mark("")
        self.listing.open_patient(Queue(f"patient:{patient.name}", query), key)
        self._to_list()

    def action_group(self) -> None:
        """Puts the rows of each patient together, or no longer."""
        self.listing.group()

    def action_search(self) -> None:
        """Opens the line to search in."""
        self.remove_class("-reading", update=self.has_class("-narrow"))
        self.listing.search()

    @on(Listing.Drawn)
    def drawn(self, event: Listing.Drawn) -> None:
        """Tells the place anew."""
        event.stop()
        self._show_place()
        self._first.paint()

    @on(Listing.Emptied)
    def emptied(self, event: Listing.Emptied) -> None:
        """Shows no conversation beside an empty list, unless one is being written in."""
        event.stop()
        self.pane.take_finished()  # there is no next one: what comes later comes of itself
        if not self.pane.bound and not self.pane.has_focus_within:
            self.pane.nothing()

    # -- conversation

    @on(Listing.Rested)
    def rested(self, event: Listing.Rested) -> None:
        """Shows the conversation once the cursor rests."""
        event.stop()
        self.pane.hold()
        self._show_place()
        item, goes_on = event.item, self.pane.take_finished()
        if item is None or self.pane.bound:
            return
        if goes_on:
            self.pane.want(item.key, opened=self.pane.has_focus_within)
        elif item.key != self.pane.wanted and not self.pane.has_focus_within and not self.has_class("-narrow"):
            self.pane.follow(item.key)

    @on(events.DescendantFocus)
    def came_to(self, event: events.DescendantFocus) -> None:
        """Shows the keys of what one came to, and keeps it in sight should the terminal become narrow."""
        self._show_keys()
        if event.widget is self.listing.rows or self.pane.has_focus_within:
            self.set_class(self.pane.has_focus_within, "-reading", update=self.has_class("-narrow"))
        self._show_beside()

    def focus_next(self, selector: str | type[Widget] = "*") -> Widget | None:
        """Goes to the next pane, and takes along what the list's cursor came to, though it has not rested there."""
        self._show_beside()
        return super().focus_next(selector)

    def focus_previous(self, selector: str | type[Widget] = "*") -> Widget | None:
        """Goes to the previous pane in the same way."""
        self._show_beside()
        return super().focus_previous(selector)

    def _show_beside(self) -> None:
        """Shows beside the list what its cursor stands on, so that keys never act on another than is seen."""
        rows = self.listing.rows
        if self.focused is rows and rows.cursor_key not in (None, self.pane.wanted) and not self.pane.bound:
            self.pane.want(rows.cursor_key)

    @on(ConversationList.Chosen)
    async def chosen(self, event: ConversationList.Chosen) -> None:
        """Opens a conversation and goes to it."""
        event.stop()
        if await self.pane.writing.leave():
            self._open(event.item.key)

    def _open(self, key: Key) -> None:
        self._show_keys()
        self.add_class("-reading", update=self.has_class("-narrow"))
        self.pane.want(key, opened=True)
        self.pane.timeline.focus()

    async def action_next(self) -> None:
        """Opens the next conversation of the list."""
        await self._step(1)

    async def action_previous(self) -> None:
        """Opens the previous one."""
        await self._step(-1)

    async def _step(self, by: int) -> None:
        if await self.pane.writing.leave():
            self._show_keys()
            rows = self.listing.rows
            if by < 0 or rows.stood is None or rows.cursor_key == self.pane.wanted:
                rows.move_to((rows.cursor or 0) + by)  # else what was read has left, and the next has taken its place
            if item := rows.cursor_item:
                self.pane.want(item.key, opened=True)

    async def action_back(self) -> None:
        """Goes back one step: from what is written, from the conversation, from the search."""
        if self.pane.bound and not await self.pane.writing.leave():
            return
        self._reads_again()
        if not self.pane.has_focus_within:
            if self.listing.rows.marks:
                self.listing.rows.mark(())
                return
            if not self.listing.end_search() and is_figure(self.listing.queue):
                self.action_overview()
                return
            if self.listing.queue is not None:
                self.side.mark(self.listing.queue.name)
        self._to_list()

    def action_more(self) -> None:
        """Shows long messages whole."""
        self.pane.timeline.toggle_whole()

    def action_refresh(self) -> None:
        """Asks the portal now."""
        self._session.hurry()
        if self.pane.wanted:
            self.pane.want(self.pane.wanted, opened=True)

    # -- writing

    async def action_reply(self) -> None:
        """Writes a reply in the conversation the keys act on."""
        if not self._for_many("reply"):
            await self._write("reply", Kind.REPLY)

    async def action_note(self) -> None:
        """Writes a note in it."""
        if not self._for_many("note"):
            await self._write("note", Kind.NOTE)

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def action_attach(self) -> None:
        """Attaches a file to what is being written in the conversation the keys act on, else to a reply."""
        if self._for_many("attach"):
            return
        number, key, draft = self.awaited, self._target(), self.pane.composer.draft
        kind = draft.kind if draft is not None and draft.key == key else Kind.REPLY
        await self._write("attach", kind)
        draft = self.pane.composer.draft
        if draft is not None and (draft.key, draft.kind) == (key, kind):
            await self.pane.writing.obey("attach")
            self.post_message(self.NoField("attach", number, vain=False))

    async def _write(self, verb: str, kind: Kind) -> None:
        number, key = self.awaited, self._target()
        if key is None:
            self.in_vain(verb)
        elif not await self._write_in(key, kind):
            self.post_message(self.NoField(verb, number))

    async def _write_in(self, key: Key, kind: Kind) -> bool:
        await self.pane.write(key, kind)
        if self.pane.bound:  # else the column shows what was read before, which may be another patient's
            self.add_class("-reading", update=self.has_class("-narrow"))
        return self.pane.bound

    def _reads_again(self) -> None:
        """Nothing is written any more: what had to stay for that gives way to what the list's cursor went to."""
        self._show_keys()
        self._show_beside()

    @on(Reader.Turned)
    def turned(self, event: Reader.Turned) -> None:
        """Shows the keys of writing, or those of reading again."""
        event.stop()
        self._show_keys()

    async def finish(self) -> bool:
        """Does what was decided and saves what is written, before the program ends. False when some of it failed."""
        await self.pane.writing.drained()
        await self._acted()
        return await self._session.settled() and await self.pane.writing.save()

    @property
    def arrived(self) -> bool:
        """Whether what the keys so far went for is on the screen."""
        return not self.acting and self.listing.arrived and self.pane.arrived

    @property
    def acts_on(self) -> Key | None:
        """The conversation the user is at; none while a search is typed or a queue is chosen."""
        return None if self.side.has_focus_within or self.listing.search_line.has_focus_within else self._looked_at
