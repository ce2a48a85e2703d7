"""FHIR's dates and instants, read leniently: a date that cannot be read never costs the message it stands on."""

import re
from datetime import UTC, datetime, timedelta

_PARTS = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d+))?)?\s*(Z|z|[+-]\d\d:?\d\d)?)?)?)?"
)

_WHOLE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:Z|[+-]\d\d:\d\d)", re.ASCII)
"""As nearly all are written: these Python reads by itself, in a third of the time."""


def moment(value: str | None, *, end: bool = False) -> datetime | None:
    """Read a FHIR date, dateTime or instant, possibly partial (`1979`, `2026-03`).

    Args:
        value: As the portal wrote it. A time without an offset is taken as UTC, a day as it is counted here; beyond
            microseconds it is cut.
        end: Take a value without a time as the last second it covers instead of the first; FHIR reads the end
            of a Period so.

    Returns:
        An aware time in UTC, or None when there is none, it is no date, or it lies outside the calendar.
    """
    if not value:
        return None
    if _WHOLE.fullmatch(value):
        try:
            return datetime.fromisoformat(value).astimezone(UTC)
        except (ValueError, OverflowError):  # a leap second, or a day outside the calendar
            pass
    match = _PARTS.fullmatch(value.strip())
    if not match:
        return None
    year, month, day, hour, minute, second, fraction, offset = match.groups()
    try:
        start = datetime(
            int(year),
            int(month or 1),
            int(day or 1),
            int(hour or 0),
            int(minute or 0),
            min(int(second or 0), 59),  # a leap second is legal and no clock here knows it
            int((fraction or "0")[:6].ljust(6, "0")),
            UTC,
        )
        if hour is not None:
            return start - _offset(offset)
        if end:
            start = _after(start, month, day) - timedelta(seconds=1)
        return start.replace(tzinfo=None).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def instant(when: datetime) -> str:
    """Write an aware time as a FHIR instant in UTC, milliseconds cut off rather than rounded."""
    return when.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def _after(start: datetime, month: str | None, day: str | None) -> datetime:
    if day is not None:
        return start + timedelta(days=1)
    if month is not None and start.month < 12:
        return start.replace(month=start.month + 1)
    return start.replace(year=start.year + 1, month=1)


def _offset(text: str | None) -> timedelta:
    if not text or text in "Zz":
        return timedelta()
    size = timedelta(hours=int(text[1:3]), minutes=int(text[-2:]))
    return -size if text[0] == "-" else size
