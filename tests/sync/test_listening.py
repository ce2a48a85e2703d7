"""A line for live updates is opened again with patience, and what comes over it makes us look; polling goes on."""

from __future__ import annotations

import asyncio
from random import Random

import pytest

from client.errors import Foreign, NotFhir, NotOffered, Throttled, Unreachable
from tests.sync.conftest import Bench
from tests.sync.paper import Paper, run
from workbench.sync.backoff import CAP, LIMIT, PROBE
from workbench.sync.listening import LASTED, Listening
from workbench.sync.turn import LEAST, ONCE_MORE, SLOWER


class Line:
    """A line whose waits are written down instead of waited."""

    def __init__(self, portal: Paper) -> None:
        self.seconds = 0.0
        self.waits: list[float] = []
        self.heard: list[bool] = []
        self.listening = Listening(portal, Random(1), lambda: self.seconds, self._sleep, self.heard.append)

    async def _sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.seconds += seconds


@pytest.mark.parametrize("error", [NotOffered(), Foreign()])
def test_a_portal_without_a_line_is_asked_once(error: Exception) -> None:
    portal = Paper()
    portal.lines = [[error], [None]]
    line = Line(portal)
    run(line.listening.keep())
    assert (portal.calls["listen"], line.heard, line.waits) == (1, [], [])


def test_every_event_is_told_and_every_loss() -> None:
    portal = Paper()
    portal.lines = [[None, None, None, Unreachable()], [None, NotFhir()], [None]]
    line = Line(portal)
    run(line.listening.keep())
    assert line.heard == [True, True, True, False, True, False, True, False]


def test_a_portal_that_fails_is_tried_ever_more_seldom() -> None:
    portal = Paper()
    errors: list[Exception] = [*(Unreachable() for _ in range(20)), Throttled(retry_after=500), ValueError()]
    portal.lines = [[error] for error in errors]
    line = Line(portal)
    run(line.listening.keep())
    assert all(wait <= CAP for wait in line.waits[: LIMIT - 1])
    assert all(wait >= PROBE * 0.9 for wait in line.waits[LIMIT - 1 :])
    assert line.waits[20] == pytest.approx(500)


def test_a_line_that_is_cut_at_once_counts_as_a_failure_and_one_that_held_does_not() -> None:
    portal = Paper()
    portal.lines = [[None, Unreachable()] for _ in range(10)]
    line = Line(portal)
    run(line.listening.keep())
    assert line.waits[-1] >= PROBE * 0.9, "no storm of connections"

    held = Paper()
    held.lines = [[None, None, Unreachable()] for _ in range(10)]
    line = Line(held)

    def heard(live: bool) -> None:
        line.seconds += LASTED

    line.listening = Listening(held, Random(1), lambda: line.seconds, line._sleep, heard)
    run(line.listening.keep())
    assert all(wait <= 1 for wait in line.waits)


def test_stopping_the_thread_stops_the_line() -> None:
    class Endless(Paper):
        async def listen(self):  # type: ignore[no-untyped-def]
            yield
            await asyncio.Event().wait()

    async def stop() -> list[bool]:
        line = Line(Endless())
        task = asyncio.ensure_future(line.listening.keep())
        while not line.heard:
            await asyncio.wait([task], timeout=0.01)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return line.heard

    assert asyncio.run(stop()) == [True, False]


def test_polling_is_slower_while_the_portal_tells_and_usual_again_when_it_does_not(bench: Bench) -> None:
    bench.portal.open_thread("a")
    usual = bench.sync().wake
    bench.seconds += 5
    bench.turn.heard(live=True)
    bench.seconds += bench.settle().wake
    outcome = bench.settle()
    assert outcome.status.live
    assert outcome.wake == pytest.approx(usual * SLOWER)
    bench.seconds += 5
    bench.turn.heard(live=False)
    bench.seconds += bench.settle().wake
    outcome = bench.settle()
    assert not outcome.status.live
    assert outcome.wake == pytest.approx(usual)


def test_an_event_makes_us_look_but_a_flood_of_them_no_oftener_than_is_sensible(bench: Bench) -> None:
    bench.portal.open_thread("a")
    bench.sync()
    bench.seconds += 5
    bench.turn.heard(live=True)
    bench.settle()
    bench.portal.write("a", "Patient/ola", "nå")
    bench.turn.heard(live=True)
    assert 0 < bench.take().wake <= LEAST
    bench.seconds += LEAST
    outcome = bench.take()
    while not outcome.ended:
        bench.turn.heard(live=True)  # in the middle of a round, which may have passed what changed
        outcome = bench.take()
    assert "nå" in [entry.text for entry in bench.read("a").entries]
    assert outcome.wake == pytest.approx(LEAST), "and once more, for what came during the round"
    bench.seconds += LEAST
    assert bench.settle().wake > LEAST


def test_what_a_search_does_not_show_yet_when_it_is_told_of_is_looked_for_once_more(bench: Bench) -> None:
    bench.portal.open_thread("a")
    usual = bench.sync().wake * SLOWER
    for _ in range(2):
        bench.seconds += LEAST
        bench.turn.heard(live=True)  # the portal's search is behind what it tells
        assert bench.settle().wake == ONCE_MORE < usual
        bench.seconds += ONCE_MORE
        assert bench.settle().wake == pytest.approx(usual)
    bench.turn.heard(live=True)
    bench.seconds += bench.settle().wake
    bench.portal.write("a", "Patient/ola", "nå")
    bench.settle()
    assert "nå" in [entry.text for entry in bench.read("a").entries]


def test_an_event_does_not_wake_a_portal_that_wants_to_be_left_alone(bench: Bench) -> None:
    bench.portal.open_thread("a")
    bench.sync()
    bench.portal.down = True
    bench.turn.hurry()
    bench.take()
    bench.turn.heard(live=True)
    calls = bench.portal.calls.total()
    bench.take()
    assert bench.portal.calls.total() == calls
