"""What the index keeps of a resource: values for the columns of its type, and terms for what repeats.

A reference is kept as `Type/id`, or as the whole address when it points elsewhere. Text for string searches is folded:
case and diacritics do not count.
"""

import functools
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workbench.sandbox import dates
from workbench.sandbox.elements import RESOURCES
from workbench.sandbox.parameters import Parameter, parameters

Resource = Mapping[str, Any]
Term = tuple[int, str, str]
"""Number of the parameter, value, and the value's system ('' when it has none)."""
Values = Callable[[Resource], Iterator[Any]]

_LETTERS = str.maketrans({"ø": "o", "æ": "ae", "đ": "d", "ð": "d", "ł": "l", "þ": "th", "œ": "oe"})
_NAME_PARTS = ("text", "family", "given", "prefix", "suffix")
_ADDRESS_PARTS = ("text", "line", "city", "district", "state", "postalCode", "country")


@dataclass(frozen=True, slots=True)
class Indexer:
    """How the resources of one type are indexed."""

    columns: tuple[Parameter, ...]
    """The parameters kept as columns, in the order of :meth:`row`; a date takes two."""
    _readers: tuple[tuple[Parameter, Values], ...]
    _listers: tuple[tuple[Parameter, Values], ...]

    def row(self, resource: Resource) -> list[str | int]:
        """The columns' values: '' or `dates.ABSENT` where there is none."""
        row: list[str | int] = []
        for parameter, values in self._readers:
            value = next(values(resource), None)
            if parameter.kind == "date":
                row.extend(_span(value))
            elif parameter.kind == "ref":
                row.append(reference_of(value))
            else:
                row.append("" if value is None else _code(value))
        return row

    def terms(self, resource: Resource) -> set[Term]:
        """The terms under which a search finds the resource."""
        found: set[Term] = set()
        for parameter, values in self._listers:
            number, tell = parameter.number, _TELLERS[parameter.kind]
            for value in values(resource):
                found.update((number, text, system) for text, system in tell(value))
        return found


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
    own = [one for one in parameters()[kind].values() if not one.stands_for]
    columns = tuple(one for one in own if one.is_column)
    listed = tuple((one, _reader(one)) for one in own if not one.is_column)
    return Indexer(columns, tuple((one, _reader(one)) for one in columns), listed)


def _reader(parameter: Parameter) -> Values:
    if len(parameter.paths) == 1 and len(parameter.paths[0]) == 1:
        return functools.partial(_here, parameter.paths[0][0])
    return lambda resource: (value for path in parameter.paths for value in _below(resource, path))


def _here(name: str, resource: Resource) -> Iterator[Any]:
    value = resource.get(name)
    if value is None:
        return iter(())
    return iter(value) if isinstance(value, list) else iter((value,))


def _below(value: Any, path: tuple[str, ...]) -> Iterator[Any]:
    for inner in _here(path[0], value) if isinstance(value, dict) else ():
        if len(path) == 1:
            yield inner
        else:
            yield from _below(inner, path[1:])


def _span(value: object) -> dates.Span:
    if isinstance(value, str):
        return dates.span(value)
    if isinstance(value, dict) and value.keys() & {"start", "end"}:
        low = dates.span(value["start"])[0] if "start" in value else -dates.FOREVER
        return low, dates.span(value["end"])[1] if "end" in value else dates.FOREVER
    return dates.ABSENT, dates.ABSENT


def _code(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _tokens(value: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(value, dict):
        yield _code(value), ""
    elif "coding" in value:
        for coding in value["coding"]:
            yield from _tokens(coding)
    else:
        text = value.get("code", value.get("value"))
        if isinstance(text, str):
            yield text, value.get("system", "")


def _references(value: Any) -> Iterator[tuple[str, str]]:
    reference = reference_of(value)
    if reference:
        yield reference, ""


def _strings(value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield fold(value), ""
        return
    for part in (*_NAME_PARTS, *_ADDRESS_PARTS[1:]):
        for text in _here(part, value):
            yield fold(text), ""


def _uris(value: Any) -> Iterator[tuple[str, str]]:
    yield value, ""


def _canonicals(value: Any) -> Iterator[tuple[str, str]]:
    address, bar, _ = value.partition("|")
    yield address, ""
    if bar:
        yield value, ""


_TELLERS: dict[str, Callable[[Any], Iterator[tuple[str, str]]]] = {
    "tokens": _tokens,
    "refs": _references,
    "strings": _strings,
    "uris": _uris,
    "canonicals": _canonicals,
}
