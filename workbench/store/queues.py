"""Count, page and find places in queues without reading the queues.

A queue is the merge of a few runs of one index, one for each combination of portal, state and owner that has
any rows (`tally` tells which). Each run is in the queue's order already, so the first rows cost the same
in a queue of fifty and of a million; for places far inside, bookmarks of rows already seen shorten the way.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlcipher3 import dbapi2

from workbench.dialogue.key import Key
from workbench.dialogue.queue import Item, Page, Query
from workbench.store.overlay import Laid
from workbench.store.rows import STATES, WHOSE
from workbench.store.searching import COMMON, MOST, collect, few

Place = tuple[int, int]
"""Where a row stands: its order and its number."""
REMEMBERED: Final = 32
"""Queues whose bookmarks are kept."""
BOOKMARKS: Final = 1024
"""Bookmarks kept a queue."""


@dataclass(slots=True)
class Known:
    """What has been learnt of one queue since anything changed."""

    total: int | None = None
    listed: list[Place] | None = None
    """The whole queue, for a search or one patient."""
    marks: list[tuple[int, Place]] = field(default_factory=list)
    """Bookmarks: a position and what stands there, in order."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One run of the index."""

    portal: int
    state: int
    whose: int
    pool: str | None
    """None when the query does not ask for a pool."""
    rows: int


