"""The switchboard around a running portal: each fault as a client meets it on the wire, over real HTTP."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import httpx
import pytest

from client.http import Http
from client.origin import Base
from client.portal import Portal as Client
from tests.faults.matrix import faults
from tests.sandbox.conftest import Portal, fresh_store, running
from workbench.sandbox.faults.plan import Plan
from workbench.sandbox.faults.spelling import parse, spelled
from workbench.sandbox.faults.switchboard import switchboard
from workbench.sandbox.subscriptions import Subscriptions


@contextmanager
def faulty(*spellings: str) -> Iterator[tuple[Portal, Plan]]:
    plan = Plan()
    with fresh_store() as store, running(store, around=[switchboard(plan, controlled=True)]) as portal:
        portal.create("Patient", name=[{"family": "Nordmann"}])
        plan.set(parse(each) for each in spellings)
        yield portal, plan


@pytest.fixture(scope="module")
def shared() -> Iterator[tuple[Portal, Plan]]:
    with faulty() as made:
        yield made


@pytest.fixture
def at(shared: tuple[Portal, Plan]) -> Iterator[tuple[Portal, Plan]]:
    yield shared
    shared[1].set(())


def bytes_of(portal: Portal, request: str = "GET /fhir/Patient HTTP/1.1") -> bytes:
    """Everything a portal sends back on a connection until it closes it."""
    place = urlsplit(portal.base)
    with socket.create_connection((place.hostname or "", place.port or 0), timeout=20) as plain:
        plain.sendall(f"{request}\r\nHost: x\r\nAccept: */*\r\nConnection: close\r\n\r\n".encode())
        got = b""
        while piece := plain.recv(65536):
            got += piece
    return got


def test_without_faults_it_is_the_portal_as_it_is(at: tuple[Portal, Plan]) -> None:
    portal, plan = at
    assert portal.ask("GET", "Patient").json()["total"] == 1
    assert plan.struck == []


def test_a_lost_reply_has_been_done_and_a_reset_has_not(at: tuple[Portal, Plan]) -> None:
    portal, plan = at
    for name, more in (("reset", 0), ("lost-reply", 1)):
        before = portal.ask("GET", "Organization").json()["total"]
        plan.set([parse(f"{name}@create-Organization*1")])
        with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
            portal.create("Organization", name="Kontoret")
        assert portal.ask("GET", "Organization").json()["total"] == before + more
        portal.create("Organization", name="Kontoret")


def test_a_duplicate_is_done_twice(at: tuple[Portal, Plan]) -> None:
    portal, plan = at
    plan.set([parse("duplicate@create-Practitioner")])
    made = portal.create("Practitioner", name=[{"family": "Lege"}])
    found = portal.found("Practitioner")
    assert len(found) == 2
    assert made["id"] in found


def test_an_answer_is_cut_where_it_is_told_to_be(at: tuple[Portal, Plan]) -> None:
    portal, plan = at
    whole = bytes_of(portal).partition(b"\r\n\r\n")[2]
    for count in (0, 1, 40, len(whole) - 1):
        plan.set([parse(f"cut:{count}")])
        head, _, body = bytes_of(portal).partition(b"\r\n\r\n")
        assert len(body) == count
        assert f"content-length: {len(whole)}".encode() in head
    plan.set([parse("cut-open:40")])
    head, _, body = bytes_of(portal).partition(b"\r\n\r\n")
    assert len(body) == 40
    assert b"content-length" not in head
    assert b"transfer-encoding" not in head
    plan.set([parse("cut-head:17")])
    assert bytes_of(portal) == b"HTTP/1.1 200 OK\r\n"


def test_what_drips_arrives_whole_and_what_hangs_never(at: tuple[Portal, Plan]) -> None:
    portal, plan = at
    whole = portal.ask("GET", "Patient").json()
    plan.set([parse("drip:0.0001*1"), parse("delay:0.01*2"), parse("hang")])
    assert portal.ask("GET", "Patient").json()["entry"] == whole["entry"]
    assert portal.ask("GET", "Patient").json()["entry"] == whole["entry"]
    with pytest.raises(httpx.ReadTimeout):
        portal.http.get(f"{portal.base}/Patient", timeout=0.2)


def test_a_reused_search_is_fresh_for_who_asks_for_it(at: tuple[Portal, Plan]) -> None:
    portal, plan = at
    plan.set([parse("reused-search@search-CareTeam")])
    assert portal.found("CareTeam") == []
    portal.create("CareTeam", name="Teamet")
    assert portal.found("CareTeam") == []
    fresh = portal.ask("GET", "CareTeam", Cache_Control="no-cache").json()
    assert len(fresh["entry"]) == 1


def test_every_fault_leaves_a_portal_that_answers(at: tuple[Portal, Plan]) -> None:
    portal, plan = at
    for each in faults():
        plan.set([each if each.kind.name != "drip" else parse("drip")])  # slower than this client's patience
        try:
            with portal.http.stream("GET", f"{portal.base}/Patient", timeout=0.3) as answer:
                answer.read()
        except httpx.HTTPError:
            pass
        assert len(plan.struck) == (each.kind.meets not in ("read", "next-page")), spelled(each)
        plan.set(())
        assert portal.ask("GET", "Patient").status_code == 200


def test_faults_are_set_and_taken_away_while_it_runs(at: tuple[Portal, Plan]) -> None:
    portal, _plan = at
    place = portal.base.replace("/fhir", "/faults")
    set_ = portal.http.post(place, content="500@search-Patient\n429:5@writes*2\n")
    assert (set_.status_code, set_.text) == (200, "500@search-Patient\n429:5@writes*2\n")
    assert portal.ask("GET", "Patient").status_code == 500
    wrong = portal.http.post(place, content="los-reply")
    assert wrong.status_code == 400
    assert "did you mean “lost-reply”" in wrong.text
    assert portal.http.get(place).text == set_.text, "nothing was changed"
    assert portal.http.put(place).status_code == 405
    assert portal.http.delete(place).text == ""
    assert portal.ask("GET", "Patient").status_code == 200


def test_without_a_switch_there_is_no_place_to_set_anything() -> None:
    plan = Plan()
    with fresh_store() as store, running(store, around=[switchboard(plan)]) as portal:
        answer = portal.http.post(portal.base.replace("/fhir", "/faults"), content="500")
    assert answer.status_code == 404
    assert plan.faults == ()


def test_a_head_has_no_body(at: tuple[Portal, Plan]) -> None:
    portal, plan = at
    plan.set([parse("duplicate")])
    head, _, body = bytes_of(portal, "HEAD /fhir/Patient HTTP/1.1").partition(b"\r\n\r\n")
    assert body == b""
    assert b"content-length" in head


async def test_live_updates_pass_through() -> None:
    plan = Plan((parse("500@search-Patient"),))
    with (
        fresh_store() as store,
        running(store, around=[switchboard(plan)], subscriptions=Subscriptions(store)) as sandbox,
    ):
        async with Client("here", Http(Base(sandbox.base))) as client, asyncio.timeout(60):
            line = client.listen()
            await anext(line)
            await asyncio.to_thread(sandbox.create, "Task", status="requested", intent="order")
            await anext(line)
            await line.aclose()  # type: ignore[attr-defined]
