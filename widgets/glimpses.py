"""What lay where a moment ago, so that a click is for what the hand was sent to.

Rows move under a mouse that stands still: news comes in above, what was done leaves, a wheel turns on. Who presses just
then aimed at another conversation.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Final

REACTION: Final = 0.3
"""Seconds before which nobody can have answered to what was painted: to answer to something seen at all takes a quarter
of a second (Woods and others, "Factors influencing the latency of simple reaction time", 2015)."""


class Glimpses:
    """The last pictures of a list: what lay on each line of its view, None for nothing."""

    def __init__(self) -> None:
        self._pictures: list[tuple[float, Sequence[Hashable | None]]] = []

    def painted(self, lines: Sequence[Hashable | None], now: float) -> None:
        """Takes down a picture.

        Args:
            lines: What lies on each line of the view, from its top.
            now: Seconds of a clock that only rises.
        """
        if not self._pictures or self._pictures[-1][1] != lines:
            self._pictures.append((now, lines))
            self._forget(now)

    def moved(self, line: int, there: Hashable, now: float) -> bool:
        """Whether something else lay on a line so short a time ago that a click on it may have been for that.

        Args:
            line: Of the view, from its top.
            there: What lies on it now, painted or not.
            now: Seconds of the same clock.
        """
        self._forget(now)
        seen = [lines[line] for _when, lines in self._pictures if line < len(lines)]
        return any(each is not None and each != there for each in seen)

    def steady(self, now: float) -> bool:
        """Whether nothing has moved for so long that every click is for what lies there."""
        self._forget(now)
        return len(self._pictures) <= 1

    def _forget(self, now: float) -> None:
        """Keeps what stood on the screen at any time since nobody could have answered to it."""
        while len(self._pictures) > 1 and self._pictures[1][0] <= now - REACTION:
            del self._pictures[0]
