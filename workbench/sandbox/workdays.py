"""Norwegian time: the clock in Oslo, working days, and FHIR's instants. Times are seconds since 1970."""

from datetime import date, timedelta
from functools import lru_cache
from typing import Final

MINUTE: Final = 60
HOUR: Final = 60 * MINUTE
DAY: Final = 24 * HOUR
EPOCH: Final = date(1970, 1, 1).toordinal()
OFFICE_CLOSES: Final = 15 * HOUR + 30 * MINUTE


def instant(seconds: float) -> str:
    """Return `seconds` as a FHIR instant in UTC with milliseconds."""
    day, left = divmod(int(seconds * 1000), DAY * 1000)
    left, milli = divmod(left, 1000)
    left, second = divmod(left, 60)
    return f"{_date(day)}T{left // 60:02}:{left % 60:02}:{second:02}.{milli:03}Z"


@lru_cache(maxsize=4096)
def _date(day_number: int) -> str:
    return date.fromordinal(EPOCH + day_number).isoformat()


def day_of(seconds: float) -> date:
    """Return the date in Oslo at `seconds`."""
    return date.fromordinal(EPOCH + int(local(seconds) // DAY))


def local(seconds: float) -> float:
    """Return `seconds` shifted so that whole days begin at midnight in Oslo."""
    return seconds + _offset(int(seconds // DAY))


def at(day: date, second_of_day: float) -> float:
    """Return the time when the clock in Oslo shows `second_of_day` on `day`."""
    number = day.toordinal() - EPOCH
    return number * DAY + second_of_day - _offset(number)


@lru_cache(maxsize=4096)
def _offset(day_number: int) -> int:
    """Return Oslo's distance from UTC; summer lasts from March's last Sunday to October's (Directive 2000/84/EC)."""
    day = date.fromordinal(EPOCH + day_number)
    return 2 * HOUR if _last_sunday(day.year, 3) <= day < _last_sunday(day.year, 10) else HOUR


def _last_sunday(year: int, month: int) -> date:
    last = date(year, month, 31)
    return last - timedelta(days=(last.weekday() + 1) % 7)


@lru_cache(maxsize=64)
def holidays(year: int) -> frozenset[date]:
    """Return the public holidays of Norway in `year` (lov om helligdager 1995, with 1 and 17 May)."""
    easter = _easter(year)
    moving = {easter + timedelta(days=n) for n in (-3, -2, 0, 1, 39, 49, 50)}
    return frozenset(moving | {date(year, *d) for d in ((1, 1), (5, 1), (5, 17), (12, 25), (12, 26))})


def _easter(year: int) -> date:
    """Return Easter Sunday in the Gregorian calendar (J.-M. Oudin, 1940)."""
    golden, century = year % 19, year // 100
    skipped = century - century // 4 - (8 * century + 13) // 25
    moon = (skipped + 19 * golden + 15) % 30
    moon -= moon // 28 * (1 - moon // 28 * (29 // (moon + 1)) * ((21 - golden) // 11))
    weekday = (year + year // 4 + moon + 2 - century + century // 4) % 7
    distance = moon - weekday
    month = 3 + (distance + 40) // 44
    return date(year, month, distance + 28 - 31 * (month // 4))


@lru_cache(maxsize=4096)
def is_working_day(day: date) -> bool:
    """Say whether `day` is Monday to Friday and no public holiday."""
    return day.weekday() < 5 and day not in holidays(day.year)


@lru_cache(maxsize=16384)
def working_days_after(day: date, count: int) -> date:
    """Return the working day `count` working days after `day` (0: `day` itself, or the first one after it)."""
    while not is_working_day(day):
        day += timedelta(days=1)
    while count > 0:
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


@lru_cache(maxsize=65536)
def due(day: date, days: int) -> str:
    """Return when an answer is due: closing time, `days` working days after `day`, as a FHIR instant."""
    return instant(at(working_days_after(day, days), OFFICE_CLOSES))
