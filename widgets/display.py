"""The one door by which text from outside comes on the screen."""

from __future__ import annotations

from typing import Final

from rich.cells import cell_len, set_cell_size
from textual.content import Content

from workbench.dialogue.clean import CUT_SIGN, visible

LONGEST_NAME: Final = 60
"""Cells of a name; a longer one would push aside what else tells patients apart, and who will read."""


def for_display(text: str, style: str = "", *, one_line: bool = False) -> Content:
    """Text from outside as content that can neither command the terminal nor be read as markup.

    Args:
        text: Anything a portal, a file or a person gave.
        style: A Textual style for the whole of it, such as `bold $warning`.
        one_line: Show line breaks as a sign.
    """
    return Content.styled(visible(text, one_line=one_line), style)


def short_name(text: str) -> str:
    """A name from outside on one line, safe to show, cut where it is longer than names are."""
    shown = visible(text, one_line=True)
    if cell_len(shown) <= LONGEST_NAME:
        return shown
    return set_cell_size(shown[:LONGEST_NAME], LONGEST_NAME - 1).rstrip() + CUT_SIGN
