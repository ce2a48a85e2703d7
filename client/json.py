r"""Strict JSON: what two readers could understand differently is refused.

The standard reader keeps the last of two equal keys, takes `NaN`, and fails in its own ways on deep nesting and
long numbers. One thing is put right instead of refused: a lone surrogate (`\ud800` without its other half) is
no character and cannot be stored, so it becomes U+FFFD here, where text enters. And what is null in an object is not
there: FHIR has no null for that, and many serialisers write it unless told otherwise.
"""

import json
import math
import re
from typing import Any

DEPTH = 64
"""How deep arrays and objects may nest; FHIR's own resources stay below 20."""
DIGITS = 18
"""Digits of a whole number; FHIR integers have at most 10, its decimals 18."""

_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
_SURROGATE = re.compile("[\ud800-\udfff]")


class JsonError(ValueError):
    """The bytes are not JSON that can be understood in one way only. The message holds none of the content."""


def parse(data: bytes) -> Any:
    """Read one JSON value.

    Args:
        data: UTF-8 without a byte order mark.

    Returns:
        The value as dicts, lists, strings, numbers, booleans and None; every string can be encoded.

    Raises:
        JsonError: It is not JSON, has equal keys in one object, NaN, Infinity or a number too large to keep,
            nests deeper than `DEPTH`, or is in another encoding.
    """
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise JsonError("not UTF-8") from error
    if text.startswith("\ufeff"):
        raise JsonError("it begins with a byte order mark")
    try:
        value = json.loads(
            text, object_pairs_hook=_object, parse_constant=_constant, parse_int=_integer, parse_float=_number
        )
    except json.JSONDecodeError as error:
        raise JsonError(f"not JSON at character {error.pos}") from None
    except RecursionError:
        raise JsonError("nested too deeply") from None
    _check_depth(value)
    return _scrub(value) if _SURROGATE_ESCAPE.search(text) else value


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise JsonError("two equal keys in one object")
    return {key: value for key, value in made.items() if value is not None} if None in made.values() else made


def _constant(name: str) -> Any:
    raise JsonError(f"{name} is not a number")


def _integer(digits: str) -> int:
    if len(digits) > DIGITS:
        raise JsonError("a number is too long")
    return int(digits)


def _number(digits: str) -> float:
    value = float(digits)
    if math.isinf(value):
        raise JsonError("a number is too large")
    return value


def _check_depth(value: Any) -> None:
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > DEPTH:
            raise JsonError("nested too deeply")
        level = [
            inner
            for outer in level
            if isinstance(outer, (dict, list))
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, (dict, list))
        ]


def _scrub(value: Any) -> Any:
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [_scrub(inner) for inner in value]
    if isinstance(value, dict):
        return {_scrub(key): _scrub(inner) for key, inner in value.items()}
    return value
