"""By when a message should be answered, in the office's working days or hours, and what falls due over a break."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from types import MappingProxyType
from typing import Final

from workbench.dialogue.office import DAY, Office

LONGEST_WEEK: Final = 366
"""Days that are looked through for a break; an office that works longer than that without one has none."""


@dataclass(frozen=True, slots=True)
class WorkingDays:
    """An answer by closing time, so many working days after the day a message counts from; 0 for the same day."""

    days: int


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """An answer after so many hours, of which only those count during which the office is open."""

    hours: int


Term = WorkingDays | OfficeHours


@dataclass(frozen=True, slots=True)
class DeadlineRules:
    """What an office holds itself to, by the subject matter of a message.

    Five working days is what Norwegian general practice promises for an e-consultation, and a national standard by
    the account of the centre for e-health research. Which clause of which regulation says so was not confirmed, and
    other kinds of messages and other services have terms of their own. So this is the office's own term, set in its
    configuration; nothing may call it a deadline by law.
    """

    office: Office
    default: Term = WorkingDays(5)
    """For what is not named."""
    by_category: Mapping[str, Term] = field(default_factory=lambda: MappingProxyType({}))

    def term(self, category: str) -> Term:
        """What holds for a subject matter, by its code."""
        return self.by_category.get(category, self.default)


def due_of(received: datetime, category: str, rules: DeadlineRules) -> datetime:
    """When an answer is due.

    What comes while the office is closed counts from when it opens next, and so does what comes at closing time.

    Args:
        received: Aware, in any zone.
        category: Code of the subject matter, empty when there is none.
        rules: What the office holds itself to.

    Returns:
        Aware, in the office's zone: closing time of a working day, or a moment in its hours for a term in hours.
    """
    office = rules.office
    start = office.next_open(received)
    day = office.local(start).date()
    term = rules.term(category)
    if isinstance(term, WorkingDays):
        for _day in range(term.days):
            day = office.first_working_day(day + DAY)
        return office.local(office.closing(day))
    left = timedelta(hours=term.hours)
    while left > (open_for := office.closing(day) - start):
        left -= open_for
        day = office.first_working_day(day + DAY)
        start = office.opening(day)
    return office.local(start + left)


def working_days_between(earlier: date, later: date, office: Office) -> int:
    """How many working days come after one day, up to and with another; negative when the other comes first.

    Friday to Monday is one; Friday to Sunday is none.
    """
    if later < earlier:
        return -working_days_between(later, earlier, office)
    return sum(office.works(earlier + DAY * n) for n in range(1, (later - earlier).days + 1))


def working_days_over(due: datetime, now: datetime, office: Office) -> int:
    """How many working days ago something fell due, on the office's calendar; 0 when it did on this one, or is to.

    Args:
        due: Aware, in any zone.
        now: Aware, in any zone.
        office: Whose working days count.
    """
    return max(working_days_between(office.local(due).date(), office.local(now).date(), office), 0)


def last_day_before_break(day: date, office: Office) -> date | None:
    """The working day after which the office is closed for a day or more, seen from a day.

    Returns:
        For a working day, the last one before the break that comes next, which may be the day itself. For a day in a
        break, the last one before that break. None when there is no break within a year.
    """
    step = DAY if office.works(day) else -DAY
    for _day in range(LONGEST_WEEK):
        if office.works(day) and not office.works(day + DAY):
            return day
        day += step
    return None


def guard_until(now: datetime, rules: DeadlineRules) -> datetime | None:
    """Until when what falls due is to be listed today, so that nobody finds it overdue after a weekend or a holiday.

    Args:
        now: Aware, in any zone.
        rules: Whose office it is.

    Returns:
        On the last working day before a break, all day long: closing time of the first working day after it, aware,
        in the office's zone. None on any other day.
    """
    office = rules.office
    today = office.local(now).date()
    if last_day_before_break(today, office) != today:
        return None
    return office.local(office.closing(office.first_working_day(today + DAY)))
