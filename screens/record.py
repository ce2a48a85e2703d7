"""What the record holds of a conversation's patient: documents and coming appointments."""

from __future__ import annotations

from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from screens.dialog import Dialog
from screens.reading import ReadingScreen
from screens.saving import save_one
from screens.telling import Telling
from widgets.banner import identity
from widgets.display import for_display
from widgets.key_line import KeyLine
from widgets.picker import Choice, Picker
from widgets.portals import PortalNames
from widgets.problems import asked_once
from widgets.words import appointment_word
from workbench.commands import by_id, key_of
from workbench.dialogue.conversation import Conversation
from workbench.dialogue.held import Appointment, RecordDocument
from workbench.dialogue.key import Key
from workbench.language import _, clock_time, day

if TYPE_CHECKING:
    from workbench.session import Session

T = TypeVar("T")
AGAIN: Final = by_id("refresh")
"""The key that asks for news in the inbox asks the portal again here."""


class RecordScreen(Telling, Dialog[None]):
    """Lists documents to read or save; the patient is named above them."""

    BINDINGS = [
        Binding(",".join(AGAIN.keys), "again", show=False, id=AGAIN.id),
        Binding("escape", "close", show=False),
    ]
    DEFAULT_CSS = """
    RecordScreen {
        align: center middle;
        & > Vertical {
            width: 90%; height: 90%;
            border: round $primary; border-title-style: bold; background: $surface; padding: 0 1;
        }
        & .record--who { height: auto; background: $panel; padding: 0 1; }
        & .record--times { height: auto; max-height: 6; margin: 1 0; }
        & .record--documents { height: auto; display: none; }
        & .-told { display: block; }
        & KeyLine { display: none; }
        & Picker { height: 1fr; max-height: 1fr; }
    }
    """

    @dataclass
    class Got(Message):
        """What the portal told of each list, or the word of why it did not."""

        conversation: Conversation | None
        documents: tuple[RecordDocument, ...] | str
        appointments: tuple[Appointment, ...] | str

    def __init__(self, session: Session, key: Key, remapped: Mapping[str, str]) -> None:
        super().__init__()
        self._session, self._key, self._remapped = session, key, remapped
        self._conversation: Conversation | None = None
        self._documents: tuple[RecordDocument, ...] = ()
        self._lacks = False
        """Something was not told."""

    def compose(self) -> ComposeResult:
        """Who it is, appointments, documents."""
        with Vertical(id="record") as box:
            tag = PortalNames.of(self._session.people).tag(self._key.portal)
            box.border_title = Content(" ".join(part for part in (_("The record"), tag) if part))
            yield Static(classes="record--who", markup=False)
            yield Static(Content(_("asking the portal …")), classes="record--times", markup=False)
            yield Static(classes="record--documents", markup=False)
            yield KeyLine()

    def on_mount(self) -> None:
        """Asks the portal."""
        keys = self.query_one(KeyLine)
        keys.show([(key_of(AGAIN, self._remapped), _("ask again"))], ("esc", _("back")))
        self._fetch()

    def action_again(self) -> None:
        """Asks for what was not told."""
        if self._lacks:
            self._lacks = False
            self.query_one(KeyLine).display = False
            for told in self.query(".-lacking").results(Static):
                told.update(Content(_("asking the portal …")))
            self._fetch()

    @work(group="record", exclusive=True, exit_on_error=False)
    async def _fetch(self) -> None:
        conversation = await self._session.conversation(self._key)
        documents = await _told(self._session.documents(self._key))
        appointments = await _told(self._session.appointments(self._key))
        self.post_message(self.Got(conversation, documents, appointments))

    @on(Got)
    async def got(self, event: Got) -> None:
        """Shows what came."""
        self._conversation = event.conversation
        today = self._session.clock().date()
        patient = event.conversation.patient if event.conversation else None
        self.query_one(".record--who", Static).update(identity(patient, today))
        self._show_appointments(event.appointments)
        await self._show_documents(event.documents)
        self._lacks = isinstance(event.appointments, str) or isinstance(event.documents, str)
        self.query_one(KeyLine).display = self._lacks

    def _show_appointments(self, told: tuple[Appointment, ...] | str) -> None:
        times = self.query_one(".record--times", Static)
        times.set_class(isinstance(told, str), "-lacking")
        if isinstance(told, str):
            times.update(_problem(_("Appointments"), told))
        else:
            lines = [self._appointment(each) for each in told] or [Content(_("No coming appointments"))]
            times.update(Content("\n").join(lines))

    async def _show_documents(self, told: tuple[RecordDocument, ...] | str) -> None:
        """Says why there are none, or lists them; a list in which somebody types already is left as it is."""
        said = self.query_one(".record--documents", Static)
        said.set_class(isinstance(told, str), "-lacking")
        said.set_class(not told or isinstance(told, str), "-told")
        if isinstance(told, str):
            said.update(_problem(_("Documents"), told))
        elif not told:
            said.update(Content(_("The record holds no documents for this patient")))
        elif told != self._documents:
            self._documents = told
            await self.query(Picker).remove()
            choices = [Choice(d.reference, d.title or d.type_text or _("without a name"), self._about(d)) for d in told]
            await self.query_one("#record").mount(Picker(choices), after=said)
            self.query_one(Picker).focus_line()

    def _appointment(self, appointment: Appointment) -> Content:
        when = _("without a time")
        if appointment.start is not None:
            start = appointment.start.astimezone(self._session.clock().tzinfo)
            when = f"{day(start, self._session.clock().date())} {clock_time(start)}"
        return Content.assemble(
            (f"◷ {when}  ", "bold"),
            for_display(f"{appointment.text} · {appointment_word(appointment.status)}", one_line=True),
        )

    def _about(self, document: RecordDocument) -> str:
        parts = [document.type_text]
        if document.written is not None:
            parts.append(day(document.written, self._session.clock().date()))
        if document.author:
            parts.append(document.author)
        if document.restricted:
            parts.append(_("restricted"))
        if not document.final:
            parts.append(_("not approved"))
        return " · ".join(p for p in parts if p)

    @on(Picker.Picked)
    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def picked(self, event: Picker.Picked) -> None:
        """Reads a text document; anything else is saved to a file."""
        event.stop()
        document = next((d for d in self._documents if d.reference == event.id), None)
        if document is None or document.attachment is None or self._conversation is None:
            return
        if not document.attachment.content_type.startswith("text/plain"):
            await save_one(self._session, self.app, self, self._conversation, document.attachment)
            return
        try:
            data = await self._session.download(self._key, document.attachment)
        except Exception as error:  # noqa: BLE001 - any failure is told; nothing was changed
            self.report(error)
            return
        patient = self._conversation.patient
        who = identity(patient, self._session.clock().date()) if patient else Content("")
        self.app.push_screen(ReadingScreen(document.title, who, data.decode("utf-8", "replace")))

    @on(Picker.Cancelled)
    def cancelled(self, event: Picker.Cancelled) -> None:
        """Goes back."""
        event.stop()
        self.dismiss()

    def action_close(self) -> None:
        """Goes back."""
        self.dismiss()


async def _told(asked: Awaitable[tuple[T, ...]]) -> tuple[T, ...] | str:
    """What the portal told, or the word of why it did not: one list that fails hides no other."""
    try:
        return await asked
    except Exception as error:  # noqa: BLE001 - any failure is told on this screen
        return str(getattr(error, "word", "internal"))


def _problem(what: str, word: str) -> Content:
    """Which list is missing, and why."""
    return Content.styled(f"{what}: {asked_once(word)}", "bold $text-error")
