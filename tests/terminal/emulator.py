"""A modern terminal for tests: it answers queries, and keeps the picture with pyte."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from typing import Any, Final

import pyte

from tests.terminal.quick import Screen

SYNCHRONISED: Final = 2026
"""Private mode in which nothing is painted until it is left."""
KNOWN_MODES: Final = frozenset({1, 7, 25, 1000, 1002, 1003, 1004, 1006, 1049, 2004, SYNCHRONISED})
KITTY_ALL_KEYS: Final = 8

QUERY: Final = re.compile(
    rb"\x1b\[[>=?]?[0-9;]*[cn]"  # device attributes, status, cursor position, colour scheme
    rb"|\x1b\[\??[0-9]+\$p"  # whether a mode is on
    rb"|\x1b\[\?u"  # kitty keyboard flags
    rb"|\x1b\[>0?q"  # name and version
    rb"|\x1b\[1[1-9]t"  # sizes
    rb"|\x1b\][0-9;]+;\?(?:\x07|\x1b\\)"  # colours, clipboard
    rb"|\x1bP[+$]q[^\x1b\x07]*(?:\x1b\\|\x07)"  # capabilities, settings
)
CUT_QUERY: Final = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*|[P\]_][^\x07\x1b]*)?")

SPECIAL: Final = re.compile(
    r"\x1b\[(?P<line>[0-9]+);(?P<column>[0-9]+)H"
    r"|\x1b\[\?(?P<modes>[0-9;]+)(?P<set>[hl])"
    r"|\x1b\[(?P<kitty>[<>=])(?P<flags>[0-9;:]*)(?P<final>[ -/]*[@-~])"
    r"|\x1b\[\?[0-9;:]*[ -/]*[@-gi-km-~]"
    r"|\x1b\[(?P<colon>[0-9;]*:[0-9;:]*)m"
    r"|\x1b\[[0-9;:]*[ -/]+[@-~]"
    r"|\x1b\[[0-9;]*t"
    r"|\x1b[P_^X][^\x1b\x07]*(?:\x1b\\|\x07)"
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"
)
"""What pyte cannot read, reads wrong, or reads slowly and often; everything else goes to it."""
COLOUR: Final = re.compile(r"\x1b\[[0-9;:]*m")
CUT: Final = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|[P_^X\]][^\x1b\x07]*\x1b?|[ -/]*)?\Z")
"""An escape sequence that the end of a read may have cut."""

Row = tuple[Any, ...]


class Emulator:
    """The picture, and what a terminal says when it is asked."""

    def __init__(self, columns: int, lines: int, *, kitty: bool = False, colours: bool = True) -> None:
        """Starts with an empty picture.

        Args:
            columns: Width in cells.
            lines: Height in cells.
            kitty: Speak the kitty keyboard protocol, as kitty, foot or Ghostty do; tmux does not.
            colours: Keep the colours of the picture too, which takes most of the time.
        """
        self.columns, self.lines, self.kitty, self.colours = columns, lines, kitty, colours
        self.modes = {7: True, 25: True}
        self.keyboard = [0]
        self._screen = Screen(columns, lines)
        self._screen.set_mode(pyte.modes.LNM)  # in place of the carriage returns a system's terminal puts in
        self._stream = pyte.Stream(self._screen)
        self._decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        self._cut = ""
        self._cut_query = b""
        self._look_at_all()

    @property
    def text(self) -> str:
        """The picture, one line a row, as it was last painted."""
        return "\n".join(self._text)

    @property
    def cursor(self) -> tuple[int, int]:
        """Line and column of the cursor, from 0."""
        return self._screen.cursor.y, min(self._screen.cursor.x, self.columns - 1)

    def resize(self, columns: int, lines: int) -> None:
        """Changes the size; what no longer fits is cut off."""
        self.columns, self.lines = columns, lines
        self._screen.resize(lines, columns)
        self._look_at_all()

    def feed(self, data: bytes) -> bool:
        """Paints what the program wrote; whether the picture changed in the eyes of who looks at it."""
        text = self._cut + self._decode(data)
        cut = CUT.search(text, max(0, text.rfind("\x1b", 0, -1) if text.endswith("\x1b") else text.rfind("\x1b")))
        self._cut, text = (text[cut.start() :], text[: cut.start()]) if cut else ("", text)
        if not self.colours:
            text = COLOUR.sub("", text)
        changed, at = False, 0
        for found in SPECIAL.finditer(text):
            self._stream.feed(text[at : found.start()])
            at = found.end()
            changed |= self._obey(found)
        self._stream.feed(text[at:])
        return changed or (not self.modes.get(SYNCHRONISED) and self._paint())

    def _obey(self, found: re.Match[str]) -> bool:
        changed = False
        if found["line"]:
            self._screen.cursor_position(int(found["line"]), int(found["column"]))
        elif found["set"]:
            for mode in (int(part or 0) for part in found["modes"].split(";")):
                if mode == SYNCHRONISED and found["set"] == "l":
                    changed |= self._paint()
                self.modes[mode] = found["set"] == "h"
                if mode in (47, 1047, 1049):
                    self._screen.erase_in_display(2)
                elif mode in (5, 6, 7, 25):
                    self._stream.feed(f"\x1b[?{mode}{found['set']}")
        elif found["final"] == "u":
            self._set_keyboard(found["kitty"], int(re.sub(r"[;:].*", "", found["flags"]) or 0))
        elif found["colon"]:
            self._stream.feed(f"\x1b[{_without_colons(found['colon'])}m")
        return changed

    def _set_keyboard(self, how: str, flags: int) -> None:
        if how == ">":
            self.keyboard.append(flags)
        elif how == "<":
            del self.keyboard[max(1, len(self.keyboard) - max(flags, 1)) :]
        else:
            self.keyboard[-1] = flags

    def _look_at_all(self) -> None:
        self._rows: list[Row] = [self._row(y) for y in range(self.lines)]
        self._text = [_words(row) for row in self._rows]

    def _row(self, y: int) -> Row:
        cells = self._screen.buffer[y]
        return tuple(map(cells.__getitem__, range(self.columns)))

    def _paint(self) -> bool:
        changed = False
        for y in sorted(self._screen.dirty):
            if y < self.lines and (row := self._row(y)) != self._rows[y]:
                self._rows[y], self._text[y] = row, _words(row)
                changed = True
        self._screen.dirty.clear()
        return changed

    def answer(self, data: bytes, cursor: Callable[[], tuple[int, int]]) -> bytes:
        """What a terminal says to the queries in some output.

        Args:
            data: What the program wrote; a query cut at its end is answered when its rest comes.
            cursor: Gives line and column of the cursor after all that was written, from 0.
        """
        if b"\x1b" not in data and not self._cut_query:
            return b""
        data, self._cut_query = self._cut_query + data, b""
        said, end = b"", 0
        for query in QUERY.finditer(data):
            end = query.end()
            said += self._reply(query.group().decode("latin-1"), cursor)
        last = data.rfind(b"\x1b", end)
        if last >= 0 and CUT_QUERY.fullmatch(data[last:]):
            self._cut_query = data[last:]
        return said

    def _reply(self, query: str, cursor: Callable[[], tuple[int, int]]) -> bytes:
        if query.startswith("\x1b]"):
            return b"\x1b]%s;rgb:1e1e/1e1e/1e1e\x1b\\" % query[2:].partition(";?")[0].encode()
        if query.startswith("\x1bP"):
            return b"\x1bP0%cr\x1b\\" % query[2].encode()
        body = query[2:]
        if mode := re.fullmatch(r"\?(\d+)\$p", body):
            number = int(mode[1])
            state = (1 if self.modes.get(number) else 2) if number in KNOWN_MODES else 0
            return b"\x1b[?%d;%d$y" % (number, state)
        if body in ("6n", "?6n"):
            line, column = cursor()
            return b"\x1b[%s%d;%dR" % (b"?" if body[0] == "?" else b"", line + 1, column + 1)
        if body == "?u":
            return b"\x1b[?%du" % self.keyboard[-1] if self.kitty else b""
        if body == "18t":
            return b"\x1b[8;%d;%dt" % (self.lines, self.columns)
        return FIXED.get(body, b"")


FIXED: Final = {
    "c": b"\x1b[?62;22c",
    "0c": b"\x1b[?62;22c",
    ">c": b"\x1b[>41;388;0c",
    ">0c": b"\x1b[>41;388;0c",
    "5n": b"\x1b[0n",
    "?996n": b"\x1b[?997;1n",
    ">q": b"\x1bP>|terminal(1)\x1b\\",
    ">0q": b"\x1bP>|terminal(1)\x1b\\",
    "14t": b"\x1b[4;800;1200t",
    "16t": b"\x1b[6;20;10t",
}
"""Answers that depend on nothing."""


def _words(row: Row) -> str:
    return "".join([cell.data for cell in row])


def _without_colons(parameters: str) -> str:
    """SGR parameters as pyte reads them: colours with semicolons, no underline styles."""
    plain: list[str] = []
    for part in parameters.split(";"):
        fields = part.split(":")
        if fields[0] == "4":
            plain.append("24" if fields[1:2] == ["0"] else "4")
        elif fields[0] in ("38", "48") and len(fields) > 2:
            plain += [fields[0], fields[1], *(fields[-3:] if fields[1] == "2" else fields[-1:])]
        elif fields[0] != "58":
            plain.append(fields[0])
    return ";".join(plain)
