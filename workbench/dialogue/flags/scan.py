"""Looking for red flags in a message."""

from __future__ import annotations

from itertools import pairwise

from workbench.dialogue.flags.hit import Hit
from workbench.dialogue.flags.matching import Match, matches
from workbench.dialogue.flags.rules import UNREAD, Ready, Rules
from workbench.dialogue.flags.silence import Meanings
from workbench.dialogue.flags.words import SENTENCE, Words, split, stretches

MOST_READ = 50_000
"""Characters that are read: the rest of a longer text is marked as not read, since what is not read may be urgent."""
MOST_HITS = 20
"""Marks one rule makes in one message."""
SHOWN_UNREAD = 60
"""Characters shown of what was not read."""


def scan(text: str, rules: Rules) -> tuple[Hit, ...]:
    """What the rules mark in a message, in the order of its words.

    A sentence that is added never takes a mark away: what is denied, past or another's is decided inside the
    sentence that says so. The answer to a form's question (“Brystsmerter? Nei.”) counts as part of that question.

    Args:
        text: A patient's words, as they came.
        rules: What to look for.

    Returns:
        Nothing when no rule met; that does not mean that the message can wait.
    """
    if len(text) > MOST_READ:
        unread = Hit(MOST_READ, len(text), UNREAD, text[MOST_READ : MOST_READ + SHOWN_UNREAD])
        return (*_scan(text[:MOST_READ], rules), unread)
    return _scan(text, rules)


def _scan(text: str, rules: Rules) -> tuple[Hit, ...]:
    possible = _possible([rules.index.items(words) for words in stretches(text)], rules)
    if not possible:
        return ()
    words = split(text)
    sentences = _sentences(words, rules)
    possible = [phrase for phrase in possible if _in_sentences(phrase, sentences)]
    if not possible:
        return ()
    wanted = 0
    for phrase in possible:
        wanted |= phrase.needs
    spans = rules.index.spans(words, wanted)
    found = [(phrase, [matches(group, spans, words) for group in phrase.groups]) for phrase in possible]
    found = [(phrase, groups) for phrase, groups in found if all(groups)]
    return _hits(text, words, found, rules) if found else ()


def _possible(stretches_: list[int], rules: Rules) -> list[Ready]:
    """The phrases of which each group has all its items in one stretch of the text."""
    here = 0
    for each in stretches_:
        here |= each
    found: list[Ready] = []
    anchors = here & rules.anchors
    while anchors:
        lowest = anchors & -anchors
        anchors ^= lowest
        found += [phrase for phrase in rules.phrases[lowest.bit_length() - 1] if phrase.needs & here == phrase.needs]
    return found if len(stretches_) == 1 else [phrase for phrase in found if _in_sentences(phrase, stretches_)]


def _sentences(words: Words, rules: Rules) -> list[int]:
    """The items of each sentence, as bits."""
    ends = [place for place, border in enumerate(words.borders) if border == SENTENCE] + [len(words.folded)]
    return [rules.index.items(set(words.folded[start:end])) for start, end in pairwise(ends)]


def _in_sentences(phrase: Ready, sentences: list[int]) -> bool:
    return all(any(group.needs & here == group.needs for here in sentences) for group in phrase.groups)


def _hits(text: str, words: Words, found: list[tuple[Ready, list[list[Match]]]], rules: Rules) -> tuple[Hit, ...]:
    said = frozenset(word for _phrase, groups in found for group in groups for match in group for word in match.own)
    meanings = Meanings(words, rules.contexts, said)
    marked: dict[int, list[tuple[int, int]]] = {}
    for phrase, groups in found:
        left = [[match for match in group if not meanings.silences(match, phrase.side)] for group in groups]
        if all(left):
            marked.setdefault(phrase.rule, []).extend((match.first, match.last) for match in left[0])
    hits: list[Hit] = []
    for rule, places in marked.items():
        taken = _taken(rules.unless.get(rule, ()), words, rules)
        kept = [place for place in places if taken.isdisjoint(range(place[0], place[1] + 1))]
        for first, last in _apart(kept)[:MOST_HITS]:
            start, end = words.starts[first], words.ends[last]
            hits.append(Hit(start, end, rules.rules[rule].id, text[start:end]))
    return tuple(sorted(hits))


def _taken(phrases: tuple[Ready, ...], words: Words, rules: Rules) -> set[int]:
    """The words that the exceptions of a rule reach over."""
    wanted = 0
    for phrase in phrases:
        wanted |= phrase.needs
    spans = rules.index.spans(words, wanted)
    return {
        word
        for phrase in phrases
        for match in matches(phrase.groups[0], spans, words)
        for word in range(match.first, match.last + 1)
    }


def _apart(places: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Places that do not overlap: of those that do, the shortest, so that what is marked can be taken in at once."""
    kept: list[tuple[int, int]] = []
    taken: set[int] = set()
    for first, last in sorted(set(places), key=lambda place: (place[1] - place[0], place)):
        if taken.isdisjoint(range(first, last + 1)):
            kept.append((first, last))
            taken.update(range(first, last + 1))
    return sorted(kept)
