"""Every figure of an overview is what its query lists, whatever is held, at whatever moment, and whatever lies over."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest

from tests.store.made import LISE, ME, PORTAL, START, key, open_store, post, random_batch, task, thread
from tests.store.test_queues import POOLS, SEED, SITE, Watched, everything, moment, random_overlay
from workbench.dialogue.held import Batch
from workbench.dialogue.key import Key
from workbench.dialogue.moments import DAYS, Moments, moments
from workbench.dialogue.office import Office
from workbench.dialogue.outgoing import Sending
from workbench.dialogue.overlay import Overlay
from workbench.dialogue.overview import BANDS, Figure, Load, Overview, Share, handover_queries
from workbench.dialogue.queue import Queue, standard_queues
from workbench.dialogue.work import State
from workbench.store.cache import Cache
from workbench.store.store import Store

OFFICE = Office(lambda _day: False)
CATEGORIES = ("annet", "e-kontakt", "reseptfornyelse")


def queues(at: Moments) -> tuple[Queue, ...]:
    guard = at.now + timedelta(days=3)
    return standard_queues(POOLS[1:], at.now, categories=CATEGORIES, guard=guard)


def figures(value: object) -> Iterator[Figure]:
    """Every figure anywhere in an overview."""
    if isinstance(value, Figure):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from figures(each)
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from figures(getattr(value, field.name))


def load(overview: Overview, name: str) -> Load:
    return next(load for load in overview.loads if load.name == name)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = open_store(tmp_path_factory.mktemp("many"), site=SITE)
    rng = Random(SEED)
    for portal, count in ((PORTAL, 900), ("regional", 300)):
        store.cache.me(portal, ME)
        store.cache.apply(portal, random_batch(rng, count, pools=POOLS))
    yield store
    store.close()


@pytest.mark.parametrize("laid", [0, 1, 150])
def test_every_figure_is_what_its_query_lists(many: Store, laid: int) -> None:
    rng = Random(SEED + laid)
    cache = many.cache
    cache.set_overlay({item.key: random_overlay(rng) for item in rng.sample(everything(cache), laid)})
    seen = 0
    for _turn in range(4):
        at = moments(moment(rng.randrange(2_000, 52_000)), OFFICE)
        overview = cache.overview(queues(at), at)
        every = list(figures(overview))
        assert len(every) > len(overview.loads) * (4 + DAYS * 6)
        found = rng.sample([figure for figure in every if figure.n], 150) + rng.sample(every, 50)
        assert [figure.n for figure in found] == list(cache.counts([figure.query for figure in found]))
        handover = handover_queries(at)
        assert cache.figures(handover, at) == cache.counts(handover)
        for day in (day for one in overview.loads for day in one.days):
            assert all((took.median is None) == (took.of.n == 0) for took in (day.first, day.done))
        seen += sum(figure.n > 0 for figure in found)
        for one in overview.loads:
            if one.oldest is not None:
                page = cache.page(one.oldest.behind.query, 0, 10)
                assert {item.asked for item in page.items} == {one.oldest.since}
            assert not one.waits or len(one.waits) == len(BANDS)
            if one.waits and one.name not in ("today", "done"):
                waiting = [item for item in everything(cache) if item.asked and one.held.query.matches(item)]
                assert sum(figure.n for figure in one.waits) == len(waiting)
                assert (one.oldest.since if one.oldest else None) == min(
                    (item.asked for item in waiting if item.asked), default=None
                )
    assert seen > 200
    cache.set_overlay({})


def test_handover_queries_list_drafts_and_what_is_stuck(many: Store) -> None:
    cache, at = many.cache, moments(moment(30_000), OFFICE)
    some = everything(cache)[:40:4]
    over = {item.key: Overlay(draft=True) for item in some[:5]}
    over |= {item.key: Overlay(sending=Sending.NEEDS_YOU) for item in some[5:7]}
    over |= {some[7].key: Overlay(sending=Sending.UNKNOWN), some[8].key: Overlay(sending=Sending.QUEUED)}
    cache.set_overlay({**over, Key(PORTAL, "held nowhere"): Overlay(draft=True)})
    *_, drafts, stuck = handover_queries(at)
    assert {item.key for item in cache.page(drafts, 0, 50).items} == {item.key for item in some[:5]}
    assert {item.key for item in cache.page(stuck, 0, 50).items} == {item.key for item in some[5:8]}
    assert [cache.locate(drafts, item.key) is not None for item in some] == [True] * 5 + [False] * 5
    cache.set_overlay({})


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Cache]:
    store = open_store(tmp_path, site=SITE)
    store.cache.me(PORTAL, ME)
    yield store.cache
    store.close()


def tell(cache: Cache, *batches: Batch) -> None:
    for batch in batches:
        cache.apply(PORTAL, batch)


NOON = START.replace(hour=11)
"""Monday 2 March 2026, twelve o'clock in Oslo."""


