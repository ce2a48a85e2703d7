"""Slices of walks that are too long to be gone whole each time: another one each time, its seed told."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random, SystemRandom
from typing import TypeVar

import pytest

T = TypeVar("T")


class Slices:
    """Takes some of many; with `--whole` all of them."""

    def __init__(self, *, whole: bool, seed: int) -> None:
        self._whole = whole
        self._dice = Random(seed)

    def some(self, things: Sequence[T], share: int) -> list[T]:
        """One of so many things, and one more where that does not come out even; in their order."""
        if self._whole:
            return list(things)
        places = self._dice.sample(range(len(things)), -(-len(things) // share))
        return [things[place] for place in sorted(places)]


@pytest.fixture
def slices(request: pytest.FixtureRequest) -> Slices:
    """What a test walks this time; `--slice-seed` walks the same again."""
    seed = request.config.getoption("--slice-seed")
    seed = SystemRandom().randrange(2**31) if seed is None else seed
    print(f"--slice-seed {seed}")
    return Slices(whole=request.config.getoption("--whole"), seed=seed)
