"""A slice of the simulated histories, and that a seed always gives the same ones."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.proofs.simulate import parts, played, prove

SEED = 20_260_302
SLICES = 8
EACH = 125


@pytest.mark.slow
@pytest.mark.parametrize("slice_", range(SLICES))
def test_nothing_is_lost_doubled_or_misdirected_in_simulated_histories(slice_: int) -> None:
    verdict = prove(EACH, SEED + slice_, workers=1)
    assert verdict.runs == EACH
    assert verdict.holds, "\n".join(verdict.notes)


def test_a_seed_gives_the_same_history_every_time() -> None:
    told = [[(one["number"], one["trace"], one["queued"]) for one in played(SEED, 0, 6)] for _ in range(2)]
    assert told[0] == told[1]
    assert len({trace for _, trace, _ in told[0]}) == 6
    assert [(one["number"], one["trace"]) for one in played(SEED, 4, 1)] == [told[0][4][:2]]


@pytest.mark.parametrize(("runs", "begin", "at_once"), [(1_000, 0, 2), (7, 93, 2), (1, 5, 8), (251, 1_000, 1)])
def test_a_long_run_can_be_made_in_parts(runs: int, begin: int, at_once: int) -> None:
    numbers = [number for first, count in parts(runs, begin, at_once) for number in range(first, first + count)]
    assert numbers == list(range(begin, begin + runs))


def test_a_process_that_dies_in_the_middle_is_no_proof(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    dying = tmp_path / "dying"
    dying.write_text("#!/bin/sh\necho '{}'\nkill -9 $$\n")
    dying.chmod(0o700)
    monkeypatch.setattr(sys, "executable", str(dying))
    with pytest.raises(RuntimeError, match="ended after 1"):
        list(played(SEED, 0, 6))
