"""What a command needs to know of the terminal it was started in."""

from __future__ import annotations

import os
import sys
from typing import Final, TextIO

from workbench.dialogue.clean import visible
from workbench.failure import Exit, Failure
from workbench.language import _

DUMB: Final = ("dumb", "unknown")
"""Terminals on which nothing can be placed, as Rich knows them: it draws nothing on one."""


def need_terminal() -> None:
    """Makes sure that there is a screen and a keyboard.

    Raises:
        Failure: Input or output is a file or a pipe, or a terminal on which nothing can be drawn, or one without UTF-8;
            the screen is drawn on standard error.
    """
    if not all(stream.isatty() for stream in (sys.stdin, sys.stdout, sys.stderr)):
        raise Failure(
            _("The workbench needs a terminal, and input or output is none: start it in one, without pipes."),
            Exit.USAGE,
        )
    kind = os.environ.get("TERM", "")
    if kind.casefold() in DUMB:
        raise Failure(
            _("Nothing can be drawn on this terminal (TERM={kind}): start the workbench in another one.").format(
                kind=visible(kind, one_line=True)
            ),
            Exit.USAGE,
        )
    need_utf8(sys.stderr)


def need_utf8(stream: TextIO) -> None:
    """Makes sure that signs arrive as themselves: one that becomes several pushes what follows it off the screen.

    Raises:
        Failure: They do not.
    """
    coding = stream.encoding.lower()
    if coding.replace("-", "") != "utf8":
        raise Failure(_("The terminal does not speak UTF-8 but {coding}: set LANG=nb_NO.UTF-8.").format(coding=coding))


class Progress:
    """A line on standard error that tells what is waited for, and goes away; nothing where nobody would see it."""

    def __init__(self, words: str) -> None:
        self._words = words
        self._shown = sys.stderr.isatty()

    def __enter__(self) -> None:
        if self._shown:
            sys.stderr.write(self._words)
            sys.stderr.flush()

    def __exit__(self, *_error: object) -> None:
        if self._shown:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
