"""Where in a text the small words stand that say how its phrases are meant."""

from __future__ import annotations

from bisect import bisect_left

from workbench.dialogue.flags.index import Index, Spans
from workbench.dialogue.flags.rules import CONTEXT
from workbench.dialogue.flags.words import CLAUSE, Words

ALL = (1 << len(CONTEXT)) - 1


class SmallWords:
    """The lists of `CONTEXT` of one side, as they are met in a text.

    Args:
        words: The text.
        context: The lists.
    """

    def __init__(self, words: Words, context: Index) -> None:
        self._borders = words.borders
        spans = context.spans(words, ALL)
        self._spans: dict[str, Spans] = {name: spans.get(number, []) for number, name in enumerate(CONTEXT)}
        self._starts = {name: [first for first, _last in found] for name, found in self._spans.items()}

    def at(self, name: str, low: int, high: int) -> Spans:
        """What of a list stands wholly between two words."""
        spans = self._spans[name]
        found = []
        for at in range(bisect_left(self._starts[name], low), len(spans)):
            first, last = spans[at]
            if first > high:
                break
            if last <= high:
                found.append((first, last))
        return found

    def begins(self, *names: str) -> frozenset[int]:
        """The words with which something of these lists begins."""
        return frozenset(first for name in names for first, _last in self._spans[name])

    def ends(self, *names: str) -> frozenset[int]:
        """The words with which something of these lists ends."""
        return frozenset(last for name in names for _first, last in self._spans[name])

    def covered(self, name: str) -> frozenset[int]:
        """The words that belong to something of a list."""
        return frozenset(word for first, last in self._spans[name] for word in range(first, last + 1))

    def clause_before(self, word: int, most: int) -> int:
        """The first word of the clause that a word stands in, or so many words back."""
        low = word
        while low > 0 and word - low < most and self._borders[low] < CLAUSE:
            low -= 1
        return low

    def clause_after(self, word: int, most: int) -> int:
        """The last word of the clause that a word stands in, or so many words on."""
        high = word
        while high + 1 < len(self._borders) and high - word < most and self._borders[high + 1] < CLAUSE:
            high += 1
        return high
