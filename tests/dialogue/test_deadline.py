"""Deadlines: known days across the Norwegian year, clocks that are moved, and what falls due over a break."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from workbench.dialogue.deadline import (
    DeadlineRules,
    OfficeHours,
    Term,
    WorkingDays,
    due_of,
    guard_until,
    last_day_before_break,
    working_days_between,
    working_days_over,
)
from workbench.dialogue.office import WEEK, Hours, Office
from workbench.public_holidays import is_holiday

OSLO = ZoneInfo("Europe/Oslo")
OFFICE = Office(is_holiday)
RULES = DeadlineRules(OFFICE, by_category={"reseptfornyelse": WorkingDays(3), "e-kontakt": OfficeHours(4)})
ALWAYS = Office(lambda _day: False, (Hours(time(0), time(23, 59)),) * 7)
"""Open on every day there is."""


def at(text: str) -> datetime:
    """A moment on the clock in Oslo."""
    return datetime.fromisoformat(text).replace(tzinfo=OSLO)


def due(received: str, term: Term, office: Office = OFFICE) -> str:
    """Told with its distance from UTC, so that a clock moved the wrong way is seen."""
    return due_of(at(received), "", DeadlineRules(office, term)).isoformat(timespec="minutes")


@pytest.mark.parametrize(
    ("received", "days", "falls_due"),
    [
        ("2026-06-01T10:00", 5, "2026-06-08T15:30+02:00"),
        ("2026-03-30T10:00", 5, "2026-04-09T15:30+02:00"),  # Easter 2026
        ("2026-04-01T15:29", 1, "2026-04-07T15:30+02:00"),
        ("2026-04-01T15:30", 1, "2026-04-08T15:30+02:00"),
        ("2026-04-04T12:00", 0, "2026-04-07T15:30+02:00"),
        ("2027-03-24T10:00", 5, "2027-04-05T15:30+02:00"),  # Easter 2027, and the clock is moved on its Sunday
        ("2026-05-13T09:00", 5, "2026-05-21T15:30+02:00"),  # Ascension; 17 May is a Sunday
        ("2027-05-14T09:00", 5, "2027-05-24T15:30+02:00"),  # 17 May is Whit Monday too
        ("2028-05-16T09:00", 1, "2028-05-18T15:30+02:00"),  # 17 May is a Wednesday
        ("2026-04-30T14:00", 1, "2026-05-04T15:30+02:00"),  # 1 May is a Friday
        ("2026-12-22T10:00", 5, "2026-12-30T15:30+01:00"),  # Christmas; its eve is no holiday
        ("2026-12-30T16:00", 1, "2027-01-04T15:30+01:00"),
        ("2028-02-28T08:00", 1, "2028-02-29T15:30+01:00"),
        ("2028-02-23T10:00", 5, "2028-03-01T15:30+01:00"),
        ("2027-02-24T10:00", 3, "2027-03-01T15:30+01:00"),
        ("2026-03-27T10:00", 1, "2026-03-30T15:30+02:00"),  # summer time begins between
        ("2026-10-23T10:00", 1, "2026-10-26T15:30+01:00"),  # and ends
        ("2026-06-01T00:00", 0, "2026-06-01T15:30+02:00"),
        ("2026-06-01T23:59", 0, "2026-06-02T15:30+02:00"),
    ],
)
def test_due_at_closing_time_of_a_working_day(received: str, days: int, falls_due: str) -> None:
    assert due(received, WorkingDays(days)) == falls_due


@pytest.mark.parametrize(
    ("received", "hours", "falls_due"),
    [
        ("2026-06-01T09:15", 4, "2026-06-01T13:15+02:00"),
        ("2026-06-01T06:00", 4, "2026-06-01T12:00+02:00"),
        ("2026-06-01T11:30", 4, "2026-06-01T15:30+02:00"),
        ("2026-06-01T11:31", 4, "2026-06-02T08:01+02:00"),
        ("2026-04-01T14:00", 4, "2026-04-07T10:30+02:00"),
        ("2026-03-27T15:00", 1, "2026-03-30T08:30+02:00"),
        ("2026-06-01T08:00", 15, "2026-06-02T15:30+02:00"),
        ("2026-06-01T08:00", 16, "2026-06-03T09:00+02:00"),
    ],
)
def test_of_a_term_in_hours_only_office_hours_count(received: str, hours: int, falls_due: str) -> None:
    assert due(received, OfficeHours(hours)) == falls_due


@pytest.mark.parametrize(
    ("received", "falls_due"),
    [("2026-03-29T00:30", "2026-03-29T05:30+02:00"), ("2026-10-25T00:30", "2026-10-25T03:30+01:00")],
)
def test_an_hour_is_an_hour_in_the_night_the_clock_is_moved(received: str, falls_due: str) -> None:
    assert due(received, OfficeHours(4), ALWAYS) == falls_due


def test_an_office_that_opens_in_the_hour_that_is_skipped_still_opens_before_it_closes() -> None:
    nightly = Office(lambda _day: False, (Hours(time(2, 30), time(3, 0)),) * 7)
    assert due("2026-03-29T01:00", OfficeHours(1), nightly) == "2026-03-31T03:00+02:00"
    for day in (date(2026, 3, 29), date(2026, 10, 25)):
        assert nightly.opening(day) <= nightly.closing(day)


def test_the_office_closes_on_days_of_its_own_once_or_every_year() -> None:
    once = Office(is_holiday, closed=frozenset({date(2026, 12, 24)}))
    assert due("2026-12-23T10:00", WorkingDays(1), once) == "2026-12-28T15:30+01:00"
    assert due("2027-12-23T10:00", WorkingDays(1), once) == "2027-12-24T15:30+01:00"
    yearly = Office(is_holiday, closed_yearly=frozenset({(12, 24), (12, 31)}))
    assert due("2026-12-22T10:00", WorkingDays(5), yearly) == "2027-01-04T15:30+01:00"
    assert due("2027-12-23T10:00", WorkingDays(1), yearly) == "2027-12-27T15:30+01:00"


def test_a_day_with_hours_of_its_own_ends_when_it_closes() -> None:
    short = Office(is_holiday, (*WEEK[:4], Hours(time(9), time(12)), Hours(time(10), time(13)), None))
    assert due("2026-06-04T10:00", WorkingDays(1), short) == "2026-06-05T12:00+02:00"
    assert due("2026-06-05T12:00", WorkingDays(0), short) == "2026-06-06T13:00+02:00"
    assert due("2026-06-05T11:00", OfficeHours(3), short) == "2026-06-06T12:00+02:00"


def test_the_term_is_the_category_s_own_or_the_default() -> None:
    received = at("2026-06-01T10:00")
    said = [due_of(received, code, RULES) for code in ("reseptfornyelse", "e-kontakt", "annet", "")]
    assert said == [at(f"2026-06-{when}") for when in ("04T15:30", "01T14:00", "08T15:30", "08T15:30")]
    assert DeadlineRules(OFFICE).term("e-konsultasjon") == WorkingDays(5)


@pytest.mark.parametrize("zone", [UTC, timezone(timedelta(hours=-11)), ZoneInfo("Asia/Tokyo")])
def test_the_zone_a_moment_is_told_in_does_not_matter(zone: timezone) -> None:
    for text in ("2026-06-01T00:30", "2026-06-05T15:29", "2026-06-05T15:31", "2026-12-31T23:59"):
        there, here = (due_of(when, "", RULES) for when in (at(text).astimezone(zone), at(text)))
        assert (there, there.utcoffset()) == (here, here.utcoffset())


def test_an_office_elsewhere_keeps_its_own_clock() -> None:
    office = Office(is_holiday, zone="America/New_York")
    assert due("2026-06-01T02:00", WorkingDays(1), office) == "2026-06-02T15:30-04:00"


@pytest.mark.parametrize("year", [1, 1000, 9899, 9999])
@pytest.mark.parametrize("hours", [-14, 0, 14])
def test_years_no_calendar_can_add_to_stop_nothing(year: int, hours: int) -> None:
    zone = timezone(timedelta(hours=hours))
    for received in (datetime(year, 1, 1, tzinfo=zone), datetime(year, 12, 31, 23, 59, 59, tzinfo=zone)):
        for term in (WorkingDays(60), OfficeHours(200)):
            assert due_of(received, "", DeadlineRules(OFFICE, term)).tzinfo is not None
        assert last_day_before_break(OFFICE.local(received).date(), OFFICE) is not None
        guard_until(received, RULES)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(TypeError):
        due_of(datetime(2026, 6, 1), "", RULES)  # noqa: DTZ001 - what is refused


def test_what_is_no_office_is_refused() -> None:
    with pytest.raises(ValueError, match="before it closes"):
        Hours(time(15), time(15))
    for week in ((None,) * 7, WEEK[:6], (*WEEK, None)):
        with pytest.raises(ValueError, match="seven days"):
            Office(is_holiday, week)
    with pytest.raises(ValueError, match="not a working day"):
        OFFICE.closing(date(2026, 5, 17))


@pytest.mark.parametrize(
    ("earlier", "later", "count"),
    [
        ("2026-06-05", "2026-06-05", 0), ("2026-06-05", "2026-06-07", 0), ("2026-06-05", "2026-06-08", 1),
        ("2026-06-06", "2026-06-08", 1), ("2026-04-01", "2026-04-07", 1), ("2026-06-01", "2026-06-08", 5),
        ("2026-12-23", "2027-01-04", 6), ("2026-01-01", "2026-12-31", 253), ("2026-06-08", "2026-06-05", -1),
    ],
)  # fmt: skip
def test_working_days_between_two_days(earlier: str, later: str, count: int) -> None:
    assert working_days_between(date.fromisoformat(earlier), date.fromisoformat(later), OFFICE) == count


@pytest.mark.parametrize(
    ("now", "days"),
    [
        ("2026-04-01T15:30", 0), ("2026-04-01T23:59", 0), ("2026-04-06T12:00", 0), ("2026-04-07T00:01", 1),
        ("2026-04-08T07:00", 2), ("2026-03-27T12:00", 0),
    ],
)  # fmt: skip
def test_how_long_over_is_told_in_working_days(now: str, days: int) -> None:
    assert working_days_over(at("2026-04-01T15:30"), at(now).astimezone(UTC), OFFICE) == days


@pytest.mark.parametrize(
    ("day", "last"),
    [
        ("2026-06-01", "2026-06-05"), ("2026-06-05", "2026-06-05"), ("2026-06-06", "2026-06-05"),
        ("2026-06-07", "2026-06-05"), ("2026-03-30", "2026-04-01"), ("2026-04-05", "2026-04-01"),
        ("2026-05-11", "2026-05-13"), ("2026-05-15", "2026-05-15"), ("2028-05-16", "2028-05-16"),
    ],
)  # fmt: skip
def test_the_last_working_day_before_a_break(day: str, last: str) -> None:
    assert last_day_before_break(date.fromisoformat(day), OFFICE) == date.fromisoformat(last)


def test_an_office_that_never_closes_has_no_break() -> None:
    assert last_day_before_break(date(2026, 6, 1), ALWAYS) is None
    assert guard_until(at("2026-06-05T10:00"), DeadlineRules(ALWAYS)) is None


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-06-05T00:00", "2026-06-08T15:30"), ("2026-06-05T23:59", "2026-06-08T15:30"),  # a Friday
        ("2026-06-04T10:00", None), ("2026-06-06T10:00", None), ("2026-06-07T10:00", None),
        ("2026-04-01T09:00", "2026-04-07T15:30"), ("2026-04-02T09:00", None),  # Easter 2026
        ("2027-03-24T09:00", "2027-03-30T15:30"),  # Easter 2027, with the clock moved
        ("2026-05-13T09:00", "2026-05-15T15:30"), ("2026-05-15T09:00", "2026-05-18T15:30"),  # Ascension
        ("2028-05-16T09:00", "2028-05-18T15:30"),  # 17 May, a Wednesday
        ("2026-12-24T09:00", "2026-12-28T15:30"), ("2026-12-23T09:00", None),
        ("2026-12-31T09:00", "2027-01-04T15:30"),
    ],
)  # fmt: skip
def test_before_a_break_the_list_reaches_over_the_first_day_after_it(now: str, until: str | None) -> None:
    assert guard_until(at(now).astimezone(UTC), RULES) == (until and at(until))


@pytest.mark.parametrize(
    ("received", "listed"),
    [("2026-03-27T10:00", True), ("2026-03-31T10:00", True), ("2026-03-31T16:00", True), ("2026-04-01T16:00", False)],
)
def test_the_list_before_easter_holds_what_falls_due_up_to_the_first_day_after_it(received: str, listed: bool) -> None:
    until = guard_until(at("2026-04-01T09:00"), RULES)
    falls_due = due_of(at(received), "", DeadlineRules(OFFICE, WorkingDays(1)))
    assert until is not None
    assert (falls_due <= until) == listed
