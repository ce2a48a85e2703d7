"""Rules as a clinic writes them, and made ready to be looked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from workbench.dialogue.flags.index import Index, index_of, rarest
from workbench.dialogue.flags.phrase import Item, Lists, Phrase, Reader

Side = Literal["norwegian", "english"]
"""Whose small words say what is denied, past or another's: “no” is “now” on one side and denies on the other."""
SIDES: Final[Mapping[str, Side]] = MappingProxyType({"nb": "norwegian", "nn": "norwegian", "en": "english"})
"""The side of each language."""
CONTEXT: Final = (
    "deny",
    "deny_verb",
    "no_denial",
    "through",
    "stop",
    "only",
    "new",
    "answer",
    "kin",
    "own",
    "had",
    "past",
    "dead",
    "family",
    "now",
    "again",
    "present",
    "ongoing",
    "ago",
    "general",
    "has_it",
    "settled",
    "unsure",
)
"""Names of the lists that say how a word is meant; docs/red-flags.md tells what each is for."""
UNREAD: Final = "unread"
"""Id of the rule that marks what is too long to be read to its end."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as it is written."""

    id: str
    names: Mapping[str, str]
    """What it is called, by language."""
    phrases: Mapping[str, tuple[str, ...]]
    """Its phrases, by language."""
    unless: tuple[str, ...] = ()
    """Phrases that take away a mark which they touch: figures of speech and the like."""
    yes: tuple[str, ...] = ()
    """Messages it must mark."""
    no: tuple[str, ...] = ()
    """Messages it must not mark."""


UNREAD_RULE: Final = Rule(
    UNREAD,
    MappingProxyType(
        {"nb": "For lang til å lese ferdig", "nn": "For lang til å lese ferdig", "en": "Too long to read"}
    ),
    MappingProxyType({}),
)


@dataclass(frozen=True, slots=True)
class Place:
    """One place of a phrase, its item by number."""

    item: int
    gap: int


@dataclass(frozen=True, slots=True)
class Group:
    """Sequences that stand near each other."""

    sequences: tuple[tuple[Place, ...], ...]
    needs: int
    """The items without which it cannot be met, as bits."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A phrase made ready."""

    rule: int
    side: Side
    groups: tuple[Group, ...]
    needs: int


@dataclass(frozen=True, slots=True)
class Rules:
    """Rules made ready to be looked for."""

    rules: tuple[Rule, ...]
    index: Index
    phrases: Mapping[int, tuple[Ready, ...]]
    """Phrases by their rarest item."""
    anchors: int
    """Those items, as bits."""
    unless: Mapping[int, tuple[Ready, ...]]
    """Phrases that take marks away, by the number of their rule."""
    contexts: Mapping[Side, Index]
    """The lists of `CONTEXT`, numbered in that order."""

    def rule(self, id_: str) -> Rule:
        """A rule by its id.

        Raises:
            KeyError: There is none.
        """
        for rule in (*self.rules, UNREAD_RULE):
            if rule.id == id_:
                return rule
        raise KeyError(id_)


def ready(rules: Sequence[Rule], lists: Lists, contexts: Mapping[Side, Lists]) -> Rules:
    """Makes rules ready.

    Args:
        rules: In the order they are shown in.
        lists: Lists that phrases name with `@`.
        contexts: The lists of `CONTEXT` for each side; one that is missing is empty.

    Raises:
        PhraseError: A phrase cannot be read; who reads a file looks at each by itself first, to name its line.
    """
    reader = Reader(lists)
    items: dict[Item, int] = {}
    phrases: dict[int, list[Ready]] = {}
    unless: dict[int, tuple[Ready, ...]] = {}
    for number, rule in enumerate(rules):
        for language, written in rule.phrases.items():
            for phrase in map(reader.phrase, written):
                made = _ready(phrase, number, SIDES[language], items)
                steps = (step for group in phrase.groups for sequence in group for step in sequence)
                phrases.setdefault(items[rarest(step.item for step in steps)], []).append(made)
        unless[number] = tuple(_ready(reader.phrase(each), number, "norwegian", items) for each in rule.unless)
    return Rules(
        tuple(rules),
        index_of((number, item) for item, number in items.items()),
        MappingProxyType({item: tuple(found) for item, found in phrases.items()}),
        sum(1 << item for item in phrases),
        MappingProxyType(unless),
        MappingProxyType({side: _context(given, lists) for side, given in contexts.items()}),
    )


def _ready(phrase: Phrase, rule: int, side: Side, items: dict[Item, int]) -> Ready:
    groups: list[Group] = []
    for group in phrase.groups:
        sequences = tuple(
            tuple(Place(items.setdefault(step.item, len(items)), step.gap) for step in sequence) for sequence in group
        )
        groups.append(Group(sequences, _bits({place.item for sequence in sequences for place in sequence})))
    return Ready(rule, side, tuple(groups), _bits({item for group in groups for item in _items(group)}))


def _items(group: Group) -> set[int]:
    return {place.item for sequence in group.sequences for place in sequence}


def _bits(items: set[int]) -> int:
    return sum(1 << item for item in items)


def _context(given: Lists, lists: Lists) -> Index:
    reader = Reader({**lists, **given})
    return index_of((number, reader.item(f"@{name}")) for number, name in enumerate(CONTEXT) if given.get(name))
