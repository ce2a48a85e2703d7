"""A moment stands on the screen as the wall's clock has it on that day, whatever the season is now."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from client import dates
from widgets.words import deadline_word, short_day
from workbench import compose
from workbench.dialogue.asking import asked
from workbench.dialogue.snooze_times import NEAR, Until, snooze_times
from workbench.local_zone import LocalZone


@pytest.fixture(autouse=True)
def oslo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "Europe/Oslo")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.parametrize(("month", "hour"), [(1, 9), (7, 10)])
def test_an_appointment_stands_as_the_wall_has_it_in_either_season(month: int, hour: int) -> None:
    local = datetime(2026, month, 15, 8, tzinfo=UTC).astimezone(compose.now().tzinfo)
    assert (local.day, local.hour) == (15, hour)


@pytest.mark.parametrize("month", [1, 7])
def test_a_day_that_is_searched_for_begins_at_its_own_midnight(month: int) -> None:
    query = asked(f"dato:2026-{month:02}-15", compose.now()).query
    assert query.since is not None
    assert query.since.astimezone(UTC) == datetime(2026, month, 14, 23 if month == 1 else 22, tzinfo=UTC)


def test_every_until_of_a_year_comes_back_as_it_was() -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    while moment.year == 2026:
        assert moment.astimezone(LocalZone()).astimezone(UTC) == moment
        moment += timedelta(minutes=30)


def test_two_nows_differ_by_what_has_passed_when_clocks_are_set_back() -> None:
    earlier, later = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC).astimezone(LocalZone()) for hour in (0, 1))
    assert later - earlier == timedelta(hours=1)
    assert later > earlier


@pytest.mark.parametrize("moment", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
def test_years_at_either_end_raise_nothing(moment: datetime) -> None:
    there = moment.astimezone(LocalZone())
    assert abs(there.replace(tzinfo=UTC) - moment) < timedelta(days=1)
    assert asked("dato:0001", compose.now()).query.since is not None


def test_a_deadline_at_the_end_of_a_day_is_not_told_a_day_too_late_before_clocks_go_back() -> None:
    friday = datetime(2026, 10, 23, 8, tzinfo=UTC).astimezone(compose.now().tzinfo)
    due = dates.moment("2026-10-26", end=True)
    assert due is not None
    assert due.astimezone(friday.tzinfo).date() == date(2026, 10, 26)
    assert deadline_word(due, friday).endswith(short_day(date(2026, 10, 26), date(2026, 10, 23)))


def test_an_hour_is_put_off_an_hour_in_the_night_too() -> None:
    now = datetime(2026, 10, 25, 0, 30, tzinfo=UTC).astimezone(LocalZone())
    until = {each.name: each.until for each in snooze_times(now, None)}
    for name, wait in zip((Until.SOON, Until.LATER), NEAR, strict=True):
        then = until[name]
        assert then is not None
        assert then.astimezone(UTC) - now.astimezone(UTC) == wait
