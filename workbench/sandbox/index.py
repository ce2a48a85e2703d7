"""What the index keeps of a resource: values for the columns of its type, and terms for what repeats.

A reference is kept as `Type/id`, or as the whole address when it points elsewhere. Text for string searches is folded:
case and diacritics do not count.
"""

import functools
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from workbench.sandbox import dates
from workbench.sandbox.elements import RESOURCES
from workbench.sandbox.parameters import Parameter, parameters

Resource = Mapping[str, Any]
Term = tuple[int, str, str]
"""Number of the parameter, value, and the value's system ('' when it has none)."""
Row = list[str | int]
Keep = Callable[[Any, Row, list[Term]], None]
"""Keeps what one element says: in the row, or among the terms."""

_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "œ": "oe"})
_PARTS = frozenset(
    ("text", "family", "given", "prefix", "suffix", "line", "city", "district", "state", "postalCode", "country")
)
"""The elements of a name or an address that a string search looks into."""


@dataclass(frozen=True, slots=True)
class Indexer:
    """How the resources of one type are indexed."""

    columns: tuple[Parameter, ...]
    """The parameters kept as columns, in the order of the row; a date takes two."""
    _empty: tuple[str | int, ...]
    """The row of a resource that has none of them: '' and `dates.ABSENT`."""
    _keepers: Mapping[str, tuple[Keep, ...]]
    """What to keep of each element of the resource, by its name."""

    def index(self, resource: Resource) -> tuple[Row, list[Term]]:
        """The values of the columns, and the terms under which a search finds the resource."""
        row, terms = list(self._empty), list[Term]()
        for name, value in resource.items():
            for keep in self._keepers.get(name, ()):
                keep(value, row, terms)
        return row, sorted(set(terms))


@functools.cache
def indexers() -> dict[str, Indexer]:
    """The indexer of each resource type."""
    return {kind: _indexer(kind) for kind in RESOURCES}


def fold(text: str) -> str:
    """Text as string searches compare it: lower case, without diacritics."""
    lowered = text.casefold()
    if lowered.isascii():
        return lowered
    bare = "".join(c for c in unicodedata.normalize("NFKD", lowered) if not unicodedata.combining(c))
    return bare.translate(_LETTERS)


def reference_of(value: object) -> str:
    """The target of a Reference as the index keeps it: without a version; '' when it names none."""
    reference = value.get("reference", "") if isinstance(value, dict) else ""
    if not isinstance(reference, str) or reference.startswith("#"):
        return ""
    return reference.partition("/_history/")[0]


def _indexer(kind: str) -> Indexer:
    empty: Row = []
    columns: list[Parameter] = []
    keepers: dict[str, list[Keep]] = {}
    for parameter in parameters()[kind].values():
        if parameter.stands_for:
            continue
        place = len(empty)
        if parameter.is_column:
            columns.append(parameter)
            empty.extend((dates.ABSENT, dates.ABSENT) if parameter.kind == "date" else ("",))
        for path in parameter.paths:
            keepers.setdefault(path[0], []).append(_keeper(parameter, path[1:], place))
    return Indexer(tuple(columns), tuple(empty), {name: tuple(some) for name, some in keepers.items()})


def _keeper(parameter: Parameter, below: tuple[str, ...], place: int) -> Keep:
    if parameter.is_column:
        fill = {"date": _fill_date, "ref": _fill_reference, "code": _fill_code}[parameter.kind]
        return lambda value, row, _terms: fill(_step(value, below) if below else value, row, place)
    tell, number = _TELLERS[parameter.kind], parameter.number
    if below:
        return lambda value, _row, terms: _tell_all(value, below, tell, number, terms)

    def keep(value: Any, _row: Row, terms: list[Term]) -> None:
        if isinstance(value, list):
            for one in value:
                if one is not None:
                    tell(one, number, terms)
        else:
            tell(value, number, terms)

    return keep


def _tell_all(value: Any, below: tuple[str, ...], tell: "Tell", number: int, terms: list[Term]) -> None:
    if isinstance(value, list):
        for one in value:
            if one is not None:
                _tell_all(one, below, tell, number, terms)
    elif not below:
        tell(value, number, terms)
    elif isinstance(value, dict) and below[0] in value:
        _tell_all(value[below[0]], below[1:], tell, number, terms)


def _step(value: Any, below: tuple[str, ...]) -> Any:
    for name in below:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _fill_date(value: Any, row: Row, place: int) -> None:
    row[place : place + 2] = _span(value)


def _fill_reference(value: Any, row: Row, place: int) -> None:
    row[place] = reference_of(value)


def _fill_code(value: Any, row: Row, place: int) -> None:
    row[place] = "" if value is None else _code(value)


def _span(value: object) -> dates.Span:
    if isinstance(value, str):
        return dates.span(value)
    if isinstance(value, dict) and ("start" in value or "end" in value):
        low = dates.span(value["start"])[0] if "start" in value else -dates.FOREVER
        return low, dates.span(value["end"])[1] if "end" in value else dates.FOREVER
    return dates.ABSENT, dates.ABSENT


def _code(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _token(value: Any, number: int, terms: list[Term]) -> None:
    if not isinstance(value, dict):
        terms.append((number, _code(value), ""))
    elif "coding" in value:
        for coding in value["coding"]:
            _token(coding, number, terms)
    else:
        text = value.get("code", value.get("value"))
        if isinstance(text, str):
            terms.append((number, text, value.get("system", "")))


def _reference(value: Any, number: int, terms: list[Term]) -> None:
    reference = reference_of(value)
    if reference:
        terms.append((number, reference, ""))


def _string(value: Any, number: int, terms: list[Term]) -> None:
    if isinstance(value, str):
        terms.append((number, fold(value), ""))
        return
    for name in value.keys() & _PARTS:
        part = value[name]
        texts = part if isinstance(part, list) else (part,)
        terms.extend((number, fold(text), "") for text in texts if text is not None)


def _uri(value: Any, number: int, terms: list[Term]) -> None:
    terms.append((number, value, ""))


def _canonical(value: Any, number: int, terms: list[Term]) -> None:
    terms.append((number, value, ""))
    terms.append((number, value.partition("|")[0], ""))


Tell = Callable[[Any, int, list[Term]], None]
"""Adds the terms of one value."""

_TELLERS: dict[str, Tell] = {
    "tokens": _token,
    "refs": _reference,
    "strings": _string,
    "uris": _uri,
    "canonicals": _canonical,
}
