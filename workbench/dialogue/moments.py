"""Between which moments a shift is counted: by the office's own days and hours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from workbench.dialogue.office import DAY, Office
from workbench.dialogue.open_hours import OpenHours, open_hours
from workbench.dialogue.span import TICK, Happening, Span

DAYS: Final = 14
"""Days that are told of, today among them."""
FRESH: Final = timedelta(hours=4)
YEAR: Final = DAY * 366
"""How far back open hours are counted."""


@dataclass(frozen=True, slots=True)
class Moments:
    """Between which moments is counted."""

    now: datetime
    edges: tuple[datetime, ...]
    """Where one of `BANDS` ends and the next begins, newest first."""
    days: tuple[datetime, ...]
    """When the last `DAYS` days began, and when the last of them ends."""
    until: datetime
    """Just after the next working day ends: what falls due as the office closes is before it."""
    hours: OpenHours
    """What counts of how long something took; what lies more than a year back does not."""

    def bands(self) -> Iterator[Span]:
        """Since when those of each of `BANDS` have waited."""
        for before, since in pairwise((None, *self.edges, None)):
            yield Span(Happening.WAITS, since, before)


def moments(now: datetime, office: Office) -> Moments:
    """The moments of an overview.

    Args:
        now: Aware.
        office: Whose days they are, and which of them are working days.
    """
    zone = ZoneInfo(office.zone)
    local = office.local(now).replace(second=0, microsecond=0)

    def midnight(day: date) -> datetime:
        return datetime.combine(day, time(), zone)

    today = local.date()
    back = _working_days_before(today, office)
    wanted = (local - FRESH, midnight(today), midnight(back[0]), midnight(back[-1]))
    edges: list[datetime] = []
    for edge in wanted:  # just after midnight, what waits since four hours ago waits since yesterday
        edges.append(min([edge, *edges]))
    return Moments(
        local,
        tuple(edges),
        tuple(midnight(today - DAY * back) for back in range(DAYS - 1, -2, -1)),
        office.local(office.closing(office.first_working_day(today + DAY))) + TICK,
        open_hours(office, today - YEAR, today + DAY),
    )


def _working_days_before(day: date, office: Office, many: int = 5) -> list[date]:
    found: list[date] = []
    while len(found) < many:
        day -= DAY
        if office.works(day):
            found.append(day)
    return found
