"""One spelling for words that are written in several ways, so that a search finds them all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

SPELLINGS = (("å", "aa"), ("ä", "ae"), ("æ", "ae"), ("ö", "o"), ("ø", "o"), ("œ", "o"))
"""Norwegian letters, and the Swedish and German ones for the same sounds, as they are written without them."""
INVISIBLE = re.compile("[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")
"""Characters that draw nothing and would cut a word in two."""
ACCENTS = re.compile("[\u0300-\u036f]")
STROKES = str.maketrans({"ł": "l", "đ": "d", "ŧ": "t", "ŋ": "n", "ħ": "h", "ð": "d", "þ": "th", "ı": "i"})
"""Polish, Sami, Maltese, Icelandic and Turkish letters that are no letter with an accent, as others write them."""
EDITION = 2
"""Of what `indexed` gives: another number for each change of it, so that what is held is indexed anew."""
WORD = re.compile("[^\\W_\u19b0-\u19c0\u19c8\u19c9\u1cf2\u1cf3]+")
"""Without the few letters at which the word index, which goes by an older Unicode, would end a word."""


def fold(text: str) -> str:
    """The text in one spelling: NFC, without case, å as aa, æ as ae, ø and oe as o; other accents stay.

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


def bare(text: str) -> str:
    """The text in one spelling, with accents other than the Norwegian letters removed too."""
    folded = fold(text)
    if folded.isascii():
        return folded
    plain = ACCENTS.sub("", unicodedata.normalize("NFD", folded))
    return unicodedata.normalize("NFC", plain).translate(STROKES).replace("oe", "o")


def words_of(text: str) -> tuple[str, ...]:
    """The folded words of a text or of a search, accents other than the Norwegian letters removed."""
    return tuple(WORD.findall(bare(text)))


def begins(typed: str, letters: int = 1) -> bool:
    """Whether the last word of what is typed stands for all that begin with it: no blank has ended it yet.

    Args:
        typed: What somebody typed.
        letters: How many the word needs for that.
    """
    words = words_of(typed)
    return bool(words) and len(words[-1]) >= letters and not typed[-1:].isspace()


def called(name: str, wanted: Iterable[str]) -> bool:
    """Whether every one of some folded words begins a word of a name."""
    words = words_of(name)
    return all(any(word.startswith(begun) for word in words) for begun in wanted)


def indexed(text: str) -> str:
    """A text as it is given to the word index: its words, as a search would ask for them.

    The index does not know newer signs, and would take an emoji beside a word for a part of it.

    Args:
        text: Any text.
    """
    folded = bare(text)
    return folded if folded.isascii() else " ".join(WORD.findall(folded))
