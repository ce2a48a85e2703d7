"""Chance for made-up data: the same seed gives the same throws, and a throw is cheap."""

import random
from collections.abc import Sequence
from typing import TypeVar

T = TypeVar("T")


class Dice:
    """Seeded chance. Not for secrets."""

    __slots__ = ("_bits", "random")

    def __init__(self, seed: str) -> None:
        """Start from `seed`; any text will do."""
        source = random.Random(seed)  # noqa: S311 - repeatable data, nothing secret
        self.random = source.random
        self._bits = source.getrandbits

    def uuid(self) -> str:
        """Return a UUID of version 4 as text."""
        digits = f"{self._bits(128):032x}"
        return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"

    def pick(self, options: Sequence[T]) -> T:
        """Return one of `options`, each as likely."""
        return options[int(self.random() * len(options))]

    def whole(self, low: int, high: int) -> int:
        """Return a whole number from `low` to `high`, both included."""
        return low + int(self.random() * (high - low + 1))

    def between(self, low: float, high: float) -> float:
        """Return a number from `low` up to `high`."""
        return low + self.random() * (high - low)
