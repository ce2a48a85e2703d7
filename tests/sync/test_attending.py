"""Where the user is, as the portal is told it: soon, not at every step, again while they stay, and that they go."""

from __future__ import annotations

from client.errors import Refused, Unreachable
from tests.sync.conftest import Bench
from tests.sync.paper import KARI, run
from tests.sync.test_push import fails
from workbench.dialogue.presence import LASTS, Doing
from workbench.dialogue.status import Connection
from workbench.sync.attending import NOT_HERE, NOT_NOW, RENEWED, SETTLES, At

READS, WRITES = At("a", Doing.READING), At("a", Doing.WRITING)


def later(bench: Bench, seconds: float) -> None:
    bench.seconds += seconds
    bench.take()


def test_a_glance_is_not_told_and_a_stay_is(bench: Bench) -> None:
    bench.sync()
    bench.turn.attending.come(READS)
    outcome = bench.take()
    assert 0 < outcome.wake <= SETTLES
    bench.turn.attending.come(At("b", Doing.READING))
    later(bench, SETTLES - 1)
    assert bench.portal.presences == []
    later(bench, 1)
    assert bench.portal.presences == [(KARI.reference, "b", Doing.READING)]


def test_writing_is_told_at_once(bench: Bench) -> None:
    bench.turn.attending.come(WRITES)
    bench.take()
    assert bench.portal.presences == [(KARI.reference, "a", Doing.WRITING)]


def test_who_stays_says_so_again_before_it_lapses(bench: Bench) -> None:
    bench.turn.attending.come(WRITES)
    bench.take()
    later(bench, RENEWED - 1)
    assert len(bench.portal.presences) == 1
    later(bench, 1)
    assert bench.portal.presences[1:] == [(KARI.reference, "a", Doing.WRITING)]
    assert LASTS.total_seconds() > RENEWED * 2


def test_who_goes_says_so_once(bench: Bench) -> None:
    bench.turn.attending.come(WRITES)
    bench.take()
    bench.turn.attending.come(None)
    later(bench, SETTLES)
    later(bench, 10 * RENEWED)
    assert bench.portal.presences[1:] == [(KARI.reference, "a", None)]


def test_who_ends_the_program_says_so_at_once(bench: Bench) -> None:
    bench.turn.attending.come(WRITES)
    bench.take()
    run(bench.turn.leave())
    assert bench.portal.presences[1:] == [(KARI.reference, "a", None)]


def test_who_was_never_told_of_does_not_say_goodbye(bench: Bench) -> None:
    bench.turn.attending.come(READS)
    bench.take()
    run(bench.turn.leave())
    assert bench.portal.presences == []


def test_a_portal_that_fails_at_it_is_read_all_the_same_and_told_later(bench: Bench) -> None:
    bench.portal.open_thread("a")
    bench.portal.before["tell_presence"].append(fails(Unreachable()))
    bench.turn.attending.come(WRITES)
    assert bench.take().status.connection is not Connection.OFFLINE
    later(bench, NOT_NOW - 1)
    assert bench.portal.presences == []
    later(bench, 1)
    assert bench.portal.presences == [(KARI.reference, "a", Doing.WRITING)]


def test_a_portal_that_takes_no_such_thing_is_left_in_peace(bench: Bench) -> None:
    bench.portal.before["tell_presence"].append(fails(Refused()))
    bench.turn.attending.come(WRITES)
    bench.take()
    later(bench, NOT_HERE - 1)
    assert bench.portal.calls["tell_presence"] == 1
    later(bench, 1)
    assert bench.portal.presences == [(KARI.reference, "a", Doing.WRITING)]


def test_nobody_known_tells_nothing_and_does_not_spin(bench: Bench) -> None:
    bench.me = None  # type: ignore[assignment]
    bench.turn.attending.come(WRITES)
    while bench.take().wake == 0:
        assert bench.portal.calls["changes"] < 20
    assert bench.portal.presences == []