def look(cache: Cache) -> Overview:
    at = moments(NOON, OFFICE)
    return cache.overview(queues(at), at)


def minutes(**ago: float) -> float:
    """A time before noon, as minutes after `START`."""
    return (NOON - timedelta(**ago) - START).total_seconds() / 60


def test_a_patient_who_writes_again_has_waited_since_the_first_time(small: Cache) -> None:
    tell(
        small,
        Batch((thread("a"),), (post("a1", "a", minute=minutes(days=3)), post("a2", "a", minute=minutes(hours=1))),
              (task("t", "a"),)),
    )  # fmt: skip
    oldest = load(look(small), "unclaimed").oldest
    assert oldest is not None
    assert oldest.since == NOON - timedelta(days=3)
    assert oldest.behind.n == 1


def test_bands_are_the_office_s_own_days(small: Cache) -> None:
    """Monday noon: Friday is one working day ago, and so is the weekend after it."""
    ago = {"a": 2.0, "b": 5.0, "c": 40.0, "d": 65.0, "e": 90.0, "f": 160.0, "g": 200.0}
    for name, hours in ago.items():
        tell(
            small,
            Batch((thread(name),), (post(f"{name}1", name, minute=minutes(hours=hours)),), (task(f"t{name}", name),)),
        )
    waits = load(look(small), "unclaimed").waits
    assert [figure.n for figure in waits] == [1, 1, 2, 2, 1]
    assert [{item.key.thread for item in small.page(figure.query, 0, 9).items} for figure in waits] == [
        {"a"}, {"b"}, {"c", "d"}, {"e", "f"}, {"g"},
    ]  # fmt: skip


def test_just_after_midnight_no_band_is_turned_around() -> None:
    at = moments(NOON.replace(hour=0), OFFICE)
    assert list(at.edges) == sorted(at.edges, reverse=True)


def test_what_waits_for_the_patient_is_neither_overdue_nor_waiting(small: Cache) -> None:
    said = (post("a1", "a", minute=minutes(days=20)), post("a2", "a", minute=minutes(days=12), sender=ME))
    tell(small, Batch((thread("a"),), said, (task("t", "a", State.WAITING_PATIENT, minutes(days=12)),)))
    waiting = load(look(small), "waiting")
    assert (waiting.held.n, waiting.in_time, waiting.oldest) == (1, None, None)


def test_a_share_is_of_what_is_for_us_to_act_on(small: Cache) -> None:
    late = task("t1", "a", State.CLAIMED, owner=ME, due=NOON - timedelta(days=1))
    put_off = task("t2", "b", State.SNOOZED, minutes(hours=1), owner=ME, due=NOON - timedelta(days=1))
    fresh = task("t3", "c", State.CLAIMED, owner=ME, due=NOON + timedelta(days=1))
    tell(small, Batch((thread("a"), thread("b"), thread("c")), (), (late, put_off, fresh)))
    share = load(look(small), "mine").in_time
    assert share is not None
    assert (share.of.n, share.late.n, share.percent) == (2, 1, 50)


