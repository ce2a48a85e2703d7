"""Every fault against every call over real HTTP: the right word, no crash, nobody else spoken to, nothing doubled."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.calls import CALLS
from tests.faults.expected import OF, word
from tests.faults.matrix import WELL, Site, faults, row, site
from workbench.sandbox.faults.kinds import KINDS
from workbench.sandbox.faults.plan import Fault
from workbench.sandbox.faults.spelling import spelled

REFUSALS = ("400", "401", "403", "404", "409", "410", "412", "413", "422", "429")
"""Kinds that say clearly that nothing was done."""


@pytest.fixture(scope="module")
def here() -> Iterator[Site]:
    with site() as made:
        yield made


def test_every_kind_has_its_word() -> None:
    assert set(OF) == set(KINDS)


@pytest.mark.parametrize("fault", faults(), ids=spelled)
async def test_every_call_under_a_fault(here: Site, fault: Fault) -> None:
    pointed = next(each for each in faults(here.away) if spelled(here.anonymous(each)) == spelled(fault))
    async with here.world() as world:
        found = await row(here, world, pointed)
    kind = fault.kind.name
    writes = {call.name: call.writes for call in CALLS}
    assert {each.call: each.word for each in found} == {
        name: word(kind, name, writes=writing) for name, writing in writes.items()
    }
    assert [each for each in found if each.afterwards] == [], "once the fault has gone, all works, and once"
    assert not here.visited, "nobody is to follow a fault to another address"
    doubtful = {each.call for each in found if each.doubtful}
    failed = {each.call for each in found if writes[each.call] and each.word not in (WELL, "-", "conflict")}
    if kind in REFUSALS:
        assert doubtful == set()
    elif fault.kind.times:
        assert doubtful == failed, "what was done and not told is in doubt"
    else:
        assert doubtful <= failed
