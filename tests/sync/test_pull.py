"""Whatever is on the portal is held in the end, however the way there is cut, shifted or led astray."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest

from client.errors import Forbidden, NotFhir, NotFound, PortalError, Refused, ServerFault, Unreachable
from tests.sync.conftest import Bench
from tests.sync.paper import LISE, START, Paper, run
from workbench.dialogue.conversation import Message, MessageState
from workbench.dialogue.held import Batch, HeldPost, PulledPage, Stream
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Sending
from workbench.dialogue.queue import Query
from workbench.dialogue.status import Connection
from workbench.dialogue.work import State
from workbench.sync.checking import READS
from workbench.sync.pull import Pull
from workbench.sync.resuming import OVERLAP


def held(bench: Bench) -> set[str]:
    page = bench.store.cache.page(Query(frozenset(State)), 0, 10_000)
    return {item.key.thread for item in page.items}


def fill(portal: Paper, count: int, patients: int = 5) -> None:
    for number in range(count):
        portal.open_thread(f"t{number}", f"pasient-{number % patients}")


def test_a_first_round_brings_everything_with_its_names(bench: Bench) -> None:
    fill(bench.portal, 120)
    outcome = bench.sync()
    assert held(bench) == set(bench.portal.threads)
    page = bench.store.cache.page(Query(frozenset(State)), 0, 200)
    assert all(item.patient_name and item.preview for item in page.items)
    assert outcome.status.connection is Connection.ONLINE
    assert outcome.status.data_from == bench.clock()


def test_queues_are_right_before_the_messages_are_here(bench: Bench) -> None:
    fill(bench.portal, 60)
    pull = Pull(bench.portal, bench.store.cache, lambda: 0.0)
    while bench.portal.calls["changes"] < 2:
        run(pull.step())
    while not held(bench):
        run(pull.step())
    assert bench.portal.calls["changes"] <= 3, "tasks and their headers come before the stream of messages"


def test_a_first_sync_shows_its_progress(bench: Bench) -> None:
    fill(bench.portal, 120)
    seen = []
    while not (outcome := bench.take()).ended:
        seen.append((outcome.status.connection, outcome.status.received))
    assert {connection for connection, _ in seen} == {Connection.SYNCING}
    assert [received for _, received in seen] == sorted(received for _, received in seen)


def test_a_reply_does_not_wait_for_a_first_sync(bench: Bench) -> None:
    fill(bench.portal, 120)
    while Key("p", "t0") not in {Key("p", thread) for thread in held(bench)}:
        bench.take()
    while bench.desk.conversation(Key("p", "t0")) is None:
        bench.take()
    bench.turn.refresh("t0")
    bench.take()
    bench.reply("t0", "Hei")
    bench.take()
    assert bench.portal.messages("t0") == ["Hei"]
    assert bench.turn._pull.underway


@pytest.mark.parametrize("seed", range(20))
def test_cut_anywhere_and_restarted_anywhere_all_is_held_in_the_end(bench: Bench, seed: int) -> None:
    dice = Random(seed)
    bench.portal.size = dice.choice([1, 3, 7, 50])
    fill(bench.portal, 30)
    for _ in range(25):
        what = dice.random()
        if what < 0.3:
            call = dice.choice(["changes", "fetch"])
            bench.portal.before[call] = [_raise(Unreachable())] * dice.randint(1, 3)
        elif what < 0.5:
            bench.turn = bench.new_turn()
        elif what < 0.7:
            bench.portal.open_thread(f"n{dice.random()}", f"ny-{dice.randint(0, 9)}")
        else:
            thread = dice.choice(list(bench.portal.threads))
            bench.portal.write(thread, "Patient/ola", f"ord {dice.random()}")
        for _ in range(dice.randint(0, 4)):
            bench.seconds += bench.take().wake
    bench.portal.before.clear()
    bench.sync()
    assert held(bench) == set(bench.portal.threads), f"seed {seed}"
    for thread in bench.portal.threads:
        on_portal = {post.text for post in bench.portal.posts.values() if post.parent == thread}
        assert {entry.text for entry in bench.read(thread).entries} == on_portal, f"seed {seed}"


def _raise(error: Exception) -> Callable[[], None]:
    def act() -> None:
        raise error

    return act


def test_a_change_that_becomes_visible_late_is_not_missed(bench: Bench) -> None:
    bench.portal.open_thread("a")
    bench.sync()
    late = bench.portal.now - timedelta(seconds=90)
    post = bench.portal.write("a", "Patient/ola", "kom sent til syne")
    bench.portal.posts[post.stamp.id] = replace(post, stamp=replace(post.stamp, updated=late))
    bench.sync()
    assert "kom sent til syne" in [entry.text for entry in bench.read("a").entries]


def test_when_nothing_changes_a_round_asks_for_nothing_twice(bench: Bench) -> None:
    fill(bench.portal, 40)
    bench.sync()
    for _ in range(4):
        bench.seconds += OVERLAP.total_seconds()
        outcome = bench.sync()
    assert outcome.status.received == 0
    bench.portal.open_thread("ny")
    bench.sync()
    assert "ny" in held(bench)


def test_a_wrong_clock_here_changes_nothing(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bench, "clock", lambda: START + timedelta(days=4000))
    bench.portal.open_thread("a")
    bench.sync()
    bench.portal.open_thread("b")
    bench.sync()
    assert held(bench) == {"a", "b"}


class Unsorted(Paper):
    """A portal that pays no heed to `_sort`."""

    async def changes(self, stream: Stream, since: datetime | None, page: str | None) -> PulledPage:
        told = await super().changes(stream, since, page)
        turned = Batch(told.batch.threads[::-1], told.batch.posts[::-1], told.batch.tasks[::-1])
        return replace(told, batch=turned)


def test_a_portal_that_does_not_sort_sets_no_resume_point_in_the_middle(bench: Bench) -> None:
    bench.portal = Unsorted(page=10)
    bench.turn = bench.new_turn()
    fill(bench.portal, 30)
    for _ in range(3):
        bench.take()
    assert bench.store.cache.resume_point("p", "Task") is None
    bench.sync()
    assert held(bench) == set(bench.portal.threads)
    assert bench.store.cache.resume_point("p", "Task") is not None


class Forgetful(Paper):
    """A portal that finds what changed, and then tells of some of it as it was before."""

    def __init__(self) -> None:
        super().__init__()
        self.first: dict[str, HeldPost] = {}
        self.forgets = False

    async def changes(self, stream: Stream, since: datetime | None, page: str | None) -> PulledPage:
        told = await super().changes(stream, since, page)
        for post in told.batch.posts:
            self.first.setdefault(post.stamp.id, post)
        if not self.forgets:
            return told
        posts = tuple(self.first[post.stamp.id] for post in told.batch.posts)
        moments = [post.stamp.updated for post in posts] + [thread.stamp.updated for thread in told.batch.threads]
        greatest = max(moments, default=None)
        return replace(told, batch=replace(told.batch, posts=posts), latest=greatest)


@pytest.mark.parametrize("changed", [1, 2 * READS])
def test_what_is_told_as_it_was_before_it_changed_is_learnt_all_the_same(bench: Bench, changed: int) -> None:
    portal = bench.portal = Forgetful()
    bench.turn = bench.new_turn()
    for number in range(changed):
        portal.open_thread(f"a{number}")
    portal.keep_history()
    bench.sync()
    portal.now += timedelta(minutes=30)
    for identity, post in list(portal.posts.items()):
        portal.posts[identity] = replace(post, stamp=portal.stamp(identity, "2"), state=MessageState.RETRACTED)
    portal.now += timedelta(minutes=30)
    portal.open_thread("b")
    portal.forgets = True
    bench.sync()
    portal.forgets = False
    portal.open_thread("c")
    for _ in range(4):
        bench.seconds += OVERLAP.total_seconds()
        bench.sync()
    entries = [entry for number in range(changed) for entry in bench.read(f"a{number}").entries]
    states = {entry.state for entry in entries if isinstance(entry, Message)}
    assert states == {MessageState.RETRACTED}


class Circling(Paper):
    """A portal whose `next` leads back, under the same address or under new ones."""

    fresh = False

    async def changes(self, stream: Stream, since: datetime | None, page: str | None) -> PulledPage:
        told = await super().changes(stream, since, None)
        return replace(told, next=f"|0|{self.calls['changes']}" if self.fresh else "|0")


@pytest.mark.parametrize("fresh", [False, True])
def test_a_way_that_leads_in_circles_is_left_and_said(bench: Bench, fresh: bool) -> None:
    bench.portal = Circling(page=10)
    bench.portal.fresh = fresh
    bench.turn = bench.new_turn()
    fill(bench.portal, 5)
    outcome = bench.sync()
    assert outcome.status.incomplete
    assert bench.portal.calls["changes"] <= 16
    assert held(bench) == set(bench.portal.threads)


def test_what_the_portal_does_not_give_is_asked_for_once(bench: Bench) -> None:
    fill(bench.portal, 3, 3)
    bench.portal.write("t0", "Device/unknown", "automatisk svar")
    bench.sync()
    asked = bench.portal.calls["fetch"]
    bench.sync()
    assert bench.portal.calls["fetch"] == asked


def test_one_reference_that_is_refused_does_not_hide_the_others(bench: Bench) -> None:
    class Strict(Paper):
        async def fetch(self, references: object) -> Batch:
            assert isinstance(references, tuple)
            if "Patient/pasient-1" in references:
                raise Forbidden()
            return await super().fetch(references)

    bench.portal = Strict()
    bench.turn = bench.new_turn()
    fill(bench.portal, 10)
    bench.sync()
    page = bench.store.cache.page(Query(frozenset(State)), 0, 100)
    assert {item.patient for item in page.items if not item.patient_name} == {"Patient/pasient-1"}


def test_a_portal_in_trouble_is_left_alone_and_looked_at_now_and_then(bench: Bench) -> None:
    bench.portal.open_thread("a")
    bench.sync()
    bench.portal.down = True
    bench.turn.hurry()
    started, calls = bench.seconds, bench.portal.calls.total()
    while bench.seconds - started < 3600:
        outcome = bench.take()
        assert outcome.status.connection is Connection.OFFLINE
        bench.seconds += max(outcome.wake, 0.001)
    assert bench.portal.calls.total() - calls < 3600 / 25
    bench.take()
    bench.portal.down = False
    assert bench.take().status.connection is Connection.OFFLINE, "not before its time"
    bench.turn.hurry()
    assert bench.take().status.connection is Connection.ONLINE


def test_retry_after_is_obeyed_even_in_a_hurry(bench: Bench) -> None:
    bench.portal.before["changes"] = [_raise(ServerFault(retry_after=60))]
    assert bench.take().wake == pytest.approx(60)
    bench.turn.hurry()
    calls = bench.portal.calls.total()
    assert bench.take().wake == pytest.approx(60)
    assert bench.portal.calls.total() == calls
    bench.seconds += 61
    assert bench.take().status.connection is not Connection.OFFLINE


def test_what_somebody_looks_at_is_read_afresh_at_once(bench: Bench) -> None:
    bench.portal.open_thread("a")
    bench.sync()
    bench.portal.write("a", LISE.reference, "nå")
    bench.turn.refresh("a")
    assert Key("p", "a") in bench.take().changed
    assert bench.read("a").entries[-1].text == "nå"
    del bench.portal.threads["a"]
    bench.turn.refresh("a")
    bench.take()
    bench.sync()
    assert not held(bench)


def gone_for_once() -> None:
    raise NotFound("default backend")


def test_one_answer_that_says_gone_takes_nothing_off_the_shelf(bench: Bench) -> None:
    bench.portal.open_thread("a")
    bench.sync()
    bench.portal.before["thread"] = [gone_for_once]
    bench.turn.refresh("a")
    bench.take()
    bench.sync()
    assert held(bench) == {"a"}


class Taskless(Paper):
    """A portal that has no Tasks."""

    error: PortalError = NotFhir("There is no Task at this address.", status=404)

    async def changes(self, stream: Stream, since: datetime | None, page: str | None) -> PulledPage:
        if stream == "Task":
            raise self.error
        return await super().changes(stream, since, page)


@pytest.mark.parametrize("error", [NotFhir(status=404), Refused(status=400), Forbidden(status=403)])
def test_a_portal_without_tasks_gives_its_messages_all_the_same_and_is_said_to_be_incomplete(
    bench: Bench, error: PortalError
) -> None:
    bench.portal = Taskless(page=10)
    bench.portal.error = error
    bench.turn = bench.new_turn()
    fill(bench.portal, 15)
    for _ in range(2):
        outcome = bench.sync()
        status = outcome.status
        assert (status.connection, status.word, status.incomplete) == (Connection.ONLINE, "", True)
        assert held(bench) == set(bench.portal.threads)


def test_what_gives_no_messages_either_is_no_portal(bench: Bench) -> None:
    bench.portal.before["changes"] = [_raise(NotFhir())] * 9
    bench.take()
    assert bench.take().status.word == "not-fhir"


@pytest.mark.parametrize("error", [NotFhir(), ServerFault(status=500), Refused(status=400)])
def test_a_portal_that_fails_to_say_who_works_there_is_read_all_the_same(bench: Bench, error: PortalError) -> None:
    asked = []

    async def introduce(_: object) -> None:
        asked.append(bench.seconds)
        raise error

    bench.portal.open_thread("a")
    bench.turn._world = replace(bench.turn._world, introduce=introduce)
    outcome = bench.sync()
    assert outcome.status.connection is Connection.ONLINE
    assert held(bench) == {"a"}
    reply = bench.reply("a", "Hei")
    bench.sync()
    assert bench.entry(reply).state is Sending.SENT
    assert len(asked) == 1, "not at every turn"
    bench.seconds += 61
    bench.take()
    assert len(asked) == 2
