"""Lines and blocks that fonts draw with gaps, as rectangles that meet: box drawing and block elements of Unicode."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final, NamedTuple

LINE: Final = re.compile(r"BOX DRAWINGS (LIGHT|HEAVY|DOUBLE)(?: (DOUBLE|TRIPLE|QUADRUPLE) DASH)?(?: ARC)? ([A-Z ]+)")
DASHES: Final = {"DOUBLE": 2, "TRIPLE": 3, "QUADRUPLE": 4}
ENDS: Final = {"HORIZONTAL": "LR", "VERTICAL": "UD", "UP": "U", "DOWN": "D", "LEFT": "L", "RIGHT": "R"}
QUADRANTS: Final = {
    "▖": "c",
    "▗": "d",
    "▘": "a",
    "▙": "acd",
    "▚": "ad",
    "▛": "abc",
    "▜": "abd",
    "▝": "b",
    "▞": "bc",
    "▟": "bcd",
}
CORNERS: Final = {"a": (0.0, 0.0), "b": (0.5, 0.0), "c": (0.0, 0.5), "d": (0.5, 0.5)}


class Rect(NamedTuple):
    """A filled part of a cell, in the cell's own units from 0 to its width and height."""

    x: float
    y: float
    width: float
    height: float


@cache
def rectangles(char: str, width: int, height: int) -> tuple[Rect, ...]:
    """What to fill for a character; nothing when it is to be drawn by a font.

    Args:
        char: One character.
        width: Of a cell, even.
        height: Of a cell.
    """
    block = _block(char, width, height)
    if block:
        return block
    named = LINE.fullmatch(unicodedata.name(char, ""))
    return _line(named, width, height) if named else ()


def _block(char: str, width: int, height: int) -> tuple[Rect, ...]:
    code = ord(char)
    if 0x2581 <= code <= 0x2588:
        part = height * (code - 0x2580) / 8
        return (Rect(0, height - part, width, part),)
    if 0x2589 <= code <= 0x258F:
        return (Rect(0, 0, width * (0x2590 - code) / 8, height),)
    halves = {
        "▀": Rect(0, 0, width, height / 2),
        "▐": Rect(width / 2, 0, width / 2, height),
        "▔": Rect(0, 0, width, height / 8),
        "▕": Rect(width * 7 / 8, 0, width / 8, height),
    }
    if char in halves:
        return (halves[char],)
    corners = [CORNERS[corner] for corner in QUADRANTS.get(char, "")]
    return tuple(Rect(x * width, y * height, width / 2, height / 2) for x, y in corners)


def _line(named: re.Match[str], width: int, height: int) -> tuple[Rect, ...]:
    weight, dashes, directions = named[1], named[2], named[3].replace(" AND ", " ").split()
    if not set(directions) <= set(ENDS):
        return ()
    ends = "".join(ENDS[each] for each in directions)
    thin = max(width // 8, 1)
    thick = thin * 2 if weight == "HEAVY" else thin
    if dashes:
        return _dashed(ends, DASHES[dashes], thick, width, height)
    offsets = (-thin, thin) if weight == "DOUBLE" else (0,)
    x, y = (width - thick) // 2, (height - thick) // 2
    across, down = _span(ends, "LR", x, thick, max(offsets), width), _span(ends, "UD", y, thick, max(offsets), height)
    rects = [Rect(across[0], y + offset, across[1], thick) for offset in offsets if across[1]]
    return tuple(rects + [Rect(x + offset, down[0], thick, down[1]) for offset in offsets if down[1]])


def _span(ends: str, sides: str, middle: int, thick: int, reach: int, size: int) -> tuple[int, int]:
    """Where a line begins and how long it is: from side to side, or from one side to a little past the middle."""
    first, last = (side in ends for side in sides)
    begin = 0 if first else middle - reach
    end = size if last else middle + thick + reach
    return (begin, end - begin) if first or last else (0, 0)


def _dashed(ends: str, count: int, thick: int, width: int, height: int) -> tuple[Rect, ...]:
    if "L" in ends:
        step, y = width / count, (height - thick) // 2
        return tuple(Rect(step * n + step / 6, y, step * 2 / 3, thick) for n in range(count))
    step, x = height / count, (width - thick) // 2
    return tuple(Rect(x, step * n + step / 6, thick, step * 2 / 3) for n in range(count))
