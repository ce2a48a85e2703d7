"""The program on the screen: looks, keys, first screen, and what happens at the end."""

from __future__ import annotations

import asyncio
import gc
import signal
import traceback
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from rich.segment import Segments
from rich.text import Text
from textual import events, work
from textual.app import App
from textual.content import Content
from textual.driver import Driver
from textual.message import Message
from textual.screen import Screen
from textual.widgets import Input, TextArea

from screens.ask import Ask
from screens.choose import Choose
from screens.choose_me import ChooseMe
from screens.dialog import Dialog
from screens.help import HelpScreen
from screens.inbox import InboxScreen
from screens.reader import Reader
from screens.telling import Hearing
from widgets.composer import DraftArea
from widgets.picker import Choice
from widgets.problems import sentence
from workbench.behind import Behind, too_soon
from workbench.commands import ANYWHERE, INBOX, Command, bindings, by_id, in_place, key_of
from workbench.driver import tolerant_driver
from workbench.language import _
from workbench.theme import LOOKS
from workbench.type_ahead import PATIENCE, TypeAhead, Typed

if TYPE_CHECKING:
    from workbench.dialogue.key import Key
    from workbench.dialogue.status import Event
    from workbench.session import Session

HERE: Final = Path(__file__).parent
LOOK: Final = 0.01
"""Seconds between two looks whether a text field has come."""
STRUCK: Final = 2.0
"""Seconds that the end waits at most for keys that were struck before it."""
ROUNDS: Final = 6
"""How often a key, and what it gives rise to, may go from a widget up to the program until it has had its effect."""
LOADED: Final = 1.0
"""Seconds after which everything that is needed has been loaded."""
RARELY: Final = (50_000, 10, 10)
"""When Python looks for garbage. A page of a sync makes 100,000 values that go away by themselves; with Python's own
first number, 700, each page has all of them looked through several times, in the way of a key."""


