"""Conversations that no queue tells apart: what a list's row says of them, in as few values as queries ask for."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Final, NamedTuple

from workbench.dialogue.queue import Query
from workbench.dialogue.span import Happening
from workbench.store.encoding import to_micros
from workbench.store.rows import STATES, WHOSE

ASKED: Final = frozenset({"states", "whose", "pool", "category", "flagged", "due_before", "during"})
"""What a query may ask for to be told by these values."""


class Alike(NamedTuple):
    """What some conversations have in common."""

    state: int
    whose: int
    pool: str
    category: str
    flagged: int
    due: int
    """How many of the moments that matter are not after the deadline; past all of them where there is none."""
    settled: int
    """The same for when it was done; -1 where it was not."""


@dataclass(frozen=True, slots=True)
class Apart:
    """By which moments conversations are told apart, in microseconds since 1970, earliest first."""

    dues: tuple[int, ...]
    settles: tuple[int, ...]

    @classmethod
    def by(cls, queries: Iterable[Query], *dues: datetime) -> Apart:
        """All moments that some queries ask for, and more that a deadline is held to."""
        asked = list(queries)
        spans = [span for query in asked for span in query.during if span.what is Happening.DONE]
        due = {*dues, *(query.due_before for query in asked if query.due_before is not None)}
        settled = {limit for span in spans for limit in (span.since, span.before) if limit is not None}
        return cls(tuple(sorted(map(to_micros, due))), tuple(sorted(map(to_micros, settled))))

    def columns(self, *, done: bool) -> str:
        """The fields of `Alike` in SQL, on the columns that `item` and `laid` share.

        Args:
            done: Whether anything may be done; else no more is read than one index holds.
        """
        return (
            f"state, whose, pool, category, flag <> '', coalesce({_passed('due', self.dues)}, {len(self.dues)}), "
            + (f"coalesce({_passed('settled', self.settles)}, -1)" if done else "-1")
        )

    def tell(self, query: Query) -> bool:
        """Whether these values tell what a query holds, spans of waiting aside."""
        plain = Query()
        others = [field.name for field in fields(Query) if field.name not in ASKED]
        dues = [] if query.due_before is None else [query.due_before]
        done = [span for span in query.during if span.what is Happening.DONE]
        limits = [limit for span in done for limit in (span.since, span.before) if limit is not None]
        return (
            all(getattr(query, name) == getattr(plain, name) for name in others)
            and all(span.what in (Happening.WAITS, Happening.DONE) for span in query.during)
            and all(to_micros(moment) in self.dues for moment in dues)
            and all(to_micros(moment) in self.settles for moment in limits)
        )

    def hold(self, alike: Alike, query: Query) -> bool:
        """Whether a query that they tell holds some conversations, spans of waiting aside."""
        return (
            STATES[alike.state] in query.states
            and (query.whose is None or WHOSE[alike.whose] is query.whose)
            and query.pool in (None, alike.pool)
            and query.category in (None, alike.category)
            and (bool(alike.flagged) or not query.flagged)
            and (query.due_before is None or alike.due <= bisect_left(self.dues, to_micros(query.due_before)))
            and all(
                between(alike.settled, span.since, span.before, self.settles)
                for span in query.during
                if span.what is Happening.DONE
            )
        )


def between(passed: int, since: datetime | None, before: datetime | None, marks: tuple[int, ...]) -> bool:
    """Whether a moment lies between two others.

    Args:
        passed: How many of the marks are not after it; -1 for no moment.
        since: One of the marks, or None for ever before.
        before: The same, for ever after.
        marks: In microseconds since 1970, earliest first.
    """
    return (
        passed >= 0
        and (since is None or passed > bisect_left(marks, to_micros(since)))
        and (before is None or passed <= bisect_left(marks, to_micros(before)))
    )


def _passed(column: str, marks: tuple[int, ...]) -> str:
    """How many moments a column's is not before, NULL where it has none."""
    return " + ".join([f"({column} >= {mark})" for mark in marks] or [f"({column} >= 0) * 0"])
