"""Type search: which resources, in which order, and where the next page begins.

Paging is by key: a page remembers the sort values of its last match, so that what is written meanwhile shifts nothing.
Of two ways to answer, the cheaper is taken: start from the condition that fewest resources meet, or walk the index of
the sort order until the page is full.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

from workbench.sandbox.outcome import refuse
from workbench.sandbox.parameters import parameters
from workbench.sandbox.query import Condition, Values, condition
from workbench.sandbox.schema import columns
from workbench.sandbox.store import Store

DEFAULT_COUNT = 20
MOST_COUNT = 1000
FEW = 5000
"""Up to so many candidates are looked at one by one, rather than walking the sort order."""

Pairs = tuple[tuple[str, str], ...]

RESULT = frozenset(
    ("_sort", "_count", "_total", "_summary", "_include", "_revinclude", "_elements", "_format", "_pretty")
)
"""The parameters that shape the answer, not what is found."""


@dataclass(frozen=True, slots=True)
class Key:
    """One key to sort by."""

    sql: str
    descending: bool
    index: str = ""
    """Name of the index that has this order; empty when none has."""


@dataclass(frozen=True, slots=True)
class Search:
    """A search, understood."""

    kind: str
    conditions: tuple[Condition, ...]
    keys: tuple[Key, ...]
    """The sort order; the last one is always the resource's number, so that no two are equal."""
    count: int
    """Matches on a page."""
    with_total: bool
    after: Values
    """The keys of the last match of the page before; empty for the first."""


@dataclass(frozen=True, slots=True)
class Page:
    """What a search found."""

    rids: tuple[int, ...]
    seqs: tuple[int, ...]
    """The versions of the matches, in order."""
    total: int | None
    last: Values
    """The keys to go on after; empty when this is the last page."""


def understand(kind: str, pairs: Pairs, base: str, store: Store, after: Values = ()) -> Search:
    """Read the parameters of a search of one resource type.

    Args:
        kind: the resource type.
        pairs: the parameters, decoded, in order.
        base: the server's address as the client wrote it.
        store: knows the code systems in use.
        after: where the page before ended.

    Raises:
        Refusal: 400, for a parameter, modifier or value that is not one.
    """
    found = tuple(condition(kind, name, value, base, store.system) for name, value in pairs if name not in RESULT)
    summary = single(pairs, "_summary") or "false"
    if summary not in ("count", "false"):
        raise refuse(400, "not-supported", f"_summary={summary} is not supported; 'count' and 'false' are")
    total = single(pairs, "_total") or "none"
    if total not in ("none", "estimate", "accurate"):
        raise refuse(400, "value", f"_total is none, estimate or accurate, not {total!r}")
    count = 0 if summary == "count" else count_of(single(pairs, "_count"))
    return Search(kind, found, _keys(kind, single(pairs, "_sort")), count, total != "none" or count == 0, after)


def run(search: Search, store: Store) -> Page:
    """Find one page."""
    total = _total(search, store) if search.with_total else None
    if search.count == 0:
        return Page((), (), total, ())
    sql, values = _plan(search, store)
    rows = store.select(f"{sql} LIMIT {search.count + 1}", values)
    page = rows[: search.count]
    more = len(rows) > search.count
    if total is None and not more and not search.after:
        total = len(page)
    last = tuple(page[-1][2:]) if more else ()
    return Page(tuple(row[0] for row in page), tuple(row[1] for row in page), total, last)


def remember(kind: str, pairs: Pairs, last: Values) -> str:
    """A search and where to go on with it, as text for the store to keep."""
    return json.dumps([kind, pairs, last])


def remembered(asked: str) -> tuple[str, Pairs, Values]:
    """The kind, parameters and last keys that :func:`remember` wrote."""
    kind, pairs, last = json.loads(asked)
    return kind, tuple((name, value) for name, value in pairs), tuple(last)


def single(pairs: Pairs, name: str) -> str:
    """The value of a parameter that may be there once; empty when it is not there.

    Raises:
        Refusal: 400, when it is there twice.
    """
    values = [value for given, value in pairs if given == name]
    if len(values) > 1:
        raise refuse(400, "invalid", f"{name} may be given once")
    return values[0] if values else ""


def count_of(text: str) -> int:
    """How many entries a page has, by `_count`.

    Raises:
        Refusal: 400, when it is no number.
    """
    if not text:
        return DEFAULT_COUNT
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise refuse(400, "value", f"_count is a whole number, not {text!r}")
    return min(int(text), MOST_COUNT)


def _keys(kind: str, sort: str) -> tuple[Key, ...]:
    keys = [_key(kind, name.removeprefix("-"), name.startswith("-")) for name in sort.split(",") if sort]
    return (*keys, Key("r.rid", keys[-1].descending if keys else False))


