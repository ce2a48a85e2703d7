"""Children forked from a process that has loaded everything, and what they say on a pipe until they are killed."""

from __future__ import annotations

import json
import os
import select
import signal
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Told:
    """One thing a child said."""

    what: str
    values: dict[str, Any]


class Say(Protocol):
    """Tells the parent something."""

    def __call__(self, what: str, **values: Any) -> None:
        """Tells it, with what belongs to it."""


class Tell:
    """The child's end of the pipe. Each thing is one line in one write, so that a kill leaves whole lines or none."""

    def __init__(self, pipe: int) -> None:
        self._pipe = pipe

    def __call__(self, what: str, **values: Any) -> None:
        line = json.dumps({"what": what, **values}).encode() + b"\n"
        while line:
            line = line[os.write(self._pipe, line) :]


class Forked:
    """A child that works until it is killed or ends."""

    def __init__(self, work: Callable[[Say], None]) -> None:
        """Forks; nothing here may run a thread at that moment.

        Args:
            work: What the child does; an exception is told as `broken`.
        """
        self._pipe, pipe = os.pipe()
        self._rest = b""
        self.told: list[Told] = []
        self.ended = False
        """It has closed its pipe: nothing more will come."""
        self.pid = os.fork()
        if self.pid == 0:
            code = 1
            try:
                os.close(self._pipe)
                work(Tell(pipe))
                code = 0
            except BaseException:  # noqa: BLE001 - whatever it was, the parent is told
                Tell(pipe)("broken", trace=traceback.format_exc())
            finally:
                os._exit(code)
        os.close(pipe)

    def listen(self, until: float, stop: Callable[[Told], bool] = lambda _: False) -> bool:
        """Takes in what it says until a moment (monotonic seconds), its end, or what `stop` says yes to.

        Returns:
            Whether `stop` said yes.
        """
        while not self.ended:
            left = until - monotonic()
            if left <= 0 or not select.select([self._pipe], [], [], left)[0]:
                return False
            for told in self._read():
                if stop(told):
                    return True
        return False

    def signal(self, number: int) -> None:
        """Sends it a signal."""
        os.kill(self.pid, number)

    def kill(self) -> None:
        """Kills it wherever it is, and takes in what it had said by then."""
        self.signal(signal.SIGKILL)
        self.wait()

    def wait(self) -> int:
        """Waits for its end; its exit code, negative for a signal."""
        _, status = os.waitpid(self.pid, 0)
        while not self.ended:
            self._read()
        os.close(self._pipe)
        return os.waitstatus_to_exitcode(status)

    def _read(self) -> list[Told]:
        data = os.read(self._pipe, 1 << 16)
        self.ended = not data
        *lines, self._rest = (self._rest + data).split(b"\n")
        new = [Told(told.pop("what"), told) for told in map(json.loads, lines)]
        self.told += new
        return new
