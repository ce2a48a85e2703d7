"""How long an office was open between two moments."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from workbench.dialogue.office import Office
from workbench.dialogue.open_hours import open_hours

OFFICE = Office(lambda day: day == date(2026, 4, 2))
"""Open from 8 to 15:30 in Oslo, but not on weekends nor on Thursday 2 April; the clock moves on 29 March."""
HOURS = open_hours(OFFICE, date(2026, 3, 2), date(2026, 5, 1))


def oslo(day: int, hour: int, minute: int = 0, month: int = 3) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=OFFICE.local(datetime(2026, 3, 2, tzinfo=UTC)).tzinfo)


@pytest.mark.parametrize(
    ("since", "until", "hours"),
    [
        (oslo(4, 9), oslo(4, 11, 30), 2.5),
        (oslo(4, 15), oslo(5, 9), 1.5),
        (oslo(6, 15), oslo(9, 9), 1.5),  # over a weekend
        (oslo(27, 14, 30), oslo(30, 9), 2),  # over the night on which the clock is moved
        (oslo(1, 15, month=4), oslo(3, 8, 30, month=4), 1),  # over a holiday
        (oslo(7, 10), oslo(8, 12), 0),  # on a weekend
        (oslo(4, 16), oslo(4, 23), 0),  # in the evening
        (oslo(2, 8), oslo(6, 15, 30), 5 * 7.5),
        (oslo(4, 11), oslo(4, 9), 0),  # the wrong way round
        (datetime(1970, 1, 1, tzinfo=UTC), oslo(2, 9), 1),  # before its days
        (oslo(30, 15, month=4), datetime(2030, 1, 1, tzinfo=UTC), 0.5),  # after them
    ],
)
def test_only_open_hours_count(since: datetime, until: datetime, hours: float) -> None:
    assert HOURS.between(since, until) == timedelta(hours=hours)


def test_an_office_that_is_closed_all_those_days_is_never_open() -> None:
    closed = open_hours(OFFICE, date(2026, 3, 7), date(2026, 3, 9))
    assert closed.between(oslo(2, 8), oslo(30, 8)) == timedelta()
