"""The terminal's two directions, made to survive what Textual's own do not."""

from __future__ import annotations

import codecs
import os
import select
import selectors
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Final, TextIO

from workbench.keyboard import STEP, Keyboard, Pasted

if TYPE_CHECKING:
    from textual.driver import Driver

READ: Final = 4096
"""Bytes at most in one read."""
MOST: Final = 30
"""Writes that may wait for the terminal; with so many, Textual itself stands still until it takes them."""
TAKES: Final = 2.0
"""Seconds that a terminal has at the end to take what is left."""
LARGE: Final = 1024
"""A read of at least so many bytes, with more waiting behind it, is one burst with what follows."""


def tolerant_driver(usual: type[Driver]) -> type[Driver]:
    """The usual driver, but one that a terminal cannot confuse, end or block.

    Textual ends the program on the first byte that is not UTF-8, types a terminal's answers into the text, takes
    keys from inside a paste, reads on for ever from a terminal that is gone, and stops for ever writing to one. After
    a stop it leaves the screen empty, and where it was not asked to stop, it listens twice and never ends. While a
    terminal takes nothing, as on a connection that hangs, it stands still: nothing is saved, and no signal ends it.

    Args:
        usual: What Textual would use on this platform.

    Returns:
        A subclass on Linux and macOS; on Windows, where keys do not come as bytes, `usual` itself.
    """
    if sys.platform == "win32":
        return usual
    from textual.drivers.linux_driver import LinuxDriver

    if not issubclass(usual, LinuxDriver):
        return usual

    class TolerantDriver(usual):  # type: ignore[misc, valid-type]
        attrs_before: list[Any] | None

        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            self._owes, self._skips = False, False
            if sys.__stderr__ is not None:
                self._file = Unbreakable(sys.__stderr__, self._all_taken)
            self.hearing = Hearing()
            self._is_back = False
            self._loop.add_signal_handler(signal.SIGTSTP, self._stops)
            self._loop.add_signal_handler(signal.SIGCONT, self._was_continued)

        def run_input_thread(self) -> None:
            _listen(self, self.hearing)

        def start_application_mode(self) -> None:
            super().start_application_mode()
            self._owes, self._skips = False, True
            self._writer_thread._queue.maxsize = 0

        def stop_application_mode(self) -> None:
            self._skips = False  # what gives the terminal back as it was is written in any case
            super().stop_application_mode()

        def write(self, data: str) -> None:
            """Writes, unless the terminal has much to take still: then all is painted anew once it has."""
            if self._owes and self._skips:
                return
            self._owes = True  # before the look: it may just have taken all
            if self._skips and self._writer_thread._queue.qsize() >= MOST:
                return
            self._owes = False
            super().write(data)

        def _all_taken(self) -> None:
            if self._owes:
                self._owes = False
                with suppress(RuntimeError):  # the program has ended
                    self._loop.call_soon_threadsafe(self._app.refresh)

        def close(self) -> None:
            """Ends the writing, also to a terminal that takes nothing any more."""
            writer = self._writer_thread
            writer._queue.put(None)
            writer.join(TAKES)
            if writer.is_alive():
                self._file.let_go()

        def _stops(self) -> None:
            """Gives the terminal back, stands still, and takes the terminal again when it is continued.

            In its turn: Textual does it wherever the program happens to be, where it may hold what writing waits for.
            """
            running = self._app.is_running
            if running:
                self.stop_application_mode()
                self._writer_thread.stop()
            os.kill(os.getpid(), signal.SIGSTOP)
            if running:
                self._goes_on()
                self._is_back = True  # the signal that continued it is told of after this

        def _was_continued(self) -> None:
            """Takes the terminal anew, in which others may have written; keys that wait in it are for the program."""
            if self._app.is_running and not self._is_back:
                before = self.attrs_before
                self.exit_event.set()
                self._key_thread.join()
                self.exit_event.clear()
                self._writer_thread.stop()
                self._goes_on()
                self.attrs_before = before
            self._is_back = False

        def _goes_on(self) -> None:
            while not _in_front(self.fileno):
                os.kill(os.getpid(), signal.SIGSTOP)
            self.resume_application_mode()
            self._app.refresh()

    return TolerantDriver


class Unbreakable:
    """A file that takes everything even when the terminal behind it is gone.

    What waits for the terminal is in no buffer of Python's: the end of the program would wait for it too.
    """

    def __init__(self, file: TextIO, flushed: Callable[[], None]) -> None:
        self._file, self._flushed = file, flushed
        self._waiting: list[str] = []

    def write(self, text: str) -> None:
        """Writes at the next flush."""
        self._waiting.append(text)

    def flush(self) -> None:
        """Writes, if anybody is still there."""
        data = "".join(self._waiting).encode(self._file.encoding, "backslashreplace")
        self._waiting.clear()
        try:
            while data:
                data = data[self._written(data) :]
        except OSError:
            self.let_go()
        self._flushed()

    def _written(self, data: bytes) -> int:
        try:
            return os.write(self._file.fileno(), data)
        except BlockingIOError:  # another program has left the terminal so that it makes nobody wait
            select.select((), (self._file,), ())
            return 0

    def let_go(self) -> None:
        """Lets what was not written go nowhere, so that the program can end as if it had been."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._file.fileno())
        os.close(nowhere)


class Hearing:
    """What was heard of a paste or a character that is not over yet: it may be cut by a stop of the program."""

    def __init__(self) -> None:
        self.keyboard = Keyboard()
        self.decode = codecs.getincrementaldecoder("utf-8")("replace").decode


def _in_front(terminal: int) -> bool:
    """Whether the terminal is ours to write on, or gone, so that there is nothing to wait for."""
    try:
        return os.tcgetpgrp(terminal) == os.getpgrp()
    except OSError:
        return True


def _listen(driver: Any, hearing: Hearing) -> None:
    """Turns what the terminal sends into messages, until the driver stops or the terminal is gone."""
    from textual import events
    from textual._xterm_parser import XTermParser

    parser, keyboard, decode = XTermParser(driver._debug), hearing.keyboard, hearing.decode
    with selectors.DefaultSelector() as selector:
        selector.register(driver.fileno, selectors.EVENT_READ)
        size = 0
        while not driver.exit_event.is_set():
            same_burst = size >= LARGE and bool(selector.select(0))
            if silent := not (same_burst or selector.select(STEP)):
                size, found = 0, keyboard.silence()
            else:
                data = _read(driver.fileno)
                if not data:
                    os.kill(os.getpid(), signal.SIGHUP)
                    return
                size, found = len(data), keyboard.feed(decode(data), same_burst=same_burst)
            for each in found:
                if isinstance(each, Pasted):
                    driver.process_message(events.Paste(each.text.replace("\x00", "")))
                else:
                    for message in parser.feed(each.text):
                        driver.process_message(message)
            if silent and parser._timeout_time is not None:
                parser._timeout_time = 0.0  # an escape that nothing followed is the key of that name
            for message in parser.tick():
                driver.process_message(message)


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, READ)
    except OSError:
        return b""
