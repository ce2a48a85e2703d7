"""What is on its way, in plain words, and what can be done about each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.screen import ModalScreen
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from screens.ask import Ask
from screens.telling import Telling
from widgets.display import for_display, short_name
from widgets.problems import reason_words
from widgets.words import sending_word, verb_word
from workbench.dialogue.clean import clip
from workbench.dialogue.outgoing import Outgoing, Sending
from workbench.dialogue.status import Event
from workbench.language import _, clock_time

if TYPE_CHECKING:
    from workbench.session import Session

BEGINNING: Final = 60
"""Characters of a message that tell it apart."""
TOLD: Final = (300, 3)
"""Characters and lines of what a portal says of a refusal."""


class OutboxScreen(Telling, ModalScreen[None]):
    """Lists everything that has not arrived, oldest first."""

    BINDINGS = [
        Binding("escape,b", "close", show=False),
        Binding("t", "take_back", show=False),
        Binding("s", "send_again", show=False),
        Binding("x", "drop", show=False),
    ]
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
        """The outbox as it is now, with whose each thing is."""

        outgoing: tuple[Outgoing, ...]
        names: tuple[str, ...]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._shown: tuple[Outgoing, ...] = ()

    def compose(self) -> ComposeResult:
        """The list, and its keys under it."""
        with Vertical() as box:
            box.border_title = Content(_("Outbox"))
            yield OptionList(markup=False)
            yield Static(Content(_("t take back   s send again   x throw away   esc back")), markup=False)

    def on_mount(self) -> None:
        """Reads it."""
        self._fetch()

    def changed(self, _event: Event) -> None:
        """Reads it again when something changed."""
        self._fetch()

    @work(group="outbox", exclusive=True, exit_on_error=False)
    async def _fetch(self) -> None:
        outgoing = await self._session.outbox()
        names = []
        for out in outgoing:
            conversation = await self._session.conversation(out.key)
            patient = conversation.patient if conversation else None
            names.append(
                patient.name if patient else (conversation.title if conversation else _("an unknown conversation"))
            )
        self.post_message(self.Got(outgoing, tuple(names)))

    @on(Got)
    def got(self, event: Got) -> None:
        """Shows it; the cursor stays on what it was on."""
        options = self.query_one(OptionList)
        before = options.highlighted
        options.clear_options()
        self._shown = event.outgoing
        for out, name in zip(event.outgoing, event.names, strict=True):
            options.add_option(Option(self._line(out, name), id=out.id))
        if not event.outgoing:
            options.add_option(
                Option(Content(_("Nothing is on its way: all that you sent has arrived")), disabled=True)
            )
        elif before is not None:
            options.highlighted = min(before, len(event.outgoing) - 1)
        else:
            options.highlighted = 0

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
            told = reason_words(out.reason) + (f": {out.detail}" if out.detail else "")
            lines.append(for_display("       " + clip(told, *TOLD)[0], "italic", one_line=True))
        if out.text:
            beginning, cut = clip(" ".join(out.text.split()), BEGINNING, 1)
            lines.append(for_display(f"       {beginning}{' …' if cut else ''}", one_line=True))
        return Content("\n").join(lines)

    def _current(self) -> Outgoing | None:
        place = self.query_one(OptionList).highlighted
        return self._shown[place] if place is not None and place < len(self._shown) else None

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def action_take_back(self) -> None:
        """Takes it back; words go back to their draft."""
        if (out := self._current()) is None:
            return
        if await self._session.cancel(out.id):
            self.say(_("Taken back: the words are in your draft again"))
        else:
            self.say(_("It has left already and cannot be taken back"))
        self._fetch()

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def action_send_again(self) -> None:
        """Lets something that stopped go out after all."""
        if (out := self._current()) is None:
            return
        if out.state is Sending.NEEDS_YOU:
            title = Content(_("Send it all the same?"))
            body = for_display(
                reason_words(out.reason)
                + (f"\n{clip(out.detail, *TOLD)[0]}" if out.detail else "")
                + f"\n\n{clip(out.text, 400, 8)[0]}"
            )
            if await self.app.push_screen_wait(Ask(title, body, _("send"), _("go back"))):
                await self._session.retry(out.id)
        else:
            self._session.hurry()
        self._fetch()

    @work(group="dialog", exclusive=True, exit_on_error=False)
    async def action_drop(self) -> None:
        """Throws it away after asking."""
        if (out := self._current()) is None:
            return
        title = Content(_("Throw it away?"))
        body = for_display(clip(out.text, 400, 8)[0] or verb_word(out.verb))
        if await self.app.push_screen_wait(Ask(title, body, _("throw away"), _("keep"), kind="danger")):
            await self._session.discard(out.id)
        self._fetch()

    def action_close(self) -> None:
        """Goes back."""
        self.dismiss()
