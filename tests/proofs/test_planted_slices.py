"""Each mistake that the proofs are there for turns them red."""

from __future__ import annotations

import pytest

from tests.proofs.planted import PLANTS, prove

NAMED = ("synchronous-off", "names-not-on-disk", "identifier-per-attempt", "no-version-check", "redirects-followed")


@pytest.mark.parametrize("name", NAMED)
def test_a_planted_mistake_is_noticed(name: str) -> None:
    verdict = prove(0, 1, names=(name,))
    assert verdict.runs == 1
    assert verdict.holds, "\n".join(verdict.notes)


def test_every_mistake_has_a_name_of_its_own() -> None:
    assert len({plant.name for plant in PLANTS}) == len(PLANTS)
