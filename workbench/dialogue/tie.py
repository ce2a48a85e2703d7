"""What ties conversations of one patient together: merged into another, or linked with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from workbench.dialogue.key import Key
from workbench.dialogue.queue import Item
from workbench.dialogue.work import State, Verb


class TieKind(StrEnum):
    """How a conversation is tied to another."""

    MERGED = "merged-into"
    LINKED = "linked"


class Tie(NamedTuple):
    """What the Task of a conversation says of another one on the same portal."""

    kind: TieKind
    other: str
    """Id of the other's header."""


TIES: Final = {
    Verb.MERGE: TieKind.MERGED,
    Verb.SPLIT: TieKind.MERGED,
    Verb.LINK: TieKind.LINKED,
    Verb.UNLINK: TieKind.LINKED,
}
"""Which tie a verb makes or takes away."""
ANY: Final = "*"
"""`Change.other` of a DONE whose conversation says that it was merged and is not: all that says so goes with it."""


class Edge(NamedTuple):
    """A tie with the conversation it stands on; all of one portal."""

    thread: str
    kind: TieKind
    other: str

    @property
    def ends(self) -> frozenset[str]:
        """Both conversations."""
        return frozenset((self.thread, self.other))


@dataclass(frozen=True, slots=True)
class Tied:
    """A conversation that another one is tied to, as it is told there."""

    key: Key
    title: str
    """Text from outside."""
    state: State
    latest: datetime
    here: bool
    """It is the Task of the conversation it is told at that says so, or that one's too."""


def without_circles(edges: Iterable[Edge]) -> frozenset[Edge]:
    """Ties as they count: none to itself, and no merge that leads back to where it began."""
    sound = {edge for edge in edges if edge.thread != edge.other}
    round_ = {edge for edge in sound if edge.kind is TieKind.MERGED and edge.thread in into(sound, edge.other)}
    return frozenset(sound - round_)


def into(edges: Collection[Edge], thread: str) -> frozenset[str]:
    """All that a conversation is merged into, directly or through others."""
    return _along({(edge.thread, edge.other) for edge in edges if edge.kind is TieKind.MERGED}, thread)


def above(edges: Iterable[Edge], thread: str) -> tuple[str, ...]:
    """What a conversation is merged into itself."""
    return tuple(sorted(edge.other for edge in edges if edge.kind is TieKind.MERGED and edge.thread == thread))


def under(edges: Collection[Edge], thread: str) -> frozenset[str]:
    """All that is merged into a conversation, directly or through others."""
    return _along({(edge.other, edge.thread) for edge in edges if edge.kind is TieKind.MERGED}, thread)


def _along(steps: Collection[tuple[str, str]], start: str) -> frozenset[str]:
    found: set[str] = set()
    here = {start}
    while here:
        here = {end for begin, end in steps if begin in here} - found
        found |= here
    return frozenset(found)


def linked(edges: Iterable[Edge], thread: str) -> frozenset[str]:
    """All that a conversation is linked with, whichever of the two says so."""
    return frozenset(
        end for edge in edges if edge.kind is TieKind.LINKED and thread in edge.ends for end in edge.ends - {thread}
    )


def kept_first(one: Item, other: Item) -> tuple[Item, Item]:
    """Which of two conversations is kept when they are merged, and which is merged into it.

    What is open is kept before what is done, then what has a red flag, and then what stands higher: so that no red flag
    is ever folded under a row without one.
    """
    first, second = sorted(
        (one, other), key=lambda item: (item.state is State.DONE, not item.flag, item.order, item.key)
    )
    return first, second
