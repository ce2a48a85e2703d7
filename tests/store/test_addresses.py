"""What is held of a portal is believed only while it lies where it lay when it told it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.store.made import PORTAL, Clock, items, key, open_store, patient, post, save, take, task, thread
from workbench import compose
from workbench.config import PortalSettings, Settings
from workbench.desk.desk import Desk
from workbench.desk.sender import Sender
from workbench.dialogue.held import Batch
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Draft, Kind, Reason, Sending
from workbench.dialogue.people import Me, Role
from workbench.dialogue.queue import Query
from workbench.dialogue.work import Change, State, Verb
from workbench.failure import Exit, Failure
from workbench.store.store import Store

ME = "Practitioner/kari"
HERE, ELSEWHERE = "https://portal.example/fhir", "https://other.example/fhir"


def at(store: Store, base: str, other: str = "https://second.example/fhir") -> None:
    """A session of two portals, the first of which lies there."""
    portals = (PortalSettings(PORTAL, base), PortalSettings("regional", other))
    compose.session_on(store, Settings(portals=portals))


@pytest.fixture
def held(store: Store) -> Store:
    at(store, HERE)
    take(store.cache, patients=(patient(),), threads=(thread("t"),), posts=(post("p", "t"),), tasks=(task("k", "t"),))
    store.cache.apply(PORTAL, Batch(), "Communication", post("p", "t").stamp.updated)
    return store


def test_at_the_same_address_all_is_as_it_was(held: Store) -> None:
    at(held, HERE)
    assert set(items(held.cache)) == {"t"}
    assert held.cache.resume_point(PORTAL, "Communication") is not None


def test_at_another_nothing_is_held_and_all_is_asked_for_anew(held: Store) -> None:
    at(held, ELSEWHERE)
    assert items(held.cache) == {}
    assert held.cache.resume_point(PORTAL, "Communication") is None
    take(held.cache, threads=(thread("t"),))
    at(held, ELSEWHERE)
    assert set(items(held.cache)) == {"t"}, "once"


def test_what_waits_for_it_stops_and_no_word_is_lost(held: Store) -> None:
    draft = save(held, Draft(key("t"), ME, Kind.REPLY, "Et utkast"))
    reply = held.outbox.queue_draft(Draft(key("u"), ME, Kind.REPLY, "Hei"), patient="Patient/a", basis="b")
    note = held.outbox.queue_draft(Draft(key("u"), ME, Kind.NOTE, "Notat"), patient="Patient/a", basis="b")
    other = held.outbox.queue_change(
        key("t")._replace(portal="regional"), ME, Change(Verb.DONE), patient="Patient/a", basis="b"
    )
    assert held.outbox.start(reply.id)
    held.outbox.settle(reply.id, Sending.UNKNOWN)
    at(held, ELSEWHERE)
    states = {entry.id: (entry.state, entry.reason) for entry in held.outbox.all()}
    stopped = Sending.NEEDS_YOU, Reason.CONFLICT
    assert states == {reply.id: stopped, note.id: stopped, other.id: (Sending.QUEUED, "")}
    assert held.outbox.due(PORTAL) == ()
    assert [one.text for one in held.drafts.list()] == [draft.text]


def test_a_draft_never_stands_in_the_conversation_that_has_the_same_id_elsewhere(held: Store) -> None:
    desk = Desk(held, lambda portal: Me(portal, ME, "Kari", Role.SUPPORT), Clock())
    draft = save(held, Draft(key("t"), ME, Kind.REPLY, "Om Ingrids prøver"))
    for _ in range(2):
        at(held, ELSEWHERE)
        take(held.cache, patients=(patient("Patient/b", "Ola Vik"),), threads=(thread("t", "Patient/b"),))
        assert desk.draft(key("t"), Kind.REPLY).empty, "that is another patient's"
        (stranded,) = desk.stranded()
        assert (stranded.text, stranded.key.portal) == (draft.text, PORTAL)
        save(held, Draft(key("t"), ME, Kind.NOTE, "Om Ola"))
        at(held, HERE)
        take(held.cache, patients=(patient(),), threads=(thread("t"),))
        assert desk.draft(key("t"), Kind.REPLY).text == draft.text, "where it was written it is there again"
        assert desk.draft(key("t"), Kind.NOTE).empty
        assert [one.text for one in desk.stranded()] == ["Om Ola"]


def test_a_reply_that_stopped_never_comes_back_into_the_conversation_that_has_the_same_id_elsewhere(
    held: Store,
) -> None:
    reply = held.outbox.queue_draft(Draft(key("t"), ME, Kind.REPLY, "Om Ingrid"), patient="Patient/a", basis="b")
    note = held.outbox.queue_draft(Draft(key("t"), ME, Kind.NOTE, "Om Ingrid"), patient="Patient/a", basis="b")
    at(held, ELSEWHERE)
    take(held.cache, patients=(patient("Patient/b", "Ola Vik"),), threads=(thread("t", "Patient/b"),))
    assert held.outbox.entries(key("t")) == (), "that is another patient's"
    assert held.outbox.cancel(note.id)
    assert held.drafts.get(key("t"), ME, Kind.NOTE) is None
    at(held, HERE)
    assert [entry.id for entry in held.outbox.entries(key("t"))] == [reply.id]
    brought = held.drafts.get(key("t"), ME, Kind.NOTE)
    assert brought is not None
    assert brought.text == "Om Ingrid"


def test_drafts_of_the_same_place_are_joined_and_none_is_lost(held: Store) -> None:
    for words in ("Først", "Så"):
        save(held, Draft(key("t"), ME, Kind.REPLY, words))
        held.drafts.move(PORTAL, HERE, ELSEWHERE)
    (aside,) = held.drafts.list()
    assert aside.text == "Først\n\nSå"
    assert held.drafts.get(key("t"), ME, Kind.REPLY) is None


def test_what_was_held_before_addresses_were_remembered_stays(store: Store) -> None:
    take(store.cache, threads=(thread("t"),))
    at(store, HERE)
    assert set(items(store.cache)) == {"t"}


def test_a_portal_on_this_machine_may_listen_at_another_port(held: Store) -> None:
    at(held, "http://127.0.0.1:8103/fhir")
    take(held.cache, threads=(thread("t"),))
    at(held, "http://127.0.0.1:9204/fhir")
    assert set(items(held.cache)) == {"t"}
    at(held, "http://127.0.0.1:9204/fhir/R4")
    assert items(held.cache) == {}


def waiting(store: Store) -> str:
    """A reply that waits for the first portal."""
    draft = Draft(key("u"), ME, Kind.REPLY, "Hei")
    return store.outbox.queue_draft(draft, patient="Patient/a", basis="b").id


def stopped(store: Store, identity: str) -> bool:
    entry = store.outbox.get(identity)
    assert entry is not None
    return (entry.state, entry.reason) == (Sending.NEEDS_YOU, Reason.CONFLICT) and not store.outbox.due(PORTAL)


def test_a_reply_stops_though_what_was_held_was_thrown_away_before_the_portal_moved(held: Store) -> None:
    reply = waiting(held)
    held.wipe_cache()
    at(held, ELSEWHERE)
    assert stopped(held, reply)


def test_a_reply_to_a_portal_that_was_taken_out_stops_when_it_comes_back_elsewhere(held: Store) -> None:
    reply = waiting(held)
    for base in ("https://second.example/fhir", "https://third.example/fhir"):
        compose.session_on(held, Settings(portals=(PortalSettings("regional", base),)))
    at(held, ELSEWHERE, "https://third.example/fhir")
    assert stopped(held, reply)


def test_a_reply_stops_when_the_portal_moved_while_what_is_held_was_of_a_newer_program(
    held: Store, tmp_path: Path
) -> None:
    reply = waiting(held)
    with held.cache._writer.write() as cursor:
        cursor.execute("PRAGMA user_version = 99")
    held.close()
    again = open_store(tmp_path / "store")
    at(again, ELSEWHERE)
    assert stopped(again, reply)
    again.close()


def test_a_portal_is_not_moved_under_a_window_that_is_open(held: Store, tmp_path: Path) -> None:
    """What is written in it after that would wait for the new address, which no one could tell any more."""
    window = Sender(held.folder, held.outbox)
    assert window.acquire("the window")
    other = open_store(tmp_path / "store")
    with pytest.raises(Failure) as caught:
        at(other, ELSEWHERE)
    assert caught.value.code == Exit.STORE
    at(other, HERE)
    reply = waiting(held)
    assert set(items(other.cache)) == {"t"}
    window.release("the window")
    at(other, ELSEWHERE)
    assert stopped(other, reply)
    assert items(other.cache) == {}
    other.close()


def test_what_is_held_of_a_portal_that_is_called_otherwise_now_stands_once(held: Store) -> None:
    named = PortalSettings("Nasjonal portal", HERE)
    compose.session_on(held, Settings(portals=(named,)))
    held.cache.apply(named.name, Batch((thread("t"),), (post("p", "t"),), (task("k", "t"),), (patient(),)))
    found = held.cache.page(Query(frozenset(State)), 0, 100)
    assert [item.key for item in found.items] == [Key(named.name, "t")]
    assert held.cache.counts((Query(frozenset(State)),)) == (1,)


def test_one_that_comes_back_is_fetched_anew_and_its_drafts_are_there(held: Store) -> None:
    draft = save(held, Draft(key("t"), ME, Kind.REPLY, "Et utkast"))
    compose.session_on(held, Settings(portals=(PortalSettings("regional", "https://second.example/fhir"),)))
    assert items(held.cache) == {}
    at(held, HERE)
    assert held.cache.resume_point(PORTAL, "Communication") is None
    take(held.cache, threads=(thread("t"),))
    assert set(items(held.cache)) == {"t"}
    assert held.drafts.list() == (draft,)
