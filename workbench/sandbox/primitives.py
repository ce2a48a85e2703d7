"""The formats of R4's primitive types (https://hl7.org/fhir/R4/datatypes.html#primitive)."""

import base64
import binascii
import re
from collections.abc import Callable

from workbench.sandbox import dates

_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d:([0-5]\d|60)(\.\d{1,9})?", re.ASCII)
_ID = re.compile(r"[A-Za-z0-9.-]{1,64}", re.ASCII)
_CODE = re.compile(r"\S+( \S+)*")
_URI = re.compile(r"\S+")
_OID = re.compile(r"urn:oid:[0-2](\.(0|[1-9]\d*))+", re.ASCII)
_UUID = re.compile(r"urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


def wrong(kind: str, value: object) -> str:
    """What is wrong with `value` as a primitive of the type `kind`; empty when nothing is."""
    if kind == "boolean":
        return "" if isinstance(value, bool) else "must be true or false"
    if kind in _NUMBERS:
        low, high = _NUMBERS[kind]
        good = isinstance(value, int) and not isinstance(value, bool) and low <= value <= high
        return "" if good else f"must be a whole number from {low} to {high}"
    if kind == "decimal":
        return "" if isinstance(value, int | float) and not isinstance(value, bool) else "must be a number"
    if not isinstance(value, str):
        return f"must be a string ({kind})"
    if not value or value.isspace():
        return "must not be empty"
    return "" if kind not in _TEXTS or _TEXTS[kind](value) else f"is not a valid {kind}"


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode("".join(text.split()) if any(c.isspace() for c in text[:200]) else text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def _matches(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda text: pattern.fullmatch(text) is not None


_NUMBERS = {"integer": (-(2**31), 2**31 - 1), "unsignedInt": (0, 2**31 - 1), "positiveInt": (1, 2**31 - 1)}

_TEXTS: dict[str, Callable[[str], bool]] = {
    "instant": dates.is_instant,
    "date": dates.is_date,
    "dateTime": dates.is_date_time,
    "time": _matches(_TIME),
    "id": _matches(_ID),
    "code": _matches(_CODE),
    "uri": _matches(_URI),
    "url": _matches(_URI),
    "canonical": _matches(_URI),
    "oid": _matches(_OID),
    "uuid": _matches(_UUID),
    "base64Binary": _is_base64,
}
