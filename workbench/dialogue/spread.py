"""How figures are spread: their median and their ninth tenth."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import ceil


@dataclass(frozen=True, slots=True)
class Spread:
    """How a figure is spread over what was measured; None where there are none."""

    median: float | None
    p90: float | None
    """Nine in ten took no more (nearest rank)."""

    @classmethod
    def of(cls, values: Iterable[float]) -> Spread:
        """The spread of some values."""
        ordered = sorted(values)
        if not ordered:
            return cls(None, None)
        middle = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
        return cls(sum(middle) / 2, ordered[ceil(len(ordered) * 0.9) - 1])