class Queues:
    """Reads queues through one connection. Its methods run inside a reading transaction."""

    def __init__(self, laid: Laid) -> None:
        self._laid = laid
        self._generation: tuple[int, int] | None = None
        self._known: OrderedDict[Query, Known] = OrderedDict()

    def counts(self, cursor: dbapi2.Cursor, queries: Sequence[Query]) -> tuple[int, ...]:
        """How many conversations each query holds; a search counts up to `searching.MOST`."""
        return tuple(self._total(cursor, query) for query in queries)

    def page(self, cursor: dbapi2.Cursor, query: Query, offset: int, limit: int) -> Page:
        """A stretch of a queue, fewer rows at its end."""
        total = self._total(cursor, query)
        start = min(max(offset, 0), total)
        places = self._stretch(cursor, query, start, min(limit, total - start))
        items = self._laid.items(cursor, (row_id for _, row_id in places))
        return Page(tuple(items[row_id] for _, row_id in places), start, total)

    def locate(self, cursor: dbapi2.Cursor, query: Query, key: Key) -> int | None:
        """Position of a conversation in a queue, from 0; None when it is not in it."""
        known = self._of(cursor, query)
        row = cursor.execute(
            """SELECT item.id FROM item JOIN portal ON portal.id = item.portal
               JOIN thread ON thread.id = item.id
               WHERE portal.name = ? AND thread.portal = portal.id AND thread.ref = ?""",
            key,
        ).fetchone()
        if row is None:
            return None
        item: Item = self._laid.items(cursor, row)[row[0]]
        place = (item.order, row[0])
        if known.listed is not None:
            return known.listed.index(place) if place in known.listed else None
        if not query.matches(item):
            return None
        at = bisect_right(known.marks, place, key=lambda mark: mark[1]) - 1
        before, since = known.marks[at] if at >= 0 else (0, None)
        position = before + self._between(cursor, query, since, place)
        self._mark(known, position, place)
        return position

    def _of(self, cursor: dbapi2.Cursor, query: Query) -> Known:
        """What is known of a queue, forgotten when anything changed."""
        generation = self._laid.generation(cursor)
        if generation != self._generation:
            self._known.clear()
            self._generation = generation
        known = self._known.get(query)
        if known is None:
            known = self._known[query] = Known()
            if query.words.strip() or query.patient is not None:
                known.listed = self._list(cursor, query)
                known.total = len(known.listed)
        self._known.move_to_end(query)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return known

    def _list(self, cursor: dbapi2.Cursor, query: Query) -> list[Place]:
        """The whole answer to a search, or all of one patient's conversations, at most `searching.MOST`."""
        hits = collect(cursor, query.words)
        if hits is None or hits <= COMMON or query.patient is not None:
            return few(cursor, _condition(cursor, query), hits=hits is not None, laid=self._laid.any)
        sql, values = self._merged(cursor, query, "ord, id", [], " AND id IN (SELECT id FROM hit)")
        return cursor.execute(f"{sql} ORDER BY 1, 2 LIMIT {MOST}", values).fetchall() if sql else []

    def _total(self, cursor: dbapi2.Cursor, query: Query) -> int:
        known = self._of(cursor, query)
        if known.total is None:
            held = sum(cell.rows for cell in self._cells(cursor, query))
            known.total = held + (self._shift(cursor, query) if self._laid.any else 0)
        return known.total

    def _shift(self, cursor: dbapi2.Cursor, query: Query) -> int:
        """By how many rows the overlay makes a queue longer."""
        condition, values = _condition(cursor, query)
        (come,) = cursor.execute(f"SELECT count(*) FROM laid WHERE {condition}", values).fetchone()  # noqa: S608
        (gone,) = cursor.execute(
            f"SELECT count(*) FROM item WHERE id IN (SELECT id FROM laid) AND {condition}",  # noqa: S608
            values,
        ).fetchone()
        return int(come) - int(gone)

    def _stretch(self, cursor: dbapi2.Cursor, query: Query, offset: int, limit: int) -> list[Place]:
        """The places from a position on, found from the nearest place that is known."""
        known = self._of(cursor, query)
        if known.listed is not None:
            return known.listed[offset : offset + limit]
        if limit <= 0 or known.total is None:
            return []
        at = bisect_right(known.marks, offset, key=lambda mark: mark[0]) - 1
        before, since = known.marks[at] if at >= 0 else (0, None)
        end = offset + limit
        at = bisect_right(known.marks, end - 1, key=lambda mark: mark[0])
        after, until = known.marks[at] if at < len(known.marks) else (known.total, None)
        if offset - before <= after - end:
            places = self._run(cursor, query, since, limit, offset - before)
        else:
            places = self._run(cursor, query, until, limit, after - end, backwards=True)[::-1]
        if places:
            self._mark(known, offset, places[0])
            self._mark(known, offset + len(places) - 1, places[-1])
        return places

    @staticmethod
    def _mark(known: Known, position: int, place: Place) -> None:
        if len(known.marks) < BOOKMARKS and (position, place) not in known.marks:
            insort(known.marks, (position, place))

    def _run(
        self,
        cursor: dbapi2.Cursor,
        query: Query,
        bound: Place | None,
        limit: int,
        skip: int,
        *,
        backwards: bool = False,
    ) -> list[Place]:
        """Places in order from a bound on (it included), or before it and backwards."""
        sign, order = ("<", "DESC") if backwards else (">=", "ASC")
        limits = [] if bound is None else [(sign, bound)]
        sql, values = self._merged(cursor, query, "ord, id", limits)
        if not sql:
            return []
        rows = cursor.execute(f"{sql} ORDER BY 1 {order}, 2 {order} LIMIT ? OFFSET ?", [*values, limit, skip])
        return [(int(order), int(row_id)) for order, row_id in rows]

    def _between(self, cursor: dbapi2.Cursor, query: Query, since: Place | None, until: Place) -> int:
        """How many rows stand between two places, the first included."""
        limits = [("<", until)] if since is None else [(">=", since), ("<", until)]
        sql, values = self._merged(cursor, query, "count(*) AS n", limits)
        return int(cursor.execute(f"SELECT total(n) FROM ({sql})", values).fetchone()[0]) if sql else 0  # noqa: S608

    def _merged(
        self,
        cursor: dbapi2.Cursor,
        query: Query,
        columns: str,
        limits: Sequence[tuple[str, Place]],
        also: str = "",
    ) -> tuple[str, list[Any]]:
        """One SELECT a cell, and one for what is laid over, joined by UNION ALL."""
        bounds = "".join(f" AND (ord, id) {sign} (?, ?)" for sign, _ in limits)
        ends = [value for _, place in limits for value in place]
        beneath = " AND id NOT IN (SELECT id FROM laid)" if self._laid.any else ""
        parts: list[str] = []
        values: list[Any] = []
        for cell in self._cells(cursor, query):
            if cell.pool is None:
                where, index = "portal = ? AND state = ? AND whose = ?", "item_state"
                values += [cell.portal, cell.state, cell.whose]
            else:
                where, index = "portal = ? AND pool = ? AND state = ? AND whose = ?", "item_pool"
                values += [cell.portal, cell.pool, cell.state, cell.whose]
            parts.append(f"SELECT {columns} FROM item INDEXED BY {index} WHERE {where}{bounds}{beneath}{also}")  # noqa: S608
            values += ends
        if self._laid.any:
            condition, own = _condition(cursor, query)
            parts.append(f"SELECT {columns} FROM laid WHERE {condition}{bounds}{also}")  # noqa: S608
            values += [*own, *ends]
        return " UNION ALL ".join(parts), values

    @staticmethod
    def _cells(cursor: dbapi2.Cursor, query: Query) -> list[Cell]:
        """The runs that make up a queue, by the tally."""
        condition, values = _condition(cursor, query)
        pool = "pool" if query.pool is not None else "NULL"
        rows = cursor.execute(
            f"SELECT portal, state, whose, {pool}, sum(n) FROM tally "  # noqa: S608
            f"WHERE n > 0 AND {condition} GROUP BY 1, 2, 3",
            values,
        )
        return [Cell(*row) for row in rows.fetchall()]


def _condition(cursor: dbapi2.Cursor, query: Query) -> tuple[str, list[Any]]:
    """A query, words aside, as a condition on columns that `item`, `laid` and `tally` share."""
    states = ", ".join(str(STATES.index(state)) for state in query.states)
    parts, values = [f"state IN ({states})"], []
    if query.whose is not None:
        parts.append(f"whose = {WHOSE.index(query.whose)}")
    if query.pool is not None:
        parts.append("pool = ?")
        values.append(query.pool)
    if query.portal is not None:
        row = cursor.execute("SELECT id FROM portal WHERE name = ?", (query.portal,)).fetchone()
        parts.append(f"portal = {-1 if row is None else int(row[0])}")
    if query.patient is not None:
        parts.append("patient = ?")
        values.append(query.patient)
    return " AND ".join(parts), values
