"""The terminal's input, made to survive what Textual's own does not."""

from __future__ import annotations

import codecs
from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.driver import Driver


def tolerant_driver(usual: type[Driver]) -> type[Driver]:
    """The usual driver, but one that goes on when a byte on the keyboard is not UTF-8.

    Textual decodes the keyboard strictly and ends the program on the first wrong byte.

    Args:
        usual: What Textual would use on this platform.

    Returns:
        A subclass on Linux and macOS; on Windows, where keys do not come as bytes, `usual` itself.
    """
    from textual.drivers import linux_driver

    if not issubclass(usual, linux_driver.LinuxDriver):
        return usual

    def lenient(encoding: str) -> partial[codecs.IncrementalDecoder]:
        return partial(codecs.getincrementaldecoder(encoding), errors="replace")

    class TolerantDriver(usual):  # type: ignore[misc, valid-type]
        def run_input_thread(self) -> None:
            linux_driver.getincrementaldecoder = lenient  # type: ignore[attr-defined]
            super().run_input_thread()

    return TolerantDriver
