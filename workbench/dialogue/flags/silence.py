"""How the words of a phrase are meant: denied, another's, long past, in general, or settled.

Everything is decided inside one sentence and one line, and when in doubt the words count: a message that is
marked for nothing costs a look, one that is not marked may cost a life.
"""

from __future__ import annotations

from collections.abc import Mapping

from workbench.dialogue.flags.denial import ANSWERS, NOT, Denial
from workbench.dialogue.flags.index import Index
from workbench.dialogue.flags.matching import Match
from workbench.dialogue.flags.rules import Side
from workbench.dialogue.flags.small_words import SmallWords
from workbench.dialogue.flags.tongue import tongue
from workbench.dialogue.flags.words import CLAUSE, LINE, NONE, Words

REACH = 24
"""Words to each side that are asked how a phrase is meant."""
GENERAL_WITHIN = 10
AFTER_WITHIN = 8
UNSURE_WITHIN = 6
CLOSE = 3
SINCE = frozenset({"siden", "sidan", "since"})
DENYING = ANSWERS | NOT | {"aldri", "never", "inkje", "havent"}


class Meanings:
    """What the small words of a text say about its phrases, in the language of each sentence.

    Args:
        words: The text.
        contexts: The lists of each side.
        said: Words that belong to a phrase; a “not” among them (“cannot breathe”) denies no other phrase.
    """

    def __init__(self, words: Words, contexts: Mapping[Side, Index], said: frozenset[int]) -> None:
        self._words = words
        self._contexts = contexts
        self._said = said
        self._known: dict[Side, Meaning] = {}

    def silences(self, match: Match, side: Side) -> bool:
        """Whether the words do not count.

        Args:
            match: Where they stand.
            side: The side of their phrase, which holds when the sentence does not show its language.
        """
        side = tongue(self._words, *around(self._words, match)) or side
        if side not in self._contexts:
            return False
        if side not in self._known:
            self._known[side] = Meaning(self._words, self._contexts[side], self._said)
        return self._known[side].silences(match)


class Meaning:
    """The same for one side."""

    def __init__(self, words: Words, context: Index, said: frozenset[int]) -> None:
        self._words = words
        self._said = said
        self._small = SmallWords(words, context)
        self._at = self._small.at
        self._denial = Denial(words, self._small, said)

    def silences(self, match: Match) -> bool:
        """Whether the words do not count."""
        if self._denial.denies(match):
            return True
        low, high = around(self._words, match)
        again = bool(self._at("again", low, high))
        now = again or bool(self._at("now", low, high))
        return (
            self._of_another(match, low, high, now)
            or (not now and self._long_past(match, low, high))
            or self._in_general(match, low)
            or (not again and self._settled(match, low, high))
        )

    # -- whose, when, whether

    def _of_another(self, match: Match, low: int, high: int, now: bool) -> bool:
        kin = [first for first, _last in self._at("kin", low, high)]
        before = [first for first in kin if first < match.first]
        own = [first for first, _last in self._at("own", low, match.last) if first <= match.last]
        family = self._at("family", low, high)
        if family and not now and not self._at("own", family[0][0], match.first):
            first, last = family[0]
            if last < match.first or first - match.last <= CLOSE:
                return True
        if before and (not own or max(own) < before[-1]):
            now = now or bool(self._at("ongoing", before[-1], high))
            return bool(self._at("dead", low, high)) or (not now and bool(self._at("had", before[-1], high)))
        after = [first for first in kin if 0 < first - match.last <= CLOSE]
        return bool(after) and not now and bool(self._at("had", match.last + 1, high)) and not own

    def _long_past(self, match: Match, low: int, high: int) -> bool:
        for first, last in self._at("ago", low, high):
            if last < match.first:
                left, right = last + 1, match.first
                if self._at("present", left, match.last):
                    continue
            elif match.last < first <= match.last + AFTER_WITHIN:
                left, right = match.last + 1, first
                if not SINCE.isdisjoint(self._words.folded[left:right]):
                    continue  # “since I saw you two months ago” goes on
            elif match.first <= first and last <= match.last:
                return True
            else:
                continue
            apart = CLAUSE in self._words.borders[left : right + 1]
            told = not apart or self._at("past", left, max(match.last, last))
            if told and not self._at("stop", left, right - 1):
                return True
        return False

    def _in_general(self, match: Match, low: int) -> bool:
        if self._at("again", match.last + 1, match.last + CLOSE) or self._has_it(match):
            return False
        for first, last in self._at("general", max(low, match.first - GENERAL_WITHIN), match.last):
            if (
                first <= match.first
                and first not in self._said
                and not self._at("had", first - CLOSE, first - 1)
                and not self._at("stop", last + 1, match.first - 1)
                and not self._at("now", last + 1, match.last)
                and not self._at("present", last + 1, match.last)
            ):
                return True
        return False

    def _has_it(self, match: Match) -> bool:
        """Whether the next words say that it is so here: “does it cause chest pain? I have had it”."""
        folded = self._words.folded
        return any(
            last + 1 == len(folded) or folded[last + 1] not in DENYING
            for _first, last in self._at("has_it", match.last + 1, match.last + REACH)
        )

    def _settled(self, match: Match, low: int, high: int) -> bool:
        if high in self._words.asked:
            return False  # “is the chest pain harmless?” is what the patient wants to be told
        for first, last in self._at("settled", low, high):
            if self._unsure(first, last):
                continue
            if first > match.last or (last < match.first and self._settles_what_follows(last, match, high)):
                return True
        return False

    def _unsure(self, first: int, last: int) -> bool:
        """Whether what would settle it is denied, or only thought or wished: “not checked”, “sikkert ufarlig”."""
        low = self._small.clause_before(first, UNSURE_WITHIN)
        near = max(low, first - CLOSE)
        return bool(
            self._at("unsure", low, first - 1)
            or self._at("unsure", last + 1, self._small.clause_after(last, CLOSE))
            or self._at("deny", near, first - 1)
            or self._at("deny_verb", near, first - 1)
        )

    def _settles_what_follows(self, last: int, match: Match, high: int) -> bool:
        """Over a comma only when nothing more is said of it: “all was fine, the pain comes every night” is of now."""
        borders = self._words.borders
        after = match.last + 1
        goes_on = CLAUSE in borders[last + 1 : match.first + 1] and after <= high and borders[after] == NONE
        return not (
            goes_on
            or self._at("stop", last + 1, match.first - 1)
            or self._at("now", last + 1, match.first - 1)
            or self._at("present", last + 1, match.last)
        )


def around(words: Words, match: Match) -> tuple[int, int]:
    """First and last word of what is asked around a phrase: its sentence and line, no farther than `REACH`."""
    borders = words.borders
    low, high = match.first, match.last
    while low > 0 and match.first - low < REACH and borders[low] < LINE:
        low -= 1
    while high + 1 < len(borders) and high - match.last < REACH and borders[high + 1] < LINE:
        high += 1
    return low, high
