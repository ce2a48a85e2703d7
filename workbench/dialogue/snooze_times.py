"""The moments one puts a conversation off until, as of now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

from workbench.dialogue.office import DAY, Office
from workbench.dialogue.snoozing import why_not_snooze

MORNING: Final = time(8)
"""When a day begins where no office hours are known."""
NEAR: Final = (timedelta(hours=1), timedelta(hours=3))


class Until(StrEnum):
    """How a moment is called."""

    SOON = "soon"
    LATER = "later"
    NEXT_DAY = "next-day"
    NEXT_WEEK = "next-week"
    PATIENT = "patient"
    """When the patient writes, and no sooner."""


@dataclass(frozen=True, slots=True)
class SnoozeTime:
    """A moment with its name."""

    name: Until
    until: datetime | None
    """Aware; None for until the patient writes."""


def snooze_times(now: datetime, office: Office | None, *, flagged: bool = False) -> tuple[SnoozeTime, ...]:
    """What can be chosen: the next working day first, as that is what is chosen most.

    Args:
        now: Aware, in the zone of who chooses.
        office: Its working days and hours; None where they are not known.
        flagged: Nothing beyond today (`snoozing.why_not_snooze`).
    """
    soon, later = (_minute((now.astimezone(UTC) + wait).astimezone(now.tzinfo)) for wait in NEAR)
    next_day = _opening(now.date() + DAY, now, office)
    monday = now.date() + timedelta(days=7 - now.weekday())
    times = (
        SnoozeTime(Until.NEXT_DAY, next_day),
        SnoozeTime(Until.SOON, soon),
        SnoozeTime(Until.LATER, later),
        SnoozeTime(Until.NEXT_WEEK, _opening(monday, now, office)),
        SnoozeTime(Until.PATIENT, None),
    )
    return tuple(each for each in times if why_not_snooze(each.until, now, flagged=flagged) is None)


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)


def _opening(day: date, now: datetime, office: Office | None) -> datetime:
    """When the office opens on a day, or on the first working day after it."""
    if office is not None:
        return office.opening(office.first_working_day(day)).astimezone(now.tzinfo)
    return datetime.combine(day, MORNING, now.tzinfo)
