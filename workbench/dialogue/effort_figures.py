"""What handling conversations took, in figures: how many, and median and ninth tenth of keys and seconds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from workbench.dialogue.effort import Handled, Taken
from workbench.dialogue.spread import Spread


@dataclass(frozen=True, slots=True)
class OfVerb:
    """What the conversations took on which a verb was done."""

    verb: str
    times: int
    handled: int
    keys: Spread
    seconds: Spread


@dataclass(frozen=True, slots=True)
class Figures:
    """What the conversations of a day took, or of all days."""

    handled: int
    keys: Spread
    seconds: Spread
    verbs: tuple[OfVerb, ...]
    """Those that were done, the most frequent first."""


def by_day(lines: Iterable[tuple[date, Handled]]) -> dict[date, tuple[Taken, ...]]:
    """What each conversation took on each day, in the days' order: one that was come back to that day counts once."""
    days: dict[date, dict[str, Taken]] = {}
    for day, line in lines:
        held = days.setdefault(day, {})
        before, more = held.get(line.label, Taken()), line.taken
        held[line.label] = Taken(before.keys + more.keys, before.seconds + more.seconds, before.verbs + more.verbs)
    return {day: tuple(held.values()) for day, held in sorted(days.items())}


def figures(taken: Sequence[Taken]) -> Figures:
    """The figures of some conversations."""
    times = Counter(verb for each in taken for verb in each.verbs)
    verbs = [_of_verb(verb, count, taken) for verb, count in sorted(times.items(), key=lambda one: (-one[1], one[0]))]
    return Figures(len(taken), Spread.of(t.keys for t in taken), Spread.of(t.seconds for t in taken), tuple(verbs))


def _of_verb(verb: str, times: int, taken: Sequence[Taken]) -> OfVerb:
    with_it = [each for each in taken if verb in each.verbs]
    return OfVerb(verb, times, len(with_it), Spread.of(t.keys for t in with_it), Spread.of(t.seconds for t in with_it))
