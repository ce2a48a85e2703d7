"""The place in a text where what was searched for stands, with some words around it."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from workbench.dialogue.fold import INVISIBLE, WORD, bare

BEFORE: Final = 24
"""Characters before the words that were found: enough to say what is denied or asked of them."""
AFTER: Final = 120
LOOKED_AT: Final = 20_000
"""Characters of a text that are looked through."""


@dataclass(frozen=True, slots=True)
class Match:
    """A place in a text, on one line; text from outside."""

    before: str
    words: str
    after: str


def match_in(text: str, wanted: Sequence[str], *, begun: bool = False) -> Match | None:
    """Where one of some words stands first.

    Args:
        text: As it was written.
        wanted: Folded words (`fold.words_of`).
        begun: The last of them is a beginning: a word that begins with it counts.

    Returns:
        None when none of the words stands in it.
    """
    folded = bare(text)
    if not any(word in folded for word in wanted):
        return None
    plain = INVISIBLE.sub("", unicodedata.normalize("NFC", text[:LOOKED_AT]))
    whole, start = set(wanted[:-1] if begun else wanted), wanted[-1] if begun else None
    for found in WORD.finditer(plain):
        word = bare(found.group())
        if word in whole or (start is not None and word.startswith(start)):
            return _cut(plain, found.start(), found.end())
    return None


def _cut(text: str, start: int, end: int) -> Match:
    """The words around a place, cut between words where that is near."""
    first = max(start - BEFORE, 0)
    before = text[first:start]
    if first and " " in before:
        before = before[before.index(" ") + 1 :]
    lead = "…" if first else ""
    return Match(lead + _line(before), _line(text[start:end]), _line(text[end : end + AFTER]))


def _line(text: str) -> str:
    """On one line, with a blank at its ends where there was one."""
    joined = " ".join(text.split())
    if not joined:
        return " " if text else ""
    return (" " if text[0].isspace() else "") + joined + (" " if text[-1].isspace() else "")
