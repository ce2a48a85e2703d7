"""The draft being written: brought back, saved at every pause, attached to, sent."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import replace
from datetime import date
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Final

from textual.content import Content
from textual.screen import Screen
from textual.timer import Timer

from screens.ask import Ask
from screens.ask_text import AskText
from screens.choose import Choose
from screens.files import FileSuggester
from screens.telling import Reporter
from widgets.banner import identity
from widgets.conversation_pane import ConversationPane
from widgets.display import for_display, short_name
from widgets.entry import attachment_line, files_of
from widgets.picker import Choice
from workbench.dialogue.clean import clip
from workbench.dialogue.conversation import Conversation
from workbench.dialogue.outgoing import Draft, Kind
from workbench.language import _, ngettext

if TYPE_CHECKING:
    from workbench.session import Session

PAUSE: Final = 0.3
"""Seconds without a key after which the words go to disk."""
AT_MOST: Final = 1.0
"""Seconds of steady typing after which they go to disk all the same."""
AFTER_PASTE: Final = 0.6
"""Seconds after a paste in which no key confirms a sending."""


class Writing:
    """Keeps one composer's draft. The draft stays with its conversation, author and kind whatever the list does."""

    def __init__(self, session: Session, screen: Screen[None], pane: ConversationPane, reporter: Reporter) -> None:
        self._session, self._screen, self._pane, self._reporter = session, screen, pane, reporter
        self._draft: Draft | None = None
        self._text = ""
        self._saved_text = ""
        self._due: float | None = None
        self._timer: Timer | None = None
        self._pasted_at = 0.0

    @property
    def active(self) -> bool:
        """Whether something is being written."""
        return self._draft is not None

    async def begin(self, kind: Kind) -> None:
        """Opens the composer on my draft of this kind in the conversation shown."""
        conversation = self._pane.conversation
        if conversation is None:
            return
        await self.leave()
        draft = await self._session.draft(conversation.key, kind)
        if self._pane.conversation is None or self._pane.key != conversation.key:
            return
        self._draft, self._text, self._saved_text = draft, draft.text, draft.text
        patient = conversation.patient
        self._pane.composer.open(draft, patient.name if patient else "", patient.birth if patient else "")
        self._tell()

    def typed(self, text: str) -> None:
        """Takes the words as they are now; they are saved at the next pause."""
        if self._draft is None or text == self._text:
            return
        self._text = text
        now = monotonic()
        if self._due is None:
            self._due = now + AT_MOST
        if self._timer is not None:
            self._timer.stop()
        self._timer = self._screen.set_timer(max(min(PAUSE, self._due - now), 0.01), self._pause)
        self._tell()

    def pasted(self, left_out: int) -> None:
        """Remembers when something was pasted."""
        self._pasted_at = monotonic()
        if left_out:
            words = ngettext(
                "{count} character that cannot be seen was left out of the paste",
                "{count} characters that cannot be seen were left out of the paste",
                left_out,
            )
            self._reporter.say(words.format(count=left_out))

    def _pause(self) -> None:
        self._due = None
        self._screen.run_worker(self.save(), group="draft", exit_on_error=False)

    async def save(self) -> bool:
        """Puts the words on disk; False when that failed, and then they stay on the screen."""
        draft, text = self._draft, self._text
        if draft is None or text == self._saved_text:
            return True
        try:
            saved = await self._session.save_draft(replace(draft, text=text))
        except Exception as error:  # noqa: BLE001 - whatever it was, the words must stay and the user be told
            self._reporter.report(error)
            self._pane.composer.say(Content.styled(_("not saved"), "bold $text-error"))
            return False
        if self._draft is not None and (self._draft.key, self._draft.kind) == (saved.key, saved.kind):
            self._draft, self._saved_text = saved, text
            self._tell()
        return True

    async def leave(self) -> bool:
        """Saves and closes the composer; it stays open when the words could not be saved."""
        if self._draft is None:
            return True
        self._stop_timer()
        if not await self.save():
            return False
        self._draft = None
        self._pane.composer.close()
        return True

    async def send(self) -> bool:
        """Asks, naming patient and kind, and puts the draft in the outbox. False when it was not sent."""
        conversation, draft = self._pane.conversation, self._draft
        if draft is None or conversation is None or conversation.key != draft.key or not await self.save():
            return False
        draft = self._draft or draft
        held = max(self._pasted_at + AFTER_PASTE - monotonic(), 0.0)
        today = self._session.clock().date()
        if not draft.empty and not await self._screen.app.push_screen_wait(question(conversation, draft, today, held)):
            return False
        try:
            await self._session.send(draft, conversation)
        except Exception as error:  # noqa: BLE001 - the draft stays as it is and the user is told
            self._reporter.report(error)
            return False
        self._stop_timer()
        self._draft = None
        self._pane.composer.close()
        return True

    async def discard(self) -> bool:
        """Asks, then throws the draft away."""
        draft = self._draft
        if draft is None:
            return False
        ask = Ask(
            Content(_("Throw the draft away?")),
            for_display(clip(self._text, 300, 6)[0]),
            _("throw away"),
            _("keep"),
            kind="danger",
        )
        if not draft.empty or self._text.strip():
            if not await self._screen.app.push_screen_wait(ask):
                return False
            await self._session.discard_draft(draft)
        self._stop_timer()
        self._draft = None
        self._pane.composer.close()
        return True

    async def attach_file(self) -> None:
        """Asks for a file and copies it into the draft."""
        path = await self._screen.app.push_screen_wait(
            AskText(
                self._title(_("Attach a file")),
                _("Path of the file; → completes, enter attaches"),
                suggester=FileSuggester(),
            )
        )
        if path and self._draft and await self.save():
            await self._change(self._session.attach_file(self._draft, Path(path)))

    async def attach_document(self) -> None:
        """Lets the user pick a document of this patient's record."""
        draft = self._draft
        if draft is None or not await self.save():
            return
        try:
            documents = await self._session.documents(draft.key)
        except Exception as error:  # noqa: BLE001 - any failure is told; the draft is untouched
            self._reporter.report(error)
            return
        if not documents:
            self._reporter.say(_("The record holds no documents for this patient"))
            return
        choices = [
            Choice(
                d.reference, d.title or d.type_text, f"{d.type_text} {d.written:%d.%m.%Y}" if d.written else d.type_text
            )
            for d in documents
        ]
        picked = await self._screen.app.push_screen_wait(
            Choose(self._title(_("Attach a document of the record")), choices)
        )
        chosen = next((d for d in documents if d.reference == picked), None)
        if chosen and self._draft:
            await self._change(self._session.attach_document(self._draft, chosen))

    def _title(self, words: str) -> Content:
        """What a dialog is for, with the patient whose conversation it is."""
        conversation = self._pane.conversation
        patient = conversation.patient if conversation else None
        return Content.assemble(words, " · ", short_name(patient.name)) if patient else Content(words)

    async def detach(self) -> None:
        """Takes the last attachment off."""
        if self._draft and (count := len(files_of(self._draft))) and await self.save():
            await self._change(self._session.detach(self._draft, count - 1))

    async def _change(self, changing: Awaitable[Draft]) -> None:
        try:
            changed = await changing
        except Exception as error:  # noqa: BLE001 - any failure is told; the draft is untouched
            self._reporter.report(error)
            return
        if self._draft is not None and (self._draft.key, self._draft.kind) == (changed.key, changed.kind):
            self._draft = changed
            self._pane.composer.show_files(changed)
            self._tell()

    def _tell(self) -> None:
        if self._draft is None:
            return
        verb = _("ctrl+s send") if self._draft.kind is Kind.REPLY else _("ctrl+s save note")
        if self._text != self._saved_text:
            state = Content(_("writing …"))
        elif self._draft.saved is not None:
            saved = self._draft.saved.astimezone(self._session.clock().tzinfo)
            state = Content(_("draft saved {time}").format(time=f"{saved:%H:%M:%S}"))
        else:
            state = Content("")
        self._pane.composer.say(
            Content.assemble(state, "  ", (verb, "bold")) if state else Content.styled(verb, "bold")
        )

    def _stop_timer(self) -> None:
        self._due = None
        if self._timer is not None:
            self._timer.stop()
            self._timer = None


def question(conversation: Conversation, draft: Draft, today: date, held_for: float) -> Ask:
    """The question before sending: kind, patient, who will read, what goes along."""
    patient = conversation.patient
    who = identity(patient, today) if patient else Content(_("The portal names no patient"))
    files = [attachment_line(file) for file in files_of(draft)]
    beginning, cut = clip(draft.text.strip(), 400, 8)
    words = for_display(beginning + (" …" if cut else ""))
    if draft.kind is Kind.NOTE:
        title = Content.styled(_("Save the note?"), "bold")
        reads = Content(_("Only staff will read it. It is not sent to the patient."))
        parts = [who, reads, Content(""), words, *files]
        return Ask(title, Content("\n").join(parts), _("save note"), _("go back"), kind="note", held_for=held_for)
    title = Content.styled(_("Send the reply?"), "bold")
    readers = [
        Content(short_name(r.name) + (f" ({short_name(r.detail)})" if r.detail else "")) for r in conversation.readers
    ]
    reads = Content.assemble(_("Will be read by:") + " ", Content(", ").join(readers) if readers else _("the patient"))
    parts = [who, reads, Content(""), words, *files]
    return Ask(title, Content("\n").join(parts), _("send"), _("go back"), held_for=held_for)
