"""What holds of every deadline, tried on offices and moments by chance against somebody who counts day by day."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, time, timedelta

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
)
from workbench.dialogue.office import WEEK, Hours, Office
from workbench.public_holidays import is_holiday
from workbench.sandbox.workdays import holidays, is_working_day, working_days_after

BEGIN = datetime(1995, 1, 1, tzinfo=UTC)
MINUTES = 60 * 365 * 24 * 60
"""Sixty years, to 2054."""
ZONES = ("Europe/Oslo", "Europe/Oslo", "America/New_York", "Pacific/Auckland", "Australia/Lord_Howe", "UTC")
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
def dice() -> random.Random:
    seed = random.randrange(1 << 32)
    print(f"seed {seed}")
    return random.Random(seed)


def moment(dice: random.Random) -> datetime:
    return BEGIN + MINUTE * dice.randrange(MINUTES)


def hours(dice: random.Random) -> Hours | None:
    opens, closes = sorted(dice.sample(range(24 * 4), 2))
    return Hours(time(opens // 4, opens % 4 * 15), time(closes // 4, closes % 4 * 15)) if dice.random() < 0.7 else None


def office(dice: random.Random) -> Office:
    if dice.random() < 0.3:
        return Office(is_holiday)
    week = tuple(hours(dice) for _day in range(7))
    yearly = frozenset((dice.randint(1, 12), dice.randint(1, 28)) for _day in range(dice.randrange(20)))
    return Office(is_holiday, week if any(week) else WEEK, closed_yearly=yearly, zone=dice.choice(ZONES))


def term(dice: random.Random) -> Term:
    return WorkingDays(dice.randrange(12)) if dice.random() < 0.6 else OfficeHours(dice.randint(1, 40))


def open_on(one: Office, day: date) -> Hours | None:
    """Asked of the sandbox's holidays, not of the library's."""
    shut = day in holidays(day.year) or (day.month, day.day) in one.closed_yearly
    return None if shut else one.week[day.weekday()]


def is_open(one: Office, when: datetime) -> bool:
    clock = one.local(when)
    found = open_on(one, clock.date())
    return found is not None and found.opens <= clock.time() < found.closes


def test_what_comes_later_is_never_due_earlier(dice: random.Random) -> None:
    for _case in range(1500):
        rules = DeadlineRules(office(dice), term(dice))
        first = moment(dice)
        second = first + MINUTE * dice.choice([0, 1, 15, 60, dice.randrange(20_000)])
        dues = [due_of(when, "", rules).timestamp() for when in (first, second)]
        assert dues[0] <= dues[1], (rules, first, second)
        assert first.timestamp() < dues[0], (rules, first)


def test_due_in_office_hours_of_a_working_day(dice: random.Random) -> None:
    for _case in range(1500):
        one, how_long = office(dice), term(dice)
        falls_due = due_of(moment(dice), "", DeadlineRules(one, how_long))
        found = open_on(one, falls_due.date())
        assert found, (one, falls_due)
        closing = one.closing(falls_due.date())
        assert one.opening(falls_due.date()) <= falls_due.astimezone(UTC) <= closing, (one, falls_due)
        assert isinstance(how_long, OfficeHours) or falls_due.astimezone(UTC) == closing, (one, falls_due)


def test_days_are_those_somebody_counts_one_by_one(dice: random.Random) -> None:
    for _case in range(1500):
        one, days, received = office(dice), dice.randrange(12), moment(dice)
        clock = one.local(received)
        day, found = clock.date(), open_on(one, clock.date())
        if found is None or clock.time() >= found.closes:
            day += DAY
        while not open_on(one, day):
            day += DAY
        for _one in range(days):
            day += DAY
            while not open_on(one, day):
                day += DAY
        falls_due = due_of(received, "", DeadlineRules(one, WorkingDays(days)))
        assert falls_due.date() == day, (one, received, days)


def test_hours_are_those_somebody_counts_minute_by_minute(dice: random.Random) -> None:
    for _case in range(60):
        one, received = office(dice), moment(dice)
        count, when, left = dice.randint(1, 6), received, 0
        falls_due = due_of(received, "", DeadlineRules(one, OfficeHours(count)))
        if falls_due - received > timedelta(days=30):
            continue  # open for minutes a week: right, and too long to walk
        while left < count * 60:
            left += is_open(one, when)
            when += MINUTE
        assert falls_due.timestamp() == when.timestamp(), (one, received, count)  # equal also where clocks go back


def test_in_office_hours_the_sandbox_says_the_same(dice: random.Random) -> None:
    rules = {days: DeadlineRules(Office(is_holiday), WorkingDays(days)) for days in range(8)}
    for _case in range(3000):
        days, received = dice.randrange(8), moment(dice)
        clock = rules[0].office.local(received)
        if is_working_day(clock.date()) and clock.time() < time(15, 30):
            falls_due = due_of(received, "", rules[days])
            assert falls_due.date() == working_days_after(clock.date(), days), (received, days)
            assert falls_due.time() == time(15, 30), (received, days)


def test_counts_of_working_days_add_up(dice: random.Random) -> None:
    for _case in range(600):
        one = office(dice)
        days = [one.local(moment(dice)).date()] * 3
        days[1:] = [days[0] + DAY * dice.randint(-40, 60) for _day in days[1:]]
        first, second, third = days
        whole = working_days_between(first, third, one)
        assert whole == working_days_between(first, second, one) + working_days_between(second, third, one), (one, days)
        if third >= first:
            naive = [day for n in range((third - first).days) if open_on(one, day := first + DAY * (n + 1))]
            assert whole == len(naive), (one, days)


def test_every_break_is_announced_on_one_day_before_it(dice: random.Random) -> None:
    for _case in range(100):
        rules = DeadlineRules(office(dice))
        one = rules.office
        day = one.local(moment(dice)).date()
        for each in (day + DAY * n for n in range(30)):
            until = guard_until(datetime.combine(each, time(12), UTC), rules)
            today = one.local(datetime.combine(each, time(12), UTC)).date()
            before_break = bool(open_on(one, today)) and not open_on(one, today + DAY)
            assert (until is not None) == before_break == (last_day_before_break(today, one) == today), (one, each)
            if until is not None:
                between = working_days_between(today, until.date(), one)
                assert (between, open_on(one, until.date()) is not None) == (1, True), (one, each)
