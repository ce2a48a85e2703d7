"""Which days are public holidays in Norway, as the library `holidays` has them."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

YEARS_KEPT = 64


def is_holiday(day: date) -> bool:
    """Whether a day is a public holiday in Norway, Sundays that are only Sundays not counted.

    The library knows the years 1947 to 2100; in others no day is one. It is loaded at the first question, which takes
    a tenth of a second: ask nothing before the first picture stands, and the first thing aside from the keys.
    """
    return day in _of_year(day.year)


@lru_cache(maxsize=YEARS_KEPT)
def _of_year(year: int) -> frozenset[date]:
    from holidays import country_holidays

    return frozenset(country_holidays("NO", years=year, expand=False))
