"""What comes in from the terminal, told apart: keys, pastes, and what the terminal says of itself.

Textual's parser types a terminal's answers into whatever has the focus, and takes keys from a paste that ends its
own bracket or holds an escape character. Here answers are dropped, and a paste stays text to its last character.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

PASTE_END: Final = "\x1b[201~"
STEP: Final = 0.1
"""Seconds of silence that one call of `silence` stands for."""
UNENDED_PASTE: Final = 30
"""Steps of silence after which a paste that nothing ended counts as whole."""
UNENDED_ANSWER: Final = 10
"""Steps of silence after which an answer that nothing ended is given up."""

SPECIAL: Final = re.compile(
    r"(?P<paste>\x1b\[200~)"
    r"|\x1b[\]P_^X][^\x00-\x1f\x7f]*(?:\x07|\x1b\\)"  # colours, clipboard, title, capabilities
    r"|\x1b\[[?>=][0-9;:]*(?!\$y)[ -/]*[@-~]"  # device attributes, status; a mode's state is for Textual
    r"|\x1b\[[0-9][0-9;]*[cn]"
    r"|\x1b\[(?!48;)[0-9][0-9;]*t"  # sizes; 48 is a resize that Textual asked to be told of
    r"|(?P<cut>\x1b(?:[\]P_^X][^\x00-\x1f\x7f]*\x1b?|\[[?>=]?[0-9;:]*[ -/]*)?\Z)"
)
SEQUENCE: Final = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")


@dataclass(frozen=True, slots=True)
class Typed:
    """Keys, as the terminal sent them."""

    text: str


@dataclass(frozen=True, slots=True)
class Pasted:
    """Text that was pasted."""

    text: str


class Keyboard:
    """Tells apart what comes in, however it is cut into reads."""

    def __init__(self) -> None:
        self._held = ""
        self._paste: list[str] | None = None
        self._has_pasted = False
        """A paste ended in this burst: what follows in it is text too, as no finger is that fast."""
        self._quiet = 0

    def feed(self, text: str, *, same_burst: bool = False) -> list[Typed | Pasted]:
        """Takes what was read.

        Args:
            text: Any characters.
            same_burst: They came together with those before, cut only by the size of a read.
        """
        text, self._held, self._quiet = self._held + text, "", 0
        self._has_pasted = self._has_pasted and same_burst
        found: list[Typed | Pasted] = []
        while text:
            text = self._take_keys(text, found) if self._paste is None else self._take_paste(text, found)
        return found

    def silence(self) -> list[Typed | Pasted]:
        """Takes note that nothing came for a step: what was cut short is taken as it is."""
        self._quiet += 1
        if self._paste is not None:
            return self._end_paste(self._held) if self._quiet >= UNENDED_PASTE else []
        held, answer = self._held, len(self._held) > 2 and self._held[1] != "["
        if not held or (answer and self._quiet < UNENDED_ANSWER):
            return []
        self._held = ""
        return [] if answer else [Typed(held)]

    def _take_keys(self, text: str, found: list[Typed | Pasted]) -> str:
        special = SPECIAL.search(text)
        keys = text[: special.start()] if special else text
        if self._has_pasted:
            keys = SEQUENCE.sub("", keys)
        if keys:
            found.append(Pasted(keys) if self._has_pasted else Typed(keys))
        if special is None:
            return ""
        if special["paste"]:
            self._paste = []
        elif special["cut"]:
            self._held = special["cut"]
        return text[special.end() :]

    def _take_paste(self, text: str, found: list[Typed | Pasted]) -> str:
        assert self._paste is not None
        kept, end, rest = text.partition(PASTE_END)
        if end:
            found += self._end_paste(kept)
            return rest
        cut = next((n for n in range(len(PASTE_END) - 1, 0, -1) if text.endswith(PASTE_END[:n])), 0)
        self._paste.append(text[: len(text) - cut])
        self._held = text[len(text) - cut :]
        return ""

    def _end_paste(self, last: str) -> list[Typed | Pasted]:
        text = "".join([*(self._paste or ()), last])
        self._paste, self._held, self._has_pasted = None, "", True
        return [Pasted(text)]
