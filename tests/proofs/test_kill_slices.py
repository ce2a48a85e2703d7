"""A slice of the kill proofs, and that they find what they are there to find."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from random import SystemRandom

import pytest

from tests.proofs import kill
from tests.proofs.killing import broken
from tests.proofs.killing.era import KILLS
from tests.proofs.spread import spread
from tests.proofs.verdict import Verdict

pytestmark = [pytest.mark.slow, pytest.mark.skipif(os.name != "posix", reason="kill -9 as POSIX has it")]


def test_two_hundred_kills_lose_and_double_nothing() -> None:
    seed = SystemRandom().randrange(2**31)
    print(f"seed {seed}")
    verdict, seen = kill.counted(200, seed)
    assert verdict.holds, verdict
    assert verdict.runs == 200
    assert all(seen[what] for what in ("opening", "typing", "pulling", "sending")), seen


@pytest.mark.parametrize(
    ("breaking", "what"),
    [
        (broken.minted_per_attempt, "doubled"),
        (broken.acknowledged_before_saved, "lost"),
        (broken.page_after_its_mark, "lost"),
    ],
)
def test_the_proof_finds(breaking: Callable[[broken.Told], broken.Found], what: str) -> None:
    found: Counter[str] = Counter()
    eras = [(1, number, KILLS) for number in range(2)]
    for verdict, _ in spread(breaking, eras):
        assert isinstance(verdict, Verdict)
        found[what] += getattr(verdict, what)
    assert found[what], "a broken workbench was taken for a whole one"
