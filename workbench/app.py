"""The program on the screen: looks, keys, first screen, and what happens at the end."""

from __future__ import annotations

import asyncio
import gc
import signal
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from rich.segment import Segments
from rich.text import Text
from textual import work
from textual.content import Content
from textual.driver import Driver
from textual.message import Message
from textual.screen import Screen

from screens.ask import Ask
from screens.choose import Choose
from screens.choose_me import ChooseMe
from screens.help import HelpScreen
from screens.inbox import InboxScreen
from screens.telling import Hearing
from widgets.picker import Choice
from widgets.problems import sentence
from workbench.command import ANYWHERE, INBOX, Command
from workbench.commands import bindings, by_id, in_place, key_of
from workbench.driver import tolerant_driver
from workbench.language import _
from workbench.striking import Striking
from workbench.theme import LOOKS

if TYPE_CHECKING:
    from workbench.dialogue.key import Key
    from workbench.dialogue.status import Event
    from workbench.session import Session

HERE: Final = Path(__file__).parent
STRUCK: Final = 2.0
"""Seconds that the end waits at most for keys that were struck before it."""
LOADED: Final = 1.0
"""Seconds after which everything that is needed has been loaded."""
RARELY: Final = (50_000, 10, 10)
"""When Python looks for garbage. A page of a sync makes 100,000 values that go away by themselves; with Python's own
first number, 700, each page has all of them looked through several times, in the way of a key."""


