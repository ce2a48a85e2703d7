"""Ties as they are read: only between conversations of one patient, and never so that something is read nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from tests.store.made import ME, PORTAL, START, key, open_store, patient, post, stamp, task, thread
from workbench.dialogue.conversation import Conversation, Message
from workbench.dialogue.held import Batch, HeldTask
from workbench.dialogue.overlay import Overlay
from workbench.dialogue.queue import Item, Query
from workbench.dialogue.site import Site
from workbench.dialogue.tie import Tie, TieKind
from workbench.dialogue.work import Change, State, Verb
from workbench.store.store import Store

ALL = Query(frozenset(State))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """Three conversations of one patient, and one of another."""
    opened = open_store(tmp_path)
    whose = {"a": "Patient/a", "b": "Patient/a", "c": "Patient/a", "x": "Patient/x"}
    opened.cache.apply(
        PORTAL,
        Batch(
            tuple(thread(name, who) for name, who in whose.items()),
            tuple(post(f"{name}1", name, f"hei {name}", place, who) for place, (name, who) in enumerate(whose.items())),
            tuple(task(f"t-{name}", name, minute=50) for name in whose),
            (patient("Patient/a"), patient("Patient/x", "Ola Hansen")),
        ),
    )
    yield opened
    opened.close()


def merged(name: str, *into: str, minute: float = 60, state: State = State.DONE) -> HeldTask:
    ties = frozenset(Tie(TieKind.MERGED, other) for other in into)
    return task(f"t-{name}", name, state, minute, version=f"2.{minute}", ties=ties)


def linked(name: str, *others: str, minute: float = 60) -> HeldTask:
    ties = frozenset(Tie(TieKind.LINKED, other) for other in others)
    return task(f"t-{name}", name, State.NEW, minute, version=f"2.{minute}", ties=ties)


def tell(store: Store, *tasks: HeldTask) -> set[str]:
    return {each.thread for each in store.cache.apply(PORTAL, Batch(tasks=tasks))}


def read(store: Store, name: str) -> Conversation:
    found = store.cache.conversation(key(name))
    assert found is not None
    return found


def row(store: Store, name: str) -> Item:
    return store.cache.rows([key(name)])[key(name)]


def words(conversation: Conversation) -> dict[str, list[str]]:
    return {
        one.key.thread: [entry.text for entry in one.entries if isinstance(entry, Message)]
        for one in conversation.merged
    }


def test_what_is_merged_is_read_in_the_other(store: Store) -> None:
    assert tell(store, merged("a", "b")) == {"a", "b"}
    kept, gone = read(store, "b"), read(store, "a")
    assert words(kept) == {"a": ["hei a"]}
    assert [entry.text for entry in kept.entries if isinstance(entry, Message)] == ["hei b"]
    assert [tied.key for tied in gone.into] == [key("b")]
    assert (gone.work.state, row(store, "a").state, row(store, "a").into) == (State.DONE, State.DONE, "Emne b")
    assert (row(store, "b").joined, row(store, "b").state) == (1, State.NEW)


def test_a_merge_into_what_was_merged_is_read_in_the_last(store: Store) -> None:
    tell(store, merged("a", "b"), merged("b", "c"))
    assert words(read(store, "c")) == {"a": ["hei a"], "b": ["hei b"]}
    assert {one.key.thread: one.into for one in read(store, "c").merged} == {"a": "b", "b": "c"}
    assert words(read(store, "b")) == {"a": ["hei a"]}


def test_new_words_bring_what_was_merged_back_and_are_read_in_both(store: Store) -> None:
    tell(store, merged("a", "b"))
    changed = store.cache.apply(PORTAL, Batch(posts=(post("a2", "a", "enda mer", 70),)))
    assert changed == {key("a"), key("b")}
    assert (row(store, "a").state, row(store, "a").into) == (State.NEW, "Emne b")
    assert words(read(store, "b")) == {"a": ["hei a", "enda mer"]}


def test_a_link_is_seen_from_both_sides(store: Store) -> None:
    tell(store, linked("a", "b"))
    assert [(tied.key, tied.here) for tied in read(store, "a").linked] == [(key("b"), True)]
    assert [(tied.key, tied.here) for tied in read(store, "b").linked] == [(key("a"), False)]
    assert (row(store, "a").linked, row(store, "b").linked, row(store, "c").linked) == (1, 1, 0)
    tell(store, task("t-a", "a", minute=80, version="3"))
    assert not read(store, "b").linked


@pytest.mark.parametrize("other", ["x", "nowhere", "a"])
def test_what_leads_to_another_patient_or_nowhere_is_not_believed_and_hides_nothing(store: Store, other: str) -> None:
    tell(store, merged("a", other))
    found = read(store, "a")
    assert (found.into, found.merged, found.astray, found.work.state) == ((), (), True, State.NEW)
    assert (row(store, "a").state, row(store, "a").into) == (State.NEW, "")
    if other == "x":
        assert not read(store, "x").merged
    tell(store, linked("b", *({other} - {"a"}), "b"))
    assert not read(store, "b").linked


def test_a_circle_is_not_believed_and_hides_nothing(store: Store) -> None:
    tell(store, merged("a", "b"), merged("b", "c"), merged("c", "a"))
    for name in ("a", "b", "c"):
        assert (read(store, name).into, read(store, name).merged) == ((), ())
        assert row(store, name).state is State.NEW
    tell(store, task("t-c", "c", minute=90, version="3"))
    assert set(words(read(store, "c"))) == {"a", "b"}
    assert (row(store, "a").state, row(store, "b").state) == (State.DONE, State.DONE)


def test_a_merge_is_believed_once_the_other_has_come_and_no_longer_when_it_goes(store: Store) -> None:
    tell(store, merged("a", "late"))
    assert row(store, "a").state is State.NEW
    assert store.cache.apply(PORTAL, Batch((thread("late", minute=65),))) == {key("late"), key("a")}
    assert row(store, "a").state is State.DONE
    another = replace(thread("late", "Patient/x", 66), stamp=stamp("late", 66, "2"))
    store.cache.apply(PORTAL, Batch((another,)))
    assert row(store, "a").state is State.NEW
    store.cache.apply(PORTAL, Batch((replace(thread("late"), stamp=stamp("late", 67, "3")),)))
    assert row(store, "a").state is State.DONE
    store.cache.apply(PORTAL, Batch(gone=("Communication/late",)))
    assert row(store, "a").state is State.NEW


def test_a_task_that_is_deleted_takes_its_ties_along(store: Store) -> None:
    tell(store, linked("a", "b"))
    assert {each.thread for each in store.cache.apply(PORTAL, Batch(gone=("Task/t-a",)))} == {"a", "b"}
    assert not read(store, "b").linked


def test_the_same_name_on_another_portal_is_another_conversation(store: Store) -> None:
    store.cache.apply("regional", Batch((thread("b"),), (), (), (patient(),)))
    tell(store, merged("a", "b"))
    other = store.cache.conversation(key("b")._replace(portal="regional"))
    assert other is not None
    assert not other.merged


def test_what_is_on_its_way_is_shown_at_once(store: Store) -> None:
    tying = (Change(Verb.MERGE, other="b"),)
    store.cache.set_overlay({key("a"): Overlay(state=State.DONE, tying=tying)})
    assert words(read(store, "b")) == {"a": ["hei a"]}
    assert (row(store, "a").state, row(store, "a").into, row(store, "b").joined) == (State.DONE, "Emne b", 1)
    apart = (*tying, Change(Verb.SPLIT, other="b"))
    store.cache.set_overlay({key("a"): Overlay(state=State.NEW, tying=apart)})
    assert not read(store, "b").merged
    store.cache.set_overlay({key("a"): Overlay(tying=(Change(Verb.LINK, other="x"),))})
    assert not read(store, "x").linked
    store.cache.set_overlay({})
    tell(store, linked("a", "b"))
    store.cache.set_overlay({key("a"): Overlay(tying=(Change(Verb.UNLINK, other="b"),))})
    assert not read(store, "b").linked


def test_messages_of_another_patient_in_what_was_merged_stop_every_reply(store: Store) -> None:
    store.cache.apply(PORTAL, Batch(posts=(post("a9", "a", "feil", 5, "Patient/x"),)))
    tell(store, merged("a", "b"))
    assert read(store, "b").mixed


def by(store: Store, name: str) -> tuple[datetime | None, str]:
    """By when a row stands, and whose deadline that is."""
    found = row(store, name)
    return found.due, found.due_from


MONDAY, THURSDAY = START + timedelta(days=7), START + timedelta(days=10)


def due(name: str, when: datetime | None, *into: str, minute: float = 55, **more: object) -> HeldTask:
    ties = frozenset(Tie(TieKind.MERGED, other) for other in into)
    state = State.DONE if into else State.NEW
    return task(f"t-{name}", name, state, minute, version=f"3.{minute}", due=when, ties=ties, **more)


def test_an_earlier_deadline_is_not_lost_in_a_merge_and_is_taken_back_with_it(store: Store) -> None:
    tell(store, due("a", MONDAY), due("b", THURSDAY))
    tell(store, due("a", MONDAY, "b", minute=60))
    assert by(store, "b") == (MONDAY, "Emne a")
    assert row(store, "b").own_due == THURSDAY
    assert read(store, "b").work.due == MONDAY
    first = store.cache.page(Query(due_before=MONDAY + timedelta(minutes=1)), 0, 9)
    assert [item.key for item in first.items] == [key("b")]
    tell(store, due("a", MONDAY, minute=70))
    assert by(store, "b") == (THURSDAY, "")
    assert read(store, "b").work.due == THURSDAY


def test_a_deadline_counts_through_merges_of_merges_and_until_an_answer_after_the_merge(store: Store) -> None:
    tell(store, due("a", MONDAY), due("b", THURSDAY), due("c", None))
    tell(store, due("a", MONDAY, "b", minute=60), due("b", THURSDAY, "c", minute=60))
    assert by(store, "c") == (MONDAY, "Emne a")
    store.cache.apply(PORTAL, Batch(posts=(post("c2", "c", "svar fra før", 58, ME),)))
    assert by(store, "c") == (MONDAY, "Emne a")
    store.cache.apply(PORTAL, Batch(posts=(post("c3", "c", "svar", 75, ME),)))
    assert by(store, "c") == (None, "")


def test_a_deadline_that_is_counted_is_kept_too(tmp_path: Path) -> None:
    site = Site("s", due_of=lambda received, _category: received + timedelta(days=2))
    store = open_store(tmp_path, site=site)
    threads = (thread("a"), thread("b"))
    store.cache.apply(PORTAL, Batch(threads, (post("a1", "a", minute=1), post("b1", "b", minute=30))))
    tell(store, merged("a", "b"), task("t-b", "b", minute=50))
    assert by(store, "b") == (START + timedelta(days=2, minutes=1), "Emne a")
    assert row(store, "b").own_due == START + timedelta(days=2, minutes=30)
    store.close()


def test_the_deadline_of_a_merge_on_its_way_is_there_at_once_and_gone_with_it(store: Store) -> None:
    tell(store, due("a", MONDAY), due("b", THURSDAY), due("c", THURSDAY + timedelta(days=1)))
    tell(store, due("b", THURSDAY, "c", minute=60))
    merge = Overlay(state=State.DONE, tying=(Change(Verb.MERGE, other="b"),))
    store.cache.set_overlay({key("a"): merge})
    assert by(store, "c") == by(store, "b") == (MONDAY, "Emne a")
    assert row(store, "c") == row(store, "c").placed()
    listed = store.cache.page(Query(due_before=MONDAY + timedelta(minutes=1)), 0, 9)
    assert [item.key for item in listed.items] == [key("c")]
    store.cache.set_overlay({})
    assert by(store, "c") == (THURSDAY, "Emne b")
    store.cache.set_overlay({key("b"): Overlay(state=State.NEW, tying=(Change(Verb.SPLIT, other="c"),))})
    assert by(store, "c") == (THURSDAY + timedelta(days=1), "")