def test_a_share_says_all_only_when_it_is_all() -> None:
    query = standard_queues((), NOON)[0].query
    assert Share(Figure(1000, query), Figure(1, query)).percent == 99
    assert Share(Figure(0, query), Figure(0, query)).percent is None


def test_a_day_counts_conversations_not_messages_and_each_turn_by_its_own_deadline(small: Cache) -> None:
    """The site's term is five hours: the first turn was late yesterday, the second one in time today."""
    said = (
        post("a1", "a", minute=minutes(hours=32)),
        post("a2", "a", minute=minutes(hours=31)),
        post("a3", "a", minute=minutes(hours=25), sender=ME),
        post("a4", "a", minute=minutes(hours=3)),
        post("a5", "a", minute=minutes(hours=2), sender=LISE),
        post("a6", "a", minute=minutes(hours=1), sender=LISE),
    )
    tell(small, Batch((thread("a"),), said, (task("t", "a", State.DONE, minutes(minutes=30)),)))
    *_, yesterday, today = look(small).days
    assert today.day == NOON.date()

    def counted(day: object) -> list[int]:
        return [figure.n for figure in figures(day)]

    assert counted(yesterday) == [1, 1, 1, 1, 1, 0]
    assert counted(today) == [0, 1, 1, 0, 0, 1]


def test_a_team_s_days_are_its_own_whatever_became_of_what_came_in(small: Cache) -> None:
    """One is done, one waits for the patient, one is new; the last lies with another team."""
    for name, pool, state in (
        ("a", "resept", State.DONE),
        ("b", "resept", State.WAITING_PATIENT),
        ("c", "resept", State.NEW),
        ("d", "time", State.NEW),
    ):
        said = [post(f"{name}1", name, minute=minutes(hours=30))]
        if state is not State.NEW:
            said.append(post(f"{name}2", name, minute=minutes(hours=2), sender=ME))
        work = task(f"t{name}", name, state, minutes(hours=1), pool=pool)
        tell(small, Batch((thread(name),), tuple(said), (work,)))
    overview = look(small)

    def told(queue: str) -> list[tuple[int, int, int, int]]:
        days = load(overview, queue).days[-2:]
        return [(day.came.n, day.answered.of.n, day.first.of.n, day.done.of.n) for day in days]

    assert told("open") == [(4, 0, 0, 0), (0, 2, 2, 1)]
    assert told("pool:resept") == [(3, 0, 0, 0), (0, 2, 2, 1)]
    assert told("pool:time") == [(1, 0, 0, 0), (0, 0, 0, 0)]
    assert told("waiting") == [(1, 0, 0, 0), (0, 1, 1, 0)], "what is in it now, as nobody knows what was"
    assert told("unclaimed") == [(3, 0, 0, 0), (0, 1, 1, 0)]
    assert told("done") == [(1, 0, 0, 0), (0, 1, 1, 1)]
    resept = load(overview, "pool:resept").days[-1]
    assert {item.key.thread for item in small.page(resept.answered.of.query, 0, 9).items} == {"a", "b"}
    assert {item.key.thread for item in small.page(resept.done.of.query, 0, 9).items} == {"a"}


def test_times_are_medians_in_office_hours_since_the_patient_s_first_words(small: Cache) -> None:
    """Monday noon. The office is open from 8 to 15:30, and was not on the weekend."""
    answered = {"a": (70.0, 3.0), "b": (25.0, 2.5), "c": (1.0, 0.5)}  # Friday 14:00 to 9:00; 11:00 to 9:30 on Sunday's
    for name, (asked, at) in answered.items():
        said = (
            post(f"{name}1", name, minute=minutes(hours=asked)),
            post(f"{name}2", name, minute=minutes(hours=at), sender=ME),
            post(f"{name}3", name, minute=minutes(hours=0.3)),
            post(f"{name}4", name, minute=minutes(hours=0.2), sender=ME),  # no first answer
        )
        tell(small, Batch((thread(name),), said, (task(f"t{name}", name, State.DONE, minutes(hours=0.1)),)))
    today = look(small).days[-1]
    assert (today.answered.of.n, today.first.of.n, today.done.of.n) == (3, 3, 3)
    assert today.first.median == timedelta(hours=1.5), "of 2.5, 1.5 and 0.5"
    assert today.done.median == timedelta(hours=3.9), "of 5.4, 3.9 and 0.9"


