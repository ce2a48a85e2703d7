"""Every fault against every call over real HTTP: the right word, no crash, nobody else spoken to, nothing doubled."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.faults.calls import CALLS
from tests.faults.expected import OF, word
from tests.faults.matrix import WELL, Site, faults, row, site
from workbench.sandbox.faults.kinds import KINDS
from workbench.sandbox.faults.plan import Fault, fault
from workbench.sandbox.faults.spelling import spelled

REFUSALS = ("400", "401", "403", "404", "409", "410", "412", "413", "422", "429")
"""Kinds that say clearly that nothing was done."""


@pytest.fixture(scope="module")
def here() -> Iterator[Site]:
    with site() as made:
        yield made


def test_every_kind_has_its_word() -> None:
    assert set(OF) == set(KINDS)


@pytest.mark.parametrize("struck", faults(), ids=spelled)
async def test_every_call_under_a_fault(here: Site, struck: Fault) -> None:
    pointed = next(each for each in faults(here.away) if spelled(here.anonymous(each)) == spelled(struck))
    async with here.world() as world:
        found = await row(here, world, pointed)
    kind = struck.kind.name
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
    elif struck.kind.times:
        assert doubtful == failed, "what was done and not told is in doubt"
    else:
        assert doubtful <= failed


async def test_a_portal_that_reuses_searches_tells_us_what_is_new(here: Site) -> None:
    """HAPI answers a search from an earlier one for a minute, unless it is asked not to."""
    async with here.world() as world:
        here.plan.set([fault("reused-search")])
        await world.task("first", "task")
        for count in (1, 2):
            assert len((await world.portal.fetch([world.ref("doctor")])).parties) == 1
            found = await world.portal.thread(world.id("first"))
            assert len(found.posts) == 1 + count
            await world.post("first", "Enda en")
        here.plan.set(())