def _key(kind: str, name: str, descending: bool) -> Key:
    if name in ("_lastUpdated", "_id"):
        column, index = ("updated", "_lastUpdated") if name == "_lastUpdated" else ("id", "id")
        return Key(f"r.{column}", descending, f"{kind} {index}")
    parameter = parameters()[kind].get(name)
    if parameter is None:
        raise refuse(400, "not-found", f"{kind} cannot be sorted by {name!r}")
    stored = parameters()[kind][parameter.stands_for[0]] if parameter.stands_for else parameter
    if stored.is_column:
        return Key(f"r.{columns(stored)[0]}", descending, f"{kind} {stored.name}")
    least = f"SELECT min(t.value) FROM term t WHERE t.rid = r.rid AND t.param = {stored.number}"  # noqa: S608
    return Key(f"ifnull(({least}), '')", descending)


def _plan(search: Search, store: Store) -> tuple[str, Values]:
    walkable = len(search.keys) == 1 or (len(search.keys) == 2 and bool(search.keys[0].index))
    best, size = _fewest(search, store, FEW if walkable else FEW * 100)
    if best is not None and (size < FEW or not walkable):
        return _from_condition(search, best)
    return _from_order(search)


def _fewest(search: Search, store: Store, most: int) -> tuple[Condition | None, int]:
    """The condition that fewest resources meet, and how many do, counted up to `most`."""
    best: Condition | None = None
    for one in search.conditions:
        if one.finds:
            size = _size(one, store, most)
            if size < most or best is None:
                best, most = one, size
    return best, most


def _size(one: Condition, store: Store, most: int) -> int:
    found = f"SELECT count(*) FROM (SELECT 1 FROM ({' UNION ALL '.join(one.finds)}) LIMIT {most})"  # noqa: S608
    return int(store.select(found, one.find_values)[0][0])


def _from_condition(search: Search, best: Condition) -> tuple[str, Values]:
    """Look at each resource that meets one condition, and sort what is left."""
    others = [one for one in search.conditions if one is not best]
    where, values = _tests(others, *_after(search))
    order = ", ".join(f"+{key.sql}{' DESC' if key.descending else ''}" for key in search.keys)
    joined = f'({" UNION ".join(best.finds)}) f CROSS JOIN "{search.kind}" r ON r.rid = f.rid'
    return f"{_select(search)} FROM {joined} WHERE {where} ORDER BY {order}", (*best.find_values, *values)


def _from_order(search: Search) -> tuple[str, Values]:
    """Walk the index that has the sort order, and test each resource."""
    first = search.keys[0]
    tests, values = _after(search)
    if len(search.keys) == 1 or first.index:
        if search.after:
            tests.append(f"{first.sql} {'<=' if first.descending else '>='} ?")
            values = (*values, search.after[0])
        for one in search.conditions:
            if one.column and first.sql == f"r.{one.column}":
                tests.append(f"{first.sql} BETWEEN ? AND ?")
                values = (*values, *one.range)
    where, values = _tests(search.conditions, tests, values)
    order = ", ".join(f"{key.sql}{' DESC' if key.descending else ''}" for key in search.keys)
    hint = f' INDEXED BY "{first.index}"' if first.index and len(search.keys) == 2 else ""
    return f'{_select(search)} FROM "{search.kind}" r{hint} WHERE {where} ORDER BY {order}', values


def _select(search: Search) -> str:
    return f"SELECT r.rid, r.seq, {', '.join(key.sql for key in search.keys)}"


def _tests(conditions: Sequence[Condition], tests: list[str], values: Values) -> tuple[str, Values]:
    every = [*(one.test for one in conditions), *tests]
    told = (value for one in conditions for value in one.test_values)
    return " AND ".join(every) or "1", (*told, *values)


def _after(search: Search) -> tuple[list[str], Values]:
    """That a resource comes after the last one of the page before: greater in the first key that differs."""
    if not search.after:
        return [], ()
    steps: list[str] = []
    values: list[object] = []
    for place, key in enumerate(search.keys):
        equal = "".join(f"+{one.sql} = ? AND " for one in search.keys[:place])
        steps.append(f"{equal}+{key.sql} {'<' if key.descending else '>'} ?")
        values.extend(search.after[: place + 1])
    return [f"({' OR '.join(steps)})"], tuple(values)


def _total(search: Search, store: Store) -> int:
    best, size = _fewest(search, store, 1 << 40)
    if best is None:
        where, values = _tests(search.conditions, [], ())
        return int(store.select(f'SELECT count(*) FROM "{search.kind}" r WHERE {where}', values)[0][0])  # noqa: S608
    if len(search.conditions) == 1 and len(best.finds) == 1:
        return size
    where, values = _tests([one for one in search.conditions if one is not best], [], ())
    joined = f'({" UNION ".join(best.finds)}) f CROSS JOIN "{search.kind}" r ON r.rid = f.rid'
    counted = f"SELECT count(*) FROM {joined} WHERE {where}"  # noqa: S608
    return int(store.select(counted, (*best.find_values, *values))[0][0])
