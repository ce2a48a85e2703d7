"""Pages that shift, repeat, answer from memory or stand still in time; clocks that are wrong, and that go back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

import pytest

from tests.sync.conftest import Bench
from tests.sync.paper import KARI, START, Paper
from tests.sync.test_checking import rounds, texts
from tests.sync.test_pull import fill, held
from workbench.dialogue.held import HeldPost, PulledPage, Stream
from workbench.dialogue.queue import Query
from workbench.dialogue.work import State
from workbench.sync.resuming import OVERLAP


def on(bench: Bench, portal: Paper) -> Paper:
    bench.portal = portal
    bench.turn = bench.new_turn()
    return portal


@pytest.mark.parametrize("size", [1, 2, 7])
def test_rows_that_move_while_they_are_read_push_none_out_of_sight(bench: Bench, size: int) -> None:
    bench.portal.size = size
    fill(bench.portal, 25)
    dice = Random(size)
    outcome = bench.take()
    while not outcome.ended:
        thread = dice.choice(list(bench.portal.threads))
        if bench.portal.calls["changes"] < 150:
            bench.portal.set_task(thread, pool=f"p{dice.random()}")
            header = bench.portal.threads[thread]
            bench.portal.threads[thread] = replace(header, stamp=bench.portal.stamp(thread, f"{dice.random()}"))
        outcome = bench.take()
    assert held(bench) == set(bench.portal.threads)
    assert all(texts(bench, thread) for thread in bench.portal.threads)
    bench.sync()
    pools = {item.key.thread: item.pool for item in bench.store.cache.page(Query(frozenset(State)), 0, 100).items}
    assert pools == {task.thread: task.pool for task in bench.portal.tasks.values()}


@pytest.mark.parametrize("cut", range(6))
def test_many_of_one_moment_over_the_edges_of_pages(bench: Bench, cut: int) -> None:
    bench.portal.size = 4
    fill(bench.portal, 12)
    moment = bench.portal.now
    shelves: tuple[dict[str, Any], ...] = (bench.portal.threads, bench.portal.posts, bench.portal.tasks)
    for shelf in shelves:
        for identity, row in list(shelf.items())[3:]:
            shelf[identity] = replace(row, stamp=replace(row.stamp, updated=moment))
    for _ in range(cut):
        bench.take()
    bench.turn = bench.new_turn()
    outcome = bench.sync()
    assert not outcome.status.incomplete
    assert held(bench) == set(bench.portal.threads)
    assert all(texts(bench, thread) for thread in bench.portal.threads)


class Remembering(Paper):
    """A portal that answers a search it was asked within the last minute from memory, whatever one sends."""

    bench: Bench
    memory: dict[tuple[object, ...], tuple[float, PulledPage]]

    async def changes(self, stream: Stream, since: datetime | None, page: str | None) -> PulledPage:
        asked = (stream, since, page)
        when, told = self.memory.get(asked, (-100.0, None))
        if told is None or self.bench.seconds - when > 60:
            told = await super().changes(stream, since, page)
            self.memory[asked] = self.bench.seconds, told
        return told


@pytest.mark.parametrize("seed", range(10))
def test_searches_answered_from_memory_hide_nothing_for_long(bench: Bench, seed: int) -> None:
    dice = Random(seed)
    portal = Remembering(page=5)
    portal.bench, portal.memory = bench, {}
    on(bench, portal)
    fill(portal, 8)
    for _ in range(60):
        portal.now = max(portal.now, START + timedelta(seconds=bench.seconds))
        if dice.random() < 0.4:
            portal.write(f"t{dice.randint(0, 7)}", "Patient/ola", f"ord {dice.random()}")
        bench.seconds += dice.choice([5, 15, 30])
        bench.sync()
    bench.seconds += 61
    bench.sync()
    for thread in portal.threads:
        on_portal = {post.text for post in portal.posts.values() if post.parent == thread}
        assert {entry.text for entry in bench.read(thread).entries} == on_portal, f"seed {seed}"


class Repeating(Paper):
    """A portal that says a page again now and then instead of the one it was asked for."""

    def __init__(self, seed: int) -> None:
        super().__init__(page=4)
        self.dice = Random(seed)
        self.last: dict[Stream, PulledPage] = {}

    async def changes(self, stream: Stream, since: datetime | None, page: str | None) -> PulledPage:
        if stream in self.last and self.dice.random() < 0.3:
            return self.last[stream]
        self.last[stream] = await super().changes(stream, since, page)
        return self.last[stream]


@pytest.mark.parametrize("seed", range(10))
def test_a_page_that_is_said_twice_loses_nothing(bench: Bench, seed: int) -> None:
    portal = on(bench, Repeating(seed))
    fill(portal, 20)
    rounds(bench, 12)
    assert held(bench) == set(portal.threads), f"seed {seed}"
    assert all(texts(bench, thread) for thread in portal.threads), f"seed {seed}"


class Truncating(Paper):
    """A portal that says that it has more and gives no way to it."""

    async def changes(self, stream: Stream, since: datetime | None, page: str | None) -> PulledPage:
        told = await super().changes(stream, since, page)
        return replace(told, next=None, incomplete=told.next is not None)


def test_what_a_portal_gives_no_link_to_is_found_by_time(bench: Bench) -> None:
    portal = on(bench, Truncating(page=6))
    fill(portal, 20)
    outcome = bench.sync()
    assert not outcome.status.incomplete
    assert held(bench) == set(portal.threads)
    assert all(texts(bench, thread) for thread in portal.threads)


class Timeless(Paper):
    """A portal that pays no heed to from when on it is asked."""

    async def changes(self, stream: Stream, since: datetime | None, page: str | None) -> PulledPage:
        return await super().changes(stream, None, page)


def test_a_portal_that_cannot_be_asked_by_time_is_read_by_its_links(bench: Bench) -> None:
    portal = on(bench, Timeless(page=6))
    fill(portal, 20)
    outcome = bench.sync()
    assert not outcome.status.incomplete
    assert held(bench) == set(portal.threads)
    portal.open_thread("ny")
    bench.sync()
    assert "ny" in held(bench)


def tick(bench: Bench, offset: timedelta) -> None:
    """Some seconds later, on a portal whose clock stands off by an offset."""
    bench.seconds += 15
    bench.portal.now = bench.portal.told_now = bench.clock() + offset


@pytest.mark.parametrize("hours", [-1, 0, 1])
@pytest.mark.parametrize("history", [True, False])
def test_a_portal_whose_clock_is_off_is_read_like_any_other(bench: Bench, hours: int, history: bool) -> None:
    if history:
        bench.portal.keep_history()
    for number in range(6):
        tick(bench, timedelta(hours=hours))
        bench.portal.open_thread(f"t{number}")
        bench.sync()
        assert f"t{number}" in held(bench)
    for _ in range(30):
        tick(bench, timedelta(hours=hours))
        outcome = bench.sync()
    assert outcome.status.received == 0, "and asked for nothing twice when nothing changes"
    bench.portal.delete("Communication/t3")
    tick(bench, timedelta(hours=hours))
    rounds(bench)
    assert held(bench) == set(bench.portal.threads)


@pytest.mark.parametrize("away", [0, 3 * 3600])
@pytest.mark.parametrize("history", [True, False])
def test_a_clock_that_goes_back_on_the_portal_hides_nothing(bench: Bench, away: int, history: bool) -> None:
    if history:
        bench.portal.keep_history()
    ahead, right = timedelta(hours=1), timedelta()
    fill(bench.portal, 3)
    tick(bench, ahead)
    old = bench.portal.write("t1", "Patient/ola", "skrevet i fremtiden")
    bench.portal.set_task("t2", pool="fremtiden")
    bench.sync()
    for number in range(4):
        tick(bench, right)
        bench.portal.open_thread(f"straks{number}")
        bench.portal.set_task("t0", pool=f"p{number}")
        if number == 2:
            edited: HeldPost = replace(old, stamp=bench.portal.stamp(old.stamp.id, "2"), text="rettet etterpå")
            bench.portal.posts[old.stamp.id] = edited
        if not away:
            bench.sync()
            assert f"straks{number}" in held(bench)
    if history:
        bench.portal.delete("Communication/t2")
    bench.seconds += away
    bench.portal.now = bench.portal.told_now = bench.clock()
    bench.turn = bench.new_turn()
    rounds(bench)
    assert held(bench) == set(bench.portal.threads)
    assert "rettet etterpå" in texts(bench, "t1")
    assert bench.store.cache.page(Query(frozenset(State), pool="p3"), 0, 10).total == 1


def test_the_overlap_is_longer_than_any_memory() -> None:
    from tests.contract.habits import REUSED

    assert OVERLAP.total_seconds() > REUSED


def test_what_the_user_does_meanwhile_is_not_undone_by_an_answer_from_memory(bench: Bench) -> None:
    portal = Remembering(page=50)
    portal.bench, portal.memory = bench, {}
    on(bench, portal)
    portal.open_thread("a")
    bench.sync()
    since = bench.store.cache.resume_point("p", "Task")
    assert since is not None
    claimed = portal.set_task("a", owner=KARI.reference, state=State.CLAIMED)
    bench.turn.refresh("a")
    bench.settle()
    rounds(bench, 2)
    assert bench.read("a").work.version == claimed.stamp.version
