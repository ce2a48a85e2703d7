"""When the office is open: hours by weekday, days on which it is closed, and so what a working day is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

DAY: Final = timedelta(days=1)
OSLO: Final = "Europe/Oslo"
FIRST: Final = datetime(1900, 1, 1, tzinfo=UTC)
LAST: Final = datetime(9900, 1, 1, tzinfo=UTC)
"""Moments outside these are taken for the nearer of the two: a portal can name years that no calendar can add to."""


@dataclass(frozen=True, slots=True)
class Hours:
    """From when to when an office is open on a day, on the clock on its wall."""

    opens: time
    closes: time

    def __post_init__(self) -> None:
        if self.opens >= self.closes:
            raise ValueError("an office opens before it closes, on the same day")


WEEK: Final = (*[Hours(time(8), time(15, 30))] * 5, None, None)


@dataclass(frozen=True, slots=True)
class Office:
    """An office's own calendar. A working day is one on which it is open."""

    is_holiday: Callable[[date], bool]
    """Whether a day is a public holiday. Handed in, as whoever knows takes long to load."""
    week: tuple[Hours | None, ...] = WEEK
    """Seven, Monday first; None where it is closed."""
    closed: frozenset[date] = frozenset()
    """Days on which it is closed besides."""
    closed_yearly: frozenset[tuple[int, int]] = frozenset()
    """The same every year, as month and day."""
    zone: str = OSLO
    """Where the clock on its wall goes, as the time zone database names it."""

    def __post_init__(self) -> None:
        if len(self.week) != 7 or not any(self.week):
            raise ValueError("an office has seven days, and is open on one of them at least")

    def hours(self, day: date) -> Hours | None:
        """When it is open on a day; None when it is not."""
        hours = self.week[day.weekday()]
        if hours is None or day in self.closed or (day.month, day.day) in self.closed_yearly or self.is_holiday(day):
            return None
        return hours

    def works(self, day: date) -> bool:
        """Whether a day is a working day."""
        return self.hours(day) is not None

    def first_working_day(self, day: date) -> date:
        """The day itself when it is a working day, else the first one after it."""
        while not self.works(day):
            day += DAY
        return day

    def local(self, moment: datetime) -> datetime:
        """A moment on the office's own clock.

        Args:
            moment: Aware, in any zone.
        """
        return min(max(moment, FIRST), LAST).astimezone(ZoneInfo(self.zone))

    def opening(self, day: date) -> datetime:
        """When it opens on a working day, in UTC: moments of one zone are reckoned with as if no clock were ever moved.

        Raises:
            ValueError: It is not a working day.
        """
        hours = self._open(day)
        # Not after closing time, should both lie about the hour that is skipped in spring.
        return min(self._at(day, hours.opens), self._at(day, hours.closes))

    def closing(self, day: date) -> datetime:
        """When it closes on a working day, in UTC.

        Raises:
            ValueError: It is not a working day.
        """
        return self._at(day, self._open(day).closes)

    def next_open(self, moment: datetime) -> datetime:
        """The moment itself while the office is open, else when it opens next; in UTC. At closing time it is closed."""
        moment = self.local(moment).astimezone(UTC)
        day = self.local(moment).date()
        if self.works(day) and moment < self.closing(day):
            return max(moment, self.opening(day))
        return self.opening(self.first_working_day(day + DAY))

    def _open(self, day: date) -> Hours:
        if (hours := self.hours(day)) is None:
            raise ValueError(f"{day} is not a working day")
        return hours

    def _at(self, day: date, clock: time) -> datetime:
        return datetime.combine(day, clock, ZoneInfo(self.zone)).astimezone(UTC)
