"""How much of a stretch of time an office was open, quick for many stretches."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate

from workbench.dialogue.office import DAY, Office


@dataclass(frozen=True, slots=True)
class OpenHours:
    """An office's open hours over some days, in order."""

    opens: tuple[datetime, ...]
    closes: tuple[datetime, ...]
    before: tuple[timedelta, ...]
    """How long it had been open in all when it opened."""

    def between(self, since: datetime, until: datetime) -> timedelta:
        """How long it was open between two moments; outside its days it never is.

        Args:
            since: Aware, in any zone.
            until: The same; nothing lies between where it is the earlier.
        """
        return max(self._until(until) - self._until(since), timedelta())

    def _until(self, moment: datetime) -> timedelta:
        last = bisect_right(self.opens, moment) - 1
        return timedelta() if last < 0 else self.before[last] + (min(moment, self.closes[last]) - self.opens[last])


def open_hours(office: Office, since: date, before: date) -> OpenHours:
    """An office's open hours from one day on, up to another.

    Args:
        office: Whose.
        since: The first day.
        before: The day after the last.
    """
    days = [day for day in (since + DAY * n for n in range((before - since).days)) if office.works(day)]
    opens, closes = tuple(map(office.opening, days)), tuple(map(office.closing, days))
    lengths = (close - open_ for open_, close in zip(opens, closes, strict=True))
    return OpenHours(opens, closes, tuple(accumulate(lengths, initial=timedelta()))[:-1])
