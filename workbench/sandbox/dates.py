"""FHIR's partial dates as spans of time.

`2026-03` is a whole month and `2026-03-01T10:00:00Z` a whole second: a search compares spans, not points
(https://hl7.org/fhir/R4/search.html#date). A span is `(low, high)` in milliseconds since 1970 UTC, `high` not included.
A date without an offset is read as UTC.
"""

import functools
import re
from datetime import UTC, datetime, timedelta

Span = tuple[int, int]

ABSENT = -(1 << 62)
"""What both ends hold in the index when a resource has no such date: sorts before every real one."""
FOREVER = 1 << 61
"""The end of a period that has none; its negative is the start of one that has none."""
LONGEST = 366 * 86_400_000
"""No dateTime is longer than the year it may stand for."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)", re.ASCII)
_DATE = re.compile(r"\d{4}(-\d\d(-\d\d)?)?", re.ASCII)
_SEARCHED = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)?", re.ASCII)


def is_instant(text: str) -> bool:
    """Whether this is a FHIR instant that exists in the calendar."""
    return _INSTANT.fullmatch(text) is not None and _readable(text)


def is_date(text: str) -> bool:
    """Whether this is a FHIR date (year, month or day) that exists in the calendar."""
    return _DATE.fullmatch(text) is not None and _readable(text)


def is_date_time(text: str) -> bool:
    """Whether this is a FHIR dateTime: a date, or an instant."""
    return is_date(text) or is_instant(text)


def is_searchable(text: str) -> bool:
    """Whether a search may ask for this date: also without seconds or offset."""
    return (_DATE.fullmatch(text) or _SEARCHED.fullmatch(text)) is not None and _readable(text)


@functools.lru_cache(maxsize=4096)  # a resource often tells one moment several times
def span(text: str) -> Span:
    """The span a date, dateTime or instant stands for.

    Raises:
        ValueError: it is none of these, or no such day exists.
    """
    if len(text) > 10:
        return _moment(text)
    year, month, day = int(text[:4]), int(text[5:7] or 1), int(text[8:10] or 1)
    low = datetime(year, month, day, tzinfo=UTC)
    if len(text) == 10:
        return milliseconds(low), milliseconds(low) + 86_400_000
    if len(text) == 4:
        return milliseconds(low), milliseconds(datetime(year, 12, 31, tzinfo=UTC)) + 86_400_000
    days = 31 if month == 12 else (low.replace(month=month + 1) - low).days
    return milliseconds(low), milliseconds(low) + days * 86_400_000


def moment(since: int) -> datetime:
    """The moment so many milliseconds after the start of 1970, in UTC."""
    return _EPOCH + since * _MS


def instant(since: int) -> str:
    """The moment so many milliseconds after the start of 1970 as FHIR writes it, in UTC."""
    at = moment(since)
    return f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03d}Z"


def milliseconds(at: datetime) -> int:
    """A moment in milliseconds since 1970 UTC."""
    return (at - _EPOCH) // _MS


def _moment(text: str) -> Span:
    at = datetime.fromisoformat(text)
    low = milliseconds(at if at.tzinfo is not None else at.replace(tzinfo=UTC))
    if "." in text:
        return low, low + 1
    return low, low + (1000 if text.count(":", 0, 19) == 2 else 60_000)


def _readable(text: str) -> bool:
    try:
        span(text)
    except (ValueError, OverflowError):
        return False
    return True
