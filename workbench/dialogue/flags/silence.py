"""How the words of a phrase are meant: denied, another's, long past, in general, or settled.

Everything is decided inside one sentence and one line, and when in doubt the words count: a message that is
marked for nothing costs a look, one that is not marked may cost a life.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping

from workbench.dialogue.flags.index import Index, Spans
from workbench.dialogue.flags.matching import Match
from workbench.dialogue.flags.rules import CONTEXT, Side
from workbench.dialogue.flags.tongue import tongue
from workbench.dialogue.flags.words import CLAUSE, LINE, NONE, Words

ALL = (1 << len(CONTEXT)) - 1
REACH = 24
"""Words to each side that are asked how a phrase is meant."""
DENIED_WITHIN = 8
"""Words between a denial and what it denies."""
STRANGERS = 1
"""Words we do not know that may stand after “no” and “without”; none after “not”, which may deny another verb."""
GENERAL_WITHIN = 10
AFTER_WITHIN = 8
UNSURE_WITHIN = 6
CLOSE = 3
LISTED = frozenset({"eller", "or", "nor", "samt", "og", "and", "heller"})
LIST_ENDS = frozenset({"eller", "or", "nor", "heller"})
"""Words that show that commas part what one denial denies."""


ANSWERS = frozenset({"nei", "no", "nope", "none", "ingen", "inga", "ikke", "ikkje", "negativ", "negative"})
"""What a form's question is denied with."""
NOT = frozenset({"ikke", "ikkje", "ike", "not"})
ANY_MORE = frozenset({"lenger", "lengre", "lengjer", "mer", "meir", "naa", "no", "now", "anymore"})
"""What may still follow a “not” that ends its clause, as in “the wound does not bleed”."""


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
        spans = context.spans(words, ALL)
        self._spans: dict[str, Spans] = {name: spans.get(number, []) for number, name in enumerate(CONTEXT)}
        self._starts = {name: [first for first, _last in found] for name, found in self._spans.items()}
        self._covered = {
            name: frozenset(word for first, last in self._spans[name] for word in range(first, last + 1))
            for name in ("through", "no_denial")
        }
        self._begins = {name: frozenset(self._starts[name]) for name in ("stop", "only", "deny", "deny_verb", "answer")}
        self._ends = {
            name: frozenset(last for _first, last in self._spans[name])
            for name in ("stop", "only", "present", "deny", "deny_verb")
        }

    def silences(self, match: Match) -> bool:
        """Whether the words do not count."""
        if self._denied_within(match) or self._denied_before(match) or self._answered(match):
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

    # -- denied

    def _denied_within(self, match: Match) -> bool:
        """Between two words of the phrase something is denied or turns round."""
        between = set(range(match.first, match.last + 1)) - match.own - self._said - self._covered["no_denial"]
        return any(
            word in self._begins["stop"] or word in self._begins["deny"] or word in self._begins["deny_verb"]
            for word in between
        )

    def _denied_before(self, match: Match) -> bool:
        strangers, listing = 0, False
        borders, folded = self._words.borders, self._words.folded
        for word in range(match.first - 1, max(match.first - 2 - DENIED_WITHIN, -1), -1):
            border = borders[word + 1]
            if border >= LINE:
                return False
            listing = listing or border == CLAUSE
            if word in self._covered["no_denial"]:
                return False
            if word not in self._said:
                if word in self._ends["deny"]:
                    return strangers <= STRANGERS and (not listing or self._lists(word, match))
                if word in self._ends["deny_verb"]:
                    return strangers == 0 and (not listing or self._lists(word, match))
            if word in self._ends["stop"] or word in self._ends["only"] or word in self._ends["present"]:
                return False
            if word not in self._said and word not in self._covered["through"] and folded[word] not in LISTED:
                strangers += 1
                if strangers > STRANGERS:
                    return False
        return False

    def _lists(self, denial: int, match: Match) -> bool:
        """Whether “or” stands among what is denied, so that commas only part a list."""
        folded, borders = self._words.folded, self._words.borders
        for word in range(denial + 1, min(match.last + 1 + DENIED_WITHIN, len(folded))):
            if word > match.last and (borders[word] >= LINE or word in self._begins["stop"]):
                return False
            if folded[word] in LIST_ENDS:
                return True
        return False

    def _answered(self, match: Match) -> bool:
        """“Chest pain: no”, “brystsmerter har jeg ikke”."""
        after = match.last + 1
        if after >= len(self._words.folded) or self._words.borders[after] >= LINE:
            return False
        if after in self._begins["answer"] or (after in self._words.answers and self._words.folded[after] in ANSWERS):
            return True
        if self._words.folded[after] not in NOT or self._words.borders[after] != NONE:
            return False
        last = after + 1 == len(self._words.folded)
        return last or self._words.borders[after + 1] >= CLAUSE or self._words.folded[after + 1] in ANY_MORE

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
        for first, last in self._at("general", max(low, match.first - GENERAL_WITHIN), match.last):
            if (
                first <= match.first
                and first not in self._said
                and not self._at("stop", last + 1, match.first - 1)
                and not self._at("now", last + 1, match.last)
                and not self._at("present", last + 1, match.last)
            ):
                return True
        return False

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
        low = self._clause_before(first)
        return bool(
            self._at("unsure", max(low, first - UNSURE_WITHIN), first - 1)
            or self._at("unsure", last + 1, self._clause_after(last, CLOSE))
            or self._at("deny", max(low, first - CLOSE), first - 1)
            or self._at("deny_verb", max(low, first - CLOSE), first - 1)
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

    # -- where to look

    def _clause_before(self, word: int) -> int:
        """The first word of the clause that a word stands in."""
        while word > 0 and self._words.borders[word] < CLAUSE:
            word -= 1
        return word

    def _clause_after(self, word: int, most: int) -> int:
        """The last word of the clause that a word stands in, or so many words on."""
        borders = self._words.borders
        for last in range(word, word + most):
            if last + 1 >= len(borders) or borders[last + 1] >= CLAUSE:
                return last
        return word + most

    def _at(self, name: str, low: int, high: int) -> Spans:
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


def around(words: Words, match: Match) -> tuple[int, int]:
    """First and last word of what is asked around a phrase: its sentence and line, no farther than `REACH`."""
    borders = words.borders
    low, high = match.first, match.last
    while low > 0 and match.first - low < REACH and borders[low] < LINE:
        low -= 1
    while high + 1 < len(borders) and high - match.last < REACH and borders[high + 1] < LINE:
        high += 1
    return low, high
