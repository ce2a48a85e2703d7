"""Any command in a pseudo-terminal of a given size, with keys going in and a picture coming out.

Nothing here sleeps: every wait is for something on the screen, for silence, or for the end of the program.
"""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from time import monotonic_ns as now
from types import TracebackType
from typing import Final, Self, TypeVar

from tests.terminal.emulator import KITTY_ALL_KEYS, Emulator
from tests.terminal.keys import encode

ROOT: Final = Path(__file__).parents[2]
PATIENCE: Final = 20.0
"""Seconds to wait for something before the test is failed."""
WORKBENCH: Final = (sys.executable, "-m", "workbench")
NS: Final = 1_000_000_000
SLICE: Final = 8_000_000
"""Nanoseconds of painting at a time while the program still writes, so that it is not held up by a full terminal."""

Seen = TypeVar("Seen")


class Ended(Exception):  # noqa: N818 - it is no error when a test waits for it
    """The program closed its terminal."""


class Unseen(AssertionError):  # noqa: N818 - tests read it as a sentence
    """What was waited for did not come; the message holds the screen."""


class Program:
    """A running program and the terminal it runs in."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        env: Mapping[str, str],
        size: tuple[int, int] = (120, 40),
        cwd: Path = ROOT,
        kitty: bool = False,
        colours: bool = False,
    ) -> None:
        """Starts a program.

        Args:
            command: Program and arguments.
            env: Its whole environment; `PATH` is added.
            size: Columns and lines.
            cwd: Folder it starts in.
            kitty: Whether the terminal speaks the kitty keyboard protocol.
            colours: Whether a change of colour alone is a change.
        """
        self.terminal = Emulator(*size, kitty=kitty, colours=colours)
        self.output = bytearray()
        """All bytes the program has written."""
        self.changes: list[int] = []
        """Times (monotonic ns) of the reads that changed the picture, since this was last cleared."""
        self.seen_at = 0
        """Time (monotonic ns) of the read that brought what was last waited for."""
        self.status: int | None = None
        """Exit code once it has ended; negative for a signal."""
        self._unpainted: list[tuple[int, bytes]] = []
        self._open = True
        self.pid, self._terminal, self.started = _spawn(command, {"PATH": os.environ["PATH"], **env}, size, cwd)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if isinstance(error, Exception) and not isinstance(error, Unseen):
            error.add_note(self.shown())
        self.close()

    # -- looking

    @property
    def screen(self) -> str:
        """The picture as text, of all that has been read."""
        self.paint()
        return self.terminal.text

    def shown(self) -> str:
        """The picture in a frame, for messages."""
        rule = "─" * self.terminal.columns
        return "\n".join([f"┌{rule}┐", *[f"│{line}│" for line in self.screen.split("\n")], f"└{rule}┘"])

    def wait(self, pattern: str, seconds: float = PATIENCE) -> re.Match[str]:
        """Waits until a pattern is on the screen.

        Raises:
            Unseen: It did not come, or the program ended first.
        """
        wanted = re.compile(pattern, re.MULTILINE)
        found = self.wait_until(lambda: wanted.search(self.terminal.text), f"{pattern!r}", seconds)
        assert found is not None
        return found

    def wait_gone(self, pattern: str, seconds: float = PATIENCE) -> None:
        """Waits until a pattern is not on the screen any more.

        Raises:
            Unseen: It stayed, or the program ended first.
        """
        unwanted = re.compile(pattern, re.MULTILINE)
        self.wait_until(lambda: not unwanted.search(self.terminal.text), f"the end of {pattern!r}", seconds)

    def wait_until(self, look: Callable[[], Seen], name: str, seconds: float = PATIENCE) -> Seen:
        """Waits until a look at the picture gives something true, and returns it.

        Raises:
            Unseen: It did not, or the program ended first; `name` tells what was waited for.
        """
        seen: list[Seen] = [look()]

        def hit() -> bool:
            seen[0] = look()
            return bool(seen[0])

        deadline, self.seen_at = now() + int(seconds * NS), now()
        if seen[0] or self.paint(stop=hit):
            return seen[0]
        painted = now()
        try:
            while now() < deadline:
                came = self.read(0.004 if self._unpainted else 0.05)
                if self._unpainted and (not came or now() - painted > 100_000_000):
                    painted = now()
                    if self.paint(stop=hit, budget=SLICE):
                        return seen[0]
        except Ended:
            if self.paint(stop=hit):
                return seen[0]
            raise Unseen(f"the program ended before {name} was seen:\n{self.shown()}") from None
        if self.paint(stop=hit):
            return seen[0]
        raise Unseen(f"{name} was not seen in {seconds} s:\n{self.shown()}")

    def settle(self, quiet: float = 0.15, seconds: float = PATIENCE) -> None:
        """Reads until the program has written nothing for `quiet` seconds."""
        deadline = now() + int(seconds * NS)
        with suppress(Ended):
            while now() < deadline and self.read(quiet):
                pass
        self.paint()

    @property
    def cooked(self) -> bool:
        """Whether the system edits lines and echoes keys, as a shell expects it."""
        both = termios.ICANON | termios.ECHO
        return bool(termios.tcgetattr(self._terminal)[3] & both == both)

    # -- doing

    def press(self, *keys: str) -> int:
        """Presses keys one after the other; the time (monotonic ns) of the last."""
        at = now()
        for key in keys:
            kitty = self.terminal.kitty and bool(self.terminal.keyboard[-1] & KITTY_ALL_KEYS)
            data = encode(key, application=bool(self.terminal.modes.get(1)), kitty=kitty)
            at = now()
            self.write(data)
        return at

    def type(self, text: str) -> None:
        """Types words, one key a character."""
        self.press(*text)

    def paste(self, text: str) -> None:
        """Pastes text the way a terminal does when the program asked to be told of pastes."""
        self.write(b"\x1b[200~" + text.encode() + b"\x1b[201~")

    def write(self, data: bytes) -> None:
        """Gives the program bytes as they are."""
        while data:
            data = data[os.write(self._terminal, data) :]

    def resize(self, columns: int, lines: int) -> None:
        """Gives the terminal another size; the program is told as the system does."""
        self.terminal.resize(columns, lines)
        fcntl.ioctl(self._terminal, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def signal(self, number: int) -> None:
        """Sends the program a signal."""
        os.kill(self.pid, number)

    def kill(self) -> None:
        """Ends the program as a power cut would."""
        self.signal(signal.SIGKILL)
        self.ended()

    def hang_up(self) -> None:
        """Closes the terminal under the program, as a lost connection does."""
        self._open = False
        os.close(self._terminal)

    def ended(self, seconds: float = PATIENCE) -> int:
        """Waits for the end of the program; its exit code, negative for a signal.

        Raises:
            Unseen: It still runs.
        """
        deadline = now() + int(seconds * NS)
        while self.status is None:
            pid, status, _usage = os.wait4(self.pid, os.WNOHANG)
            if pid:
                self.status = os.waitstatus_to_exitcode(status)
                break
            if now() > deadline:
                raise Unseen(f"the program still runs after {seconds} s:\n{self.shown()}")
            if self._open:
                with suppress(Ended):
                    self.read(0.02)
                    continue
            select.select([], [], [], 0.005)
        return self.status

    def close(self) -> None:
        """Ends the program whatever it does, and closes the terminal."""
        if self.status is None:
            with suppress(ProcessLookupError):
                self.signal(signal.SIGKILL)
            self.ended()
        if self._open:
            self.hang_up()

    # -- bytes

    def read(self, seconds: float) -> bool:
        """Reads once, answering what the program asks its terminal; whether anything came.

        Raises:
            Ended: The program has closed its terminal.
        """
        ready, _, _ = select.select([self._terminal], [], [], seconds)
        if not ready:
            return False
        try:
            data = os.read(self._terminal, 65536)
        except OSError:
            data = b""
        at = now()
        if not data:
            raise Ended
        self.output += data
        self._unpainted.append((at, data))
        if said := self.terminal.answer(data, self._cursor):
            self.write(said)
        return True

    def paint(self, *, stop: Callable[[], bool] | None = None, budget: int | None = None) -> bool:
        """Paints what has been read.

        Args:
            stop: Asked after every change; painting ends when it says yes.
            budget: Nanoseconds after which painting ends with the rest undone.

        Returns:
            Whether `stop` said yes; `seen_at` is then the time of the read that brought it.
        """
        begun = now()
        while self._unpainted:
            at, data = self._unpainted.pop(0)
            if self.terminal.feed(data):
                self.changes.append(at)
                if stop and stop():
                    self.seen_at = at
                    return True
            if budget and now() - begun > budget:
                break
        return False

    def _cursor(self) -> tuple[int, int]:
        self.paint()
        return self.terminal.cursor


def _spawn(command: Sequence[str], env: Mapping[str, str], size: tuple[int, int], cwd: Path) -> tuple[int, int, int]:
    """Starts a program in a new terminal: process id, our end of the terminal, time just before it was executed."""
    stamp, stamped = os.pipe()
    pid, terminal = pty.fork()
    if pid == 0:
        try:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", size[1], size[0], 0, 0))
            _leave_output_as_it_is()
            os.chdir(cwd)
            os.write(stamped, struct.pack("q", now()))
            os.execvpe(command[0], list(command), dict(env))
        except BaseException as error:  # noqa: BLE001 - the child must never return into the tests
            os.write(2, f"{command[0]}: {error}\r\n".encode())
        os._exit(127)
    os.close(stamped)
    (started,) = struct.unpack("q", os.read(stamp, 8))
    os.close(stamp)
    return pid, terminal, started


def _leave_output_as_it_is() -> None:
    """Has the system put no carriage returns into what the program writes, so that only its own are counted."""
    settings = termios.tcgetattr(0)
    settings[1] &= ~termios.OPOST
    termios.tcsetattr(0, termios.TCSANOW, settings)
