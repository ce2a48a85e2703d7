"""Count for an overview: all that is open in one pass over one index, and what happened day by day.

Every figure is what its query would list. Asked one by one, some thousand queries would read the open rows a thousand
times; here they are read once, into groups that no query tells apart, and the groups are added up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from sqlcipher3 import dbapi2

from workbench.dialogue.moments import Moments
from workbench.dialogue.overview import Longest
from workbench.dialogue.queue import Query, Queue
from workbench.dialogue.span import Happening
from workbench.dialogue.work import OPEN, State
from workbench.store.alike import Alike, Apart, between
from workbench.store.conditions import condition_of
from workbench.store.encoding import from_micros, to_micros
from workbench.store.last_days import LastDays
from workbench.store.rows import STATES

Count = Callable[[Query], int]
"""How many conversations a query holds."""


@dataclass(frozen=True, slots=True)
class Group:
    """Open conversations that no figure of an overview tells apart."""

    alike: Alike
    waits: int
    """How many of the moments that matter are not after since when the patient waits; -1 where none does."""
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
        self._cursor, self._at, self._others, self._laid = cursor, at, others, laid
        self._apart = Apart.by((queue.query for queue in queues), at.now, at.until)
        self._asks = tuple(sorted(map(to_micros, at.edges)))
        self._groups = self._read()
        self._held: dict[Query, list[Group]] = {}

    def count(self, query: Query) -> int:
        """How many conversations a query holds."""
        if self._grouped(query):
            return sum(group.rows for group in self._groups_of(query))
        return self._ask(query) if query.during else self._others(query)

    def longest(self, query: Query) -> Longest:
        """Who of a query's patients has waited longest."""
        asked = [group.asked for group in self._groups_of(query) if group.asked is not None]
        if not asked:
            return None
        return from_micros(min(asked)), self._ask(query, " AND asked = ?", min(asked))

    def happened(self, query: Query, what: Happening, day: int) -> int:
        """In how many of a query's conversations something happened on a day, by its place among the days."""
        return self._last_days.happened(query, what, day)

    def took(self, query: Query, what: Happening, day: int) -> Sequence[float]:
        """In how many seconds of open hours each of these was answered first, or done."""
        return self._last_days.took(query, what, day)

    @cached_property
    def _last_days(self) -> LastDays:
        return LastDays(self._cursor, self._at, self._apart, laid=self._laid)

    def _read(self) -> list[Group]:
        waits = " + ".join(f"(asked >= {edge})" for edge in self._asks)
        columns = f"{self._apart.columns(done=False)}, coalesce({waits}, -1) AS waits, count(*), min(asked)"
        done, by = STATES.index(State.DONE), "GROUP BY 1, 2, 3, 4, 5, 6, 7, 8"
        beneath = " AND id NOT IN (SELECT id FROM laid)" if self._laid else ""
        rows = self._cursor.execute(
            f"SELECT {columns} FROM item INDEXED BY item_standing WHERE state <> {done}{beneath} {by}"  # noqa: S608
        ).fetchall()
        if self._laid:
            rows += self._cursor.execute(f"SELECT {columns} FROM laid WHERE state <> {done} {by}").fetchall()  # noqa: S608
        return [Group(Alike(*alike), *rest) for *alike, rest in ((*row[:7], row[7:]) for row in rows)]

    def _grouped(self, query: Query) -> bool:
        """Whether the groups can tell: it asks for what is open, and for no other moments than those."""
        limits = [limit for span in query.during for limit in (span.since, span.before) if limit is not None]
        return (
            query.states <= OPEN
            and self._apart.tell(query)
            and all(span.what is Happening.WAITS for span in query.during)
            and all(to_micros(limit) in self._asks for limit in limits)
        )

    def _groups_of(self, query: Query) -> list[Group]:
        """What a query holds, which is looked for once for all spans of waiting."""
        plain = replace(query, during=())
        if plain not in self._held:
            self._held[plain] = [group for group in self._groups if self._apart.hold(group.alike, plain)]
        return [
            group
            for group in self._held[plain]
            if all(between(group.waits, span.since, span.before, self._asks) for span in query.during)
        ]

    def _ask(self, query: Query, also: str = "", *more: int) -> int:
        """Counts what the groups do not tell apart, which an index of its own gives."""
        condition, values = condition_of(self._cursor, query)
        where, beneath = f"WHERE {condition}{also}", " AND id NOT IN (SELECT id FROM laid)" if self._laid else ""
        parts = [f"SELECT count(*) AS n FROM item {where}{beneath}"]  # noqa: S608
        if self._laid:
            parts.append(f"SELECT count(*) FROM laid {where}")  # noqa: S608
        question = f"SELECT total(n) FROM ({' UNION ALL '.join(parts)})"  # noqa: S608
        return int(self._cursor.execute(question, [*values, *more] * len(parts)).fetchone()[0])
