"""How wide the columns of the overview's tables are, by how many cells there are."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import Final

ALL: Final = 79
"""Cells in which all columns of the queues' table have room."""


@dataclass(frozen=True, slots=True)
class Widths:
    """Cells of a grid's columns."""

    head: int
    columns: tuple[int, ...]
    bar: int = 0
    """Cells of the bar in the first column, after its figure."""


def queue_widths(width: int) -> Widths:
    """Columns of the queues' table: what is to spare goes to names and figures, then to the bar; a blank ends it."""
    spare = max(width - ALL, 0)
    name, more = 18 + min(spare // 5, 8), min(spare // 12, 2)
    late = 8 if width >= ALL else 9  # the bar before it is the blank between two heads
    columns = tuple(cells + more for cells in (late, 8, 7, 5, 6, 5, 6, 6))
    bar = max(width - name - 6 - sum(columns) - 1, 0)
    return Widths(name, (6 + bar, *columns), bar)


def day_widths(width: int, days: int = 14) -> Widths:
    """Columns of the days' table, all alike, and never too narrow for three digits with a blank on either side."""
    label = 10 if width < 100 else 13
    return Widths(label, (max((width - label) // days, 5),) * days)


def columns_in_view(widths: Widths, width: int, column: int, first: int = 0) -> range:
    """The columns that fit whole, slid as little as brings one of them into view.

    Args:
        widths: Of all columns.
        width: Cells there are; the last is kept free where there are more columns than fit.
        column: What must be in view.
        first: The first that was in view.
    """
    ends = [widths.head, *accumulate(widths.columns, initial=widths.head)][1:]
    room = width if ends[-1] <= width else width - 1

    def fit(since: int, until: int) -> bool:
        return until - since <= 1 or widths.head + ends[until] - ends[since] <= room

    many = len(widths.columns)
    first = min(first, column)
    while not fit(first, column + 1):
        first += 1
    while first and fit(first - 1, many):
        first -= 1
    until = first + 1
    while until < many and fit(first, until + 1):
        until += 1
    return range(first, until)
