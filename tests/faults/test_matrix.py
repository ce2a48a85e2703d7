"""Faults against calls over real HTTP: the right word, no crash, nobody else spoken to, nothing doubled.

Every fault, every call, and every pair of them that has a word of its own; of the other pairs a slice. All pairs:
`python -m tests.faults`, or this with `--whole`.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pytest

from tests.faults.calls import CALLS, PortalCall
from tests.faults.expected import OF, own_word, word
from tests.faults.matrix import WELL, Site, faults, row, site
from tests.slices import Slices
from workbench.sandbox.faults.kinds import KINDS
from workbench.sandbox.faults.plan import Fault, fault
from workbench.sandbox.faults.spelling import spelled

REFUSALS = ("400", "401", "403", "404", "409", "410", "412", "413", "422", "429")
"""Kinds that say clearly that nothing was done."""
SLICE: Final = 4
"""Of so many calls that have no word of their own under a fault, one is made."""
ALWAYS: Final = ("changes-next", "read")
"""Calls without which some kinds would strike nothing: what asks for a next page, and what reads by an address."""


@pytest.fixture(scope="module")
def here() -> Iterator[Site]:
    with site() as made:
        yield made


def test_every_kind_has_its_word() -> None:
    assert set(OF) == set(KINDS)


@pytest.mark.parametrize("struck", faults(), ids=spelled)
async def test_calls_under_a_fault(here: Site, struck: Fault, slices: Slices) -> None:
    calls = some(struck.kind.name, slices)
    pointed = next(each for each in faults(here.away) if spelled(here.anonymous(each)) == spelled(struck))
    async with here.world() as world:
        found = await row(here, world, pointed, calls)
    kind = struck.kind.name
    writes = {call.name: call.writes for call in calls}
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


def some(kind: str, slices: Slices) -> tuple[PortalCall, ...]:
    """The calls to be made under a kind of fault: reads and writes, and all that have a word of their own."""
    chosen = set(ALWAYS)
    for writes in (False, True):
        alike = [call.name for call in CALLS if call.writes is writes and not own_word(kind, call.name)]
        chosen.update(slices.some(alike, SLICE))
    return tuple(call for call in CALLS if call.name in chosen or own_word(kind, call.name))


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
