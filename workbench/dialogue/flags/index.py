"""Which places of which phrases a word can stand at, found without asking each phrase."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from types import MappingProxyType

from workbench.dialogue.flags.phrase import Alternative, Item, Pattern, Way
from workbench.dialogue.flags.words import SENTENCE, Words

Spans = list[tuple[int, int]]
"""First and last word of each finding, in the order of the text."""
REMEMBERED = 20_000
"""Words whose meaning is kept: a language's common ones, so that most messages look nothing up."""
COMMONNESS = {Way.WHOLE: 1.0, Way.BEGINS: 3.0, Way.ENDS: 6.0, Way.HOLDS: 6.0}
"""How many words of a language a row of letters meets, by how it is compared; only their order matters."""

_COMMON = """
a about after again all also am an and any are as at be been but by can could day days did do does dont first
for from get good got had has have he hello help her hi him his how i if in is it just know last like me more
much my need new next no not now of off on one or other our out over please see she should since so some still
take thank thanks that the their them then there they this time to today two up us very was we week weeks well
were what when which who will with would you your alle alt andre at av bare ble bli bra da de dei den denne der
dere det dette du eg eit ein eller en er et etter far fikk fint for fra fraa faar gaa god godt ha hadde han har
hatt hei her hilsen hilsing hos hun hva hvis hvor ho i igjen ikke ikkje inn ja jeg kan kanskje kom komme kommer
litt med meg men mer min mine mitt mye naa no nok noe noen noko nokon ny og ogsaa om opp over paa par saa seg
ser si siden sidan skal skulle som takk tar tatt ta til time timen to uke uker ut vaere var ved vet vi vil vore
ville aa ar dag dager neste siste ferdig sende bestille kl klokka helst torsdag fredag mandag tirsdag onsdag
"""
COMMON = frozenset(_COMMON.split())
"""Words that most messages have: nothing is looked for by them when there is another."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One alternative of an item, found by its rarest word."""

    item: int
    words: Alternative
    key: int
    """Which of the words it is found by."""


@dataclass(frozen=True, slots=True)
class Met:
    """What a word can be part of."""

    entries: tuple[Entry, ...]
    items: int
    """Items it stands for by itself, as bits."""
    together: tuple[tuple[frozenset[str], int], ...]
    """Items it stands for beside other words."""
    every: int
    """All of them."""


@dataclass(frozen=True, slots=True)
class Index:
    """Items by the words that tell them."""

    whole: Mapping[str, tuple[Entry, ...]]
    begins: Mapping[str, tuple[Entry, ...]]
    ends: Mapping[str, tuple[Entry, ...]]
    holds: Mapping[str, tuple[Entry, ...]]
    numbers: tuple[tuple[Pattern, Entry], ...]
    begin_lengths: tuple[int, ...]
    end_lengths: tuple[int, ...]
    held: re.Pattern[str] | None
    """Finds whether a word holds any of `holds`."""
    remembered: dict[str, Met] = field(default_factory=dict, compare=False, repr=False)
    """Words met before: only saves time, and is emptied when it is full."""

    def met(self, word: str) -> Met:
        """What a folded word can be part of."""
        found = self.remembered.get(word)
        if found is None:
            if len(self.remembered) >= REMEMBERED:
                self.remembered.clear()
            found = self.remembered[word] = self._looked_up(word)
        return found

    def items(self, words: Collection[str]) -> int:
        """The items that could stand in a text of these words, as bits."""
        here = 0
        known, met = self.remembered, self.met
        for word in words:
            found = known.get(word) or met(word)
            here |= found.items
            for others, item in found.together:
                if others.issubset(words):
                    here |= item
        return here

    def spans(self, words: Words, wanted: int) -> dict[int, Spans]:
        """Where each of the wanted items stands in a text."""
        found: dict[int, Spans] = {}
        for place, word in enumerate(words.folded):
            met = self.remembered.get(word) or self.met(word)
            for entry in met.entries if met.every & wanted else ():
                if wanted >> entry.item & 1:
                    first = place - entry.key
                    if len(entry.words) == 1 or _stands(entry.words, words, first):
                        found.setdefault(entry.item, []).append((first, first + len(entry.words) - 1))
        for item, spans in found.items():
            found[item] = sorted(set(spans))
        return found

    def _looked_up(self, word: str) -> Met:
        word = word.replace(",", ".")
        found = list(self.whole.get(word, ()))
        if word[0].isdigit():
            found += [entry for pattern, entry in self.numbers if pattern.meets(word)]
        for length in self.begin_lengths:
            if length > len(word):
                break
            found += self.begins.get(word[:length], ())
        for length in self.end_lengths:
            if length > len(word):
                break
            found += self.ends.get(word[-length:], ())
        if self.held is not None and self.held.search(word):
            found += [entry for text, entries in self.holds.items() if text in word for entry in entries]
        items = 0
        together: dict[tuple[frozenset[str], int], None] = {}
        for entry in found:
            others = frozenset(
                pattern.text for at, pattern in enumerate(entry.words) if at != entry.key and pattern.way is Way.WHOLE
            )
            if others:
                together[others, 1 << entry.item] = None
            else:
                items |= 1 << entry.item
        every = items
        for _others, item in together:
            every |= item
        return Met(tuple(found), items, tuple(together), every)


def index_of(items: Iterable[tuple[int, Item]]) -> Index:
    """The index of numbered items."""
    by_way: dict[Way, dict[str, list[Entry]]] = {way: {} for way in Way}
    numbers: list[tuple[Pattern, Entry]] = []
    for number, item in items:
        for alternative in item:
            key = 0 if len(alternative) == 1 else min(range(len(alternative)), key=lambda at: weight(alternative[at]))
            pattern = alternative[key]
            entry = Entry(number, alternative, key)
            if pattern.way is Way.NUMBER:
                numbers.append((pattern, entry))
            else:
                by_way[pattern.way].setdefault(pattern.text, []).append(entry)
    whole, begins, ends, holds = (
        MappingProxyType({text: tuple(entries) for text, entries in by_way[way].items()})
        for way in (Way.WHOLE, Way.BEGINS, Way.ENDS, Way.HOLDS)
    )
    return Index(
        whole,
        begins,
        ends,
        holds,
        tuple(numbers),
        tuple(sorted({len(text) for text in begins})),
        tuple(sorted({len(text) for text in ends})),
        re.compile("|".join(map(re.escape, sorted(holds)))) if holds else None,
    )


def rarest(items: Iterable[Item]) -> Item:
    """The item that the fewest messages have."""
    return min(items, key=_commonness)


@cache
def _commonness(item: Item) -> float:
    """How common the words are that tell an item; the same item stands in many phrases."""
    return sum(min(map(weight, alternative)) for alternative in item)


def weight(pattern: Pattern) -> float:
    """How common a word is; only the order matters."""
    if pattern.way is Way.NUMBER:
        return 0.1
    if pattern.way not in COMMONNESS:
        return 2.0
    if pattern.way is Way.WHOLE and pattern.text in COMMON:
        return 0.5
    return COMMONNESS[pattern.way] * 3.0 ** -min(len(pattern.text), 8)


def _stands(alternative: Alternative, words: Words, first: int) -> bool:
    end = first + len(alternative)
    return (
        first >= 0
        and end <= len(words.folded)
        and SENTENCE not in words.borders[first + 1 : end]
        and all(pattern.meets(word) for pattern, word in zip(alternative, words.folded[first:end], strict=True))
    )
