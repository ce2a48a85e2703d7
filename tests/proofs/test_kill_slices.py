"""A slice of the kill proofs, and that they find what they are there to find."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from random import SystemRandom

import pytest

from tests.proofs import kill, terminal
from tests.proofs.killing import broken
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


def test_killing_the_whole_program_loses_and_doubles_nothing() -> None:
    seed = SystemRandom().randrange(2**31)
    print(f"seed {seed}")
    verdict = terminal.prove(8, seed)
    assert verdict.holds, "\n".join(verdict.notes)
    assert verdict.runs == 8


def test_the_terminal_proof_finds_a_program_that_only_says_saved() -> None:
    found = sum(spread(broken.forgetful, [(1, number, 5) for number in (2, 3)]), Verdict("terminal", 0, 1))
    assert found.lost, "a broken program was taken for a whole one"


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
    eras = [(1, number, 50) for number in range(2)]
    for verdict, _ in spread(breaking, eras):
        assert isinstance(verdict, Verdict)
        found[what] += getattr(verdict, what)
    assert found[what], "a broken workbench was taken for a whole one"
