"""Keeps the last picture standing until what a key brings is whole, so that one is painted for it and not two."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any, Final

from textual.geometry import Size
from textual.screen import Screen

from widgets.later import Later

LONGEST: Final = 0.1
"""Seconds for which nothing is painted at most; below what is felt as a pause (Nielsen, Response times, 1993)."""


class OnePicture:
    """Holds painting back for a moment at most. To be used from the screen's own handlers only."""

    def __init__(self, screen: Screen[Any]) -> None:
        """Nothing is held back."""
        self._screen = screen
        self._held = ExitStack()
        self._size: Size | None = None
        """Of the screen when painting was first held back; None while it is not."""
        self._end = Later(screen.set_timer)

    def hold(self) -> None:
        """Paints nothing until `paint`, or until a moment has passed since it was first asked for."""
        if self._size is not None:
            return
        self._size = self._screen.size
        self._held.enter_context(self._screen.app.batch_update())
        self._end.put_off(LONGEST, self.paint)

    def paint(self) -> None:
        """Paints all that has come together; does nothing when nothing is held back."""
        size, self._size = self._size, None
        if size is None:
            return
        self._end.drop()
        self._held.close()
        if self._screen.size != size:
            self._screen.refresh()  # what Textual laid out meanwhile for another size it has not painted
        self._screen.check_idle()
