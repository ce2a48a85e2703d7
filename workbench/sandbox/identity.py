"""Synthetic Norwegian identity numbers: right check digits, marked so that no living person can have them."""

from datetime import date
from typing import Final, Literal

from workbench.sandbox.codes import D_NUMBER, NATIONAL_NUMBER, SHARED_HELP_NUMBER
from workbench.sandbox.dice import Dice

Kind = Literal["national", "d", "help"]

SYNTHETIC_MONTH: Final = 80
"""Added to the month, as in the Tax Administration's synthetic population (Tenor): no real number has such a month."""
D_DAY: Final = 40
"""Added to the day of birth in a D-number."""
FIRST_WEIGHTS: Final = (3, 7, 6, 1, 8, 9, 4, 5, 2)
SECOND_WEIGHTS: Final = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)
ORGANISATION_WEIGHTS: Final = (3, 2, 7, 6, 5, 4, 3, 2)
SYSTEMS: Final[dict[Kind, str]] = {"national": NATIONAL_NUMBER, "d": D_NUMBER, "help": SHARED_HELP_NUMBER}


def check_digit(digits: str, weights: tuple[int, ...]) -> int:
    """Return the modulus 11 check digit of `digits`; 10 means that there is none."""
    rest = sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=True)) % 11
    return (11 - rest) % 11


class Register:
    """Hands out identity numbers and never the same twice."""

    def __init__(self, dice: Dice) -> None:
        """Draw with `dice`."""
        self._dice = dice
        self._given: set[str] = set()

    def number(self, kind: Kind, born: date, female: bool) -> str:
        """Return a new number of 11 digits for someone `born` then; a shared help number says nothing of the person."""
        while True:
            number = _complete(self._stem(kind, born, female))
            if number and number not in self._given:
                self._given.add(number)
                return number

    def _stem(self, kind: Kind, born: date, female: bool) -> str:
        if kind == "help":
            # Shared help numbers begin with 8 or 9; the month's place carries the synthetic mark here too.
            return (
                f"9{self._dice.whole(0, 9)}{SYNTHETIC_MONTH + self._dice.whole(1, 12)}{self._dice.whole(0, 99999):05}"
            )
        day = born.day + (D_DAY if kind == "d" else 0)
        low, high = (0, 499) if born.year < 2000 else (500, 999)
        individual = self._dice.whole(low // 2, high // 2) * 2 + (0 if female else 1)
        return f"{day:02}{born.month + SYNTHETIC_MONTH}{born.year % 100:02}{individual:03}"


def _complete(stem: str) -> str | None:
    first = check_digit(stem, FIRST_WEIGHTS)
    if first == 10:
        return None
    second = check_digit(f"{stem}{first}", SECOND_WEIGHTS)
    return None if second == 10 else f"{stem}{first}{second}"
