"""One spelling for words that are written in several ways, so that a search finds them all."""

from __future__ import annotations

import re
import unicodedata

SPELLINGS = (("å", "aa"), ("ä", "ae"), ("æ", "ae"), ("ö", "o"), ("ø", "o"), ("œ", "o"))
"""Norwegian letters, and the Swedish and German ones for the same sounds, as they are written without them."""
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
"""Characters that draw nothing and would cut a word in two."""
ACCENTS = re.compile("[\u0300-\u036f]")
WORD = re.compile(r"[^\W_]+")


def fold(text: str) -> str:
    """The text as the word index keeps it: NFC, without case, å as aa, æ as ae, ø and oe as o.

    Other accents are the index's own business (`remove_diacritics`).

    Args:
        text: Any text.

    Returns:
        Text of about the same length; equal for spellings that mean the same word.
    """
    if text.isascii():
        return text.lower().replace("oe", "o")
    folded = unicodedata.normalize("NFC", INVISIBLE.sub("", text)).casefold()
    for letter, plain in SPELLINGS:
        folded = folded.replace(letter, plain)
    return folded.replace("oe", "o")


def words_of(text: str) -> tuple[str, ...]:
    """The folded words of what somebody typed into a search, accents other than the Norwegian letters removed."""
    bare = ACCENTS.sub("", unicodedata.normalize("NFD", fold(text)))
    return tuple(WORD.findall(unicodedata.normalize("NFC", bare)))
