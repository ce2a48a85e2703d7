"""The terminal's two directions, made to survive what Textual's own do not."""

from __future__ import annotations

import codecs
import os
import selectors
import signal
import sys
from typing import TYPE_CHECKING, Any, Final, TextIO

from workbench.keyboard import STEP, Keyboard, Pasted

if TYPE_CHECKING:
    from textual.driver import Driver

READ: Final = 4096
"""Bytes at most in one read."""
LARGE: Final = 1024
"""A read of at least so many bytes, with more waiting behind it, is one burst with what follows."""


def tolerant_driver(usual: type[Driver]) -> type[Driver]:
    """The usual driver, but one that a terminal cannot confuse, end or block.

    Textual ends the program on the first byte that is not UTF-8, types a terminal's answers into the text, takes
    keys from inside a paste, reads on for ever from a terminal that is gone, and stops for ever writing to one.

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
        def __init__(self, *args: Any, **options: Any) -> None:
            super().__init__(*args, **options)
            if sys.__stderr__ is not None:
                self._file = Unbreakable(sys.__stderr__)

        def run_input_thread(self) -> None:
            _listen(self)

    return TolerantDriver


class Unbreakable:
    """A file that takes everything even when the terminal behind it is gone."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, text: str) -> None:
        """Writes, if anybody is still there."""
        try:
            self._file.write(text)
        except OSError:
            self._let_go()

    def flush(self) -> None:
        """Flushes, if anybody is still there."""
        try:
            self._file.flush()
        except OSError:
            self._let_go()

    def _let_go(self) -> None:
        """Lets what was not written go nowhere, so that the program can end as if it had been."""
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, self._file.fileno())
        os.close(nowhere)


def _listen(driver: Any) -> None:
    """Turns what the terminal sends into messages, until the driver stops or the terminal is gone."""
    from textual import events
    from textual._xterm_parser import XTermParser

    parser, keyboard = XTermParser(driver._debug), Keyboard()
    decode = codecs.getincrementaldecoder("utf-8")("replace").decode
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
