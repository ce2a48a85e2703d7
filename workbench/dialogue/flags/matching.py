"""Finding the words of a phrase in a text: a bounded look around each word, so that time grows as the text does."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass

from workbench.dialogue.flags.index import Spans
from workbench.dialogue.flags.phrase import FAR
from workbench.dialogue.flags.rules import Group, Place
from workbench.dialogue.flags.words import SENTENCE, Words

LONGEST = 50
"""Words that one sequence of a phrase can reach over."""


@dataclass(frozen=True, slots=True)
class Match:
    """Where a phrase stands."""

    first: int
    last: int
    own: frozenset[int]
    """The words that are the phrase's, between which others stand."""


def matches(group: Group, spans: Mapping[int, Spans], words: Words) -> list[Match]:
    """Every place where the sequences of a group stand near each other in one sentence.

    Args:
        group: The sequences.
        spans: Where each item stands.
        words: The text.

    Returns:
        In no order; of those that end at the same word, the closest.
    """
    found, *others = [_in_order(sequence, spans, words) for sequence in group.sequences]
    for other in others:
        other.sort(key=lambda match: match.first)
        starts = [match.first for match in other]
        both: dict[tuple[int, int], Match] = {}
        for one in found:
            at = bisect_left(starts, one.first - FAR - 1 - LONGEST)
            while at < len(other) and starts[at] <= one.last + FAR + 1:
                joined = _joined(one, other[at], words)
                if joined is not None:
                    both[joined.first, joined.last] = joined
                at += 1
        found = _closest(list(both.values()))
    return found


def _in_order(sequence: tuple[Place, ...], spans: Mapping[int, Spans], words: Words) -> list[Match]:
    reached = {
        last: Match(first, last, frozenset(range(first, last + 1))) for first, last in spans.get(sequence[0].item, ())
    }
    for place in sequence[1:]:
        here = spans.get(place.item, ())
        starts = [first for first, _last in here]
        further: dict[int, Match] = {}
        for before in reached.values():
            at = bisect_left(starts, before.last + 1)
            while at < len(here) and starts[at] <= before.last + 1 + place.gap:
                first, last = here[at]
                at += 1
                if SENTENCE in words.borders[before.last + 1 : first + 1]:
                    break
                kept = further.get(last)
                if kept is None or kept.first < before.first:
                    further[last] = Match(before.first, last, before.own | frozenset(range(first, last + 1)))
        reached = further
    return list(reached.values())


def _joined(one: Match, other: Match, words: Words) -> Match | None:
    if one.own & other.own:
        return None
    first, last = min(one.first, other.first), max(one.last, other.last)
    between = max(one.first, other.first) - min(one.last, other.last) - 1
    if between > FAR or SENTENCE in words.borders[first + 1 : last + 1]:
        return None
    return Match(first, last, one.own | other.own)


def _closest(found: list[Match]) -> list[Match]:
    """Of those that end at one word, the one that begins last."""
    kept: dict[int, Match] = {}
    for match in found:
        if match.last not in kept or kept[match.last].first < match.first:
            kept[match.last] = match
    return list(kept.values())
