"""How a phrase is written in the rule file, read into values.

A phrase is made of words: `vondt` is that word, `bryst*` one that begins so, `*smerter` one that ends so,
`*smert*` one that holds it, `*` any word, `38-43` a number between the two, `a|b` either, `a_b` two words side
by side, `@pain` any of a list. Between words a space lets two others stand between, `..` fourteen; `&` takes both
sides in either order, fourteen words apart; `+` only asks for both somewhere in the message.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache

from workbench.dialogue.flags.words import bare

NEAR, FAR = 2, 14
"""Other words that may stand between two of a phrase: after a space, and after `..` or `&`."""
LEAST_STEM = 3
"""Letters that a beginning or ending of a word must have, or it would be met everywhere."""
MOST_PARTS = 8
"""Words of one phrase: what it costs to look for it grows with them."""
NUMBERS = re.compile(r"(\d{1,4}(?:\.\d{1,2})?)-(\d{1,4}(?:\.\d{1,2})?)")
PLAIN = re.compile(r"[^\W_]+|\d+\.\d+")


class Fault(StrEnum):
    """What can be wrong with a phrase."""

    EMPTY = "empty"
    SIGN = "sign"
    SHORT = "short"
    NUMBERS = "numbers"
    LIST = "list"
    PLACE = "place"
    LONG = "long"


class PhraseError(ValueError):
    """A phrase that cannot be read.

    Args:
        fault: What is wrong.
        piece: The piece it is wrong in.
    """

    def __init__(self, fault: Fault, piece: str) -> None:
        super().__init__(f"{fault}: {piece}")
        self.fault = fault
        self.piece = piece


class Way(StrEnum):
    """How a word is compared."""

    WHOLE = "whole"
    BEGINS = "begins"
    ENDS = "ends"
    HOLDS = "holds"
    ANY = "any"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Pattern:
    """One word, or a kind of words."""

    way: Way
    text: str = ""
    low: float = 0
    high: float = 0

    def meets(self, word: str) -> bool:
        """Whether a folded word is meant."""
        match self.way:
            case Way.WHOLE:
                return word == self.text
            case Way.BEGINS:
                return word.startswith(self.text)
            case Way.ENDS:
                return word.endswith(self.text)
            case Way.HOLDS:
                return self.text in word
            case Way.ANY:
                return True
            case Way.NUMBER:
                return word[0].isdigit() and self.low <= float(word) <= self.high


Alternative = tuple[Pattern, ...]
"""Words side by side."""
Item = frozenset[Alternative]
"""What can stand at one place of a phrase."""


@dataclass(frozen=True, slots=True)
class Step:
    """One place of a phrase."""

    item: Item
    gap: int
    """Other words that may stand before it."""


Sequence_ = tuple[Step, ...]
"""Places in their order."""
Group = tuple[Sequence_, ...]
"""Sequences that stand near each other in any order."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase as it was read."""

    groups: tuple[Group, ...]
    """What must be somewhere in the message; the first is what is marked."""


Lists = Mapping[str, Sequence[str]]
"""Lists of words by their names."""


class Reader:
    """Reads phrases.

    Args:
        lists: Lists that phrases name with `@`.
    """

    def __init__(self, lists: Lists) -> None:
        self._lists = lists
        self._known: dict[str, Item] = {}
        self._expanded: dict[str, list[Alternative]] = {}

    def phrase(self, written: str) -> Phrase:
        """A phrase from the file.

        Raises:
            PhraseError: It cannot be read.
        """
        groups: list[Group] = []
        for group in _parted(written.split(), "+", written):
            sequences = [self._sequence(part, written) for part in _parted(group, "&", written)]
            groups.append(tuple(sequences))
        if sum(len(sequence) for group in groups for sequence in group) > MOST_PARTS:
            raise PhraseError(Fault.LONG, written)
        return Phrase(tuple(groups))

    def item(self, written: str) -> Item:
        """One place of a phrase: words with `|` between them.

        Raises:
            PhraseError: It cannot be read.
        """
        known = self._known.get(written)
        if known is None:
            alternatives = [each for piece in written.split("|") for each in self._alternatives(piece, ())]
            known = self._known[written] = frozenset(alternatives)
        return known

    def _sequence(self, pieces: Sequence[str], written: str) -> Sequence_:
        steps: list[Step] = []
        gap = 0
        for piece in pieces:
            if piece == "..":
                if not steps or gap == FAR:
                    raise PhraseError(Fault.PLACE, written)
                gap = FAR
                continue
            steps.append(Step(self.item(piece), gap))
            gap = NEAR
        if gap == FAR:
            raise PhraseError(Fault.PLACE, written)
        return tuple(steps)

    def _alternatives(self, written: str, inside: tuple[str, ...]) -> list[Alternative]:
        if not written.startswith("@"):
            return [_alternative(written)]
        name = written[1:]
        if name not in self._lists or name in inside:
            raise PhraseError(Fault.LIST, written)
        if name not in self._expanded:
            entries = self._lists[name]
            self._expanded[name] = [each for entry in entries for each in self._alternatives(entry, (*inside, name))]
        return self._expanded[name]


def _parted(pieces: Sequence[str], sign: str, written: str) -> list[list[str]]:
    parts: list[list[str]] = [[]]
    for piece in pieces:
        if piece == sign:
            parts.append([])
        else:
            parts[-1].append(piece)
    if not all(parts):
        raise PhraseError(Fault.PLACE if pieces else Fault.EMPTY, written)
    return parts


@cache
def _alternative(written: str) -> Alternative:
    """Words side by side; the same ones stand in many phrases."""
    words = tuple(_pattern(word, written) for word in written.split("_"))
    if Way.ANY in (words[0].way, words[-1].way):
        raise PhraseError(Fault.PLACE, written)
    return words


def _pattern(word: str, written: str) -> Pattern:
    if word == "*":
        return Pattern(Way.ANY)
    if bounds := NUMBERS.fullmatch(word):
        low, high = float(bounds[1]), float(bounds[2])
        if low > high:
            raise PhraseError(Fault.NUMBERS, written)
        return Pattern(Way.NUMBER, low=low, high=high)
    begins, ends = word.endswith("*"), word.startswith("*")
    text = bare(word.strip("*"))
    if not PLAIN.fullmatch(text):
        raise PhraseError(Fault.SIGN, written)
    if (begins or ends) and len(text) < LEAST_STEM:
        raise PhraseError(Fault.SHORT, written)
    way = (Way.WHOLE, Way.BEGINS, Way.ENDS, Way.HOLDS)[begins + 2 * ends]
    return Pattern(way, text)