class WorkbenchApp(Striking):
    """Composes screens over a session; holds no state of its own but the looks."""

    TITLE = "Dialogue workbench"
    CSS_PATH = HERE / "workbench.tcss"
    BINDINGS = bindings(ANYWHERE)
    ENABLE_COMMAND_PALETTE = False

    class SessionChanged(Message):
        """The session announced a change."""

        def __init__(self, event: Event) -> None:
            super().__init__()
            self.event = event

    def __init__(
        self, session: Session, *, keys: Mapping[str, str] | None = None, look: str = "fjord", keeps: bool = True
    ) -> None:
        """Prepares the program; nothing is read or drawn yet.

        Args:
            session: Owned from now on: started after the first picture, closed at the end.
            keys: Remapped keys by command id.
            look: Name of one of `workbench.theme.LOOKS`.
            keeps: What is unsent at the end is there the next time; else that is asked about before it is lost.
        """
        super().__init__(session, dict(keys or {}))
        self._keeps, self._asks = keeps, False
        for theme in LOOKS:
            self.register_theme(theme)
        self.theme = look if look in {theme.name for theme in LOOKS} else LOOKS[0].name
        self.set_keymap(self._remapped)

    def get_driver_class(self) -> type[Driver]:
        """The platform's driver, tolerant of wrong bytes."""
        return tolerant_driver(super().get_driver_class())

    def get_default_screen(self) -> Screen[None]:
        """The inbox, from what is held."""
        screen = InboxScreen(self._session, self._remapped, self._field_comes)
        # The size is known: found out by the screen once it is mounted, every widget would be styled once more.
        sizes = (screen.HORIZONTAL_BREAKPOINTS, self.size.width), (screen.VERTICAL_BREAKPOINTS, self.size.height)
        for breakpoints, size in sizes:
            screen.add_class(next(name for least, name in reversed(breakpoints) if size >= least))
        return screen

    def on_mount(self) -> None:
        """Listens to the session and to signals that end the program."""
        self._session.listen(self._announce)
        loop = asyncio.get_running_loop()
        loop.call_later(LOADED, _collect_again)
        for name in ("SIGTERM", "SIGHUP", "SIGINT"):
            if hasattr(signal, name):
                loop.add_signal_handler(getattr(signal, name), self._end_by_signal)

    async def on_listing_standing(self) -> None:
        """Begins to speak with the portals, once the list can be used: loading the client takes as long as the rest."""
        await self._session.start()
        if self._session.cache_was_damaged:
            self.notify(sentence("cache-anew"), severity="warning", timeout=20, markup=False)
        self._ask_who([portal for portal, me in self._session.people.items() if not me.reference])

    @work(group="who", exit_on_error=False)
    async def _ask_who(self, portals: Sequence[str]) -> None:
        """Asks for one portal after the other, as each has people of its own."""
        for portal in portals:
            chosen = await self.push_screen_wait(ChooseMe(self._session, portal))
            if chosen is not None:
                await self._session.act_as(chosen)

    def _announce(self, event: Event) -> None:
        self.post_message(self.SessionChanged(event))

    def on_workbench_app_session_changed(self, message: SessionChanged) -> None:
        """Passes a change on to the screens that show something of it."""
        for screen in self.screen_stack:
            if isinstance(screen, Hearing):
                screen.changed(message.event)

    @work(group="palette", exclusive=True)
    async def action_palette(self) -> None:
        """Lists every verb that can be done here, with its key, and does the one that is picked."""
        screen = self.screen
        if not isinstance(screen, InboxScreen):
            self.bell()
            return
        at = screen.stands_on  # the list moves on while one types, and a verb is for what was seen
        able = [c for c in in_place(INBOX, ANYWHERE) if c.id != "palette"]
        choices = [Choice(c.id, _(c.help), key_of(c, self._remapped)) for c in able]
        picked = await self.push_screen_wait(Choose(Content(_("Verbs")), choices))
        if picked is not None:
            await self._do_picked(by_id(picked), screen, at)

    async def _do_picked(self, command: Command, screen: InboxScreen, at: Key | None) -> None:
        if command.on_one and screen.stands_on != at:
            screen.say(_("What you stood on has left the list meanwhile: nothing was done"))
            return
        if command.opens:
            self._field_comes(command.action)
        await self.run_action(command.action, self if command.place == ANYWHERE else screen)

    def action_help(self) -> None:
        """Shows all keys."""
        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self._remapped))

    def action_change_look(self) -> None:
        """Goes to the next look."""
        names = [theme.name for theme in LOOKS]
        self.theme = names[(names.index(self.theme) + 1) % len(names)] if self.theme in names else names[0]

    async def action_quit(self) -> None:
        """Ends the program as its own key does."""
        self.action_leave_program()

    def action_leave_program(self) -> None:
        """Saves what is written and ends the program, once the keys that were struck before have had their effect.

        Not from within the key: most keys do what they do only when they come back from the widget that has the focus.
        """
        self.run_worker(self._leave(asks=not self._keeps), group="end", exit_on_error=False)

    async def _leave(self, *, asks: bool = False) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(STRUCK):
                for _round in range(2):  # what a choice gives back comes after the key that picked it
                    await self._struck()
        for screen in self.screen_stack:
            if isinstance(screen, InboxScreen) and not await screen.finish():
                return
        if not asks or await self._may_lose():
            self.exit(0)

    async def _may_lose(self) -> bool:
        """Whether nothing is unsent in a store that is forgotten at the end, or the user lets go of it."""
        if self._asks:
            return False
        outbox, drafts = self._session.status.outbox, await self._session.drafts()
        unsent = outbox.waiting + outbox.unknown + outbox.needs_you
        if not drafts and not unsent:
            return True
        told = _("This run keeps nothing on this machine, so this is lost: {unsent} in the outbox, {drafts} as drafts")
        body = Content(told.format(unsent=unsent, drafts=drafts))
        title = Content.styled(_("Leave, and lose what is unsent?"), "bold")
        self._asks = True
        try:
            return await self.push_screen_wait(Ask(title, body, _("leave"), _("go back"), kind="danger"))
        finally:
            self._asks = False

    def _end_by_signal(self) -> None:
        self.run_worker(self._leave(), group="end", exit_on_error=False)

    async def on_unmount(self) -> None:
        """Closes the session; what is in the outbox stays there."""
        await self._session.close()

    def _fatal_error(self) -> None:
        """Says that the program failed, without a word of what it held: Textual would print local variables."""
        self._exit_renderables.append(Segments(self.console.render(Text(_last_words()), self.console.options)))
        self._close_messages_no_wait()

    def panic(self, *_renderables: object) -> None:
        """Ends the program without printing what it was given."""
        self._fatal_error()


def _collect_again() -> None:
    """Looks for garbage from now on, leaving out what was loaded."""
    gc.freeze()
    gc.set_threshold(*RARELY)
    gc.enable()


def _last_words() -> str:
    import sys

    kind, _value, trace = sys.exc_info()
    frames = traceback.extract_tb(trace)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
    name = kind.__name__ if kind else "error"
    return _("The program had to stop ({name} at {where}). Drafts and outbox are kept: start it again.").format(
        name=name, where=where
    )
