"""From the words of a search to conditions in SQL.

A condition can be used in two ways: as a test of a row found otherwise (`test`, written so that SQLite does not look
for an index: the unary `+`), or to find the rows itself (`finds`). Which one serves is decided in `search`.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from workbench.sandbox import dates
from workbench.sandbox.elements import RESOURCES
from workbench.sandbox.index import fold
from workbench.sandbox.outcome import Refusal, refuse
from workbench.sandbox.parameters import Parameter, parameters
from workbench.sandbox.schema import columns

Values = tuple[object, ...]
Numbered = Callable[[str], int]
"""The number of a code system in the index."""

MOST_VALUES = 1000
"""Values with commas between them in one parameter."""

_PREFIXES = ("eq", "ne", "gt", "lt", "ge", "le", "sa", "eb")
_END = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that must hold, over the row `r` of a type's table."""

    test: str
    test_values: Values
    finds: tuple[str, ...] = ()
    """Queries that together give the `rid` of every resource for which it holds; none when no index can answer."""
    find_values: Values = ()
    column: str = ""
    """For a date with one value: its column, which for every match lies within `range`."""
    range: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One parameter of a search, taken apart."""

    kind: str
    parameter: Parameter
    modifier: str
    texts: tuple[str, ...]
    """Its values, still with a token's bar and a date's prefix."""
    base: str
    numbered: Numbered


def condition(kind: str, name: str, value: str, base: str, numbered: Numbered) -> Condition:
    """The condition that one parameter of a search of `kind` asks for.

    Args:
        kind: the resource type.
        name: the parameter, perhaps with a modifier: `status:not`.
        value: as written, with commas between alternatives.
        base: the server's address as the client wrote it; references below it are local.
        numbered: the number of a code system in the index.

    Raises:
        Refusal: 400, when there is no such parameter or modifier, or the value is not one.
    """
    plain, _, modifier = name.partition(":")
    texts = tuple(_split(value))
    if not all(texts) or len(texts) > MOST_VALUES:
        raise refuse(
            400, "value", f"the search parameter {name!r} needs between 1 and {MOST_VALUES} values, none empty"
        )
    if plain == "_id" and not modifier:
        marks = ",".join("?" * len(texts))
        find = f'SELECT rid FROM "{kind}" WHERE id IN ({marks})'  # noqa: S608
        return Condition(f"+r.id IN ({marks})", texts, (find,), texts)
    if plain == "_lastUpdated" and not modifier:
        return _date(kind, _Ends("updated", "updated + 1", 1), texts, name)
    parameter = parameters()[kind].get(plain)
    if parameter is None:
        if "." in plain or plain.startswith("_has"):
            raise refuse(400, "not-supported", f"chained search is not supported here: {name!r}")
        raise refuse(400, "not-found", f"{kind} has no search parameter {plain!r}; see /metadata")
    return _of(_Asked(kind, parameter, modifier, texts, base, numbered))


def _of(asked: _Asked) -> Condition:
    parameter, modifier = asked.parameter, asked.modifier
    if modifier == "missing":
        return _missing(asked)
    if parameter.kind == "date":
        if modifier:
            raise _no_modifier(asked)
        longest = 2 * dates.FOREVER if parameter.is_period else dates.LONGEST
        low, high = columns(parameter)
        return _date(asked.kind, _Ends(low, high, longest), asked.texts, parameter.name)
    if modifier == "not" and parameter.type == "token":
        positive = _matching(asked)
        return Condition(f"NOT ({positive.test})", positive.test_values)
    allowed = {"reference": RESOURCES, "string": ("contains",)}.get(parameter.type, ())
    if modifier and modifier not in allowed:
        raise _no_modifier(asked)
    return _matching(asked)


def _no_modifier(asked: _Asked) -> Refusal:
    return refuse(400, "not-supported", f"{asked.parameter.name!r} takes no modifier {asked.modifier!r} here")


def _matching(asked: _Asked) -> Condition:
    parameter = asked.parameter
    if parameter.type == "reference" and parameter.kind != "canonicals":
        ranges = [one for text in asked.texts for one in _references(asked, text)]
        return (
            _column(asked, ranges) if parameter.is_column else _terms(asked, [("value = ?", (one,)) for one in ranges])
        )
    if parameter.is_column:
        return _column(asked, [code for text in asked.texts for code in _codes(parameter, text)])
    tell = {"token": _token, "string": _string}.get(parameter.type, _uri)
    return _terms(asked, [tell(asked, text) for text in asked.texts])


def _column(asked: _Asked, values: Sequence[str]) -> Condition:
    name, marks = columns(_stored(asked)[0])[0], ",".join("?" * len(values))
    find = f'SELECT rid FROM "{asked.kind}" WHERE {name} IN ({marks})'  # noqa: S608
    return Condition(f"+r.{name} IN ({marks})", tuple(values), (find,), tuple(values))


def _terms(asked: _Asked, matches: Sequence[tuple[str, Values]]) -> Condition:
    finds: list[str] = []
    tests: list[str] = []
    values: list[object] = []
    for stored in _stored(asked):
        for match, some in matches or [("0", ())]:
            finds.append(f"SELECT DISTINCT rid FROM term WHERE param = {stored.number} AND {match}")  # noqa: S608
            tests.append(f"t.param = {stored.number} AND {match}")
            values.extend(some)
    test = f"EXISTS (SELECT 1 FROM term t WHERE t.rid = r.rid AND ({' OR '.join(tests)}))"  # noqa: S608
    return Condition(test, tuple(values), tuple(finds), tuple(values))


def _stored(asked: _Asked) -> list[Parameter]:
    """The parameters whose index answers: its own, or those an alias stands for."""
    own = parameters()[asked.kind]
    return [own[name] for name in asked.parameter.stands_for] or [asked.parameter]


def _missing(asked: _Asked) -> Condition:
    if asked.texts not in (("true",), ("false",)):
        raise refuse(400, "value", f"'{asked.parameter.name}:missing' is true or false")
    wanted = asked.texts == ("true",)
    parameter, only = asked.parameter, asked.parameter.only
    values: Values = ()
    if parameter.kind == "date":
        test = f"+r.{columns(parameter)[0]} > {dates.ABSENT}"
    elif parameter.is_column:
        test, values = _within(f"+r.{columns(_stored(asked)[0])[0]}", only)
    else:
        test, values = _any_term(asked, only)
    return Condition(f"NOT ({test})" if wanted else test, values)


def _within(name: str, only: str) -> tuple[str, Values]:
    return (f"{name} BETWEEN ? AND ?", (f"{only}/", f"{only}/{_END}")) if only else (f"{name} <> ''", ())


def _any_term(asked: _Asked, only: str) -> tuple[str, Values]:
    numbers = ",".join(str(one.number) for one in _stored(asked))
    test: str = "1"
    values: Values = ()
    if only and asked.parameter.type == "token":
        test, values = "t.system = ?", (asked.numbered(only),)
    elif only:
        test, values = _within("t.value", only)
    return f"EXISTS (SELECT 1 FROM term t WHERE t.rid = r.rid AND t.param IN ({numbers}) AND {test})", values  # noqa: S608


def _references(asked: _Asked, text: str) -> list[str]:
    """What the index may hold for one reference in a search: a bare id may be of any type."""
    only = asked.parameter.only
    text = text.removeprefix(asked.base + "/")
    if "/" in text or ":" in text:
        wanted = [text]
    else:
        wanted = [f"{kind}/{text}" for kind in ([asked.modifier] if asked.modifier else RESOURCES)]
    kinds = [kind for kind in (only, asked.modifier) if kind]
    return [one for one in wanted if all(one.startswith(f"{kind}/") for kind in kinds)]


def _codes(parameter: Parameter, text: str) -> list[str]:
    system, bar, code = text.rpartition("|")
    return [code] if not bar or system == parameter.system else []


def _token(asked: _Asked, text: str) -> tuple[str, Values]:
    system, bar, code = text.rpartition("|")
    only = asked.parameter.only
    if only:
        return "value = ? AND system = ?", (text, asked.numbered(only))
    if not bar:
        return "value = ?", (code,)
    if not code:
        return "system = ?", (asked.numbered(system),)
    return "value = ? AND system = ?", (code, asked.numbered(system) if system else 0)


def _string(asked: _Asked, text: str) -> tuple[str, Values]:
    folded = fold(text)
    if asked.modifier == "contains":
        return "instr(value, ?) > 0", (folded,)
    return "value BETWEEN ? AND ?", (folded, folded + _END)


def _uri(_asked: _Asked, text: str) -> tuple[str, Values]:
    return "value = ?", (text,)


@dataclass(frozen=True, slots=True)
class _Ends:
    """Where a date's span stands."""

    low: str
    high: str
    longest: int
    """Milliseconds that such a span can be long at most."""


