"""The one door by which text from outside comes on the screen."""

from __future__ import annotations

from textual.content import Content

from workbench.dialogue.clean import visible


def for_display(text: str, style: str = "", *, one_line: bool = False) -> Content:
    """Text from outside as content that can neither command the terminal nor be read as markup.

    Args:
        text: Anything a portal, a file or a person gave.
        style: A Textual style for the whole of it, such as `bold $warning`.
        one_line: Show line breaks as a sign.
    """
    return Content.styled(visible(text, one_line=one_line), style)
