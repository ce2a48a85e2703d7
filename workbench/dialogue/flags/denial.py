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
WITHOUT = frozenset({"uten", "utan", "without"})
_HARDLY = """
cant cannot couldnt unable hardly barely rarely impossible knapt sjelden sjeldan umulig umogleg
"""
HARDLY = frozenset(_HARDLY.split())
"""What denies a “without”, beside the lists."""
BEING = frozenset({"er", "var", "is", "am", "im", "are", "was"})
"""Before a “without” they say it of somebody: “has no fever and is without pain” denies twice."""
UNDONE_WITHIN = 12
NOBODY = frozenset({"ingen", "inga", "inkje", "ingenting"})
PAST_VERBS = frozenset({"hadde", "kunne", "ville", "skulle", "tok", "tek", "trodde", "saa", "hjalp", "hjelp"})
"""Verbs that do not end as one in the present mostly does, in r."""
NORWEGIAN_NOT = frozenset({"ikke", "ikkje", "ike", "ikje", "ikkj", "aldri", "itte", "ittj"})
_HAVING = """
har hadde er var vart ble blei blir faar fikk fekk kjenner merker merkar foler gjor gjer gjorde opplever plages sliter
lider klager klagar vil ville skal kommer kjem tenker tenkjer planlegger vurderer onsker onskjer ser finner tror trur
"""
HAVING = frozenset(_HAVING.split())
"""What one has, feels or means to do: “har ikke” denies what follows, “tar ikke” only the verb."""
VERB_WITHIN = 4
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
        self._small = small
        self._stops = small.begins("stop")
        self._denials = small.begins("deny", "deny_verb")
        self._answers = small.begins("answer")
        self._nones = small.ends("deny")
        self._nots = small.ends("deny_verb")
        self._bounds = small.ends("stop", "only", "present")

    def denies(self, match: Match) -> bool:
        """Whether the words of a phrase are denied for certain."""
        if self._within(match):
            return True
        return (self._before(match) or self._answered(match)) and not self._new(match)

    def _within(self, match: Match) -> bool:
        """Between two words of the phrase something is denied or turns round; “not here but there” does both."""
        denied, turns = False, False
        for word in range(match.first, match.last + 1):
            if word in match.own or word in self._said:
                continue
            if word in self._denials:
                denied, turns = word not in self._no_denial, True
            elif word in self._stops:
                denied, turns = not turns, False
        return denied

    def _new(self, match: Match) -> bool:
        """“Never like this”, “not before”: what was not is now."""
        return bool(self._small.at("new", match.last + 1, self._small.clause_after(match.last, DENIED_WITHIN)))

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
                if word in self._nots:
                    return strangers == 0 and not self._of_verb(word) and (not listing or self._lists(word, match))
                if word in self._nones:
                    denied = strangers == 0 or (strangers <= STRANGERS and not self._does(word))
                    return denied and not self._undone(word) and (not listing or self._lists(word, match))
            if word in self._bounds:
                return False
            if word not in self._said and word not in self._through and folded[word] not in LISTED:
                strangers += 1
                if strangers > STRANGERS:
                    return False
        return False

    def _of_verb(self, word: int) -> bool:
        """Whether a “not” belongs to the verb before it: “the tablet takes not the pain” has the pain."""
        before = self._words.folded[self._small.clause_before(word, VERB_WITHIN) : word]
        if self._words.folded[word] not in NORWEGIAN_NOT or not before or before[-1] in LISTED:
            return False
        return _is_verb(before[-1]) and HAVING.isdisjoint(before)

    def _does(self, word: int) -> bool:
        """Whether it is “nobody” who does something: “ingen tar smertene mine på alvor”."""
        return self._words.folded[word] in NOBODY and _is_verb(self._words.folded[word + 1])

    def _undone(self, word: int) -> bool:
        """Whether a “without” is denied itself: “cannot walk without chest pain”."""
        folded = self._words.folded
        if folded[word] not in WITHOUT or word == 0 or folded[word - 1] in LISTED | BEING:
            return False
        before = range(self._small.clause_before(word, UNDONE_WITHIN), word)
        return any(each in self._nots or each in self._nones or folded[each] in HARDLY for each in before)

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


def _is_verb(word: str) -> bool:
    return word.endswith("r") or word in PAST_VERBS
