"""Work behind the screen gives way to the keys: both run in one interpreter, and a page of a sync is long work."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final

HUSH: Final = 0.04
"""Seconds after a key in which its picture is made; a picture takes some 10 ms of an idle machine."""
TYPING: Final = 0.5
"""Seconds after a key in which another one is likely: a pause between words is no end of typing."""
LONGEST: Final = 1.0
"""Seconds for which work waits at most while keys keep coming, as when one is held down."""
WORKED: Final = 0.05
"""Seconds of work after so long a wait, before keys are given way to again."""


class Courtesy:
    """Told of every key by the screen's thread, asked by the one that works. Neither waits for a lock."""

    def __init__(
        self, monotonic: Callable[[], float] = time.monotonic, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        """Nobody has typed yet.

        Args:
            monotonic: Seconds that only rise.
            sleep: Lets the calling thread wait for some seconds.
        """
        self._now = monotonic
        self._sleep = sleep
        self._key = -TYPING
        self._works_until = 0.0

    def key(self) -> None:
        """A key was pressed."""
        self._key = self._now()

    @property
    def typing(self) -> bool:
        """Whether somebody is in the middle of typing."""
        return self._now() - self._key < TYPING

    def give_way(self) -> None:
        """Waits while a key is being answered; costs nothing when none is. Blocks at most `LONGEST` seconds."""
        begun = now = self._now()
        while (left := self._key + HUSH - now) > 0 and now >= self._works_until:
            self._sleep(left)
            now = self._now()
            if now - begun >= LONGEST:
                self._works_until = now + WORKED
