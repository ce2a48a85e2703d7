"""Count, page and find places in queues without reading the queues.

A queue is the merge of a few runs of one index, one for each combination of portal, state and owner that has
any rows (`tally` tells which). Each run is in the queue's order already, so the first rows cost the same
in a queue of fifty and of a million; for places far inside, bookmarks of rows already seen shorten the way.
"""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import OrderedDict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from sqlcipher3 import dbapi2

from workbench.dialogue.fold import words_of
from workbench.dialogue.key import Key
from workbench.dialogue.queue import RANKS, SPAN, InGroup, Item, Page, Query, Total, minute_of
from workbench.dialogue.span import Happening
from workbench.dialogue.work import State
from workbench.store.conditions import condition_of
from workbench.store.contexts import contexts
from workbench.store.encoding import to_micros
from workbench.store.grouping import COLUMNS, by_patient, of_places
from workbench.store.overlay import Laid, row_ids
from workbench.store.owners import count_owned
from workbench.store.searching import COMMON, MOST, collect, few

Place = tuple[int, int]
"""Where a row stands: its order and its number."""
REMEMBERED: Final = 32
"""Queues whose bookmarks are kept."""
BOOKMARKS: Final = 1024
"""Bookmarks kept a queue."""
MINUTE: Final = 60_000_000
"""In microseconds."""


@dataclass(slots=True)
class Known:
    """What has been learnt of one queue since anything changed."""

    total: Total | None = None
    listed: list[Place] | None = None
    """The whole queue, for a search, for one patient, or where patients' rows stand together."""
    groups: dict[int, InGroup] = field(default_factory=dict)
    """Where rows stand among those of their patient, by number."""
    marks: list[tuple[int, Place]] = field(default_factory=list)
    """Bookmarks: a position and what stands there, in order."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One run of the index."""

    portal: int
    state: int
    whose: int
    rows: int