def test_what_is_done_here_has_taken_its_time_before_the_portal_has_it(small: Cache) -> None:
    tell(small, Batch((thread("a"),), (post("a1", "a", minute=minutes(hours=3)),), (task("t", "a"),)))
    small.set_overlay({key("a"): Overlay(state=State.DONE, settled=NOON - timedelta(hours=1))})
    today = look(small).days[-1]
    assert (today.done.of.n, today.done.median) == (1, timedelta(hours=2))
    assert load(look(small), "today").days[-1].done.of.n == 1


def test_where_the_patient_wrote_nothing_it_counts_since_it_began(small: Cache) -> None:
    work, told = task("t", "a", State.DONE, minutes(hours=1)), post("a1", "a", minute=minutes(hours=1.5), sender=ME)
    tell(small, Batch((thread("a", started=NOON - timedelta(hours=2)),), (told,), (work,)))
    assert look(small).days[-1].done.median == timedelta(hours=1)


def test_an_answer_is_late_by_the_first_words_it_answers(small: Cache) -> None:
    said = (
        post("a1", "a", minute=minutes(hours=8)),
        post("a2", "a", minute=minutes(hours=3)),
        post("a3", "a", minute=minutes(hours=2), sender=ME),
    )
    tell(small, Batch((thread("a"),), said))
    assert look(small).days[-1].answered.late.n == 1


def test_nobody_waits_where_an_answer_is_on_its_way_and_nothing_counts_as_answered_before_it_arrived(
    small: Cache,
) -> None:
    tell(small, Batch((thread("a"),), (post("a1", "a", minute=minutes(hours=3)),), (task("t", "a"),)))
    assert load(look(small), "unclaimed").oldest is not None
    small.set_overlay({key("a"): Overlay(answered=True)})
    overview = look(small)
    assert load(overview, "unclaimed").oldest is None
    assert sum(figure.n for figure in load(overview, "unclaimed").waits) == 0
    assert overview.days[-1].answered.of.n == 0


def test_a_message_that_is_taken_back_was_no_answer(small: Cache) -> None:
    from workbench.dialogue.conversation import MessageState

    said = (post("a1", "a", minute=minutes(hours=3)), post("a2", "a", minute=minutes(hours=2), sender=ME))
    tell(small, Batch((thread("a"),), said))
    assert look(small).days[-1].answered.of.n == 1
    back = post("a2", "a", minute=minutes(hours=2), sender=ME, state=MessageState.RETRACTED, version="2")
    tell(small, Batch(posts=(back,)))
    overview = look(small)
    assert overview.days[-1].answered.of.n == 0
    oldest = load(overview, "unclaimed").oldest
    assert oldest is not None
    assert oldest.since == NOON - timedelta(hours=3)


def test_an_empty_store_has_an_overview(small: Cache) -> None:
    overview = look(small)
    assert len(overview.days) == DAYS
    assert not any(figure.n for figure in figures(overview))
    assert all(one.oldest is None for one in overview.loads)


def test_what_is_open_is_read_once_and_no_message_older_than_the_days(many: Store) -> None:
    at = moments(moment(30_000), OFFICE)
    many.cache.overview(queues(at), at)
    watched = Watched(many.cache)
    many.cache.overview(queues(at), at)
    statements = list(watched.statements)
    plans = watched.plans()
    assert sum("item_standing" in statement for statement in statements) == 1
    for plan in plans:
        assert not (plan.startswith("SCAN") and ("post" in plan or "said" in plan or "answer" in plan)), plan
        assert plan != "SCAN item", plan
    assert any("item_standing" in plan for plan in plans)
    for index in ("post_theirs", "answer_at"):
        assert sum(index in statement for statement in statements) == 1, "all queues' days are read at once"
