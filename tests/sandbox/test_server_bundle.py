"""Batch and transaction."""

import base64
import json
import uuid
from typing import Any

import httpx
import pytest

from tests.sandbox.conftest import SYSTEM, Portal, Resource, message, refused

TASK: Resource = {"resourceType": "Task", "status": "requested", "intent": "order"}


def entry(method: str, url: str, resource: Resource | None = None, full_url: str = "", **request: str) -> Resource:
    made: Resource = {"request": {"method": method, "url": url, **request}}
    return made | ({"resource": resource} if resource else {}) | ({"fullUrl": full_url} if full_url else {})


def send(portal: Portal, kind: str, *entries: Any, **headers: str) -> httpx.Response:
    return portal.ask("POST", "", {"resourceType": "Bundle", "type": kind, "entry": list(entries)}, **headers)


def statuses(answer: httpx.Response) -> list[str]:
    assert answer.status_code == 200, answer.text
    return [one["response"]["status"][:3] for one in answer.json().get("entry", [])]


def patch_of(*operations: Resource) -> Resource:
    data = base64.b64encode(json.dumps(operations).encode()).decode()
    return {"resourceType": "Binary", "contentType": "application/json-patch+json", "data": data}


def test_a_batch_does_each_for_itself(portal: Portal, patient: str) -> None:
    task = portal.create("Task", status="requested", intent="order")
    path = f"Task/{task['id']}"
    answer = send(
        portal,
        "batch",
        entry("GET", f"Patient/{patient}"),
        entry("PUT", path, {**task, "status": "accepted"}, ifMatch='W/"9"'),
        entry("PATCH", path, patch_of({"op": "replace", "path": "/status", "value": "completed"}), ifMatch='W/"1"'),
        entry("POST", "Task", {**TASK, "status": "nonsense"}),
        entry("POST", "Task", TASK),
        entry("GET", f"{portal.base}/Task?_id={task['id']}"),
        entry("GET", "Nonsense?x=1"),
        entry("DELETE", path),
        entry("GET", path),
        entry("GET", f"Patient/{patient}", ifNoneMatch='W/"1"'),
        {"request": {"method": "BREW", "url": "Task"}},
        {"resource": TASK},
        3,
    )
    expected = ["200", "412", "200", "422", "201", "200", "404", "204", "410", "304", "400", "400", "400"]
    assert statuses(answer) == expected
    told = answer.json()
    assert told["type"] == "batch-response"
    entries = told["entry"]
    assert entries[0]["resource"]["id"] == patient
    assert entries[1]["response"]["outcome"]["issue"][0]["code"] == "conflict"
    assert entries[2]["resource"]["status"] == "completed"
    assert entries[4]["response"]["etag"] == 'W/"1"'
    made = entries[4]["response"]["location"]
    assert portal.ask("GET", made).json() == entries[4]["resource"]
    assert entries[4]["response"]["lastModified"] == entries[4]["resource"]["meta"]["lastUpdated"]
    assert [one["resource"]["id"] for one in entries[5]["resource"]["entry"]] == [task["id"]]


def test_a_transaction_happens_wholly(portal: Portal, patient: str) -> None:
    task = portal.create("Task", status="requested", intent="order")
    key, note = (f"urn:uuid:{uuid.uuid4()}" for _ in range(2))
    once = f"identifier={SYSTEM}|{key}"
    head = message(patient, identifier=[{"system": SYSTEM, "value": key}])
    answer = send(
        portal,
        "transaction",
        entry("GET", f"Patient/{patient}"),
        entry("POST", "Task", {**TASK, "focus": {"reference": key}}),
        entry("POST", "Communication", message(patient, partOf=[{"reference": key}]), full_url=note),
        entry("POST", "Communication", head, full_url=key, ifNoneExist=once),
        entry("PUT", f"Task/{task['id']}", {**task, "focus": {"reference": note}}, ifMatch='W/"1"'),
    )
    assert statuses(answer) == ["200", "201", "201", "201", "200"]
    told = answer.json()
    assert told["type"] == "transaction-response"
    entries = [one["resource"] for one in told["entry"]]
    assert entries[1]["focus"]["reference"] == f"Communication/{entries[3]['id']}"
    assert entries[2]["partOf"][0]["reference"] == f"Communication/{entries[3]['id']}"
    assert entries[4]["focus"]["reference"] == f"Communication/{entries[2]['id']}"
    assert portal.found(f"Communication?{once}") == [entries[3]["id"]]

    again = send(
        portal,
        "transaction",
        entry("POST", "Communication", head, full_url=key, ifNoneExist=once),
        entry("POST", "Task", {**TASK, "focus": {"reference": key}}),
    )
    assert statuses(again) == ["200", "201"]
    assert again.json()["entry"][1]["resource"]["focus"]["reference"] == f"Communication/{entries[3]['id']}"


