"""What is held of a portal is believed only while it lies where it lay when it told it."""

from __future__ import annotations

import pytest

from tests.store.made import PORTAL, items, key, patient, post, save, take, task, thread
from workbench import compose
from workbench.config import PortalSettings, Settings
from workbench.dialogue.held import Batch
from workbench.dialogue.outgoing import Draft, Kind, Reason, Sending
from workbench.dialogue.work import Change, Verb
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
    assert held.drafts.list() == (draft,)


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
