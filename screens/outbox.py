"""What is on its way and what arrived, in plain words, and what can be done about each."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from screens.ask import Ask
from screens.both_sides import BothSides
from screens.confirmed import confirmed
from screens.dialog import Dialog
from screens.telling import Telling
from screens.telltale import Entry, Telltale, above
from screens.why import Why
from widgets.display import for_display
from widgets.outbox_lines import entry_lines, key_words, receipt_lines, stranded_lines, writer_name
from workbench.command import OUTBOX
from workbench.commands import bindings, hints
from workbench.dialogue import remedies
from workbench.dialogue.conversation import Conversation
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Draft, Outgoing, Receipt, Sending
from workbench.dialogue.people import Party, PartyKind
from workbench.dialogue.remedies import Remedy
from workbench.dialogue.status import Event
from workbench.language import _, ngettext

if TYPE_CHECKING:
    from workbench.session import Session

ARRIVED: Final = 20
"""How many of those that arrived last are shown."""


@dataclass(frozen=True, slots=True)
class Leave:
    """What is to be done in the inbox, once the outbox is left."""

    key: Key
    """The conversation to go to."""
    edit: Outgoing | None = None
    """Words to take back and go on writing."""


class OutboxScreen(Telling, Dialog[Leave | None]):
    """Lists everything that has not arrived, oldest first, and below it what arrived last, newest first."""

    BINDINGS = bindings(OUTBOX)
    DEFAULT_CSS = """
    OutboxScreen {
        align: center middle;
        & > Vertical {
            width: 94%; max-width: 120; height: 90%;
            border: round $primary; border-title-style: bold; background: $surface; padding: 0 1;
        }
        & OptionList {
            height: 1fr; border: none; background: $surface;
            scrollbar-size-vertical: 1; scrollbar-gutter: stable;
        }
        & OptionList:focus { border: none; }
        & OptionList > .option-list--option-highlighted,
        & OptionList:focus > .option-list--option-highlighted {
            background: $primary 25%; color: $foreground; text-style: bold;
        }
        & Static { height: auto; }
        & .outbox--above { color: $text-warning; display: none; }
        & .outbox--keys { color: $text-muted; }
    }
    """

    @dataclass
    class Got(Message):
        """The outbox as it is now, what arrived, with their conversations, and drafts that have lost theirs."""

        entries: tuple[Entry, ...]
        receipts: tuple[tuple[Receipt, Conversation | None], ...]
        stranded: tuple[Draft, ...]

    def __init__(self, session: Session, remapped: Mapping[str, str], opening: Callable[[], None]) -> None:
        """Prepares the outbox; nothing is read yet.

        Args:
            session: Of which it is.
            remapped: Remapped keys by command id.
            opening: Told before it is left to edit something, so that no key that follows is a verb.
        """
        super().__init__()
        self._session, self._remapped, self._opening = session, remapped, opening
        self._telltale = Telltale(session)
        self._entries: dict[str, Entry] = {}
        self._receipts: dict[str, Key] = {}
        self._stranded: dict[str, Draft] = {}
        self._begun = False

    def compose(self) -> ComposeResult:
        """What concerns all, the list, and the keys that are not an entry's own."""
        with Vertical() as box:
            box.border_title = Content(_("Outbox"))
            yield Static(classes="outbox--above", markup=False)
            yield OptionList(markup=False)
            yield Static(classes="outbox--keys", markup=False)

    def on_mount(self) -> None:
        """Reads it."""
        self._fetch()

    def changed(self, _event: Event) -> None:
        """Reads it again when something changed."""
        self._fetch()

    @work(group="outbox", exclusive=True, exit_on_error=False)
    async def _fetch(self) -> None:
        doubtful = await self._session.doubtful()
        entries = [
            Entry(out, await self._session.conversation(out.key), out.id in doubtful)
            for out in await self._session.outbox()
        ]
        receipts = await self._session.receipts(ARRIVED)
        arrived = {each.outgoing.id for each in receipts}  # some of it while the rest was read
        entries = [entry for entry in entries if entry.out.id not in arrived]
        shown = [(each, await self._session.conversation(each.outgoing.key)) for each in receipts]
        self.post_message(self.Got(tuple(entries), tuple(shown), await self._session.stranded()))

    @on(Got)
    def got(self, event: Got) -> None:
        """Shows it; the cursor stays on what it was on, and on nothing when that has gone."""
        options = self.query_one(OptionList)
        place = options.highlighted
        current = options.get_option_at_index(place).id if place is not None else None
        pending = tuple(entry.out for entry in event.entries)
        self._entries = {entry.out.id: entry for entry in event.entries}
        self._receipts = {receipt.outgoing.id: receipt.outgoing.key for receipt, _held in event.receipts}
        options.clear_options()
        for entry in event.entries:
            seen = self._telltale.circumstances(entry.out, pending, doubtful=entry.doubtful)
            keys = key_words(self._telltale.able(entry), self._remapped)
            options.add_options([Option(entry_lines(entry.out, entry.held, seen, keys), id=entry.out.id), None])
        if all(entry.out.writer for entry in event.entries):
            nothing = Content(_("Nothing is on its way: all that you sent has arrived"))
            options.add_options([Option(nothing, disabled=True), None])
        self._add_stranded(options, event.stranded)
        if event.receipts:
            options.add_option(Option(Content.styled(_("Arrived lately"), "bold"), disabled=True))
        for receipt, held in event.receipts:
            seen = self._telltale.circumstances(receipt.outgoing, pending)
            options.add_option(Option(receipt_lines(receipt, held, seen), id=receipt.outgoing.id))
        self._point(options, current, pending)
        self._show_keys()
        self._tell(pending)

    def _add_stranded(self, options: OptionList, drafts: tuple[Draft, ...]) -> None:
        """Words that no conversation leads to any more must be found somewhere."""
        self._stranded = {f"draft/{'/'.join(draft.key)}/{draft.author}/{draft.kind}": draft for draft in drafts}
        if drafts:
            title = _("Drafts whose conversation is not here any more")
            options.add_option(Option(Content.styled(title, "bold"), disabled=True))
        for identity, draft in self._stranded.items():
            lines = stranded_lines(draft, self._session.clock(), self._telltale.names)
            options.add_options([Option(lines, id=identity), None])

    def _point(self, options: OptionList, current: str | None, pending: tuple[Outgoing, ...]) -> None:
        first = pending[0].id if pending and not self._begun else None
        self._begun = True
        there = {*self._entries, *self._receipts, *self._stranded}
        wanted = current if current in there else first
        options.highlighted = options.get_option_index(wanted) if wanted is not None else None

    @on(OptionList.OptionHighlighted)
    def _show_keys(self) -> None:
        """The keys that are not an entry's own: enter does something only on something, and not the same on all."""
        look, *others = hints((OUTBOX,), self._remapped)
        place = self.query_one(OptionList).highlighted
        if place is not None:
            stands_on = self.query_one(OptionList).get_option_at_index(place).id
            others.insert(0, look if stands_on in self._entries else (look[0], _("open")))
        keys = [Content(f"{key} {word}") for key, word in others]
        self.query_one(".outbox--keys", Static).update(Content("   ").join(keys))

    def _tell(self, pending: tuple[Outgoing, ...]) -> None:
        """What concerns more than one entry, and how many there are."""
        status = self._session.status
        mine = sum(out.writer is None for out in pending)
        counts = [_("Outbox")]
        if mine:
            counts.append(ngettext("{count} on its way", "{count} on their way", mine).format(count=mine))
        if others := len(pending) - mine:
            counts.append(ngettext("{n} is a colleague's", "{n} are colleagues'", others).format(n=others))
        self.query_one(Vertical).border_title = Content(" · ".join(counts))
        lines = above(status, self._telltale.names)
        box = self.query_one(".outbox--above", Static)
        box.display = bool(lines)
        box.update(Content("\n").join(lines))

    def _current(self, remedy: Remedy) -> Entry | None:
        """What the cursor stands on, if this can be done about it; else the user is told."""
        place = self.query_one(OptionList).highlighted
        entry = (
            self._entries.get(str(self.query_one(OptionList).get_option_at_index(place).id))
            if place is not None
            else None
        )
        if entry is None or remedy not in self._telltale.able(entry):
            self.app.bell()
            if entry is not None and entry.out.state is Sending.SENDING:
                self.say(_("It is leaving right now: nothing can be done about it"))
            elif entry is not None and entry.out.writer is not None:
                name = writer_name(entry.out.writer)
                self.say(_("{name} wrote it: nobody else can change it or throw it away").format(name=name))
            return None
        return entry

    @on(OptionList.OptionSelected)
    def selected(self, event: OptionList.OptionSelected) -> None:
        """Looks at both sides of what is on its way; goes to the conversation of what has arrived."""
        event.stop()
        if event.option_id in self._entries:
            self._do(self._decide, self._entries[event.option_id])
        elif event.option_id in self._stranded:
            self._look_at_stranded(self._stranded[event.option_id])
        elif event.option_id in self._receipts:
            self.dismiss(Leave(self._receipts[event.option_id]))

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def _do(self, doing: Callable[[Entry], Awaitable[None]], entry: Entry) -> None:
        """Does something about what the cursor stood on as the key was struck.

        A worker begins only after the keys that were struck together with its own, when the cursor may stand elsewhere.
        """
        await doing(entry)

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def _look_at_stranded(self, draft: Draft) -> None:
        """Shows the words whole; they go only when the user says so, and only the user's own do."""
        if writer := await self._writer(draft):
            name = writer_name(writer)
            told = _("{name} wrote it: nobody else can change it or throw it away").format(name=name)
            await self.app.push_screen_wait(Why(told, for_display(draft.text)))
            return
        title = Content(_("Throw the draft away?"))
        if await self.app.push_screen_wait(
            Ask(title, for_display(draft.text), _("throw away"), _("keep"), kind="danger")
        ):
            confirmed()
            await self._session.discard_draft(draft)
        self._fetch()

    async def _writer(self, draft: Draft) -> Party | None:
        """Who wrote a draft that is not the user's own; one that was begun while nobody acted is anybody's."""
        me = self._session.people.get(draft.key.portal)
        if not draft.author or (me is not None and me.reference == draft.author):
            return None
        names = await self._session.names(draft.key.portal, [draft.author])
        return Party(draft.author, names.get(draft.author, ""), PartyKind.STAFF)

    async def _decide(self, entry: Entry) -> None:
        """Shows both sides, and does what the user then wants; what is shown is what the decision rests on."""
        out, pending = entry.out, tuple(each.out for each in self._entries.values())
        sides = await self._telltale.sides(entry, pending)
        match await self.app.push_screen_wait(BothSides(sides, self._remapped)):
            case Remedy.EDIT:
                self._leave_to_edit(out)
            case Remedy.SEND:
                await self._send(entry)
            case Remedy.TRY:
                self._session.hurry()
            case Remedy.TAKE_BACK:
                await self._take_back(entry)
            case Remedy.THROW_AWAY:
                await self._throw_away(entry)

    def action_look(self) -> None:
        """Looks at what the cursor stands on."""
        self.query_one(OptionList).action_select()

    def action_edit(self) -> None:
        """Takes the words back and goes on writing them."""
        if entry := self._current(Remedy.EDIT):
            self._leave_to_edit(entry.out)

    def _leave_to_edit(self, out: Outgoing) -> None:
        if self.is_active:
            self._opening()
            self.dismiss(Leave(out.key, out))

    def action_take_back(self) -> None:
        """Takes it back; words go back to their draft."""
        if entry := self._current(Remedy.TAKE_BACK):
            self._do(self._take_back, entry)

    async def _take_back(self, entry: Entry) -> None:
        out = entry.out
        confirmed()
        if not await self._session.cancel(out.id):
            self.say(_("It has left already and cannot be taken back"))
        elif out.verb in remedies.WORDS:
            self.say(_("Taken back: the words are in your draft again"))
        else:
            self.say(_("Taken back"))
        self._fetch()

    def action_send_again(self) -> None:
        """Shows both sides of what was stopped, from where it can be sent all the same."""
        if entry := self._current(Remedy.SEND):
            self._do(self._decide, entry)

    async def _send(self, entry: Entry) -> None:
        title = Content(_("Send it all the same?"))
        if await self.app.push_screen_wait(Ask(title, self._telltale.about(entry), _("send"), _("go back"))):
            confirmed()
            await self._session.retry(entry.out.id, seen=entry.held)
        self._fetch()

    def action_try_now(self) -> None:
        """Speaks to the portals now."""
        self._session.hurry()

    def action_throw_away(self) -> None:
        """Throws it away after asking."""
        place = self.query_one(OptionList).highlighted
        at = None if place is None else self.query_one(OptionList).get_option_at_index(place).id
        if at in self._stranded:
            self._look_at_stranded(self._stranded[str(at)])
        elif entry := self._current(Remedy.THROW_AWAY):
            self._do(self._throw_away, entry)

    async def _throw_away(self, entry: Entry) -> None:
        ask = Ask(Content(_("Throw it away?")), self._telltale.about(entry), _("throw away"), _("keep"), kind="danger")
        if await self.app.push_screen_wait(ask):
            confirmed()
            await self._session.discard(entry.out.id)
        self._fetch()

    def action_close(self) -> None:
        """Goes back."""
        self.dismiss(None)