class WorkbenchApp(App[int]):
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
        super().__init__()
        self._session, self._keeps, self._asks = session, keeps, False
        self._remapped = dict(keys or {})
        for theme in LOOKS:
            self.register_theme(theme)
        self.theme = look if look in {theme.name for theme in LOOKS} else LOOKS[0].name
        self.set_keymap(self._remapped)
        self._ahead = TypeAhead(self._remapped)
        self._behind = Behind(self, self._remapped)
        self._struck_on: WeakKeyDictionary[events.Key, tuple[Screen[object], int]] = WeakKeyDictionary()
        """On which screen a key was struck, and behind which click: it comes back from there, and may find another."""
        self._clicks = 0

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

    async def on_event(self, event: events.Event) -> None:
        """Keeps what is typed for what comes: a text field, or what lies beneath a dialog; all else is Textual's."""
        if isinstance(event, events.AppBlur):
            return  # with the focus taken from it, what is being read would give way to what news put under the cursor
        if isinstance(event, events.MouseDown) and not event.is_forwarded:
            self._clicks += 1
            if self._behind.clicked(event.screen_offset):
                self._left()
        if isinstance(event, events.Key):
            if not event.is_forwarded:
                self._struck_on[event] = self.screen, self._clicks
            elif self._outrun(event):
                self._behind.doubt()
                self._ring()
                return
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            if self._ahead.waiting and self._answers(event):
                self._let_go()
            if self._behind.takes(event):
                return
            if too_soon(event, self.screen):
                self.bell()
                return
            self._session.key(self._acts_on())
            begun = self._ahead.waiting
            verbs = isinstance(self.screen, InboxScreen) and not isinstance(self.focused, Input | TextArea)
            if self._ahead.takes(event, verbs=verbs, writing=isinstance(self.focused, DraftArea), now=monotonic()):
                return
            if self._ahead.waiting and not begun:
                self._await_field()
            if self._behind.begins(event):
                self._left()
        await super().on_event(event)

    def _outrun(self, event: events.Key) -> bool:
        """Whether what a key was for has gone: a screen was left, or a click, which is faster, went elsewhere.

        Or a question has come, which nobody had seen when the key was struck.
        """
        screen, clicks = self._struck_on.get(event, (self.screen, self._clicks))
        unseen = isinstance(self.screen, Ask) and self.screen is not screen
        return unseen or screen not in self.screen_stack or clicks != self._clicks

    def _ring(self) -> None:
        """Rings for a key that is for nothing; words behind it are for nothing too."""
        if self._ahead.waiting and isinstance(self.screen, InboxScreen):
            self.screen.in_vain(self._ahead.verb)
        else:
            self.bell()

    @work(group="left", exit_on_error=False)
    async def _left(self) -> None:
        """Waits until what a key or a click leaves has been left, then hands over the keys behind it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                for _round in range(ROUNDS):
                    await self._struck()
                while self.screen_stack and not self._behind.settled:  # noqa: ASYNC110 - nobody else is told
                    await asyncio.sleep(LOOK)
        self.call_later(self._hand_over)

    async def _hand_over(self) -> None:
        if self.screen_stack:
            await self._strike_again(self._behind.over())

    def _acts_on(self) -> Key | None:
        """The conversation keys act on: beneath a dialog, the one it was opened for; in the outbox, none."""
        own: list[object] = [screen for screen in self.screen_stack if isinstance(screen, Hearing)]
        top = own[-1] if own else None
        return top.acts_on if isinstance(top, InboxScreen) else None

    def _field_comes(self, verb: str) -> None:
        """Keeps keys for the field of a verb that was picked, or that goes on where another screen was left."""
        if not self._ahead.waiting:
            self._ahead.begin(verb, monotonic())
            self._await_field()

    def _await_field(self) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, InboxScreen):
                screen.awaited = self._ahead.number
        self.set_timer(LOOK, self._look_for_field)

    async def _look_for_field(self) -> None:
        """Hands over what was typed once there is a field, and lets it go when there is none to come."""
        if not self.screen_stack or not self._ahead.waiting:
            return  # the program ends, or it has been told already that no field comes
        field = isinstance(self.focused, Input | TextArea)
        if field and not (self._ahead.beside and isinstance(self.focused, DraftArea)):
            await self._strike_again(self._ahead.arrived())
        elif self._elsewhere():
            self._let_go()
        elif self._ahead.gave_up(monotonic()):
            self.bell()
        else:
            self.set_timer(LOOK, self._look_for_field)

    def _answers(self, event: Typed) -> bool:
        """Whether a question was on the screen when it was struck: it is for that, however late the program looks."""
        screen, field = self.screen, isinstance(self.focused, Input | TextArea)
        return isinstance(screen, Dialog) and screen.seen_by(event) and not field and self._elsewhere()

    def _let_go(self) -> None:
        if self._ahead.arrived():
            self.bell()

    async def _strike_again(self, kept: Sequence[Typed]) -> None:
        """Gives what was kept to where it belongs; some of it may be kept once more, for what it opens itself."""
        for typed in kept:
            again: Typed = (
                events.Paste(typed.text) if isinstance(typed, events.Paste) else events.Key(typed.key, typed.character)
            )
            await WorkbenchApp.on_event(self, again)  # whoever takes note of what comes in has noted it already

    async def on_reader_obeyed(self, message: Reader.Obeyed) -> None:
        """Takes what followed a key of the composer for verbs, once that is left; for nothing where it stays open."""
        if not self._ahead.waits_for(message.command.replace("-", "_"), self._ahead.number):
            return
        kept = self._ahead.arrived()
        if message.left:
            await self._strike_again(kept)
        elif kept:
            self.bell()

    def _elsewhere(self) -> bool:
        """Whether another screen came first, in which nothing is typed, such as the outbox."""
        return not isinstance(self.screen, InboxScreen) and self.focused is not None

    async def on_inbox_verbs_no_field(self, message: InboxScreen.NoField) -> None:
        """Waits no longer for a verb's field; what was typed for it goes, since it is no verb, or is that one again."""
        kept = self._ahead.arrived() if self._ahead.waits_for(message.verb, message.number) else []
        if kept and message.again and isinstance(self.screen, InboxScreen) and self._ahead.opens(kept[0], message.verb):
            await self._strike_again(kept)
        elif kept or message.vain:
            self.bell()

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

    async def _struck(self) -> None:
        """Waits until every key struck so far has gone from the widget with the focus up to the program."""
        if not self.screen_stack:
            return  # nothing is on the screen yet
        for node in (self.focused or self.screen).ancestors_with_self:
            reached = asyncio.Event()
            if node.call_later(reached.set):
                await reached.wait()

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
