"""A red flag is read from the patient's words once, raises its conversation, and only an answer takes it away."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from tests.store.made import LISE, ME, PORTAL, START, Clock, key, open_store, post, task, thread
from workbench.dialogue.conversation import MessageState
from workbench.dialogue.held import Batch
from workbench.dialogue.queue import Item, Query
from workbench.dialogue.site import NO_FLAG, Flag, Site
from workbench.dialogue.tie import kept_first
from workbench.dialogue.work import Priority, State
from workbench.store.store import Store

DAYS = 24 * 60
ALL = Query(frozenset(State))


class Reader:
    """Finds one word, and counts what it read."""

    def __init__(self, word: str = "brystet") -> None:
        self.word, self.read = word, list[str]()

    def __call__(self, text: str) -> Flag:
        self.read.append(text)
        return ("chest", self.word) if self.word in text else NO_FLAG


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
def store(tmp_path: Path, reader: Reader) -> Store:
    return open_store(tmp_path, site=Site("one", reader))


def rows(store: Store, query: Query = ALL) -> dict[str, Item]:
    return {item.key.thread: item for item in store.cache.page(query, 0, 100).items}


def test_the_patients_words_flag_a_conversation_and_staffs_do_not(store: Store) -> None:
    store.cache.apply(
        PORTAL,
        Batch(
            (thread("theirs"), thread("staffs"), thread("mothers")),
            (
                post("a", "theirs", "vondt i brystet"),
                post("b", "staffs", "har du vondt i brystet?", sender=ME),
                post("c", "mothers", "han har vondt i brystet", sender="RelatedPerson/mor"),
            ),
        ),
    )
    assert {name: (row.flag, row.flag_words) for name, row in rows(store).items()} == {
        "theirs": ("chest", "brystet"),
        "staffs": NO_FLAG,
        "mothers": ("chest", "brystet"),
    }
    assert store.cache.flagged(key("theirs"))
    assert not store.cache.flagged(key("staffs"))


def test_a_title_under_which_the_patient_began_flags_too_and_staffs_does_not(store: Store) -> None:
    batch = Batch(
        (
            thread("theirs", title="Vondt i brystet"),
            thread("staffs", title="Vondt i brystet"),
            thread("both", title="brystet"),
        ),
        (
            post("a", "theirs", "Kan dere ringe meg?"),
            post("b", "staffs", "Hvordan gikk det?", sender=ME),
            post("c", "staffs", "Bra, takk.", 5),
            post("d", "both", "det gjør vondt i brystet"),
        ),
    )
    store.cache.apply(PORTAL, batch)
    found = {name: row.flag for name, row in rows(store).items()}
    assert found == {"theirs": "chest", "staffs": "", "both": "chest"}
    store.cache.apply(PORTAL, Batch(posts=(post("e", "theirs", "Vi ringer.", 5, sender=ME),)))
    assert rows(store)["theirs"].flag  # as a message's: it stays two weeks after an answer
    store.cache.apply(PORTAL, Batch(posts=(post("f", "theirs", "Takk, alt bra.", 15 * DAYS),)))
    assert not rows(store)["theirs"].flag


def test_a_title_that_comes_after_its_messages_flags(store: Store) -> None:
    store.cache.apply(PORTAL, Batch(posts=(post("a", "late", "Kan dere ringe meg?"),)))
    store.cache.apply(PORTAL, Batch((thread("late", title="Vondt i brystet"),)))
    assert rows(store)["late"].flag == "chest"


def test_a_flag_stands_before_all_that_is_not_as_urgent(store: Store) -> None:
    store.cache.apply(
        PORTAL,
        Batch(
            (thread("urgent"), thread("flagged")),
            (post("a", "urgent", "hei", -500), post("b", "flagged", "brystet")),
            (task("t", "urgent", priority=Priority.ASAP, due=START),),
        ),
    )
    assert [item.key.thread for item in store.cache.page(ALL, 0, 9).items] == ["flagged", "urgent"]


def test_what_is_set_as_immediate_stands_before_what_a_rule_alone_has_found(store: Store) -> None:
    names = ("calm", "asap", "flagged", "late flagged", "immediate", "both")
    flagged = [post(name, name, "brystet") for name in ("flagged", "late flagged", "both")]
    plain = [post(name, name, "hei") for name in ("calm", "asap", "immediate")]
    levels = {"asap": Priority.ASAP, "immediate": Priority.STAT, "both": Priority.STAT, "flagged": Priority.ASAP}
    days = {"both": 9, "immediate": 8, "flagged": 2, "late flagged": 3, "asap": 1, "calm": 1}
    tasks = [
        task(f"t-{name}", name, priority=levels.get(name, Priority.ROUTINE), due=START + timedelta(days=days[name]))
        for name in names
    ]
    store.cache.apply(PORTAL, Batch(tuple(map(thread, names)), (*flagged, *plain), tuple(tasks)))
    found = [item.key.thread for item in store.cache.page(ALL, 0, 9).items]
    assert found == ["immediate", "both", "flagged", "late flagged", "asap", "calm"]
    soon = Query(due_before=START + timedelta(days=8, hours=1))
    found = [item.key.thread for item in store.cache.page(soon, 0, 9).items]
    assert found == ["immediate", "flagged", "late flagged", "asap", "calm"]
    kept, goes = kept_first(*(rows(store)[name] for name in ("immediate", "late flagged")))
    assert (kept.key.thread, goes.key.thread) == ("late flagged", "immediate"), (
        "no red flag is folded under another row"
    )


def test_a_flag_stays_until_it_is_answered_and_two_weeks_of_talk_after(store: Store) -> None:
    store.cache.apply(PORTAL, Batch((thread("t"),), (post("a", "t", "brystet"), post("b", "t", "hallo?", 90 * DAYS))))
    assert rows(store)["t"].flag, "nobody has answered"
    store.cache.apply(PORTAL, Batch(posts=(post("c", "t", "ring 113", 91 * DAYS, sender=ME),)))
    assert not rows(store)["t"].flag
    store.cache.apply(PORTAL, Batch((thread("u"),), (post("d", "u", "brystet"), post("e", "u", "ring", 10, sender=ME))))
    assert rows(store)["u"].flag, "it has only just been answered"
    store.cache.apply(PORTAL, Batch(posts=(post("f", "u", "takk", 13 * DAYS),)))
    assert rows(store)["u"].flag
    store.cache.apply(PORTAL, Batch(posts=(post("g", "u", "ny sak", 15 * DAYS),)))
    assert not rows(store)["u"].flag


def test_what_is_retracted_or_changed_flags_nothing(store: Store) -> None:
    store.cache.apply(PORTAL, Batch((thread("t"),), (post("a", "t", "brystet"),)))
    retracted = post("a", "t", "brystet", version="2", state=MessageState.RETRACTED)
    store.cache.apply(PORTAL, Batch(posts=(retracted,)), truth=True)
    assert not rows(store)["t"].flag
    store.cache.apply(PORTAL, Batch(posts=(post("a", "t", "beinet", version="3"),)), truth=True)
    assert not rows(store)["t"].flag
    store.cache.apply(PORTAL, Batch(posts=(post("a", "t", "brystet", version="4"),)), truth=True)
    assert rows(store)["t"].flag


def test_what_is_done_is_not_read_until_it_is_open_again(store: Store, reader: Reader) -> None:
    done = task("k", "t", State.DONE, 5, owner=LISE)
    store.cache.apply(PORTAL, Batch((thread("t"),), (), (done,)))
    store.cache.apply(PORTAL, Batch(posts=(post("a", "t", "brystet"),)))
    assert reader.read == []
    assert not rows(store)["t"].flag
    store.cache.apply(PORTAL, Batch(tasks=(task("k", "t", State.CLAIMED, 6, version="2", owner=LISE),)))
    assert rows(store)["t"].flag


def test_each_message_is_read_once(store: Store, reader: Reader) -> None:
    store.cache.apply(PORTAL, Batch((thread("t"),), (post("a", "t", "hei"), post("b", "t", "hallo", 1))))
    store.cache.apply(PORTAL, Batch(posts=(post("c", "t", "igjen", 2),)))
    store.cache.apply(PORTAL, Batch(tasks=(task("k", "t"),)))
    assert sorted(text for text in reader.read if text != "Emne t") == ["hallo", "hei", "igjen"]


def test_other_rules_judge_what_is_held_anew_step_by_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = open_store(tmp_path, site=Site("one", Reader()))
    threads = tuple(thread(f"t{n}") for n in range(7))
    posts = tuple(post(f"m{n}", f"t{n}", "beinet" if n % 2 else "brystet") for n in range(7))
    first.cache.apply(PORTAL, Batch(threads, posts))
    while first.cache.judge() is not None:
        pass
    assert first.cache.judge() is None, "these rules have judged all of it"
    first.close()

    monkeypatch.setattr("workbench.store.restating.STEP", 3)
    rule = Reader("beinet")
    second = open_store(tmp_path, site=Site("two", rule, due_of=lambda sent, _code: sent + timedelta(days=2)))
    steps = []
    while (judged := second.cache.judge()) is not None:
        steps.append(len(judged))
    assert steps == [3, 3, 1]
    assert {name for name, row in rows(second).items() if row.flag} == {"t1", "t3", "t5"}
    assert all(row.due == START + timedelta(days=2) for row in rows(second).values())
    second.close()

    monkeypatch.setattr("workbench.store.restating.STEP", 5)
    third = open_store(tmp_path, site=Site("three", Reader("brystet")))
    third.cache.judge()
    third.close()
    again = open_store(tmp_path, site=Site("three", Reader("brystet")))
    assert len(again.cache.judge() or ()) == 2, "it goes on where it was stopped"
    again.close()


def test_a_deadline_the_portal_names_goes_before_the_sites_own(tmp_path: Path) -> None:
    store = open_store(tmp_path, site=Site("one", due_of=lambda sent, code: sent + timedelta(days=len(code))))
    store.cache.apply(
        PORTAL,
        Batch(
            (thread("named"), thread("not"), thread("waits"), thread("answered")),
            (
                post("a", "named"),
                post("b", "not", "hei", 5),
                post("b2", "not", "hallo?", 900),
                post("c", "waits"),
                post("d", "answered"),
                post("e", "answered", "svar", 5, sender=ME),
            ),
            (task("k", "named", due=START), task("l", "waits", State.WAITING_PATIENT, 60)),
        ),
    )
    due = {name: row.due for name, row in rows(store).items()}
    assert due["named"] == START
    assert due["not"] == START + timedelta(minutes=5, days=len("e-kontakt")), "the first word that nobody answered"
    assert due["waits"] is None
    assert due["answered"] is None


def test_what_is_snoozed_wakes_by_the_clock(tmp_path: Path) -> None:
    clock = Clock()
    store = open_store(tmp_path, clock=clock)
    later = START + timedelta(hours=3)
    store.cache.apply(
        PORTAL,
        Batch((thread("t"),), (post("a", "t", "hei", -10),), (task("k", "t", State.SNOOZED, owner=ME, until=later),)),
    )
    assert (rows(store)["t"].state, rows(store)["t"].wakes) == (State.SNOOZED, later)
    assert store.cache.wake() == frozenset()
    clock.pass_(hours=4)
    assert store.cache.wake() == {key("t")}
    assert (rows(store)["t"].state, rows(store)["t"].wakes) == (State.CLAIMED, None)
    assert store.cache.wake() == frozenset()
