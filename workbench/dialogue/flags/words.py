"""A message as words that can be compared, each with its place in the text as it came."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from workbench.dialogue.fold import ACCENTS, INVISIBLE, fold

LONGEST = 48
"""Letters of one word: a longer run is cut, so that what is marked stays small."""
UNSEEN = "\u0300-\u036f" + INVISIBLE.pattern[1:-1]
APOSTROPHES = "'’‘`´ʼ"
TOKEN = re.compile(
    rf"\d{{1,9}}(?:[.,]\d{{1,3}})?|(?:[^\W\d_][{UNSEEN}]{{0,8}}(?:[{APOSTROPHES}](?=[^\W\d_]))?){{1,{LONGEST}}}"
)
"""A number, or letters with what draws nothing between them; an apostrophe inside a word belongs to it."""
PLAIN_TOKEN = re.compile(r"\d{1,9}(?:[.,]\d{1,3})?|[^\W\d_]+")
SURE_END = re.compile(r"(?<=[a-z]{5})[.!] ")
"""Ends a sentence for certain; `split` knows the doubtful ends too."""
WITHOUT_APOSTROPHES = str.maketrans("", "", APOSTROPHES)
_SHORTENED = """
adr ang avd bl ca cm dr eks ev evt feks fv kl kr m ml mg mnd mr mrs ms nr obs osv pga resp tlf vs
"""
SHORTENED = frozenset(_SHORTENED.split())
"""Words after which a full stop ends no sentence."""
JOINING = frozenset('-/"«»“”„*_&+%°()[]' + APOSTROPHES)
"""Signs between words that begin no new clause."""

NONE, CLAUSE, LINE, SENTENCE = range(4)
"""What lies before a word. A line that merely goes on may hold one phrase together, but denies nothing across it."""


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text, in order."""

    folded: tuple[str, ...]
    """As they are compared."""
    starts: tuple[int, ...]
    """Where each begins in the text as it came."""
    ends: tuple[int, ...]
    borders: tuple[int, ...]
    """What lies before each."""
    answers: frozenset[int]
    """Words that stand right after a colon or a question mark, as in a form."""
    asked: frozenset[int]
    """Words that a question mark follows."""


def bare(text: str) -> str:
    """The text folded, without apostrophes and accents."""
    folded = text.lower().replace("å", "aa").replace("æ", "ae").replace("ø", "o")
    if folded.isascii():  # most messages: the same as below, in a fraction of the time
        return folded.replace("oe", "o").replace("'", "").replace("`", "")
    folded = fold(text).translate(WITHOUT_APOSTROPHES)
    if folded.isascii():
        return folded
    return unicodedata.normalize("NFC", ACCENTS.sub("", unicodedata.normalize("NFD", folded)))


def stretches(text: str) -> list[set[str]]:
    """The different words of a text in stretches that each hold whole sentences: enough to tell what cannot be met."""
    return [set(PLAIN_TOKEN.findall(stretch)) for stretch in SURE_END.split(bare(text))]


def split(text: str) -> Words:
    """The words of a text with their places and the borders between them."""
    folded, starts, ends, borders, answers, asked = [], [], [], [], [], []
    before, last = "", 0
    for number, found in enumerate(TOKEN.finditer(text)):
        start, end = found.span()
        between = text[last:start]
        border = NONE if between == " " else _border(before, between, text[start])
        word = bare(found[0]).replace(",", ".")
        if number and border == SENTENCE and "?" in between and "\n" not in between and word in ("nei", "no", "nope"):
            border = CLAUSE  # a form's question and its answer are one
        if border and between.rstrip(" \t-–").endswith((":", "?", "=")):
            answers.append(number)
        if border and "?" in between:
            asked.append(number - 1)
        folded.append(word)
        starts.append(start)
        ends.append(end)
        borders.append(border if number else SENTENCE)
        before, last = word, end
    if "?" in text[last:]:
        asked.append(len(folded) - 1)
    return Words(tuple(folded), tuple(starts), tuple(ends), tuple(borders), frozenset(answers), frozenset(asked))


def _border(before: str, between: str, following: str) -> int:
    signs = between.strip()
    if "\n" in between or "\r" in between or "\u2028" in between or "\u2029" in between:
        ended = any(sign in between for sign in ".!?;:•") or "\n\n" in between.replace("\r", "")
        return LINE if following.islower() and not ended else SENTENCE
    if not signs:
        return NONE
    if "!" in signs or "?" in signs or ";" in signs:
        return SENTENCE
    if "…" in signs or ".." in signs:
        return LINE
    if "." in signs:
        return NONE if before in SHORTENED and signs == "." else SENTENCE
    return NONE if between == signs and set(signs) <= JOINING else CLAUSE
