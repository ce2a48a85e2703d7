"""A slice of the kill proofs, and that they find what they are there to find."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from random import SystemRandom
from typing import Final, TypeVar

import pytest

from tests.proofs import kill, terminal
from tests.proofs.killing import broken
from tests.proofs.killing.ledger import Ledger
from tests.proofs.killing.portal import Shelf
from tests.proofs.spread import spread
from workbench.dialogue.outgoing import Reason

Done = TypeVar("Done")
MISSED: Final = "a broken workbench was taken for a whole one"
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
    verdict = terminal.prove(4, seed)
    assert verdict.holds, "\n".join(verdict.notes)
    assert verdict.runs == 4


@pytest.mark.parametrize(
    ("verb", "reason", "seen", "lost"),
    [
        ("reply", Reason.NEW_ACTIVITY, (), 0),
        ("reply", Reason.NEW_ACTIVITY, ("asked",), 1),
        ("reply", Reason.TAKEN, (), 1),
        ("claim", Reason.CONFLICT, ("asked",), 1),
    ],
)
def test_the_terminal_proof_finds_what_stopped_without_cause(
    verb: str, reason: Reason, seen: tuple[str, ...], lost: int
) -> None:
    stands = Shelf((), frozenset(), {}, {"thread": frozenset({"asked"})})
    stopped = {"id": "1", "thread": "thread", "verb": verb, "state": "needs-you", "reason": reason, "seen": seen}
    ledger = Ledger()
    ledger.check_stops(stands, {"entries": [stopped, stopped | {"id": "2", "state": "queued"}]})
    assert ledger.found["lost"] == lost


def test_the_terminal_proof_finds_a_program_that_only_says_saved() -> None:
    assert any(verdict.lost for verdict in one_by_one(broken.forgetful, [(1, number, 5) for number in (2, 3)])), MISSED


@pytest.mark.parametrize(
    ("breaking", "what"),
    [
        (broken.minted_per_attempt, "doubled"),
        (broken.acknowledged_before_saved, "lost"),
        (broken.page_after_its_mark, "lost"),
    ],
)
def test_the_proof_finds(breaking: Callable[[broken.Told], broken.Found], what: str) -> None:
    eras = [(1, number, 50) for number in range(12)]  # where a kill falls is chance: the first that finds it ends this
    assert any(getattr(verdict, what) for verdict, _ in one_by_one(breaking, eras)), MISSED


def one_by_one(work: Callable[[broken.Told], Done], parts: list[broken.Told]) -> Iterator[Done]:
    """What each part gives, begun only when somebody asks for it: the first that finds something is enough."""
    for part in parts:
        yield from spread(work, [part])
