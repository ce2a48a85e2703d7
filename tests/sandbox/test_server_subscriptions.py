"""Subscriptions over WebSocket: what is refused, who is told what, and that nobody is told what did not happen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.sandbox.conftest import Portal, Resource, fresh_store, refused, running
from workbench.sandbox.live import arrive
from workbench.sandbox.load import prepared
from workbench.sandbox.scene import resources
from workbench.sandbox.store import Store, Version
from workbench.sandbox.subscriptions import MOST, Subscriptions

WITHIN = 60.0


@pytest.fixture
def telling() -> Iterator[Portal]:
    with fresh_store() as store, running(store, subscriptions=Subscriptions(store)) as portal:
        yield portal


def wish(**more: Any) -> Resource:
    whole: Resource = {"resourceType": "Subscription", "status": "requested", "reason": "test", "criteria": "Task"}
    return whole | {"channel": {"type": "websocket"}} | more


def made(portal: Portal, criteria: str = "Task") -> str:
    answer = portal.ask("POST", "Subscription", wish(criteria=criteria))
    assert answer.status_code == 201, answer.text
    assert answer.json()["status"] == "active"
    return str(answer.json()["id"])


def token(portal: Portal, identity: str) -> dict[str, str]:
    told = portal.ask("GET", f"Subscription/{identity}/$get-ws-binding-token").json()
    return {one["name"]: next(value for key, value in one.items() if key != "name") for one in told["parameter"]}


@contextmanager
def bound(portal: Portal, identity: str) -> Iterator[ClientConnection]:
    given = token(portal, identity)
    with connect(given["websocket-url"], proxy=None) as line:
        line.send(json.dumps({"type": "bind-with-token", "payload": {"token": given["token"]}}))
        assert kind_of(line) == "handshake"
        yield line


def told(line: ClientConnection) -> list[Resource]:
    return [entry["resource"] for entry in json.loads(line.recv(WITHIN)).get("entry", [])]


def kind_of(line: ClientConnection) -> str:
    return str(told(line)[0]["type"])


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (wish(channel={"type": "rest-hook", "endpoint": "http://elsewhere.invalid"}), 422),
        (wish(channel=None), 422),
        (wish(criteria="Task?status=requested"), 422),
        (wish(criteria="Observation"), 422),
        (wish(reason=None), 422),
        ({"resourceType": "Task"}, 400),
        ([], 400),
    ],
)
def test_what_is_not_offered_is_refused(telling: Portal, body: Any, status: int) -> None:
    refused(telling.ask("POST", "Subscription", body), status)


def test_reading_deleting_and_other_methods(telling: Portal) -> None:
    identity = made(telling)
    assert telling.ask("GET", f"Subscription/{identity}").json()["criteria"] == "Task"
    refused(telling.ask("PUT", f"Subscription/{identity}", wish()), 405)
    refused(telling.ask("GET", "Subscription"), 405)
    assert telling.ask("DELETE", f"Subscription/{identity}").status_code == 204
    refused(telling.ask("GET", f"Subscription/{identity}"), 404)
    refused(telling.ask("GET", f"Subscription/{identity}/$get-ws-binding-token"), 404)


def test_there_are_not_more_than_it_can_hold(telling: Portal) -> None:
    for _ in range(MOST):
        made(telling)
    refused(telling.ask("POST", "Subscription", wish()), 429)


def test_one_is_told_of_what_one_asked_for_and_of_nothing_else(telling: Portal) -> None:
    with bound(telling, made(telling)) as tasks, bound(telling, made(telling, "Patient")) as patients:
        patient = telling.create("Patient", name=[{"family": "Nordmann"}])
        task = telling.create("Task", status="requested", intent="order")
        assert telling.ask("DELETE", f"Task/{task['id']}").status_code == 204
        again = telling.create("Task", status="requested", intent="order")
        for line, expected in ((patients, [patient]), (tasks, [task, again])):
            for resource in expected:
                status, event = told(line)
                assert (status["type"], event) == ("event-notification", resource)
            line.send('{"type":"ping"}')
            assert json.loads(line.recv(WITHIN)) == {"type": "pong"}


def test_a_token_that_is_unknown_or_too_old_opens_nothing() -> None:
    with fresh_store() as store, running(store, subscriptions=Subscriptions(store, lifetime=0.0)) as portal:
        given = token(portal, made(portal))
        assert datetime.fromisoformat(given["expiration"]) == store.now().replace(microsecond=0)
        with connect(given["websocket-url"], proxy=None) as line:
            for one in (given["token"], "guessed", ""):
                line.send(json.dumps({"type": "bind-with-token", "payload": {"token": one}}))
                assert json.loads(line.recv(WITHIN))["resourceType"] == "OperationOutcome"


def test_what_makes_no_sense_is_passed_over_and_what_is_too_long_ends_the_line(telling: Portal) -> None:
    with bound(telling, made(telling)) as line:
        for said in ("", "[]", "null", '{"type":1}', '{"type":"bind-with-token"}', '{"type":"unbind-from-token"}'):
            line.send(said)
        line.send('{"type":"ping"}')
        while json.loads(line.recv(WITHIN)) != {"type": "pong"}:
            pass
        line.send(b"\x00")
        with pytest.raises(ConnectionClosed):
            line.recv(WITHIN)


def test_a_quiet_line_gets_heartbeats() -> None:
    with (
        fresh_store() as store,
        running(store, subscriptions=Subscriptions(store, heartbeat=0.05)) as portal,
        bound(portal, made(portal)) as line,
    ):
        assert [kind_of(line), kind_of(line)] == ["heartbeat", "heartbeat"]


def test_there_is_no_line_elsewhere_nor_where_none_is_offered(telling: Portal) -> None:
    address = telling.base.replace("http", "ws")
    with pytest.raises(InvalidStatus), connect(f"{address}/ws/other", proxy=None):
        pass
    with fresh_store() as store, running(store) as portal:
        refused(portal.ask("POST", "Subscription", wish()), 404)
        assert "extension" not in portal.ask("GET", "metadata").json()["rest"][0]


def test_messages_that_arrive_by_themselves_are_told_of() -> None:
    with fresh_store() as store:
        store.load(prepared(resources(5, 1, datetime(2026, 3, 2, 12, 0, tzinfo=UTC))))
        with (
            running(store, subscriptions=Subscriptions(store)) as portal,
            bound(portal, made(portal, "Communication")) as line,
        ):
            assert arrive(store, 1)
            assert told(line)[1]["resourceType"] == "Communication"


def test_a_store_tells_what_it_holds_and_never_what_was_taken_back() -> None:
    with fresh_store() as store:
        seen: list[list[str]] = []

        def watch(versions: Any) -> None:
            seen.append([version.id for version in versions])

        store.watch(watch)
        with store.transaction():
            first = _task(store)
            with pytest.raises(ZeroDivisionError):
                _failing(store)
            second = _task(store)
            assert seen == [], "not before it is there"
        with pytest.raises(ZeroDivisionError):
            _failing(store)
        third = _task(store)
        store.delete(third)
        assert seen == [[first.id, second.id], [third.id], [third.id]]


def _task(store: Store) -> Version:
    return store.write({"resourceType": "Task", "id": store.next_id(), "status": "requested"}, None, "POST")


def _failing(store: Store) -> None:
    with store.transaction():
        _task(store)
        raise ZeroDivisionError