class Queues:
    """Reads queues through one connection. Its methods run inside a reading transaction."""

    def __init__(self, laid: Laid) -> None:
        self._laid = laid
        self._generation: tuple[int, int] | None = None
        self._known: OrderedDict[Query, Known] = OrderedDict()

    def counts(self, cursor: dbapi2.Cursor, queries: Sequence[Query]) -> tuple[Total, ...]:
        """How many conversations each query holds; the total of a search is cut at `searching.MOST`."""
        return tuple(self._total(cursor, query) for query in queries)

    def page(self, cursor: dbapi2.Cursor, query: Query, offset: int, limit: int) -> Page:
        """A stretch of a queue, fewer rows at its end."""
        total = self._total(cursor, query)
        start = min(max(offset, 0), total)
        places = self._stretch(cursor, query, start, min(limit, total - start))
        items = self._laid.items(cursor, (row_id for _, row_id in places))
        for row_id, match in contexts(cursor, query, items.keys()).items():
            items[row_id] = replace(items[row_id], match=match)
        groups = self._of(cursor, query).groups
        for row_id in items.keys() & groups.keys():
            items[row_id] = replace(items[row_id], group=groups[row_id])
        return Page(tuple(items[row_id] for _, row_id in places), start, total)

    def keys(self, cursor: dbapi2.Cursor, query: Query, limit: int) -> tuple[Key, ...]:
        """What a query holds, by name, from its top."""
        places = self._stretch(cursor, query, 0, min(limit, self._total(cursor, query)))
        return tuple(item.key for item in self._laid.items(cursor, (row_id for _, row_id in places)).values())

    def rows(self, cursor: dbapi2.Cursor, keys: Collection[Key]) -> dict[Key, Item]:
        """The rows of some conversations, in the order of every queue; those that are not held are left out."""
        self._laid.generation(cursor)
        found = self._laid.items(cursor, row_ids(cursor, keys)).values()
        return {item.key: item for item in sorted(found, key=lambda item: (item.order, item.key))}

    def locate(self, cursor: dbapi2.Cursor, query: Query, key: Key) -> int | None:
        """Position of a conversation in a queue, from 0; None when it is not in it."""
        known = self._of(cursor, query)
        row_id = next(iter(row_ids(cursor, [key])), None)
        if row_id is None:
            return None
        item: Item = self._laid.items(cursor, [row_id])[row_id]
        place = (item.order, row_id)
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
            if _is_listed(query):
                known.listed, known.total = self._list(cursor, query)
            if query.by_patient:
                known.listed, known.groups = self._grouped(cursor, replace(query, by_patient=False), known.listed)
                known.total = Total(len(known.listed)) if known.total is None else known.total
        self._known.move_to_end(query)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return known

    def _grouped(
        self, cursor: dbapi2.Cursor, query: Query, listed: list[Place] | None
    ) -> tuple[list[Place], dict[int, InGroup]]:
        """The whole of a queue with each patient's rows together: no index has them in that order."""
        if listed is not None:
            return by_patient(cursor, *of_places(listed))
        return by_patient(cursor, *self._merged(cursor, query, COLUMNS, []))

    def _list(self, cursor: dbapi2.Cursor, query: Query) -> tuple[list[Place], Total]:
        """The whole answer to a search, all of one patient's conversations, or what was done or written lately.

        A search gives at most `searching.MOST`; one more is asked for, to know whether there are more.
        """
        places = self._answer(cursor, query, MOST + 1 if query.searches else -1)
        cut = query.searches and len(places) > MOST
        listed = places[:MOST] if cut else places
        return listed, Total(len(listed), cut=cut)

    def _answer(self, cursor: dbapi2.Cursor, query: Query, most: int) -> list[Place]:
        hits = collect(cursor, query)
        if hits is None or hits <= COMMON or query.patient is not None:
            return few(cursor, condition_of(cursor, query), hits=hits is not None, laid=self._laid.any, most=most)
        sql, values = self._merged(cursor, query, "ord, id", [], " AND id IN (SELECT id FROM hit)")
        return cursor.execute(f"{sql} ORDER BY 1, 2 LIMIT {most}", values).fetchall() if sql else []

    def _total(self, cursor: dbapi2.Cursor, query: Query) -> Total:
        known = self._of(cursor, query)
        if known.total is None:
            if _of_owner(query):
                others = self._total(cursor, replace(query, states=frozenset(State) - query.states))
                known.total = Total(count_owned(cursor, words_of(query.owner)) - others)
            elif _rest(query):
                known.total = Total(self._between(cursor, query, None, None))
            else:
                held = sum(cell.rows for cell in self._cells(cursor, query))
                known.total = Total(held + (self._shift(cursor, query) if self._laid.any else 0))
        return known.total

    def _shift(self, cursor: dbapi2.Cursor, query: Query) -> int:
        """By how many rows the overlay makes a queue longer."""
        condition, values = condition_of(cursor, query)
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

    def _between(self, cursor: dbapi2.Cursor, query: Query, since: Place | None, until: Place | None) -> int:
        """How many rows stand between two places, the first included; from the top, to the bottom where one is None."""
        limits = [(sign, place) for sign, place in ((">=", since), ("<", until)) if place is not None]
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
        index, first = _index(query)
        condition, asked = condition_of(cursor, replace(query, due_before=None) if _by_order(query) else query)
        for cell in self._cells(cursor, query):
            for segment in _segments(query):
                where = f"portal = ? AND state = ? AND whose = ?{first}{segment} AND {condition}"
                parts.append(f"SELECT {columns} FROM item INDEXED BY {index} WHERE {where}{bounds}{beneath}{also}")  # noqa: S608
                values += [cell.portal, cell.state, cell.whose, *asked, *ends]
        if self._laid.any:
            condition, asked = condition_of(cursor, query)
            parts.append(f"SELECT {columns} FROM laid WHERE {condition}{bounds}{also}")  # noqa: S608
            values += [*asked, *ends]
        return " UNION ALL ".join(parts), values

    @staticmethod
    def _cells(cursor: dbapi2.Cursor, query: Query) -> list[Cell]:
        """The runs that make up a queue, by the tally."""
        condition, values = condition_of(cursor, query, tallied=True)
        rows = cursor.execute(
            f"SELECT portal, state, whose, sum(n) FROM tally WHERE n > 0 AND {condition} GROUP BY 1, 2, 3",  # noqa: S608
            values,
        )
        return [Cell(*row) for row in rows.fetchall()]


def _is_listed(query: Query) -> bool:
    """Whether a query is answered whole: by an index of its own, which gives few rows and none in order."""
    lately = any(span.what is Happening.DONE for span in query.during)
    return query.searches or query.patient is not None or lately or query.looks_back or query.drafts or query.stuck


def _of_owner(query: Query) -> bool:
    """Whether all that somebody has is asked for, or all but some that is open: no need to go through what is done."""
    plain = query == Query(query.states, owner=query.owner)
    return plain and State.DONE in query.states and bool(words_of(query.owner))


def _rest(query: Query) -> bool:
    """Whether a query asks for what is not tallied."""
    moments = (query.due_before, query.since, query.before)
    return query.unread or bool(query.owner or query.during) or any(moment is not None for moment in moments)


def _index(query: Query) -> tuple[str, str]:
    """The index that gives a cell's rows in order with the fewest beside them, and what it needs of a condition."""
    if query.pool is not None:
        return "item_pool", ""
    if query.flagged:
        return "item_flagged", " AND flag <> ''"
    return ("item_state", "") if query.category is None else ("item_category", "")


def _by_order(query: Query) -> bool:
    """Whether the order alone tells what is due before a moment, which it knows to the minute: no row need be read."""
    return query.due_before is not None and to_micros(query.due_before) % MINUTE == 0


def _segments(query: Query) -> tuple[str, ...]:
    """The stretches of an order in which a deadline before some moment stands: one for each rank."""
    if query.due_before is None:
        return ("",)
    minute = minute_of(query.due_before) + (not _by_order(query))
    return tuple(f" AND ord >= {rank * SPAN * SPAN} AND ord < {(rank * SPAN + minute) * SPAN}" for rank in RANKS)
