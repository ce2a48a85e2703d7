"""What a search found, on a row: the words, with as much around them as fits."""

from __future__ import annotations

import unicodedata

from rich.cells import cell_len

from widgets.cells import cut, outside
from workbench.dialogue.clean import CUT_SIGN, JOINERS
from workbench.dialogue.context import Match


def match_parts(match: Match, space: int) -> tuple[str, str, str]:
    """The words before, the words found and the words after, harmless, in at most so many cells together.

    Args:
        match: The place; text from outside.
        space: Cells there are.
    """
    words = cut(outside(match.words), max(space, 0))
    left = space - cell_len(words)
    before = outside(match.before) + (" " if match.before[-1:].isspace() else "")
    before = cut_left(before, min(left, max(left * 3 // 5, left - cell_len(outside(match.after)) - 1)))
    after = (" " if match.after[:1].isspace() else "") + outside(match.after)
    return before, words, cut(after, left - cell_len(before))


def cut_left(text: str, cells: int) -> str:
    """Text in at most so many cells, with a sign at its beginning when something was left out."""
    if cell_len(text) <= cells:
        return text
    while text and cell_len(text) >= cells:
        text = text[1:]
    if " " in text.rstrip():
        text = text[text.index(" ") + 1 :]  # half a word would be misread: "not" as "t"
    while text and (unicodedata.combining(text[0]) or text[0] in JOINERS):
        text = text[1:]
    return CUT_SIGN + text if cells > 0 else ""
