"""What is on its way, in plain words, and what can be done about each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual import on, work
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from screens.ask import Ask
from screens.telling import Telling
from widgets.banner import identity
from widgets.display import for_display, short_name
from widgets.problems import reason_words
from widgets.words import sending_word, verb_word
from workbench.commands import OUTBOX, bindings, hints
from workbench.dialogue.basis import Seen
from workbench.dialogue.clean import clip
from workbench.dialogue.conversation import Conversation
from workbench.dialogue.outgoing import Outgoing, Sending
from workbench.dialogue.since import since
from workbench.dialogue.status import Event
from workbench.language import _, clock_time

if TYPE_CHECKING:
    from workbench.session import Session

BEGINNING: Final = 60
"""Characters of a message that tell it apart."""
TOLD: Final = (300, 3)
"""Characters and lines of what a portal says of a refusal."""


SINCE: Final = (1000, 12)
"""Characters and lines of a message that was written since."""
WORDS: Final = (400, 8)
"""Characters and lines of what is to be sent."""
Shown = tuple[Outgoing, Conversation | None]


class OutboxScreen(Telling, ModalScreen[None]):
    """Lists everything that has not arrived, oldest first."""

    BINDINGS = bindings(OUTBOX)
    DEFAULT_CSS = """
    OutboxScreen {
        align: center middle;
        & > Vertical {
            width: 90%; height: 80%;
            border: round $primary; border-title-style: bold; background: $surface; padding: 0 1;
        }
        & OptionList { height: 1fr; border: none; background: $surface; }
        & OptionList:focus { border: none; }
        & Static { height: auto; color: $text-muted; }
    }
    """

    @dataclass
    class Got(Message):
        """The outbox as it is now, each thing with its conversation."""

        shown: tuple[Shown, ...]

    def __init__(self, session: Session, remapped: Mapping[str, str]) -> None:
        super().__init__()
        self._session, self._remapped = session, remapped
        self._shown: tuple[Shown, ...] = ()

    def compose(self) -> ComposeResult:
        """The list, and its keys under it."""
        with Vertical() as box:
            box.border_title = Content(_("Outbox"))
            yield OptionList(markup=False)
            yield Static(self._keys(), markup=False)

    def _keys(self) -> Content:
        return Content("   ").join([Content(f"{key} {word}") for key, word in hints((OUTBOX,), self._remapped)])

    def on_mount(self) -> None:
        """Reads it."""
        self._fetch()

    def changed(self, _event: Event) -> None:
        """Reads it again when something changed."""
        self._fetch()

    @work(group="outbox", exclusive=True, exit_on_error=False)
    async def _fetch(self) -> None:
        outgoing = await self._session.outbox()
        self.post_message(self.Got(tuple([(out, await self._session.conversation(out.key)) for out in outgoing])))

    @on(Got)
    def got(self, event: Got) -> None:
        """Shows it; the cursor stays on what it was on, and on nothing when that has gone."""
        options = self.query_one(OptionList)
        current = self._current()
        first = not self._shown
        options.clear_options()
        self._shown = event.shown
        options.add_options([Option(self._line(out, _whose(held)), id=out.id) for out, held in event.shown])
        if not event.shown:
            nothing = Content(_("Nothing is on its way: all that you sent has arrived"))
            options.add_option(Option(nothing, disabled=True))
        places = [place for place, (out, _held) in enumerate(event.shown) if current and out.id == current[0].id]
        options.highlighted = places[0] if places else 0 if first and event.shown else None

    def _line(self, out: Outgoing, name: str) -> Content:
        worrying = out.state in (Sending.UNKNOWN, Sending.NEEDS_YOU)
        when = clock_time(out.queued.astimezone(self._session.clock().tzinfo))
        first = Content.assemble(
            f"{when}  ",
            (verb_word(out.verb), "bold"),
            " · ",
            short_name(name),
            " · ",
            (("! " if worrying else "") + sending_word(out.state), "bold"),
        )
        lines = [first]
        if out.reason:
            lines.append(for_display("       " + _told(out), "italic", one_line=True))
        if out.text:
            beginning, cut = clip(" ".join(out.text.split()), BEGINNING, 1)
            lines.append(for_display(f"       {beginning}{' …' if cut else ''}", one_line=True))
        return Content("\n").join(lines)

    def _current(self) -> Shown | None:
        place = self.query_one(OptionList).highlighted
        return self._shown[place] if place is not None and place < len(self._shown) else None

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def action_take_back(self) -> None:
        """Takes it back; words go back to their draft."""
        if (current := self._current()) is None:
            return
        if await self._session.cancel(current[0].id):
            self.say(_("Taken back: the words are in your draft again"))
        else:
            self.say(_("It has left already and cannot be taken back"))
        self._fetch()

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def action_send_again(self) -> None:
        """Lets something that stopped go out after all."""
        if (current := self._current()) is None:
            return
        out, held = current
        if out.state is Sending.NEEDS_YOU and held is not None:
            question = Ask(Content(_("Send it all the same?")), self._about(out, held), _("send"), _("go back"))
            if await self.app.push_screen_wait(question):
                await self._session.retry(out.id, seen=held)
        else:
            self._session.hurry()
        self._fetch()

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def action_throw_away(self) -> None:
        """Throws it away after asking."""
        if (current := self._current()) is None:
            return
        out, held = current
        question = Ask(Content(_("Throw it away?")), self._about(out, held), _("throw away"), _("keep"), kind="danger")
        if await self.app.push_screen_wait(question):
            await self._session.discard(out.id)
        self._fetch()

    def _about(self, out: Outgoing, held: Conversation | None) -> Content:
        """Whose it is and what kind, why it stopped, what was written since, and the words."""
        patient = held.patient if held else None
        who = identity(patient, self._session.clock().date()) if patient else for_display(_whose(held), one_line=True)
        lines = [who, Content.styled(verb_word(out.verb), "bold")]
        if out.state is Sending.UNKNOWN:
            lines.append(Content.styled(_("The portal gave no answer: it may have arrived."), "bold $text-error"))
        if out.reason:
            lines.append(for_display(_told(out), "italic"))
        for message in since(Seen.read(out.basis), held, out.author) if held else ():
            name = short_name(message.sender.name)
            lines += [Content(""), Content.styled(_("{name} has written since:").format(name=name), "bold")]
            lines.append(for_display(clip(message.text, *SINCE)[0]))
        return Content("\n").join([*lines, Content(""), for_display(clip(out.text, *WORDS)[0])])

    def action_close(self) -> None:
        """Goes back."""
        self.dismiss()


def _told(out: Outgoing) -> str:
    return clip(reason_words(out.reason) + (f": {out.detail}" if out.detail else ""), *TOLD)[0]


def _whose(held: Conversation | None) -> str:
    if held is None:
        return _("an unknown conversation")
    return held.patient.name if held.patient else held.title
