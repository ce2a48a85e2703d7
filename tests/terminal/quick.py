"""pyte's screen, which draws what needs no thought without making each cell anew: most of all that a program writes."""

from __future__ import annotations

import re
from typing import Any, Final

import pyte

NARROW: Final = re.compile("[ -~\u00a1-\u00ac\u00ae-\u00ff\u2500-\u259f]+")
"""Characters that take one cell and are joined with no other."""


class Screen(pyte.Screen):
    """Draws as its parent does."""

    def __init__(self, columns: int, lines: int) -> None:
        super().__init__(columns, lines)
        self._cells: dict[Any, dict[str, Any]] = {}
        """Cells by their looks and their character."""

    def draw(self, data: str) -> None:
        """Puts text where the cursor is."""
        cursor = self.cursor
        end = cursor.x + len(data)
        usual = not self.charset and self.g0_charset == pyte.charsets.LAT1_MAP and pyte.modes.IRM not in self.mode
        if not usual or end > self.columns or not NARROW.fullmatch(data):
            super().draw(data)
            return
        looks = cursor.attrs
        cells = self._cells.setdefault(looks, {})
        line = self.buffer[cursor.y]
        for x, char in enumerate(data, cursor.x):
            cell = cells.get(char)
            if cell is None:
                cell = cells[char] = looks._replace(data=char)
            line[x] = cell
        cursor.x = end
        self.dirty.add(cursor.y)
