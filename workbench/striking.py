"""Gives every key, paste and click to what it was struck for, however late the program comes to it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Final
from weakref import WeakKeyDictionary

from textual import events, work
from textual.app import App
from textual.screen import Screen
from textual.widgets import Input, TextArea

from screens.ask import Ask
from screens.dialog import Dialog
from screens.inbox import InboxScreen
from screens.reader import Reader
from screens.telling import Hearing
from widgets.composer import DraftArea
from widgets.glimpses import REACTION
from workbench.behind import Behind, too_soon
from workbench.type_ahead import PATIENCE, TypeAhead, Typed

if TYPE_CHECKING:
    from workbench.dialogue.key import Key
    from workbench.session import Session

LOOK: Final = 0.01
"""Seconds between two looks whether a text field has come."""
LEFT: Final = 1
"""The button of the mouse that clicks; the middle one pastes in many terminals, the right one is for a menu."""
ROUNDS: Final = 6
"""How often a key, and what it gives rise to, may go from a widget up to the program until it has had its effect."""


class Striking(App[int]):
    """Keeps what comes too early: for a text field that is on its way, or for what lies where a key goes."""

    def __init__(self, session: Session, remapped: Mapping[str, str]) -> None:
        """Nothing has been struck.

        Args:
            session: Told of every key.
            remapped: Remapped keys by command id.
        """
        super().__init__()
        self._session, self._remapped = session, remapped
        self._ahead = TypeAhead(remapped)
        self._behind = Behind(self, remapped)
        self._struck_on: WeakKeyDictionary[events.Key, tuple[Screen[object], int]] = WeakKeyDictionary()
        """On which screen a key was struck, and behind which click: it comes back from there, and may find another."""
        self._clicks = 0
        self._missed = float("-inf")
        """When a click was for nothing, in monotonic seconds."""
        self._pressed = 0, 0
        """Which button of the mouse was pressed last, and on which line of the screen."""

    async def on_event(self, event: events.Event) -> None:
        """Keeps what is typed for what comes: a text field, or what lies beneath a dialog; all else is Textual's."""
        if isinstance(event, events.AppBlur):
            return  # with the focus taken from it, what is being read would give way to what news put under the cursor
        if isinstance(event, events.MouseDown) and not event.is_forwarded:
            self._clicks += 1
            self._pressed = event.button, event.screen_offset.y
            if self._behind.clicked(event.screen_offset):
                self._left()
        if isinstance(event, events.MouseUp) and self._pressed != (LEFT, event.screen_offset.y):
            self._mouse_down_widget = None  # for Textual any button clicks, and wherever in a list it is let go
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
            if verbs and monotonic() - self._missed < REACTION:
                self.bell()
                return
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

    def on_conversation_list_missed(self) -> None:
        """Lets go of what is struck behind a click that was for nothing: it was for what the click was for."""
        self._missed = monotonic()
        self._behind.doubt()
        self.bell()

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
            await Striking.on_event(self, again)  # whoever takes note of what comes in has noted it already

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

    async def _struck(self) -> None:
        """Waits until every key struck so far has gone from the widget with the focus up to the program."""
        if not self.screen_stack:
            return  # nothing is on the screen yet
        for node in (self.focused or self.screen).ancestors_with_self:
            reached = asyncio.Event()
            if node.call_later(reached.set):
                await reached.wait()
