"""A program whose answers to keys are timed, and whose use of processor and memory is read from the system.

A time runs from just before a key is written to the read that brought the change: bytes are stamped when they are
read, and painted afterwards, so that the emulator's own slowness is in no figure. What the system says of the
program is read from `/proc`, so this works on Linux only.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic_ns as now
from typing import Final

from tests.terminal.harness import NS, Program

QUIET: Final = 0.03
"""Seconds without a change after which the answer to a key counts as whole."""
DISTURBED: Final = 300_000
"""Nanoseconds of waiting for a processor, by the program or by us, that make an answer's time worthless."""


@dataclass(frozen=True, slots=True)
class Answer:
    """How long a key took to change the picture, in ms."""

    first: float
    last: float
    calm: bool
    """Neither the program nor the measuring had to wait for a processor."""


class Watched(Program):
    """A program that is measured."""

    def time_key(self, *keys: str, until: Callable[[], bool] | None = None, seconds: float = 2.0) -> Answer | None:
        """Presses keys at once and times the answer from the last of them; None when nothing changed.

        Args:
            keys: All but the last only lead up to it.
            until: What must be so for the answer to have begun; any change when None.
            seconds: How long to wait for it.
        """
        self.paint()
        self.changes.clear()
        waited, own = self._waits(), _own_wait()
        pressed = self.press(*keys)
        begun = pressed if until is None else 0
        deadline = pressed + int(seconds * NS)
        while True:
            while self.read(QUIET):
                pass
            if begun == 0 and (self.paint(stop=until) if until else False):
                begun = self.seen_at
            self.paint()
            if (begun and self.changes) or now() > deadline:
                break
        if not begun or not self.changes:
            return None
        kept = max(_own_wait() - own, *(after - waited.get(task, 0) for task, after in self._waits().items()))
        first = self.changes[0] if until is None else begun
        return Answer((first - pressed) / 1e6, (end(self.changes, first) - pressed) / 1e6, kept < DISTURBED)

    def busy(self) -> int:
        """Nanoseconds of processor the program has used so far."""
        return sum(int(line.split()[0]) for line in self._schedule().values())

    def memory(self) -> float:
        """The most memory the program has held so far, in MB."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii", errors="replace")
        found = re.search(r"VmHWM:\s+(\d+)", status)
        assert found is not None
        return int(found[1]) * 1024 / 1e6

    def _schedule(self) -> dict[str, str]:
        folder = Path(f"/proc/{self.pid}/task")
        found = {}
        for task in os.listdir(folder):  # noqa: PTH208 - names are wanted
            try:
                found[task] = (folder / task / "schedstat").read_text()
            except OSError:
                continue  # the thread has ended
        return found

    def _waits(self) -> dict[str, int]:
        return {task: int(line.split()[1]) for task, line in self._schedule().items()}


def end(changes: Sequence[int], first: int) -> int:
    """The last change of an answer: no pause as long as `QUIET` lies before it, counted from its first.

    Told by when bytes came: what came while the emulator was painting seemed to come without a pause.

    Args:
        changes: When cells changed, in ns, rising.
        first: Where the answer begins.
    """
    last = first
    for change in changes:
        if change > last + QUIET * NS:
            break
        last = max(last, change)
    return last


def _own_wait() -> int:
    return int(Path("/proc/thread-self/schedstat").read_text().split()[1])
