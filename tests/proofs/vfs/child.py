"""Does something in a process of its own, so that the disk it is given is nobody else's."""

from __future__ import annotations

import os
import pickle
import signal
import sys
import traceback
from collections.abc import Callable
from typing import Any, TypeVar

T = TypeVar("T")


class Died(Exception):  # noqa: N818 - says what happened
    """The process ended without an answer; its text says how."""


def in_child(work: Callable[[], T]) -> T:
    """What some work gives, done in a fork of this process.

    Raises:
        Died: It crashed, or raised what it should not have.
    """
    return begun(work)()


def begun(work: Callable[[], T]) -> Callable[[], T]:
    """Begins some work in a fork of this process; what is returned waits for it and gives what it gave."""
    reading, writing = os.pipe()
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        os.close(reading)
        code = 70
        try:
            signal.alarm(1200)
            answer = pickle.dumps((True, work()))
            code = 0
        except BaseException:  # noqa: BLE001 - told to the parent
            answer = pickle.dumps((False, traceback.format_exc()))
        with os.fdopen(writing, "wb") as pipe:
            pipe.write(answer)
        os._exit(code)
    os.close(writing)
    return lambda: _waited(child, reading)


def _waited(child: int, reading: int) -> Any:
    with os.fdopen(reading, "rb") as pipe:
        told = pipe.read()
    _, status = os.waitpid(child, 0)
    if not told:
        raise Died(f"it ended with {os.waitstatus_to_exitcode(status)} and no answer")
    well, answer = pickle.loads(told)
    if not well:
        raise Died(str(answer))
    return answer
