"""Sentences with holes; all through a conversation the same hole gets the same filling."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from workbench.sandbox.dice import Dice

Template = tuple[str, ...]
"""Literal text and names of holes in turn, beginning and ending with text."""

HOLE: Final = re.compile(r"\{(\w+)\}")


def template(text: str) -> Template:
    """Return `text` taken apart at its holes, which look like `{drug}`."""
    return tuple(HOLE.split(text))


def templates(texts: Sequence[str]) -> tuple[Template, ...]:
    """Return all `texts` taken apart."""
    return tuple(template(text) for text in texts)


class Filler:
    """Fills the holes of one conversation."""

    __slots__ = ("_dice", "_words", "chosen")

    def __init__(self, words: Mapping[str, Sequence[Template]], chosen: dict[str, str], dice: Dice) -> None:
        """Take what is `chosen` already, or else one of the `words` for a hole, which may have holes itself."""
        self._words = words
        self.chosen = chosen
        self._dice = dice

    def fill(self, parts: Template) -> str:
        """Return the text of `parts`.

        Raises:
            KeyError: a hole is neither chosen nor among the words.
        """
        if len(parts) == 1:
            return parts[0]
        chosen = self.chosen
        out = list(parts)
        for place in range(1, len(parts), 2):
            name = parts[place]
            if name not in chosen:
                chosen[name] = self.fill(self._dice.pick(self._words[name]))
            out[place] = chosen[name]
        return "".join(out)
