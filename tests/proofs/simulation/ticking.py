"""An event loop whose time passes only when nothing is left to do: hours cost milliseconds, and chance has no part."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class _Skipping(selectors.SelectSelector):
    """Never waits: it tells the time forward instead."""

    def __init__(self) -> None:
        super().__init__()
        self.seconds = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise RuntimeError("everybody waits for somebody else")
        self.seconds += max(timeout, 0.0)
        return []


class SkippingLoop(asyncio.SelectorEventLoop):
    """An event loop on simulated seconds, from 0."""

    def __init__(self) -> None:
        self._skipping = _Skipping()
        super().__init__(self._skipping)

    def time(self) -> float:
        """Simulated seconds since the loop was made."""
        return self._skipping.seconds


def simulate(work: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine to its end in simulated time."""
    with asyncio.Runner(loop_factory=SkippingLoop) as runner:
        return runner.run(work)
