"""The library's holidays are Norway's, counted a second way, and it is loaded when it is asked and not before."""

import subprocess
import sys
from datetime import date, timedelta

import pytest

from workbench.public_holidays import is_holiday
from workbench.sandbox.workdays import holidays

ASKED = """
import sys
from datetime import date
from workbench.public_holidays import is_holiday
print("holidays" in sys.modules)
is_holiday(date(2026, 5, 17))
print("holidays" in sys.modules)
"""


def days(year: int) -> list[date]:
    first = date(year, 1, 1)
    return [first + timedelta(days=n) for n in range((date(year, 12, 31) - first).days + 1)]


@pytest.mark.parametrize("decade", range(1990, 2110, 10))
def test_every_year_has_the_holidays_that_the_sandbox_reckons_by_itself(decade: int) -> None:
    for year in range(decade, min(decade + 10, 2101)):
        assert {day for day in days(year) if is_holiday(day)} == holidays(year)


@pytest.mark.parametrize(
    "day",
    [
        "2026-01-01", "2026-04-02", "2026-04-03", "2026-04-06", "2026-05-01", "2026-05-14", "2026-05-17", "2026-05-25",
        "2026-12-25", "2026-12-26", "2027-03-25", "2027-03-26", "2027-03-29", "2027-05-06", "2027-05-17",
    ],
)  # fmt: skip
def test_known_holidays(day: str) -> None:
    assert is_holiday(date.fromisoformat(day))


@pytest.mark.parametrize("day", ["2026-04-01", "2026-04-04", "2026-12-24", "2026-12-31", "2026-05-10", "2028-02-29"])
def test_days_on_which_norway_works_or_merely_rests(day: str) -> None:
    assert not is_holiday(date.fromisoformat(day))


@pytest.mark.parametrize("day", [date.min, date(1900, 1, 1), date(2101, 1, 1), date.max])
def test_years_that_nobody_reckons_with_have_none(day: date) -> None:
    assert not is_holiday(day)


def test_the_library_is_loaded_by_the_first_question_only() -> None:
    done = subprocess.run([sys.executable, "-c", ASKED], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]


ALONE = """
import sys
from datetime import date
from workbench.public_holidays import is_holiday

assert is_holiday(date(2026, 5, 17))
assert "holidays.countries.sweden" not in sys.modules, "one country costs what all do"
from holidays import country_holidays

assert date(2026, 6, 6) in country_holidays("SE", years=2026), "the library is as whole as before for others"
"""


def test_one_country_is_loaded_alone_and_the_library_stays_whole() -> None:
    subprocess.run([sys.executable, "-c", ALONE], check=True)
