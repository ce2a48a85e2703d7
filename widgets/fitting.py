"""Which of several words fit on a line when not all do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from rich.cells import cell_len
from textual.content import Content


class Part(NamedTuple):
    """Some words that may stand on a line."""

    rank: int
    """How soon it is left out: the highest first; 0 never."""
    text: str
    style: str = ""
    before: str = " · "
    """What stands between it and the part before it."""


def fitting(parts: Sequence[Part], cells: int) -> list[Part]:
    """The parts that fit side by side in so many cells, in their order: the highest rank goes first."""
    kept: set[int] = set()
    for place in sorted(range(len(parts)), key=lambda place: parts[place].rank):
        cost = cell_len(parts[place].before) + cell_len(parts[place].text)
        if cost > cells and parts[place].rank:
            break
        kept.add(place)
        cells -= cost
    return [part for place, part in enumerate(parts) if place in kept]


def packed(parts: Iterable[Content], width: int, between: Content) -> list[Content]:
    """Parts in as few lines as they need, broken between them only."""
    lines: list[Content] = []
    for part in parts:
        if lines and lines[-1].cell_length + between.cell_length + part.cell_length <= width:
            lines[-1] = Content.assemble(lines[-1], between, part)
        else:
            lines.append(part)
    return lines
