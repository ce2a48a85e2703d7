"""Where the user is, as colleagues may know it: at what is on the screen, while somebody sits before it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from workbench.dialogue.key import Key
from workbench.dialogue.presence import Doing

AWAY: Final = 600.0
"""Seconds without a key after which nobody is taken to sit there any more."""


class Attendance:
    """Passes on where the user is, and that they have gone when no key has come for long."""

    def __init__(self, tell: Callable[[Key | None, Doing], None], monotonic: Callable[[], float]) -> None:
        """Nobody is anywhere yet.

        Args:
            tell: Told where the user is; from any thread.
            monotonic: Seconds that only rise.
        """
        self._tell = tell
        self._now = monotonic
        self._at: tuple[Key | None, Doing] = (None, Doing.READING)
        self._last_key = monotonic()
        self._away = False

    def come(self, key: Key | None, doing: Doing) -> None:
        """Another conversation is on the screen, or none, or something else is done there."""
        if (key, doing) != self._at:
            self._at = (key, doing)
            if not self._away:
                self._tell(key, doing)

    def key(self) -> None:
        """A key was pressed: somebody is there."""
        self._last_key = self._now()
        if self._away:
            self._away = False
            self._tell(*self._at)

    def look(self) -> None:
        """Looks whether anybody is still there."""
        if not self._away and self._now() - self._last_key > AWAY:
            self._away = True
            self._tell(None, Doing.READING)
