"""The clock on the wall, over the nights on which it is moved."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest

from client.dates import moment
from widgets.words import deadline_word, short_day
from workbench import compose
from workbench.dialogue.snooze_times import NEAR, Until, snooze_times
from workbench.wall_clock import WALL_CLOCK


@pytest.fixture(autouse=True)
def in_oslo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Oslo")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def test_other_days_are_told_by_their_own_hour() -> None:
    here = compose.now().tzinfo
    assert datetime(2026, 7, 1, 12, tzinfo=UTC).astimezone(here).hour == 14
    assert datetime(2026, 12, 1, 12, tzinfo=UTC).astimezone(here).hour == 13


def test_a_deadline_at_the_end_of_a_day_is_not_told_a_day_too_late_before_clocks_go_back() -> None:
    friday = datetime(2026, 10, 23, 8, tzinfo=UTC).astimezone(compose.now().tzinfo)
    due = moment("2026-10-26", end=True)
    assert due is not None
    assert due.astimezone(friday.tzinfo).date() == date(2026, 10, 26)
    assert deadline_word(due, friday).endswith(short_day(date(2026, 10, 26), date(2026, 10, 23)))


def test_every_moment_is_the_same_one_told_by_the_clock_on_the_wall() -> None:
    begins = [datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 24, 22, tzinfo=UTC)]
    for begin in begins:
        moments = [begin + timedelta(minutes=20 * n) for n in range(18)]
        shown = [each.astimezone(WALL_CLOCK) for each in moments]
        assert [each.astimezone(UTC) for each in shown] == moments
        assert all(one.astimezone(UTC) < other.astimezone(UTC) for one, other in pairwise(shown))


def test_years_that_no_clock_reaches_are_told_all_the_same() -> None:
    for year in (1, 1800, 9999):
        assert datetime(year, 6, 1, tzinfo=UTC).astimezone(WALL_CLOCK).year == year


def test_an_hour_is_put_off_an_hour_in_the_night_too() -> None:
    now = datetime(2026, 10, 25, 0, 30, tzinfo=UTC).astimezone(WALL_CLOCK)
    until = {each.name: each.until for each in snooze_times(now, None)}
    for name, wait in zip((Until.SOON, Until.LATER), NEAR, strict=True):
        moment_ = until[name]
        assert moment_ is not None
        assert moment_.astimezone(UTC) - now.astimezone(UTC) == wait