def _date(kind: str, ends: _Ends, texts: Sequence[str], name: str) -> Condition:
    tests: list[str] = []
    finds: list[str] = []
    values: list[object] = []
    find_values: list[object] = []
    least = most = 0
    for text in texts:
        prefix = text[:2] if text[:2] in _PREFIXES else ""
        if not dates.is_searchable(text.removeprefix(prefix)):
            raise refuse(400, "value", f"{text!r} is not a date that {name!r} can search for")
        span = dates.span(text.removeprefix(prefix))
        test, some = _compare(prefix or "eq", *span)
        least, most = _bounds(prefix or "eq", *span, ends.longest)
        tests.append(test.format(low=f"+r.{ends.low}", high=f"+r.{ends.high}"))
        found = test.format(low=ends.low, high=ends.high)
        finds.append(f'SELECT rid FROM "{kind}" WHERE {ends.low} BETWEEN ? AND ? AND {found}')  # noqa: S608
        values.extend(some)
        find_values.extend((least, most, *some))
    column = ends.low if len(texts) == 1 else ""
    return Condition(f"({' OR '.join(tests)})", tuple(values), tuple(finds), tuple(find_values), column, (least, most))


def _compare(prefix: str, low: int, high: int) -> tuple[str, Values]:
    """How a date's two ends must lie to the searched span (https://hl7.org/fhir/R4/search.html#prefix)."""
    there = "({low} > " + str(dates.ABSENT) + " AND "
    return {
        "eq": ("({low} >= ? AND {high} <= ?)", (low, high)),
        "ne": (there + "NOT ({low} >= ? AND {high} <= ?))", (low, high)),
        "gt": ("({high} > ?)", (high,)),
        "ge": ("({high} > ? OR {low} >= ? AND {high} <= ?)", (high, low, high)),
        "lt": (there + "{low} < ?)", (low,)),
        "le": (there + "({low} < ? OR {low} >= ? AND {high} <= ?))", (low, low, high)),
        "sa": ("({low} >= ?)", (high,)),
        "eb": (there + "{high} <= ?)", (low,)),
    }[prefix]


def _bounds(prefix: str, low: int, high: int, longest: int) -> tuple[int, int]:
    """Between which values the low end of every match lies, so that the index has a range to walk."""
    start, end = -dates.FOREVER, dates.FOREVER
    return {
        "eq": (low, high),
        "gt": (max(start, high - longest), end),
        "ge": (max(start, low - longest), end),
        "lt": (start, low),
        "le": (start, high),
        "sa": (high, end),
        "eb": (start, low),
    }.get(prefix, (start, end))


def _split(value: str) -> list[str]:
    """The alternatives of a value: commas part them, a backslash takes a character's meaning away."""
    return [re.sub(r"\\([,$|\\])", r"\1", part) for part in re.split(r"(?<!\\),", value)]
