"""Keys struck behind one that goes elsewhere: they are for where it goes, once one is there.

It leaves a dialog or a search, or goes to another pane, list or screen, and that takes a moment. Given to what has the
focus still, the keys behind would narrow down a choice that was just made, or be searched for; and the words behind a
verb that was lost that way would be verbs themselves. Struck behind the enter that opens a conversation, an arrow would
move the list's cursor, and a reply be written to the patient it came to. What follows a key that leaves a draft
`TypeAhead` keeps.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from textual import events
from textual.app import App
from textual.errors import NoWidget
from textual.geometry import Offset
from textual.widgets import Input, TextArea

from screens.ask import Ask
from screens.dialog import Leaving
from screens.inbox import InboxScreen
from workbench.commands import COMMANDS, by_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.type_ahead import Typed

ENDS: Final = frozenset({"enter", "escape"})
"""Keys that leave a dialog, or a line to type in."""
GOES: Final = ("enter", "tab", "shift+tab")
"""Keys that go from one pane of the inbox to another; those that the registry knows of come with them."""


class Behind:
    """Keeps keys while one goes elsewhere."""

    def __init__(self, app: App[int], remapped: Mapping[str, str]) -> None:
        self._app = app
        ends = by_id("quit")
        self._quit = frozenset(remapped.get(ends.id, ",".join(ends.keys)).split(","))
        going = [remapped.get(each.id, ",".join(each.keys)).split(",") for each in COMMANDS if each.goes]
        self._goes = frozenset(key.strip() for keys in (GOES, *going) for key in keys)
        self._kept: list[Typed] | None = None
        self._key = ""
        self._from: object = None
        self._doubted = False
        self._at: Offset | None = None

    def clicked(self, at: Offset) -> bool:
        """Whether the mouse, which waits for nothing, goes elsewhere too; from then on keys are kept.

        Where some are kept already, or one is going elsewhere still, whom they are struck for cannot be told; but the
        second click of a pair goes where the first one did, and a click into a text has its focus at once.
        """
        text = isinstance(self._under(at), Input | TextArea)
        if self._kept is None:
            begins = isinstance(self._app.screen, InboxScreen) and not text
            if begins:
                self._begin("", at)
            return begins
        if self._kept or self._key or not (text or at == self._at):
            self.doubt()
        return False

    def _under(self, at: Offset) -> object:
        try:
            return self._app.get_widget_at(at.x, at.y)[0]
        except NoWidget:
            return None

    def doubt(self) -> None:
        """A click went before a key that was struck before it: what is kept is for nothing."""
        self._doubted = True

    @property
    def waiting(self) -> bool:
        """Whether keys are kept."""
        return self._kept is not None

    def takes(self, event: Typed) -> bool:
        """Whether a key or a paste is kept, since one is going elsewhere."""
        if self._kept is None or (not self._kept and isinstance(event, events.Key) and event.key in self._quit):
            return False  # who ends the program at once is told of what could not be done, and stays
        if self._kept or not self._once_more(event):
            self._kept.append(event)
        return True

    def _once_more(self, event: Typed) -> bool:
        """Whether it is the key that leaves a dialog, struck again while that is still there: it was for that."""
        there = isinstance(self._from, Leaving) and self._from in self._app.screen_stack
        return there and isinstance(event, events.Key) and event.key == self._key

    def begins(self, event: Typed) -> bool:
        """Whether a key goes elsewhere; from then on keys are kept."""
        if not isinstance(event, events.Key) or event.key not in self._ways_out:
            return False
        self._begin(event.key)
        return True

    def _begin(self, key: str, at: Offset | None = None) -> None:
        self._kept, self._key, self._from, self._at, self._doubted = [], key, self._app.screen, at, False

    @property
    def _ways_out(self) -> frozenset[str]:
        """The keys that go elsewhere from what has the focus."""
        screen, focused = self._app.screen, self._app.focused
        if isinstance(focused, Input) or isinstance(screen, Leaving):
            return ENDS
        return self._goes if isinstance(screen, InboxScreen) and not isinstance(focused, TextArea) else frozenset()

    @property
    def settled(self) -> bool:
        """Whether what was struck has had its effect, as far as the screen on top knows."""
        screen = self._app.screen
        if isinstance(screen, InboxScreen):
            return screen.arrived  # what was searched for or opened, or was there before
        return screen is self._from or self._app.focused is not None  # a dialog that stays asks nothing new

    def over(self) -> Sequence[Typed]:
        """One is there, or is not: gives what was kept for what has the focus now."""
        kept, self._kept, self._from = self._kept or [], None, None
        if (kept and self._doubted) or any(too_soon(each, self._app.screen) for each in kept):
            self._app.bell()
            return ()
        return kept


def too_soon(struck: Typed, screen: object) -> bool:
    """Whether something was struck before the question on the screen could be seen: it is no answer, but to go back."""
    if not isinstance(screen, Ask) or (isinstance(struck, events.Key) and struck.key == "escape"):
        return False
    return not screen.seen_by(struck)
