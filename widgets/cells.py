"""Text in cells: how wide it is on the screen, and how it is cut without breaking a column."""

from __future__ import annotations

from rich.cells import cell_len, set_cell_size

from widgets.display import for_display
from workbench.dialogue.clean import CUT_SIGN, JOINERS, clip

MOST = 300
"""Characters of outside text that a single line is ever made of; what is longer is cut before it is measured."""


def outside(text: str, most: int = MOST) -> str:
    """Text from outside for one line: harmless, bounded, without blanks around it.

    Args:
        text: Anything a portal, a file or a person gave.
        most: Characters that are looked at; when there are more, a cut sign ends the text.
    """
    kept, more = clip(text, most, most)
    return for_display(kept, one_line=True).plain.strip() + (CUT_SIGN if more else "")


def cut(text: str, cells: int) -> str:
    """Text in at most so many cells, with a sign at the end when something was left out.

    Args:
        text: Harmless text of one line.
        cells: Cells there are; with none, nothing is left.
    """
    if cell_len(text) <= cells:
        return text
    if cells < 1:
        return ""
    return set_cell_size(text, cells - 1).rstrip(f" {JOINERS}") + CUT_SIGN


def exact(text: str, cells: int) -> str:
    """Text in exactly so many cells, cut with a sign or filled with blanks at the end."""
    short = cut(text, cells)
    return short + " " * max(cells - cell_len(short), 0)
