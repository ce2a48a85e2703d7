"""Screens that give something back, and are left once."""

from __future__ import annotations

from typing import Final

from textual.await_complete import AwaitComplete
from textual.message import Message
from textual.screen import ModalScreen, Screen, ScreenResultType

from screens.sized import Sized
from widgets.scrolling import Scroller

AROUND: Final = 6
"""Lines of a box that are not its text: border, padding, and the keys with the line above them."""


def fit(screen: Screen[ScreenResultType]) -> None:
    """Gives the text of a box what its keys leave of nine tenths of the screen.

    A box may be told its size before it has been put together, and left before it ever is.
    """
    for scroller in screen.query(Scroller):
        scroller.styles.max_height = max(screen.size.height * 9 // 10 - AROUND, 1)


class Leaving(Sized[ScreenResultType]):
    """A screen that is left once: Textual takes whatever lies on top off the stack for each `dismiss`.

    Two enters in one go would take the screen beneath as well, and the last one cannot be taken.
    """

    def dismiss(self, result: ScreenResultType | None = None) -> AwaitComplete:
        """Gives back a result and goes, unless it went already or another screen lies on it."""
        return super().dismiss(result) if self.is_active else AwaitComplete()


class Dialog(ModalScreen[ScreenResultType], Leaving[ScreenResultType]):
    """A box over the screen that asked for it, which stays in sight: looks are inherited from the first base alone."""

    shown_at: float | None = None
    """When it was first painted, in seconds of the clock that keys are stamped with."""

    def on_mount(self) -> None:
        """Remembers when it is painted: what is struck from then on is for it."""
        self.screen_layout_refresh_signal.subscribe(self, self._painted)

    def seen_by(self, struck: Message) -> bool:
        """Whether it was on the screen when something was struck."""
        return self.shown_at is not None and struck.time >= self.shown_at

    def _painted(self, _screen: object) -> None:
        if self.shown_at is None and self.focused is not None:
            self.shown_at = Message().time
