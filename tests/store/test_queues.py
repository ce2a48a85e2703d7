"""Counts, pages and places agree with a plain walk over all rows, whatever lies over them, and read little."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from tests.store.made import LISE, ME, PORTAL, START, key, open_store, party, post, random_batch, thread
from workbench.dialogue.conversation import Message, MessageState
from workbench.dialogue.held import Batch
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Sending
from workbench.dialogue.overlay import Overlay, lay
from workbench.dialogue.queue import InGroup, Item, Query, Whose, standard_queues
from workbench.dialogue.site import NO_FLAG, Site
from workbench.dialogue.span import OF_ROWS, Happening, Span
from workbench.dialogue.work import ACTIVE, OPEN, Priority, State
from workbench.store import queues
from workbench.store.cache import Cache
from workbench.store.store import Store

SEED = 20260303
ALL = Query(frozenset(State))
POOLS = ("", "resept", "time")
NAMES = {PORTAL: "Lise Nordås", "regional": "Karin Lie"}
"""What the colleague is called on each portal."""
NOW = START + timedelta(days=10)


def term(category: str) -> timedelta:
    return timedelta(hours=3 if category == "annet" else 5)


SITE = Site(
    "tested",
    lambda text: ("pain", "smerter") if text.startswith("smerter") else NO_FLAG,
    due_of=lambda received, category: received + term(category),
)
UNSAID = (MessageState.RETRACTED, MessageState.DRAFT)


def moment(minute: int) -> datetime:
    return START + timedelta(minutes=minute)


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """Two thousand conversations on two portals."""
    store = open_store(tmp_path_factory.mktemp("many"), site=SITE)
    rng = Random(SEED)
    for portal, count in ((PORTAL, 1500), ("regional", 500)):
        store.cache.me(portal, ME)
        for first in range(0, count, 500):
            store.cache.apply(portal, random_batch(rng, 500, first=first, pools=POOLS))
        store.cache.apply(portal, Batch(parties=(party(ME, "Kari Nordmann"), party(LISE, NAMES[portal]))))
    yield store
    store.close()


@pytest.fixture
def cache(many: Store) -> Iterator[Cache]:
    yield many.cache
    many.cache.set_overlay({})


def everything(cache: Cache) -> list[Item]:
    """All rows, read without a queue."""
    with cache._reader.read() as cursor:
        ids = [row[0] for row in cursor.execute("SELECT id FROM item")]
        found = cache._laid.items(cursor, ids)
    return [found[row_id] for row_id in sorted(found, key=lambda row_id: (found[row_id].order, row_id))]


def together(rows: list[Item]) -> list[Item]:
    """Rows by patient, the plain way."""
    names = {item.key: (item.key.portal, item.patient or item.key) for item in rows}
    groups: dict[object, list[Item]] = {}
    for item in rows:  # in order, so that each group begins with its highest row
        groups.setdefault(names[item.key], []).append(item)
    return [
        replace(item, group=InGroup(place, len(group)) if len(group) > 1 else None)
        for group in groups.values()
        for place, item in enumerate(group, 1)
    ]


def random_query(rng: Random) -> Query:
    states = rng.choice([OPEN, ACTIVE, frozenset(State), frozenset(rng.sample(list(State), rng.randrange(1, 5)))])
    return Query(
        states,
        whose=rng.choice([None, None, *Whose]),
        claimed=rng.random() < 0.1,
        owner=rng.choice([""] * 6 + ["kari", "nordaa l", "lie", "ny", "ingen av dem", "?"]),
        pool=rng.choice([None, None, *POOLS, "ingen"]),
        portal=rng.choice([None, None, PORTAL, "regional", "ukjent"]),
        patient=rng.choice([None] * 8 + ["Patient/1", "Patient/ingen"]),
        category=rng.choice([None] * 3 + ["reseptfornyelse", "annet", "ingen"]),
        flagged=rng.random() < 0.2,
        unread=rng.random() < 0.1,
        due_before=rng.choice([None] * 4 + [moment(rng.randrange(50_000)), near_a_deadline(rng), near_a_deadline(rng)]),
        since=rng.choice([None] * 8 + [moment(rng.randrange(50_000))]),
        before=rng.choice([None] * 8 + [moment(rng.randrange(50_000))]),
        during=tuple(random_span(rng) for _ in range(rng.choice([0, 0, 0, 1, 1, 2]))),
        drafts=rng.random() < 0.05,
        stuck=rng.random() < 0.05,
        by_patient=rng.random() < 0.3,
    )


def near_a_deadline(rng: Random) -> datetime:
    """A moment at which something may be due, or just beside it."""
    return START + timedelta(days=rng.randrange(30), seconds=rng.choice([0, 0, 0.5, 1, 30, 31, 60, -1]))


def random_span(rng: Random) -> Span:
    since, before = sorted((rng.randrange(50_000), rng.randrange(50_000)))
    return Span(
        rng.choice(list(Happening)),
        rng.choice([None, moment(since), moment(since)]),
        rng.choice([None, moment(before), moment(before)]),
    )


def random_overlay(rng: Random) -> Overlay:
    owner = rng.choice([None, "", ME, LISE])
    return Overlay(
        state=rng.choice([None, *State]),
        owner=owner,
        owner_name=rng.choice(["", "Kari Nordmann", "Lise Nyheim"]) if owner else "",
        pool=rng.choice([None, *POOLS]),
        priority=rng.choice([None, *Priority]),
        answered=rng.random() < 0.2,
        draft=rng.random() < 0.3,
        sending=rng.choice([None, *Sending]),
    )


History = dict[Key, dict[Happening, list[datetime]]]


def history(cache: Cache) -> History:
    """What happened in each conversation, told by its messages one after the other."""
    told: History = {}
    for item in everything(cache):
        happened: dict[Happening, list[datetime]] = {what: [] for what in Happening}
        held = cache.conversation(item.key)
        assert held is not None
        words = [said for said in held.entries if isinstance(said, Message) and said.state not in UNSAID]
        theirs = [said.sent for said in words if said.sender.outside]
        waits = None
        for place, said in enumerate(words):
            if said.sender.outside:
                waits = waits or said.sent
            elif waits is not None:
                happened[Happening.ANSWERED].append(said.sent)
                last = not any(other.sender.outside for other in words[place:])
                named = held.work.due if last and held.work.due and held.work.due >= waits else None
                if said.sent > (named or waits + term(item.category)):
                    happened[Happening.LATE].append(said.sent)
                waits = None
        happened[Happening.WROTE] = theirs
        happened[Happening.CAME] = theirs[:1]
        happened[Happening.FIRST] = happened[Happening.ANSWERED][:1]
        told[item.key] = happened
    return told


def expected(items: list[Item], query: Query, told: History | None = None) -> list[Item]:
    right = [
        item
        for item in items
        if query.matches(item)
        and all(
            span.what in OF_ROWS or (told is not None and any(map(span.holds, told[item.key][span.what])))
            for span in query.during
        )
    ]
    return together(right) if query.by_patient else right


@pytest.mark.parametrize("laid", [0, 1, 150])
def test_counts_pages_and_places_agree_with_a_plain_walk(cache: Cache, laid: int) -> None:
    rng = Random(SEED + laid)
    keys = [item.key for item in everything(cache)]
    over = {each: random_overlay(rng) for each in rng.sample(keys, laid)}
    over[Key(PORTAL, "held nowhere")] = Overlay(state=State.DONE)
    before = {item.key: item for item in everything(cache)}
    cache.set_overlay(over)
    items = everything(cache)
    told = history(cache)
    assert {item.key: item for item in items} == {
        each: lay(item, over[each], ME) if each in over else item for each, item in before.items()
    }
    for turn in range(250):
        query = random_query(rng)
        right = expected(items, query, told)
        assert cache.counts([query]) == (len(right),), f"seed {SEED}, turn {turn}, {query}"
        for _ in range(4):
            offset, limit = rng.randrange(max(len(right), 1) + 5), rng.randrange(1, 120)
            page = cache.page(query, offset, limit)
            assert page.total == len(right)
            assert list(page.items) == right[offset : offset + limit], f"seed {SEED}, turn {turn}, {query}, {offset}"
        for item in rng.sample(items, 5):
            names = [each.key for each in right]
            place = names.index(item.key) if item.key in names else None
            assert cache.locate(query, item.key) == place, f"seed {SEED}, turn {turn}, {query}"


def test_what_names_no_patient_stands_alone_and_the_same_name_elsewhere_is_another(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.cache.apply(PORTAL, Batch((thread("a", ""), thread("b", ""), thread("c"), thread("d"))))
    store.cache.apply("regional", Batch((thread("c"),)))
    items = store.cache.page(replace(ALL, by_patient=True), 0, 10).items
    assert {item.key: item.group for item in items if item.group} == {
        key("c"): InGroup(1, 2),
        key("d"): InGroup(2, 2),
    }
    assert len(items) == 5
    store.close()


def test_who_writes_once_more_has_waited_no_less(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    first = post("m1", "first", minute=10), post("m3", "first", "Er det noen der?", minute=300)
    then = post("m2", "then", minute=20)
    answered = post("m4", "answered", minute=0), post("m5", "answered", "Svar", minute=5, sender=ME)
    again = post("m6", "answered", "Takk, men", minute=15)
    store.cache.apply(PORTAL, Batch((thread("first"), thread("then"), thread("answered")), (*first, then, *answered)))
    assert [each.key.thread for each in store.cache.page(ALL, 0, 10).items] == ["answered", "first", "then"]
    store.cache.apply(PORTAL, Batch(posts=(again,)))
    items = store.cache.page(ALL, 0, 10).items
    assert [each.key.thread for each in items] == ["first", "answered", "then"]
    assert [each.waits_since for each in items] == [moment(10), moment(15), moment(20)]
    store.close()


def test_pages_walked_in_any_order_put_together_give_the_queue(cache: Cache) -> None:
    rng = Random(SEED)
    for query in (ALL, Query(), Query(ACTIVE, pool="resept"), Query(whose=Whose.NOBODY)):
        right = expected(everything(cache), query)
        starts = list(range(0, len(right), 37))
        rng.shuffle(starts)
        found = {start: cache.page(query, start, 37).items for start in starts}
        assert [item for start in sorted(found) for item in found[start]] == right


def test_the_standard_queues_are_counted_at_once(cache: Cache) -> None:
    standard = [queue.query for queue in standard_queues(("resept", "time"), NOW, categories=("resept", ""), guard=NOW)]
    items = everything(cache)
    assert cache.counts(standard) == tuple(len(expected(items, query)) for query in standard)


def test_what_is_laid_over_goes_when_it_is_taken_off(cache: Cache) -> None:
    before = everything(cache)
    cache.set_overlay({item.key: Overlay(state=State.DONE) for item in before[:50]})
    assert cache.counts([Query(frozenset({State.DONE}))])[0] >= 50
    cache.set_overlay({})
    assert everything(cache) == before
    assert cache.counts([ALL]) == (len(before),)


def test_a_place_outside_the_queue_is_an_empty_page_or_none(cache: Cache) -> None:
    assert cache.page(ALL, 10_000, 10).items == ()
    assert cache.page(ALL, -5, 2).offset == 0
    assert cache.page(Query(frozenset()), 0, 10).items == ()
    assert cache.counts([Query(frozenset())]) == (0,)
    assert cache.locate(ALL, key("nowhere")) is None
    assert cache.locate(ALL, Key("nowhere", "c1")) is None


def test_pages_follow_what_sync_brings(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    rng = Random(SEED)
    for turn in range(30):
        store.cache.apply(PORTAL, random_batch(rng, 20, first=rng.randrange(60)))
        if turn % 3 == 0:
            store.cache.set_overlay({key(f"c{rng.randrange(60)}"): random_overlay(rng)})
        for query in (ALL, Query(), Query(pool="resept")):
            right = expected(everything(store.cache), query)
            middle = len(right) // 2
            assert list(store.cache.page(query, middle, 10).items) == right[middle : middle + 10]
            assert store.cache.counts([query]) == (len(right),)
            with store.cache._reader.read() as cursor:
                assert cursor.execute("SELECT min(n) FROM tally").fetchone()[0] >= 0
    store.close()


def test_tallies_are_what_counting_gives(cache: Cache) -> None:
    with cache._reader.read() as cursor:
        kept = set(cursor.execute("SELECT portal, state, whose, pool, category, flagged, n FROM tally WHERE n > 0"))
        counted = set(
            cursor.execute(
                """SELECT portal, state, whose, pool, category, flag <> '', count(*) FROM item
                       GROUP BY 1, 2, 3, 4, 5, 6"""
            )
        )
    assert kept == counted


def test_reading_and_writing_at_once_gives_whole_states(tmp_path: Path) -> None:
    """While a sync writes, every page and count comes from one state of the cache."""
    store = open_store(tmp_path)
    rng = Random(SEED)
    batches = [random_batch(rng, 50, first=rng.randrange(300)) for _ in range(60)]
    failed: list[BaseException] = []
    ended = threading.Event()

    def write() -> None:
        try:
            for batch in batches:
                store.cache.apply(PORTAL, batch)
        except BaseException as error:  # noqa: BLE001 - told to the test
            failed.append(error)
        finally:
            ended.set()

    writer = threading.Thread(target=write)
    writer.start()
    looks = 0
    while not ended.is_set() or looks < 3:
        page = store.cache.page(ALL, 0, 1000)
        assert len(page.items) == min(page.total, 1000)
        orders = [item.order for item in page.items]
        assert orders == sorted(orders)
        looks += 1
    writer.join()
    assert not failed
    store.close()


class Watched:
    """Remembers every statement a cursor runs."""

    def __init__(self, cache: Cache) -> None:
        self.statements: list[str] = []
        self._connection = cache._reader._connection
        self._connection.set_trace_callback(self.statements.append)

    def plans(self) -> list[str]:
        self._connection.set_trace_callback(None)
        found = []
        for statement in self.statements:
            if statement.startswith("SELECT"):
                found += [row[3] for row in self._connection.execute(f"EXPLAIN QUERY PLAN {statement}")]
        return found


@pytest.mark.parametrize("laid", [0, 40])
@pytest.mark.parametrize(
    "query", [ALL, Query(), Query(ACTIVE, whose=Whose.ME), Query(OPEN, pool="resept")], ids=range(4)
)
def test_no_queue_is_sorted_or_read_through(cache: Cache, query: Query, laid: int) -> None:
    some = [item.key for item in everything(cache)][:laid]
    cache.set_overlay({each: Overlay(state=State.CLAIMED, owner=ME) for each in some})
    cache.counts([query])
    watched = Watched(cache)
    cache.page(query, 0, 50)
    cache.page(query, 60, 50)
    item = cache.page(query, cache.counts([query])[0] * 3 // 4, 50).items[0]
    cache.locate(query, item.key)
    plans = watched.plans()
    assert any("item_state" in plan or "item_pool" in plan for plan in plans)
    for plan in plans:
        assert "TEMP B-TREE FOR ORDER BY" not in plan, plan
        assert not plan.startswith("SCAN item"), plan


def test_bookmarks_shorten_the_way(cache: Cache) -> None:
    cache.set_overlay({})
    skipped: list[int] = []
    whole = queues.Queues._run

    def watched(self: queues.Queues, *given: object, **named: bool) -> list[queues.Place]:
        skipped.append(int(str(given[4])))
        return whole(self, *given, **named)  # type: ignore[arg-type]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(queues.Queues, "_run", watched)
        total = cache.counts([ALL])[0]
        cache.page(ALL, total - 50, 50)
        assert skipped == [0]
        cache.page(ALL, total // 2, 50)
        cache.page(ALL, total // 2 + 50, 50)
        cache.page(ALL, total // 2 - 50, 50)
    assert skipped[2:] == [1, 0]
