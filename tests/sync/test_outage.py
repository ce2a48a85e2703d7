"""Many workbenches and one portal that goes away for an hour: nobody storms it, and every queue leaves in its order."""

from __future__ import annotations

import heapq
import itertools
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from random import Random
from uuid import uuid4

import pytest

from client.errors import Throttled
from tests.sync.conftest import Bench
from tests.sync.paper import KARI, START, Paper
from tests.sync.test_push import fails
from workbench.dialogue.outgoing import Sending
from workbench.store.store import Store

CLIENTS = 12
HOUR = 3600.0


@pytest.fixture
def clinic(tmp_path: Path) -> Iterator[tuple[Paper, list[Bench]]]:
    portal = Paper()
    benches = []
    for number in range(CLIENTS):
        portal.open_thread(f"c{number}", f"p{number}")
        store = Store.open(tmp_path / str(number), bytes(32), clock=lambda: START, uuid=uuid4)
        benches.append(Bench(store, portal, rng=Random(number)))
    for bench in benches:
        bench.store.cache.me("p", KARI.reference)
        bench.sync()
    yield portal, benches
    for bench in benches:
        bench.store.close()


def live(portal: Paper, benches: list[Bench], until: float) -> dict[int, list[float]]:
    """Lets everybody take turns as they are due, until a moment; tells when each asked the portal for anything."""
    asked: dict[int, list[float]] = defaultdict(list)
    due = [(bench.seconds, number) for number, bench in enumerate(benches)]
    heapq.heapify(due)
    while due[0][0] < until:
        when, number = heapq.heappop(due)
        bench = benches[number]
        bench.seconds = when
        before = portal.calls.total()
        outcome = bench.take()
        asked[number] += [when] * (portal.calls.total() - before)
        heapq.heappush(due, (when + max(outcome.wake, 0.05), number))
    for bench in benches:
        bench.seconds = until
    return asked


def test_a_portal_that_was_away_for_an_hour_is_not_stormed_and_gets_every_reply_in_order(
    clinic: tuple[Paper, list[Bench]],
) -> None:
    portal, benches = clinic
    began = max(bench.seconds for bench in benches)
    for bench in benches:
        bench.seconds = began
    portal.down = True
    for number, bench in enumerate(benches):
        for turn in range(3):
            bench.reply(f"c{number}", f"svar {turn}")
    away = live(portal, benches, began + HOUR)
    for times in away.values():
        assert len(times) <= HOUR / 27 + 20  # a look every 30 s or so, and the few tries before it counted as away
        steady = [when for when in times if when > began + 60]
        assert all(later - earlier > 1 for earlier, later in itertools.pairwise(steady))
    portal.down = False
    back = live(portal, benches, began + HOUR + 60)
    firsts = sorted(times[0] for times in back.values())
    assert firsts[-1] - firsts[0] > 3  # they do not march in step
    for number in range(CLIENTS):
        assert portal.messages(f"c{number}") == ["svar 0", "svar 1", "svar 2"]


def test_a_portal_that_asks_for_patience_gets_it_whatever_waits(clinic: tuple[Paper, list[Bench]]) -> None:
    portal, benches = clinic
    bench = benches[0]
    began = bench.seconds
    portal.before["thread"] = [fails(Throttled("slow down", retry_after=120))]
    reply = bench.reply("c0", "svar")
    bench.turn.hurry()
    asked = live(portal, [bench], began + 100)[0]
    assert len(asked) <= 3  # up to the one that was answered with a request for patience
    bench.turn.hurry()
    assert live(portal, [bench], began + 119)[0] == []
    live(portal, [bench], began + 150)
    assert bench.entry(reply).state is Sending.SENT
