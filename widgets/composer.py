"""Where a reply or a note is written. The two differ in colour, border, title, verb and words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static, TextArea

from widgets.display import for_display, short_name
from widgets.entry import attachment_line, files_of
from widgets.text_input import InTurn
from workbench.command import WRITING
from workbench.commands import bindings
from workbench.dialogue.clean import pasted
from workbench.dialogue.outgoing import Draft, Kind
from workbench.language import _, birth


class DraftArea(InTurn, TextArea):
    """The text itself: what enters by paste is cleaned, and the time of the last paste is kept."""

    @dataclass
    class Pasted(Message):
        """Something was pasted; keys of the same burst must not confirm anything."""

        left_out: int
        """Characters that were left out because nobody could see them."""

    async def _on_paste(self, event: events.Paste) -> None:
        clean = pasted(event.text)
        self.post_message(self.Pasted(max(len(event.text.replace("\r\n", "\n")) - len(clean), 0)))
        if clean != event.text:
            event.stop()
            event.prevent_default()
            if result := self._replace_via_keyboard(clean, *self.selection):
                self.move_cursor(result.end_location)
            return
        await super()._on_paste(event)


class Composer(Vertical):
    """Shows one draft, bound to its conversation; posts what is typed."""

    BINDINGS = bindings(WRITING)
    DEFAULT_CSS = """
    Composer {
        height: auto;
        max-height: 60%;
        display: none;
        &.-open { display: block; }
        & DraftArea { height: auto; min-height: 5; max-height: 14; border: none; padding: 0; background: $surface; }
        & DraftArea:focus { border: none; }
        & .composer--files { height: auto; color: $text-muted; }
        &.-reply { border: round $primary; border-title-color: $text-primary; border-title-style: bold; }
        &.-reply:focus-within { border: round $accent; }
        &.-note {
            border: double $warning;
            border-title-color: $text-warning;
            border-title-style: bold reverse;
            background: $warning 10%;
            & DraftArea { background: $warning 10%; }
        }
        border-subtitle-color: $text-muted;
    }
    """

    @dataclass
    class Changed(Message):
        """The words of the draft are now these."""

        text: str

    @dataclass
    class Wanted(Message):
        """The user asks for something to be done with the draft: a command's id."""

        command: str

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002
        super().__init__(id=id)
        self._draft: Draft | None = None

    def compose(self) -> ComposeResult:
        """The text with the list of attachments under it."""
        yield DraftArea(soft_wrap=True, show_line_numbers=False, tab_behavior="focus", id="draft")
        yield Static(classes="composer--files", markup=False)

    @property
    def draft(self) -> Draft | None:
        """The draft shown, with the words as they were when it was shown."""
        return self._draft

    @property
    def text(self) -> str:
        """The words as they are now."""
        return self.query_one(DraftArea).text

    def open(self, draft: Draft, patient_name: str, patient_birth: str, portal: str = "") -> None:
        """Shows a draft to write in.

        Args:
            draft: Its conversation and kind are what this composer is bound to until `close`.
            patient_name: For the title.
            patient_birth: FHIR date, for the title.
            portal: What its portal is called, in brackets; empty where there is only one.
        """
        self._draft = draft
        self.set_class(draft.kind is Kind.REPLY, "-reply")
        self.set_class(draft.kind is Kind.NOTE, "-note")
        if draft.kind is Kind.REPLY:
            name = short_name(patient_name)
            title = _("REPLY to {name}, b. {birth}").format(name=name, birth=birth(patient_birth))
            if not patient_birth:
                title = _("REPLY to {name}").format(name=name)
        else:
            title = _("NOTE · for staff only, never sent")
        self.border_title = for_display(f"{portal} {title}" if portal else title, one_line=True)
        area = self.query_one(DraftArea)
        area.text = pasted(draft.text)
        area.move_cursor(area.document.end)
        self.show_files(draft)
        self.add_class("-open")
        area.focus()

    def add_below(self, text: str) -> None:
        """Puts words that were written elsewhere at the end; the cursor stays."""
        area = self.query_one(DraftArea)
        selection = area.selection
        area.insert(pasted(text), area.document.end)
        area.selection = selection  # a cursor at the end would be pushed along, and the next key with it

    def show_files(self, draft: Draft) -> None:
        """Shows the attachments of the draft as they are now."""
        self._draft = draft
        lines = [attachment_line(file) for file in files_of(draft)]
        box = self.query_one(".composer--files", Static)
        box.display = bool(lines)
        box.update(Content("\n").join(lines))

    def say(self, words: Content) -> None:
        """Shows on the lower border how the draft stands."""
        self.border_subtitle = words

    def freeze(self) -> None:
        """Takes no more words while what is there is put in the outbox."""
        self.query_one(DraftArea).read_only = True

    def thaw(self) -> None:
        """Takes words again."""
        self.query_one(DraftArea).read_only = False

    def call_in_text(self, call: Callable[[], None]) -> bool:
        """Calls back once all keys pressed so far are in the text; False when nothing is being written."""
        return self.is_open and self.query_one(DraftArea).call_later(call)

    def close(self) -> None:
        """Hides the composer and forgets the draft."""
        self._draft = None
        self.remove_class("-open")
        self.thaw()
        self.query_one(DraftArea).text = ""

    @property
    def is_open(self) -> bool:
        """Whether something is being written."""
        return self._draft is not None

    @on(TextArea.Changed)
    def tell(self, event: TextArea.Changed) -> None:
        """Passes on the words as they are now."""
        event.stop()
        if self._draft is not None:
            self.post_message(self.Changed(event.text_area.text))

    def action_send(self) -> None:
        """Asks for the draft to be sent."""
        self.post_message(self.Wanted("send"))

    def action_attach(self) -> None:
        """Asks for a file."""
        self.post_message(self.Wanted("attach"))

    def action_attach_document(self) -> None:
        """Asks for a document of the record."""
        self.post_message(self.Wanted("attach-document"))

    def action_detach(self) -> None:
        """Asks to take the last attachment off."""
        self.post_message(self.Wanted("detach"))

    def action_leave(self) -> None:
        """Asks to leave the draft as it is."""
        self.post_message(self.Wanted("leave"))

    def action_discard(self) -> None:
        """Asks to throw the draft away."""
        self.post_message(self.Wanted("discard"))
