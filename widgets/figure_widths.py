"""How wide the columns of the overview's tables are, by how many cells there are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Widths:
    """Cells of a grid's columns."""

    head: int
    columns: tuple[int, ...]
    bar: int = 0
    """Cells of the bar in the first column, after its figure."""


def queue_widths(width: int) -> Widths:
    """Columns of the queues' table: what is to spare goes to names and figures, then to the bar; a blank ends it."""
    spare = max(width - 79, 0)
    name, more = 18 + min(spare // 5, 8), min(spare // 12, 2)
    columns = tuple(cells + more for cells in (8, 7, 7, 5, 6, 5, 6, 6))
    bar = max(width - name - 6 - sum(columns) - 1, 0)
    return Widths(name, (6 + bar, *columns), bar)


def day_widths(width: int, days: int = 14) -> Widths:
    """Columns of the days' table, all alike."""
    label = 10 if width < 100 else 13
    return Widths(label, ((width - label) // days,) * days)
