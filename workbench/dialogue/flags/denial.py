"""Whether the words of a phrase are denied: “ikke vondt i brystet”, “chest pain: no”."""

from __future__ import annotations

from workbench.dialogue.flags.matching import Match
from workbench.dialogue.flags.small_words import SmallWords
from workbench.dialogue.flags.words import CLAUSE, LINE, NONE, Words

DENIED_WITHIN = 8
"""Words between a denial and what it denies."""
STRANGERS = 1
"""Words we do not know that may stand after “no” and “without”; none after “not”, which may deny another verb."""
LISTED = frozenset({"eller", "or", "nor", "samt", "og", "and", "heller"})
LIST_ENDS = frozenset({"eller", "or", "nor", "heller"})
"""Words that show that commas part what one denial denies."""
ANSWERS = frozenset({"nei", "no", "nope", "none", "ingen", "inga", "ikke", "ikkje", "negativ", "negative"})
"""What a form's question is denied with."""
NOT = frozenset({"ikke", "ikkje", "ike", "not"})
ANY_MORE = frozenset({"lenger", "lengre", "lengjer", "mer", "meir", "naa", "no", "now", "anymore"})
"""What may still follow a “not” that ends its clause, as in “the wound does not bleed”."""


class Denial:
    """What one side's small words deny in a text.

    Args:
        words: The text.
        small: Its small words.
        said: Words that belong to a phrase; a “not” among them (“cannot breathe”) denies no other phrase.
    """

    def __init__(self, words: Words, small: SmallWords, said: frozenset[int]) -> None:
        self._words = words
        self._said = said
        self._through = small.covered("through")
        self._no_denial = small.covered("no_denial")
        self._stops = small.begins("stop")
        self._turns = small.begins("stop", "deny", "deny_verb")
        self._answers = small.begins("answer")
        self._nones = small.ends("deny")
        self._nots = small.ends("deny_verb")
        self._bounds = small.ends("stop", "only", "present")

    def denies(self, match: Match) -> bool:
        """Whether the words of a phrase are denied for certain."""
        return self._within(match) or self._before(match) or self._answered(match)

    def _within(self, match: Match) -> bool:
        """Between two words of the phrase something is denied or turns round."""
        between = set(range(match.first, match.last + 1)) - match.own - self._said - self._no_denial
        return not between.isdisjoint(self._turns)

    def _before(self, match: Match) -> bool:
        strangers, listing = 0, False
        borders, folded = self._words.borders, self._words.folded
        for word in range(match.first - 1, max(match.first - 2 - DENIED_WITHIN, -1), -1):
            border = borders[word + 1]
            if border >= LINE:
                return False
            listing = listing or border == CLAUSE
            if word in self._no_denial:
                return False
            if word not in self._said:
                if word in self._nones:
                    return strangers <= STRANGERS and (not listing or self._lists(word, match))
                if word in self._nots:
                    return strangers == 0 and (not listing or self._lists(word, match))
            if word in self._bounds:
                return False
            if word not in self._said and word not in self._through and folded[word] not in LISTED:
                strangers += 1
                if strangers > STRANGERS:
                    return False
        return False

    def _lists(self, denial: int, match: Match) -> bool:
        """Whether “or” stands among what is denied, so that commas only part a list."""
        folded, borders = self._words.folded, self._words.borders
        for word in range(denial + 1, min(match.last + 1 + DENIED_WITHIN, len(folded))):
            if word > match.last and (borders[word] >= LINE or word in self._stops):
                return False
            if folded[word] in LIST_ENDS:
                return True
        return False

    def _answered(self, match: Match) -> bool:
        """“Chest pain: no”, “brystsmerter har jeg ikke”."""
        after = match.last + 1
        if after >= len(self._words.folded) or self._words.borders[after] >= LINE:
            return False
        if after in self._answers or (after in self._words.answers and self._words.folded[after] in ANSWERS):
            return True
        if self._words.folded[after] not in NOT or self._words.borders[after] != NONE:
            return False
        last = after + 1 == len(self._words.folded)
        return last or self._words.borders[after + 1] >= CLAUSE or self._words.folded[after + 1] in ANY_MORE
