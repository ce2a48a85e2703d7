"""Count for an overview: all that is open in one pass over one index, and what happened day by day.

Every figure is what its query would list. Asked one by one, a hundred queries would read the open rows a hundred
times; here they are read once, into groups that no query tells apart, and the groups are added up.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Final

from sqlcipher3 import dbapi2

from workbench.dialogue.overview import Count, Longest, Moments
from workbench.dialogue.queue import Query, Queue
from workbench.dialogue.span import Happening
from workbench.dialogue.work import OPEN, State
from workbench.store.conditions import condition_of
from workbench.store.encoding import from_micros, to_micros
from workbench.store.rows import STATES, WHOSE

GROUPED: Final = frozenset({"states", "whose", "pool", "category", "flagged", "due_before", "during"})
"""What a query may ask for to be answered from the groups."""


@dataclass(frozen=True, slots=True)
class Group:
    """Open conversations that no figure of an overview tells apart."""

    state: State
    whose: int
    pool: str
    category: str
    flagged: bool
    due: int
    """How many of the moments that matter are not after the deadline; past all of them where there is none."""
    waits: int
    """The same for since when the patient waits; -1 where none does."""
    rows: int
    asked: int | None
    """Since when the one waits who has waited longest."""


class Counting:
    """Counts inside one reading transaction."""

    def __init__(
        self, cursor: dbapi2.Cursor, queues: Iterable[Queue], at: Moments, others: Count, *, laid: bool
    ) -> None:
        """Reads what is open.

        Args:
            cursor: Inside a reading transaction of the connection that has what is laid over.
            queues: Those that will be asked for.
            at: The moments that will be.
            others: Counts what is neither open nor of a day.
            laid: Whether anything is laid over.
        """
        self._cursor, self._others, self._laid = cursor, others, laid
        dues = {at.now, at.until, *(queue.query.due_before for queue in queues if queue.query.due_before is not None)}
        self._dues, self._asks = sorted(map(to_micros, dues)), sorted(map(to_micros, at.edges))
        self._groups = self._read()

    def count(self, query: Query) -> int:
        """How many conversations a query holds."""
        if self._grouped(query):
            return sum(group.rows for group in self._groups if self._belongs(group, query))
        return self._ask(query) if query.during else self._others(query)

    def longest(self, query: Query) -> Longest:
        """Who of a query's patients has waited longest."""
        asked = [group.asked for group in self._groups if group.asked is not None and self._belongs(group, query)]
        if not asked:
            return None
        return from_micros(min(asked)), self._ask(query, " AND asked = ?", min(asked))

    def _read(self) -> list[Group]:
        due = " + ".join(f"(due >= {edge})" for edge in self._dues)
        waits = " + ".join(f"(asked >= {edge})" for edge in self._asks)
        columns = (
            f"state, whose, pool, category, flag <> '' AS flagged, coalesce({due}, {len(self._dues)}) AS due, "
            f"coalesce({waits}, -1) AS waits, count(*), min(asked)"
        )
        done, by = STATES.index(State.DONE), "GROUP BY 1, 2, 3, 4, 5, 6, 7"
        beneath = " AND id NOT IN (SELECT id FROM laid)" if self._laid else ""
        rows = self._cursor.execute(
            f"SELECT {columns} FROM item INDEXED BY item_standing WHERE state <> {done}{beneath} {by}"  # noqa: S608
        ).fetchall()
        if self._laid:
            rows += self._cursor.execute(f"SELECT {columns} FROM laid WHERE state <> {done} {by}").fetchall()  # noqa: S608
        return [Group(STATES[state], *rest) for state, *rest in rows]

    def _grouped(self, query: Query) -> bool:
        """Whether the groups can tell: it asks for what is open, and for no other moments than those."""
        plain = Query()
        others = [field.name for field in fields(Query) if field.name not in GROUPED]
        dues = [query.due_before] if query.due_before is not None else []
        limits = [limit for span in query.during for limit in (span.since, span.before) if limit is not None]
        return (
            query.states <= OPEN
            and all(getattr(query, name) == getattr(plain, name) for name in others)
            and all(span.what is Happening.WAITS for span in query.during)
            and all(to_micros(moment) in self._dues for moment in dues)
            and all(to_micros(limit) in self._asks for limit in limits)
        )

    def _belongs(self, group: Group, query: Query) -> bool:
        return (
            group.state in query.states
            and (query.whose is None or WHOSE[group.whose] is query.whose)
            and query.pool in (None, group.pool)
            and query.category in (None, group.category)
            and (group.flagged or not query.flagged)
            and (query.due_before is None or group.due <= bisect_left(self._dues, to_micros(query.due_before)))
            and all(
                group.waits >= 0
                and (span.since is None or group.waits > bisect_left(self._asks, to_micros(span.since)))
                and (span.before is None or group.waits <= bisect_left(self._asks, to_micros(span.before)))
                for span in query.during
            )
        )

    def _ask(self, query: Query, also: str = "", *more: int) -> int:
        """Counts what the groups do not tell apart, which an index of its own gives."""
        condition, values = condition_of(self._cursor, query)
        where, beneath = f"WHERE {condition}{also}", " AND id NOT IN (SELECT id FROM laid)" if self._laid else ""
        parts = [f"SELECT count(*) AS n FROM item {where}{beneath}"]  # noqa: S608
        if self._laid:
            parts.append(f"SELECT count(*) FROM laid {where}")  # noqa: S608
        question = f"SELECT total(n) FROM ({' UNION ALL '.join(parts)})"  # noqa: S608
        return int(self._cursor.execute(question, [*values, *more] * len(parts)).fetchone()[0])
