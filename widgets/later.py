"""One call that is put off until something has rested."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Stoppable(Protocol):
    """A timer that has been set."""

    def stop(self) -> None:
        """Keeps it from running out."""


class Later:
    """Holds at most one call that is put off; what was dropped or replaced is never made.

    A timer of Textual's puts its call in its widget's line when it runs out. Stopped after that, the call is still
    made: one that was taken back would then act, and stop the one that took its place.
    """

    def __init__(self, set_timer: Callable[[float, Callable[[], None]], Stoppable]) -> None:
        """Nothing is put off.

        Args:
            set_timer: Calls something after some seconds.
        """
        self._set_timer = set_timer
        self._timer: Stoppable | None = None
        self._turn = 0

    @property
    def waits(self) -> bool:
        """Whether a call is put off now."""
        return self._timer is not None

    def put_off(self, seconds: float, call: Callable[[], object]) -> None:
        """Makes a call after some seconds, in place of the one that waits."""
        self.drop()
        turn = self._turn

        def ripe() -> None:
            if turn == self._turn:
                self._timer = None
                call()

        self._timer = self._set_timer(seconds, ripe)

    def drop(self) -> None:
        """Forgets the call that waits."""
        self._turn += 1
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
