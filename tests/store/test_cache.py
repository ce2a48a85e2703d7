"""What the portal told is kept as it told it, newest edition first, and the lists follow."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest

from tests import hostile
from tests.store.made import (
    LISE,
    ME,
    PORTAL,
    START,
    Clock,
    items,
    key,
    party,
    patient,
    photo,
    post,
    random_batch,
    take,
    task,
    thread,
)
from workbench.dialogue.basis import Seen
from workbench.dialogue.conversation import Message, MessageState, Note
from workbench.dialogue.held import Batch, Colleague, Directory, Pool, Stamp
from workbench.dialogue.people import Me, Party, PartyKind, Role
from workbench.dialogue.queue import Query, Whose
from workbench.dialogue.work import Priority, State
from workbench.store.cache import Cache
from workbench.store.store import Store

ALL = Query(frozenset(State))


def texts(cache: Cache, name: str = "t") -> list[str]:
    found = cache.conversation(key(name))
    assert found is not None
    return [entry.text for entry in found.entries]


def test_a_row_says_what_the_list_shows(cache: Cache) -> None:
    due = START + timedelta(days=2)
    named = party("RelatedPerson/far", "Ola Far", PartyKind.RELATED)
    changed = take(
        cache,
        threads=(thread("t"),),
        posts=(
            post("m1", "t", "Første", 0, attachments=(photo(), photo("b"))),
            post("m2", "t", "Hei\n  igjen " + "x" * 400, 9, "RelatedPerson/far"),
        ),
        tasks=(task("k", "t", State.ESCALATED, 5, owner=LISE, pool="resept", priority=Priority.STAT, due=due),),
        patients=(patient(),),
        parties=(named, party(LISE, "Lise Sekretær")),
    )
    assert changed == {"t"}
    item = items(cache)["t"]
    assert (item.title, item.patient, item.patient_name, item.birth) == (
        "Emne t",
        "Patient/a",
        "Ingrid Solberg",
        "1979-03-12",
    )
    assert (item.writer, item.from_patient, item.unread) == ("Ola Far", True, True)
    assert (item.state, item.whose, item.owner_name) == (State.ESCALATED, Whose.COLLEAGUE, "Lise Sekretær")
    assert (item.pool, item.priority, item.category, item.due) == ("resept", Priority.STAT, "e-kontakt", due)
    assert item.latest == START + timedelta(minutes=9)
    assert item.preview == ("Hei igjen " + "x" * 400)[:200]
    assert item.attachments == 2


def test_an_older_or_equal_edition_changes_nothing(cache: Cache) -> None:
    take(cache, threads=(thread("t", minute=5, title="ny"),), posts=(post("m", "t", "ny", 5, version="2"),))
    assert take(cache, threads=(thread("t", minute=4, title="gammel"),)) == frozenset()
    assert take(cache, posts=(post("m", "t", "gammel", 4, version="1"),)) == frozenset()
    assert take(cache, posts=(post("m", "t", "samme", 5, version="2"),)) == frozenset()
    assert (items(cache)["t"].title, texts(cache)) == ("ny", ["ny"])
    assert take(cache, posts=(post("m", "t", "nyere", 5, version="3"),)) == {"t"}
    assert texts(cache) == ["nyere"]


def test_the_newest_edition_wins_inside_one_batch_too(cache: Cache) -> None:
    take(cache, threads=(thread("t"),), posts=(post("m", "t", "ny", 5), post("m", "t", "gammel", 4)))
    assert texts(cache) == ["ny"]


def test_order_of_arrival_does_not_matter(cache: Cache, store: Store) -> None:
    seed = 11
    rng = Random(seed)
    whole = random_batch(rng, 60)
    pieces = [Batch(threads=(each,)) for each in whole.threads]
    pieces += [Batch(posts=(each,)) for each in whole.posts]
    pieces += [Batch(tasks=(each,)) for each in whole.tasks]
    cache.apply(PORTAL, whole)
    expected = items(cache)
    talks = {name: cache.conversation(key(name)) for name in expected}
    assert len(expected) == 60
    store.wipe_cache()
    store.cache.me(PORTAL, ME)
    rng.shuffle(pieces)
    for piece in pieces + pieces[:20]:
        store.cache.apply(PORTAL, piece)
    assert items(store.cache) == expected, f"seed {seed}"
    for name, talk in talks.items():
        again = store.cache.conversation(key(name))
        assert again is not None
        assert talk is not None
        assert replace(again, entries=()) == replace(talk, entries=()), f"seed {seed}"
        assert sorted(map(str, again.entries)) == sorted(map(str, talk.entries)), f"seed {seed}"


def test_a_message_before_its_header_waits_for_it(cache: Cache) -> None:
    assert take(cache, posts=(post("m", "t", "Hei"),)) == {"t"}
    assert items(cache) == {}
    assert cache.conversation(key("t")) is None
    assert set(cache.missing(PORTAL, 10)) == {"Communication/t", "Patient/a"}
    take(cache, threads=(thread("t"),), patients=(patient(),))
    assert list(items(cache)) == ["t"]
    assert cache.missing(PORTAL, 10) == (ME,)


def test_a_task_before_its_header_waits_for_it(cache: Cache) -> None:
    take(cache, tasks=(task("k", "t", State.CLAIMED, owner=ME),))
    assert cache.counts([ALL]) == (0,)
    take(cache, threads=(thread("t"),))
    assert items(cache)["t"].whose is Whose.ME


def test_an_answer_to_a_message_belongs_to_that_messages_conversation(cache: Cache) -> None:
    take(cache, posts=(post("m2", "m1", "svar på svar", 5),))
    take(cache, posts=(post("m1", "t", "svar", 3),))
    take(cache, threads=(thread("t"),))
    assert texts(cache) == ["svar", "svar på svar"]
    take(cache, posts=(post("m2", "m1", "rettet", 6, version="2"),))
    assert texts(cache) == ["svar", "rettet"]
    assert "Communication/m1" not in cache.missing(PORTAL, 10)


def test_what_is_not_given_is_not_asked_for_again_the_same_day(cache: Cache, clock: Clock) -> None:
    take(cache, posts=(post("m", "t"),))
    cache.note_missing(PORTAL, ["Communication/t"])
    assert cache.missing(PORTAL, 10) == ("Patient/a",)
    take(cache, posts=(post("m2", "t"),))
    assert cache.missing(PORTAL, 10) == ("Patient/a",)
    clock.pass_(hours=25)
    assert set(cache.missing(PORTAL, 10)) == {"Communication/t", "Patient/a"}
    assert len(cache.missing(PORTAL, 1)) == 1


@pytest.mark.parametrize(
    "reference", ["", "#inne", "https://annen.example/Patient/1", "Patient/1?x=y", "Patient/" + "x" * 65]
)
def test_only_plain_references_are_asked_for(cache: Cache, reference: str) -> None:
    take(cache, threads=(thread("t", reference, recipients=()),))
    assert cache.missing(PORTAL, 10) == ()
    assert list(items(cache)) == ["t"]


def test_notes_are_never_messages(cache: Cache) -> None:
    take(
        cache,
        threads=(thread("t"), thread("side", "", internal=True, about="t", recipients=())),
        posts=(
            post("m", "t", "Hei", 1),
            post("n", "side", "bare for oss", 2, ME),
            post("n2", "t", "feil sted, men merket", 3, ME, internal=True),
        ),
    )
    found = cache.conversation(key("t"))
    assert found is not None
    assert [type(entry) for entry in found.entries] == [Message, Note, Note]
    assert items(cache)["t"].preview == "Hei"
    assert items(cache)["t"].from_patient
    assert list(items(cache)) == ["t"]
    assert cache.conversation(key("side")) is None
    assert items(cache, replace(ALL, words="bare oss")).keys() == {"t"}


def test_a_side_thread_known_by_its_task_alone_finds_its_conversation(cache: Cache) -> None:
    side = thread("side", "", internal=True, task="k", recipients=())
    take(cache, threads=(side, thread("t")), posts=(post("n", "side", "notat", 2, ME),))
    assert texts(cache) == []
    assert take(cache, tasks=(task("k", "t"),)) == {"t"}
    assert texts(cache) == ["notat"]
    assert take(cache, posts=(post("n2", "side", "til", 3, ME),)) == {"t"}
    assert texts(cache) == ["notat", "til"]


def test_a_retracted_message_is_no_last_word_and_cannot_be_found(cache: Cache) -> None:
    take(cache, threads=(thread("t"),), posts=(post("m", "t", "rett", 1, ME), post("m2", "t", "feilsendt", 2)))
    assert items(cache)["t"].from_patient
    take(cache, posts=(post("m2", "t", "feilsendt", 3, version="2", state=MessageState.RETRACTED),))
    item = items(cache)["t"]
    assert (item.preview, item.from_patient) == ("rett", False)
    assert items(cache, replace(ALL, words="feilsendt")) == {}
    found = cache.conversation(key("t"))
    assert found is not None
    assert [entry.state for entry in found.entries if isinstance(entry, Message)] == [
        MessageState.SENT,
        MessageState.RETRACTED,
    ]


def test_what_the_portal_deleted_is_gone_and_can_come_back(cache: Cache) -> None:
    both = (post("m", "t", "en", 1), post("m2", "t", "to", 2))
    take(cache, threads=(thread("t"),), posts=both, tasks=(task("k", "t", State.DONE, 9),))
    assert take(cache, gone=("Communication/m2",)) == {"t"}
    assert texts(cache) == ["en"]
    assert take(cache, gone=("Task/k",)) == {"t"}
    assert items(cache)["t"].state is State.NEW
    assert take(cache, gone=("Communication/t",)) == {"t"}
    assert items(cache) == {}
    assert cache.conversation(key("t")) is None
    assert cache.counts([replace(ALL, words="en")]) == (0,)
    assert "Communication/t" not in cache.missing(PORTAL, 10)
    take(cache, threads=(thread("t"),), posts=both[:1])
    assert texts(cache) == ["en"]


def test_a_retracted_header_leaves_the_lists(cache: Cache) -> None:
    take(cache, threads=(thread("t"),))
    assert take(cache, threads=(thread("t", minute=2, retracted=True),)) == {"t"}
    assert items(cache) == {}
    assert cache.counts([ALL]) == (0,)


def test_messages_of_two_patients_in_one_thread_are_said(cache: Cache) -> None:
    take(cache, threads=(thread("t"), thread("u"), thread("v")))
    take(cache, posts=(post("m", "t", patient="Patient/b"), post("m2", "u", sender="Patient/b"), post("m3", "v")))
    mixed = {name: getattr(cache.conversation(key(name)), "mixed", None) for name in "tuv"}
    assert mixed == {"t": True, "u": True, "v": False}


def test_people_are_told_by_name_once_they_are_read(cache: Cache) -> None:
    take(cache, threads=(thread("t", recipients=("Patient/a", "RelatedPerson/far", ME)),), posts=(post("m", "t"),))
    found = cache.conversation(key("t"))
    assert found is not None
    assert found.patient is None
    assert found.readers == (
        Party("Patient/a", "", PartyKind.PATIENT),
        Party("RelatedPerson/far", "", PartyKind.RELATED),
    )
    changed = take(cache, patients=(patient(),), parties=(party("RelatedPerson/far", "Ola", PartyKind.RELATED),))
    assert changed == {"t"}
    found = cache.conversation(key("t"))
    assert found is not None
    assert found.patient == patient().patient
    assert [reader.name for reader in found.readers] == ["Ingrid Solberg", "Ola"]
    assert found.writer == Party("Patient/a", "Ingrid Solberg", PartyKind.PATIENT)


def test_who_began_a_conversation_is_said_to_read_the_answer(cache: Cache) -> None:
    take(cache, threads=(thread("t", recipients=(ME,), sender="RelatedPerson/far"), thread("u", recipients=())))
    readers = {
        name: [each.reference for each in shown.readers] for name in "tu" if (shown := cache.conversation(key(name)))
    }
    assert readers == {"t": ["RelatedPerson/far"], "u": ["Patient/a"]}


def test_the_patients_words_open_what_was_done_or_waiting(cache: Cache) -> None:
    take(cache, threads=(thread("t"),), posts=(post("m", "t", "Hei", 1),))
    for turn, (state, owner, again) in enumerate(
        [
            (State.DONE, "", State.NEW),
            (State.DONE, ME, State.CLAIMED),
            (State.WAITING_PATIENT, ME, State.CLAIMED),
            (State.ESCALATED, ME, State.ESCALATED),
        ]
    ):
        minute = 10 * (turn + 1)
        take(cache, tasks=(task("k", "t", state, minute, owner=owner, version=str(turn)),))
        assert items(cache)["t"].state is state
        take(cache, posts=(post(f"s{turn}", "t", "svar", minute + 1, LISE),))
        assert items(cache)["t"].state is state
        take(cache, posts=(post(f"p{turn}", "t", "mer", minute + 2),))
        assert items(cache)["t"].state is again


def test_what_somebody_changes_in_a_finished_task_does_not_finish_what_the_patient_wrote_since(cache: Cache) -> None:
    take(cache, threads=(thread("t"),), posts=(post("m", "t", "Hei", 1),))
    done = task("k", "t", State.DONE, 10, version="1")
    take(cache, tasks=(done,))
    take(cache, posts=(post("p", "t", "mer", 12),))
    touched = task("k", "t", State.DONE, 20, version="2", priority=Priority.URGENT)
    take(cache, tasks=(touched,))
    assert items(cache)["t"].state is State.NEW
    again = task("k", "t", State.DONE, 30, version="3", ended="2026-03-02T09:30:00Z")
    take(cache, tasks=(again,))
    assert items(cache)["t"].state is State.DONE
    take(cache, posts=(post("q", "t", "enda mer", 32),))
    assert items(cache)["t"].state is State.NEW


def test_a_message_without_a_time_does_not_move_behind_what_answers_it(cache: Cache) -> None:
    sent = post("s", "t", "Hvordan går det?", 2, LISE)
    undated = replace(sent, stamp=replace(sent.stamp, updated=sent.sent))
    take(cache, threads=(thread("t"),), posts=(undated, post("p", "t", "Dårlig", 4)))
    later = sent.sent + timedelta(minutes=10)
    read = replace(undated, stamp=Stamp("s", "2", later), sent=later, state=MessageState.READ)
    take(cache, posts=(read,))
    assert items(cache)["t"].from_patient
    held = cache.conversation(key("t"))
    assert held is not None
    assert [entry.text for entry in held.entries] == ["Hvordan går det?", "Dårlig"]


def test_seen_until_the_patient_writes_again(cache: Cache) -> None:
    take(cache, threads=(thread("t"),), posts=(post("m", "t", "Hei", 1),))
    assert items(cache)["t"].unread
    assert cache.mark_seen(key("t"))
    assert not cache.mark_seen(key("t"))
    assert not cache.mark_seen(key("nowhere"))
    assert not items(cache)["t"].unread
    take(cache, threads=(thread("t", minute=1),))
    assert not items(cache)["t"].unread
    take(cache, posts=(post("m2", "t", "mer", 2),))
    assert items(cache)["t"].unread
    take(cache, posts=(post("m3", "t", "svar", 3, ME),))
    assert not items(cache)["t"].unread


def test_whose_follows_who_acts(cache: Cache) -> None:
    names = {"a": ME, "b": LISE, "c": ""}
    take(cache, threads=tuple(map(thread, names)), tasks=tuple(task(f"k{n}", n, owner=o) for n, o in names.items()))
    queries = [Query(whose=whose) for whose in Whose]
    assert cache.counts(queries) == (1, 1, 1)
    assert list(items(cache, Query(whose=Whose.ME))) == ["a"]
    assert cache.me(PORTAL, LISE)
    assert not cache.me(PORTAL, LISE)
    assert list(items(cache, Query(whose=Whose.ME))) == ["b"]
    assert cache.counts(queries) == (1, 1, 1)
    cache.me(PORTAL, "")
    assert cache.counts(queries) == (0, 1, 2)


def test_the_basis_changes_when_something_is_said_and_not_when_it_is_read(cache: Cache) -> None:
    take(cache, threads=(thread("t"),), posts=(post("m", "t", "Hei", 1),))
    first = cache.basis(key("t"))
    found = cache.conversation(key("t"))
    assert found is not None
    assert first == found.basis == Seen.of(found).written()
    take(cache, posts=(post("m", "t", "Hei", 2, version="2", state=MessageState.READ),))
    take(
        cache,
        posts=(
            replace(post("m", "t", "Hei", 1, version="3", state=MessageState.READ), sent=START + timedelta(minutes=1)),
        ),
    )
    assert cache.basis(key("t")) == first
    take(cache, posts=(post("m2", "t", "mer", 3),))
    assert cache.basis(key("t")) != first
    assert cache.basis(key("nowhere")) == ""


def test_resume_points_move_forward_with_their_page(cache: Cache, clock: Clock) -> None:
    assert cache.resume_point(PORTAL, "Task") is None
    assert cache.age(PORTAL) is None
    cache.apply(PORTAL, Batch(threads=(thread("t"),)), "Communication", START)
    assert cache.age(PORTAL) == clock.now
    cache.apply(PORTAL, Batch(), "Communication", START - timedelta(days=1))
    cache.apply(PORTAL, Batch(), "Communication")
    assert cache.resume_point(PORTAL, "Communication") == START
    assert cache.resume_point(PORTAL, "Task") is None
    assert cache.resume_point("annen", "Communication") is None


def test_a_page_that_fails_leaves_nothing_of_itself(cache: Cache) -> None:
    take(cache, threads=(thread("t"),))
    bad = post("m", "t", "Hei \ud800")
    with pytest.raises(UnicodeEncodeError):
        cache.apply(PORTAL, Batch(threads=(thread("u"),), posts=(bad,)), "Communication", START)
    assert list(items(cache)) == ["t"]
    assert cache.resume_point(PORTAL, "Communication") is None
    take(cache, threads=(thread("v"),))
    assert set(items(cache)) == {"t", "v"}


def test_two_portals_with_the_same_ids_stay_apart(cache: Cache) -> None:
    for portal, words in ((PORTAL, "en"), ("regional", "to")):
        cache.apply(
            portal,
            Batch(threads=(thread("t", title=words),), posts=(post("m", "t", words),), patients=(patient(name=words),)),
        )
    cache.apply("regional", Batch(gone=("Communication/m",)))
    assert [item.title for item in cache.page(Query(portal=PORTAL), 0, 9).items] == ["en"]
    assert cache.counts([Query(), Query(portal="regional"), Query(portal="ingen")]) == (2, 1, 0)
    assert {item.patient_name for item in cache.page(Query(), 0, 9).items} == {"en", "to"}
    assert texts(cache) == ["en"]


def test_who_works_there_and_who_acts_are_remembered(cache: Cache) -> None:
    told = Directory((Colleague(ME, "Kari", "lege", ("resept",)),), (Pool("resept", "Resept"),), "Sørenga")
    assert cache.staff.directory(PORTAL) == Directory()
    cache.staff.keep_directory(PORTAL, told)
    assert cache.staff.directory(PORTAL) == told
    me = Me(PORTAL, ME, "Kari", Role.CLINICIAN, "lege", "Sørenga", ("resept", "time"))
    assert cache.staff.person(PORTAL) is None
    cache.staff.keep_person(me)
    assert cache.staff.person(PORTAL) == me
    take(cache, threads=(thread("t"),), tasks=(task("k", "t", pool="time"),))
    assert cache.pools() == ("time",)


def test_our_own_identifiers_are_known_again(cache: Cache) -> None:
    take(cache, threads=(thread("t"),), posts=(post("m", "t", client_id="id-1"), post("n", "t")))
    assert cache.holds(["id-1", "id-2", ""]) == {"id-1"}


def test_hostile_text_is_kept_exactly_and_never_breaks_a_row(cache: Cache) -> None:
    lines = hostile.hostile()
    clean = {line.id: line.text.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for line in lines}
    for name, text in clean.items():
        take(
            cache,
            threads=(thread(name, title=text[:2000]),),
            posts=(post(f"{name}m", name, text + "\0", sender="Patient/a"),),
            patients=(replace(patient(), patient=replace(patient().patient, name=text[:500])),),
        )
    for name, text in clean.items():
        assert texts(cache, name) == [text + "\0"]
    rows = cache.page(ALL, 0, 1000)
    assert rows.total == len(clean) == len(rows.items)
    assert all(len(item.preview) <= 200 and "\n" not in item.preview for item in rows.items)
    for text in clean.values():
        cache.page(replace(ALL, words=text[:300]), 0, 5)


def test_a_receipt_is_no_word_in_the_dialogue_whoever_looks(cache: Cache) -> None:
    take(cache, threads=(thread("t", title=""),), posts=(post("m", "t", "Hei", 1),), patients=(patient(),))
    before = items(cache)["t"]
    take(cache, posts=(post("r", "t", "Vi svarer snart", 2, ME, receipt=True, attachments=(photo(),)),))
    assert items(cache)["t"] == before
    found = cache.conversation(key("t"))
    assert found is not None
    assert [(entry.text, isinstance(entry, Message) and entry.receipt) for entry in found.entries] == [
        ("Hei", False),
        ("Vi svarer snart", True),
    ]
    assert found.title == before.title == "Hei"
    take(cache, posts=(post("s", "t", "Kom i morgen", 3, ME),))
    answered = items(cache)["t"]
    assert (answered.from_patient, answered.preview) == (False, "Kom i morgen")
    assert [item.key.thread for item in cache.page(replace(ALL, words="snart"), 0, 9).items] == ["t"]


def test_what_the_patient_calls_a_receipt_is_a_message(cache: Cache) -> None:
    take(cache, threads=(thread("t"),), posts=(post("m", "t", "Hei", 1, receipt=True),), patients=(patient(),))
    assert items(cache)["t"].from_patient


def test_a_reply_from_a_clock_that_is_ahead_hides_no_words_of_the_patient(cache: Cache) -> None:
    take(cache, threads=(thread("t"),), posts=(post("m1", "t"),))
    cache.caught_up(PORTAL)
    take(cache, tasks=(task("w", "t", minute=60),))
    reply = replace(post("r", "t", minute=10, sender=ME), sent=START + timedelta(minutes=30))
    take(cache, posts=(reply, post("m2", "t", minute=20)))
    (item,) = cache.page(Query(), 0, 10).items
    assert item.from_patient, "by the portal's clock the patient wrote last"
