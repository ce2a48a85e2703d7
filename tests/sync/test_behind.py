"""Words by a telephone whose clock is slow, read only once all has happened: as a workbench shows them that was on."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.sync.conftest import Bench
from tests.sync.paper import KARI, LISE
from tests.sync.test_snoozing import row
from workbench.dialogue.held import Batch, HeldPost
from workbench.dialogue.work import State


def writes(bench: Bench, hours: float = 1.0, version: str = "1") -> HeldPost:
    """The patient writes, and names a moment so many hours ago."""
    post = bench.portal.write("a", "Patient/ola", "Nå har jeg vondt i brystet")
    stamp = replace(post.stamp, version=version)
    late = replace(post, stamp=stamp, sent=post.sent - timedelta(hours=hours))
    bench.portal.posts[post.stamp.id] = late
    return late


def off(bench: Bench) -> None:
    """Some hours pass in which the workbench is off."""
    bench.portal.now += timedelta(hours=3)
    bench.seconds += 3 * 3600


def test_words_after_a_colleagues_reply_wait_for_an_answer(inbox: Bench) -> None:
    off(inbox)
    inbox.portal.write("a", LISE.reference, "Ta to tabletter.")
    came = writes(inbox)
    inbox.sync()
    assert (row(inbox).from_patient, row(inbox).latest) == (True, came.stamp.updated)


@pytest.mark.parametrize("state", [State.DONE, State.SNOOZED, State.WAITING_PATIENT])
@pytest.mark.parametrize("asked", [False, True])
def test_words_after_it_was_put_aside_bring_it_back(inbox: Bench, state: State, asked: bool) -> None:
    """Whether the Task is told before the words, as usual, or after them, as of a conversation that is asked for."""
    off(inbox)
    inbox.portal.set_task("a", state=state)
    writes(inbox)
    if asked:
        inbox.turn.refresh("a")
    inbox.sync()
    assert row(inbox).state is State.NEW


def test_what_was_answered_stays_so_though_its_words_are_marked_as_read_since(inbox: Bench) -> None:
    off(inbox)
    inbox.portal.write("a", LISE.reference, "Ta to tabletter.")
    writes(inbox, version="2")
    inbox.sync()
    assert not row(inbox).from_patient


def test_what_is_said_after_they_came_leaves_them_where_they_say_they_belong(inbox: Bench) -> None:
    inbox.portal.write("a", LISE.reference, "Ta to tabletter.")
    off(inbox)
    came = writes(inbox)
    inbox.portal.write("a", LISE.reference, "Vi svarer innen torsdag", receipt=True)
    inbox.sync()
    assert (row(inbox).from_patient, row(inbox).asked) == (True, came.sent)
    inbox.portal.write("a", LISE.reference, "Ring 113 nå.")
    inbox.sync()
    assert not row(inbox).from_patient


def test_what_a_portal_took_over_from_an_older_one_stays_where_it_says_it_belongs(bench: Bench) -> None:
    bench.portal.open_thread("a")
    bench.portal.write("a", KARI.reference, "Ta to tabletter.")
    for identity, hours in (("m0", 3), ("m1", 1)):
        post = bench.portal.posts[identity]
        bench.portal.posts[identity] = replace(post, sent=post.sent - timedelta(hours=hours))
    writes(bench, hours=2.0)
    bench.sync()
    assert not row(bench).from_patient
    bench.portal.set_task("a", state=State.DONE)
    bench.sync()
    assert row(bench).state is State.DONE
    put_back = Batch(posts=(bench.portal.posts["m1"],), tasks=tuple(bench.portal.tasks.values()))
    bench.store.cache.apply("p", put_back, truth=True)
    assert (row(bench).state, row(bench).from_patient) == (State.DONE, False)