@pytest.mark.parametrize(
    ("bad", "status"),
    [
        (entry("PUT", "Task/never-was", {**TASK, "id": "never-was"}), 404),
        (entry("POST", "Task", {**TASK, "status": "nonsense"}), 422),
        (entry("POST", "Task", {**TASK, "focus": {"reference": "Communication/never-was"}}), 422),
        (entry("POST", "Task", {**TASK, "focus": {"reference": "urn:uuid:never-was"}}), 422),
        (entry("GET", "Task/never-was"), 404),
        (entry("GET", "Task?nonsense=1"), 400),
        (entry("POST", "Task", TASK, ifNoneExist="status=requested"), 412),
        (entry("PATCH", "Task/x", TASK), 400),
        ({"request": {}}, 400),
    ],
)
def test_a_transaction_happens_not_at_all(portal: Portal, patient: str, bad: Resource, status: int) -> None:
    for _ in range(2):
        portal.create("Task", status="requested", intent="order")
    gone = portal.create("Task", status="requested", intent="order")["id"]
    mark = uuid.uuid4().hex
    fresh = message(patient, identifier=[{"system": f"urn:{mark}", "value": mark}])
    answer = send(portal, "transaction", entry("POST", "Communication", fresh), bad, entry("DELETE", f"Task/{gone}"))
    issue = refused(answer, status)
    assert issue["expression"][0]
    assert portal.found(f"Communication?identifier={mark}") == []
    assert portal.ask("GET", f"Task/{gone}").status_code == 200
    later = portal.ask("POST", "Communication", fresh)
    assert later.status_code == 201
    assert portal.found(f"Communication?identifier=urn:{mark}|{mark}") == [later.json()["id"]]


def test_two_entries_cannot_create_the_same(portal: Portal, patient: str) -> None:
    value = uuid.uuid4().hex
    same = entry(
        "POST",
        "Communication",
        message(patient, identifier=[{"system": SYSTEM, "value": value}]),
        ifNoneExist=f"identifier={SYSTEM}|{value}",
    )
    refused(send(portal, "transaction", same, same), 412)
    assert portal.found(f"Communication?identifier={value}") == []
    assert statuses(send(portal, "batch", same, same)) == ["201", "200"]


def test_ids_given_in_a_transaction_are_given_once(portal: Portal) -> None:
    seen: set[str] = set()
    for _ in range(4):
        answer = send(portal, "transaction", entry("GET", "metadata?x"), *[entry("POST", "Task", TASK)] * 3)
        refused(answer, 404)
        answer = send(portal, "transaction", entry("GET", "Task?_count=1"), *[entry("POST", "Task", TASK)] * 3)
        new = {one["resource"]["id"] for one in answer.json()["entry"][1:]}
        new.add(portal.create("Task", status="requested", intent="order")["id"])
        assert len(new) == 4
        assert not new & seen
        seen |= new


def test_minimal_answers(portal: Portal) -> None:
    answer = send(portal, "transaction", entry("POST", "Task", TASK), Prefer="return=minimal")
    assert statuses(answer) == ["201"]
    assert "resource" not in answer.json()["entry"][0]
    assert answer.json()["entry"][0]["response"]["location"]


def test_an_empty_bundle_is_answered_with_one(portal: Portal) -> None:
    for kind in ("batch", "transaction"):
        assert portal.ask("POST", "", {"resourceType": "Bundle", "type": kind}).json() == {
            "resourceType": "Bundle",
            "type": f"{kind}-response",
        }


@pytest.mark.parametrize(
    "body",
    [
        {"resourceType": "Bundle", "type": "collection"},
        {"resourceType": "Bundle"},
        {"resourceType": "Patient"},
        {"resourceType": "Bundle", "type": "batch", "entry": {}},
        {"resourceType": "Bundle", "type": "batch", "entry": [{"request": {"method": "GET", "url": "x"}}] * 1001},
        [],
    ],
    ids=str,
)
def test_what_is_no_batch(portal: Portal, body: object) -> None:
    refused(portal.ask("POST", "", body), 400)
