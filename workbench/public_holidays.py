"""Which days are public holidays in Norway, as the library `holidays` has them."""

from __future__ import annotations

import sys
from datetime import date
from functools import lru_cache
from pathlib import Path
from threading import Lock
from types import ModuleType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from holidays.countries.norway import Norway

YEARS_KEPT = 64
_ONE: Final = Lock()
"""The calendar is asked for on the thread that syncs and aside from the keys, at the same moment."""
PLACE: Final = "holidays.countries"
"""Where the library keeps its countries."""


def is_holiday(day: date) -> bool:
    """Whether a day is a public holiday in Norway, Sundays that are only Sundays not counted.

    The library knows the years 1947 to 2100; in others no day is one. It is loaded at the first question, which takes
    a while: ask nothing before the first picture stands, and the first thing aside from the keys.
    """
    return day in _of_year(day.year)


@lru_cache(maxsize=YEARS_KEPT)
def _of_year(year: int) -> frozenset[date]:
    return frozenset(_norway()(years=year, expand=False))


@lru_cache(maxsize=1)
def _norway() -> type[Norway]:
    """The library's Norway alone: asked for one country it loads all 250, which takes 8 MB and most of the while."""
    import holidays

    bare = ModuleType(PLACE)  # Python looks for a country in it without loading others
    bare.__path__ = [str(Path(holidays.__file__).with_name("countries"))]
    with _ONE:
        ours = sys.modules.setdefault(PLACE, bare) is bare
        try:
            from holidays.countries.norway import Norway
        finally:
            if ours:
                del sys.modules[PLACE]
    return Norway
