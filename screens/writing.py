"""The draft being written: brought back, saved at every pause, attached to, sent."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Final

from textual.content import Content

from screens.ask import Ask
from screens.ask_text import AskText
from screens.choose import Choose
from screens.files import FileSuggester
from screens.telling import Reporter
from widgets.banner import identity
from widgets.conversation_pane import ConversationPane
from widgets.display import for_display, short_name
from widgets.entry import attachment_line, files_of
from widgets.later import Later
from widgets.picker import Choice
from widgets.presence_line import name_of
from workbench.dialogue.basis import Seen
from workbench.dialogue.clean import clip
from workbench.dialogue.conversation import Conversation
from workbench.dialogue.outgoing import Draft, Kind
from workbench.dialogue.presence import Doing
from workbench.dialogue.refusals import SendError, SendWord
from workbench.dialogue.since import noted_since, since
from workbench.language import _, clock_time, day, ngettext

if TYPE_CHECKING:
    from workbench.dialogue.held import RecordDocument
    from workbench.session import Session

PAUSE: Final = 0.3
"""Seconds without a key after which the words go to disk."""
AT_MOST: Final = 1.0
"""Seconds of steady typing after which they go to disk all the same."""
AFTER_PASTE: Final = 0.6
"""Seconds after a paste in which no key confirms a sending."""


class Writing:
    """Keeps one composer's draft. The draft stays with its conversation, author and kind whatever the list does.

    The words are those of the composer, always; the draft held here says where they belong and what goes along.
    """

    def __init__(self, session: Session, pane: ConversationPane, reporter: Reporter) -> None:
        self._session, self._pane, self._reporter = session, pane, reporter
        self._draft: Draft | None = None
        self._saved_text = ""
        self._began_with = Seen()
        """What the conversation held when the user began."""
        self._began_for = ""
        """Reference of the patient whom the draft was begun for; empty for none that was known."""
        self._disk = asyncio.Lock()
        """One change of the draft at a time, so that none writes over another."""
        self._busy = False
        self._due: float | None = None
        self._rest = Later(pane.set_timer)
        self._pasted_at = 0.0

    @property
    def active(self) -> bool:
        """Whether something is being written."""
        return self._draft is not None

    @property
    def _words(self) -> str:
        return self._pane.composer.text

    async def begin(self, kind: Kind) -> None:
        """Opens the composer on my draft of this kind in the conversation shown."""
        conversation = self._pane.conversation
        if conversation is None or not await self.leave():
            return
        draft = await self._session.draft(conversation.key, kind)
        if self._pane.key != conversation.key or self.active:
            return
        patient = conversation.patient
        tag = self._pane.portals.tag(conversation.key.portal)
        self._pane.composer.open(draft, patient.name if patient else "", patient.birth if patient else "", tag)
        here = patient.reference if patient else ""
        self._began_for = here if draft.empty else draft.patient or here
        self._draft = replace(draft, patient=self._began_for)
        self._saved_text, self._began_with = self._words, Seen.of(conversation)
        self._session.attend(draft.key, Doing.WRITING)
        self._tell()

    def typed(self) -> None:
        """Has the words saved at the next pause."""
        if self._draft is None or self._words == self._saved_text:
            return
        now = monotonic()
        if self._due is None:
            self._due = now + AT_MOST
        self._rest.put_off(max(min(PAUSE, self._due - now), 0.01), self._pause)
        self._tell()

    def pasted(self, left_out: int) -> None:
        """Remembers when something was pasted."""
        self._pasted_at = monotonic()
        if left_out:
            said = ngettext(
                "{count} character that cannot be seen was left out of the paste",
                "{count} characters that cannot be seen were left out of the paste",
                left_out,
            )
            self._reporter.say(said.format(count=left_out))

    def _pause(self) -> None:
        self._due = None
        self._pane.run_worker(self.save(), group="draft", exit_on_error=False)

    async def save(self) -> bool:
        """Puts the words on disk; False when that failed, and then they stay on the screen.

        When it returns True nothing is on the screen that is not on disk, whatever was typed meanwhile.
        """
        async with self._disk:
            while self._draft is not None and (text := self._words) != self._saved_text:
                try:
                    saved = await self._session.save_draft(replace(self._draft, text=text))
                except Exception as error:  # noqa: BLE001 - whatever it was, the words must stay and the user be told
                    self._reporter.report(error)
                    self._pane.composer.say(Content.styled(_("not saved"), "bold $text-error"))
                    return False
                self._take_in(saved, text)
        self._tell()
        return True

    async def leave(self) -> bool:
        """Saves and closes the composer; it stays open when the words could not be saved."""
        if self._draft is None:
            return True
        if self._busy or not await self.save():
            return False
        self._close()
        return True

    async def drained(self) -> None:
        """Waits until the keys that were pressed before this have reached the text."""
        reached = asyncio.Event()
        if self._pane.composer.call_in_text(reached.set):
            await reached.wait()

    async def obey(self, command: str) -> bool:
        """Does what a key in the composer asks for; False when it is still busy with another."""
        if self._busy:
            return False
        if command == "leave":
            await self.leave()
            return True
        doing = {
            "send": self._send,
            "attach": self._attach_file,
            "attach-document": self._attach_document,
            "detach": self._detach,
            "discard": self._discard,
        }
        self._busy = True
        try:
            await doing[command]()
        finally:
            self._busy = False
        return True

    async def _send(self) -> None:
        """Asks, naming patient and kind, and puts the draft in the outbox."""
        if not await self.save():
            return
        conversation, draft = self._pane.conversation, self._draft
        if draft is None or conversation is None or conversation.key != draft.key:
            self._reporter.say(_("The conversation is not on the screen any more: the draft is kept"))
            return
        here = conversation.patient.reference if conversation.patient else ""
        if self._began_for not in ("", here):
            told = _("The portal has moved this conversation to another patient: leave the draft and read it again")
            self._reporter.say(told)
            await self._change(lambda draft: self._session.save_draft(replace(draft, patient=here)))  # told once
            return
        held = max(self._pasted_at + AFTER_PASTE - monotonic(), 0.0)
        began, me = self._began_with, draft.author
        news = bool(since(began, conversation, me) or noted_since(began, conversation, me))
        way = through(self._pane.portals.name(draft.key.portal), self._session.people[draft.key.portal].name)
        ask = question(conversation, draft, self._session.clock().date(), held, news=news, way=way)
        if not draft.empty and not await self._pane.app.push_screen_wait(ask):
            return
        self._pane.composer.freeze()
        try:
            await self._session.send(draft, conversation)
        except Exception as error:  # noqa: BLE001 - the draft stays as it is and the user is told
            self._reporter.report(error)
            self._pane.composer.thaw()
            if isinstance(error, SendError) and error.word == SendWord.ALREADY_SENT:
                # Told once; to send once more is the user's own decision, but not what is sent from now on.
                self._draft = replace(draft, began=error.values["up_to"])
            return
        self._close()

    async def _discard(self) -> None:
        """Asks, then throws the draft away; that needs no room on the disk, else there were no way out of it."""
        if self._draft is None:
            return
        await self.save()
        draft, shown = self._draft, self._words
        title, words = Content(_("Throw the draft away?")), for_display(clip(shown, 300, 6)[0])
        ask = Ask(title, words, _("throw away"), _("keep"), kind="danger")
        if not replace(draft, text=shown).empty:
            if not await self._pane.app.push_screen_wait(ask):
                return
            try:
                await self._session.discard_draft(draft)
            except Exception as error:  # noqa: BLE001 - what is on disk of it stays there, and is told of again
                self._reporter.report(error)
        self._close()

    async def _attach_file(self) -> None:
        hint = _("Path of the file; → completes, enter attaches")
        ask = AskText(Content(_("Attach a file")), hint, suggester=FileSuggester())
        path = await self._pane.app.push_screen_wait(ask)
        if not path:
            return
        try:
            file = await self._session.copy_file(Path(path))
        except Exception as error:  # noqa: BLE001 - any failure is told; the draft is untouched
            self._reporter.report(error)
            return
        await self._change(lambda draft: self._session.attach_file(draft, file))

    async def _attach_document(self) -> None:
        if self._draft is None:
            return
        try:
            documents = await self._session.documents(self._draft.key)
        except Exception as error:  # noqa: BLE001 - any failure is told; the draft is untouched
            self._reporter.report(error)
            return
        if not documents:
            self._reporter.say(_("The record holds no documents for this patient"))
            return
        today = self._session.clock().date()
        choices = [Choice(d.reference, d.title or d.type_text, _dated(d, today)) for d in documents]
        choose = Choose(Content(_("Attach a document of the record")), choices)
        picked = await self._pane.app.push_screen_wait(choose)
        chosen = next((d for d in documents if d.reference == picked), None)
        if chosen is not None:
            await self._change(lambda draft: self._session.attach_document(draft, chosen))

    async def _detach(self) -> None:
        """Takes the last attachment off."""
        if self._draft and (count := len(files_of(self._draft))):
            await self._change(lambda draft: self._session.detach(draft, count - 1))

    async def _change(self, changing: Callable[[Draft], Awaitable[Draft]]) -> None:
        async with self._disk:
            if self._draft is None:
                return
            words = self._words
            try:
                changed = await changing(replace(self._draft, text=words))
            except Exception as error:  # noqa: BLE001 - any failure is told; the draft is untouched
                self._reporter.report(error)
                return
            self._take_in(changed, words)
            self._pane.composer.show_files(changed)
        await self.save()

    def _take_in(self, saved: Draft, text: str) -> None:
        """What is on disk now; words of another window come to stand below those on the screen.

        Args:
            saved: The draft as it is on disk.
            text: The words of the screen that were saved.
        """
        self._draft, self._saved_text = saved, text
        if saved.text.startswith(text) and (below := saved.text[len(text) :]):
            self._pane.composer.add_below(below)
            self._saved_text += below
            self._reporter.say(_("Another window has written in this draft: its words stand below yours"))

    def _tell(self) -> None:
        if self._draft is None:
            return
        verb = _("ctrl+s send") if self._draft.kind is Kind.REPLY else _("ctrl+s save note")
        if self._words != self._saved_text:
            state = _("writing …")
        elif self._draft.saved is not None:
            when = self._draft.saved.astimezone(self._session.clock().tzinfo)
            state = _("draft saved {time}").format(time=clock_time(when, seconds=True))
        else:
            state = ""
        told = Content.styled(verb, "bold")
        self._pane.composer.say(Content.assemble(state, "  ", told) if state else told)

    def _close(self) -> None:
        self._due = None
        self._rest.drop()
        if self._draft is not None:
            self._session.attend(self._draft.key)
        self._draft = None
        if self._pane.composer.has_focus_within:
            self._pane.timeline.focus()  # one stays in the conversation: keys in the list may mean another
        self._pane.composer.close()


def _dated(document: RecordDocument, today: date) -> str:
    return f"{document.type_text} · {day(document.written, today)}" if document.written else document.type_text


def through(portal: str, me: str) -> Content | None:
    """By which portal something goes, and who is its sender there; nothing where there is only one portal."""
    if not portal:
        return None
    words = _("Through the portal {portal}, from {name}") if me else _("Through the portal {portal}")
    return Content.styled(words.format(portal=portal, name=short_name(me)), "bold $text-accent")


def question(
    conversation: Conversation,
    draft: Draft,
    today: date,
    held_for: float,
    *,
    news: bool = False,
    way: Content | None = None,
) -> Ask:
    """The question before sending: kind, patient, by which portal, who will read, what goes along."""
    who = identity(conversation.patient, today)
    if way is not None:
        who = Content("\n").join([who, way])
    files = [attachment_line(file) for file in files_of(draft)]
    beginning, cut = clip(draft.text.strip(), 400, 8)
    words = for_display(beginning + (" …" if cut else ""))
    if news:
        told = _("Something was written here since you began: read it before you send.")
        files.append(Content.styled(told, "bold $text-error"))
    if writers := [name_of(one) for one in conversation.present if one.doing is Doing.WRITING]:
        told = _("{names} is writing here too: agree on who answers.").format(names=_(" and ").join(writers))
        files.append(Content.styled(told, "bold $text-warning"))
    if draft.kind is Kind.NOTE:
        title = Content.styled(_("Save the note?"), "bold")
        reads = Content(_("Only staff will read it. It is not sent to the patient."))
        parts = [who, reads, Content(""), words, *files]
        return Ask(title, Content("\n").join(parts), _("save note"), _("go back"), kind="note", held_for=held_for)
    title = Content.styled(_("Send the reply?"), "bold")
    parts = [who, who_reads(conversation), Content(""), words, *files]
    return Ask(title, Content("\n").join(parts), _("send"), _("go back"), held_for=held_for)


def who_reads(conversation: Conversation) -> Content:
    """Who on the patient's side will read what is sent."""
    readers = [
        Content(short_name(r.name) + (f" ({short_name(r.detail)})" if r.detail else "")) for r in conversation.readers
    ]
    named = Content(", ").join(readers) if readers else Content(_("nobody who is known"))
    return Content.assemble(_("Will be read by:") + " ", named)
