"""What the portal refuses, and that every refusal is an OperationOutcome."""

import httpx
import pytest

from tests.sandbox.conftest import FHIR, PATCH, Portal, Resource, concept, message, refused
from workbench.sandbox.body import BINARY_LIMIT, JSON_LIMIT

FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "Nonsense", 404),
        ("POST", "Nonsense", 404),
        ("GET", "Nonsense/1", 404),
        ("GET", "Patient/never-was", 404),
        ("GET", "Patient/1/2/3/4", 404),
        ("GET", "Patient/1/_nonsense", 404),
        ("GET", "%2e%2e/%2e%2e/etc/passwd", 404),
        ("GET", "Patient/%00", 404),
        ("GET", "", 405),
        ("GET", "?_id=1", 405),
        ("DELETE", "Patient", 405),
        ("PUT", "Patient?_id=1", 405),
        ("PUT", "", 405),
        ("POST", "metadata", 405),
        ("POST", "Patient/1", 405),
        ("OPTIONS", "Patient", 405),
        ("BREW", "Patient/1", 405),
        ("GET", "Patient/_search", 405),
    ],
)
def test_addresses_and_methods(portal: Portal, method: str, path: str, status: int) -> None:
    body = {"resourceType": "Patient"} if method in ("POST", "PUT") else None
    answer = portal.ask(method, path, body)
    refused(answer, status)
    assert ("allow" in answer.headers) == (status == 405)


@pytest.mark.parametrize("path", ["/", "/other", "/fhirx/Patient", "/FHIR/Patient"])
def test_outside_the_base(portal: Portal, path: str) -> None:
    refused(portal.ask("GET", str(httpx.URL(portal.base).copy_with(path=path))), 404)


@pytest.mark.parametrize("accept", ["application/fhir+xml", "text/html", "image/png, text/plain"])
def test_only_json_is_given(portal: Portal, patient: str, accept: str) -> None:
    refused(portal.ask("GET", f"Patient/{patient}", Accept=accept), 406)


@pytest.mark.parametrize(
    "accept", ["*/*", "application/json", "application/fhir+json; fhirVersion=4.0", "text/html, */*;q=0.1"]
)
def test_json_by_every_name(portal: Portal, patient: str, accept: str) -> None:
    assert portal.ask("GET", f"Patient/{patient}", Accept=accept).headers["content-type"].startswith(FHIR)


def test_format_outweighs_accept(portal: Portal, patient: str) -> None:
    refused(portal.ask("GET", f"Patient/{patient}?_format=xml"), 406)
    for wanted in ("json", "application/fhir%2Bjson", "application/fhir+json"):
        answer = portal.ask("GET", f"Patient/{patient}?_format={wanted}", Accept="text/html")
        assert answer.status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("POST", "Patient", "application/fhir+xml"),
        ("POST", "Patient", "text/plain"),
        ("POST", "Patient", ""),
        ("POST", "Binary", ""),
        ("PATCH", "Patient/1", FHIR),
        ("PATCH", "Patient/1", "application/merge-patch+json"),
        ("POST", "Patient/_search", FHIR),
        ("POST", "", "text/xml"),
    ],
)
def test_media_types_that_do_not_belong(portal: Portal, method: str, path: str, kind: str) -> None:
    refused(portal.ask(method, path, b"x=1", kind), 415)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"resourceType": "Patient",}',
        b'{"resourceType": "Patient", "active": NaN}',
        b'{"resourceType": "Patient", "multipleBirthInteger": 1e999}',
        b'{"resourceType": "Patient", "active": true, "active": false}',
        b'{"resourceType": "Patient", "name": [{"text": "\\ud800"}]}',
        b'{"resourceType": "Patient", "name": [{"text": "\xff"}]}',
        b"[" * 100_000,
        b'{"a":' * 100 + b"1" + b"}" * 100,
        b"[]",
        b"null",
        b'"Patient"',
        b"{}",
        b'{"resourceType": 3}',
        b'{"resourceType": "Task"}',
        b'{"resourceType": "Patient", "multipleBirthInteger": ' + b"9" * 5000 + b"}",
    ],
    ids=lambda body: body[:60].decode("latin-1"),
)
def test_what_is_no_json_resource(portal: Portal, body: bytes) -> None:
    refused(portal.ask("POST", "Patient", body), 400)


def test_too_much(portal: Portal) -> None:
    filler = b'{"resourceType": "Patient", "name": [{"text": "' + b"x" * JSON_LIMIT + b'"}]}'
    refused(portal.ask("POST", "Patient", filler), 413)
    refused(portal.http.post(f"{portal.base}/Patient", content=iter([filler]), headers={"Content-Type": FHIR}), 413)
    refused(portal.ask("POST", "Binary", b"x" * (BINARY_LIMIT + 1), "image/png"), 413)
    assert portal.ask("POST", "Binary", b"x" * BINARY_LIMIT, "image/png").status_code == 201


INVALID: dict[str, tuple[Resource, str]] = {
    "unknown element": ({"nonsense": True}, "Communication.nonsense"),
    "unknown element below": (
        {"payload": [{"contentString": "x", "nonsense": 1}]},
        "Communication.payload[0].nonsense",
    ),
    "list expected": ({"payload": {"contentString": "x"}}, "Communication.payload"),
    "single expected": ({"subject": [{"display": "x"}]}, "Communication.subject"),
    "empty list": ({"note": []}, "Communication.note"),
    "empty object": ({"topic": {}}, "Communication.topic"),
    "empty string": ({"payload": [{"contentString": ""}]}, "Communication.payload[0].contentString"),
    "null in a list": ({"category": [None]}, "Communication.category[0]"),
    "null": ({"sent": None}, "Communication.sent"),
    "code outside its binding": ({"status": "done"}, "Communication.status"),
    "priority outside its binding": ({"priority": "high"}, "Communication.priority"),
    "bad dateTime": ({"sent": "01/02/2026"}, "Communication.sent"),
    "no such day": ({"sent": "2026-02-30"}, "Communication.sent"),
    "time without offset": ({"sent": "2026-02-03T10:00:00"}, "Communication.sent"),
    "number for a string": ({"payload": [{"contentString": 3}]}, "Communication.payload[0].contentString"),
    "two of a choice": (
        {"payload": [{"contentString": "x", "contentReference": {"display": "x"}}]},
        "Communication.payload[0]",
    ),
    "none of a choice": ({"payload": [{"id": "x"}]}, "Communication.payload[0].content"),
    "malformed reference": ({"partOf": [{"reference": "not a reference"}]}, "Communication.partOf[0].reference"),
    "reference to nothing": ({"partOf": [{"reference": "Communication/x"}]}, "Communication.partOf[0].reference"),
    "reference of a wrong type": ({"sender": {"reference": "CareTeam/x"}}, "Communication.sender.reference"),
    "unresolved urn": ({"partOf": [{"reference": "urn:uuid:1"}]}, "Communication.partOf[0].reference"),
    "contained reference to nothing": ({"partOf": [{"reference": "#x"}]}, "Communication.partOf[0].reference"),
    "extension without a value": ({"extension": [{"url": "urn:x"}]}, "Communication.extension[0]"),
    "bad contained": (
        {"contained": [{"resourceType": "Task", "id": "t", "intent": "order"}]},
        "Communication.contained[0].status",
    ),
}


@pytest.mark.parametrize("name", INVALID)
def test_an_invalid_resource_is_told_where(portal: Portal, patient: str, name: str) -> None:
    elements, expression = INVALID[name]
    issue = refused(portal.ask("POST", "Communication", message(patient, **elements)), 422)
    assert issue["expression"] == [expression]


@pytest.mark.parametrize(
    ("kind", "elements", "expression"),
    [
        ("Communication", {}, "Communication.status"),
        ("Task", {"status": "requested"}, "Task.intent"),
        ("Task", {"status": "requested", "intent": "wish"}, "Task.intent"),
        ("Task", {"status": "requested", "intent": "order", "priority": "high"}, "Task.priority"),
        ("RelatedPerson", {}, "RelatedPerson.patient"),
        ("Appointment", {"status": "booked"}, "Appointment.participant"),
        ("DocumentReference", {"status": "current"}, "DocumentReference.content"),
        ("Provenance", {"recorded": "2026-01-01T00:00:00Z"}, "Provenance.agent"),
        ("AuditEvent", {"recorded": "2026-01-01"}, "AuditEvent.recorded"),
        ("Binary", {"data": "aGVp"}, "Binary.contentType"),
        ("Binary", {"contentType": "text/plain", "data": "a!"}, "Binary.data"),
        ("Questionnaire", {"status": "active", "item": [{"linkId": "1", "type": "x"}]}, "Questionnaire.item[0].type"),
        ("Patient", {"multipleBirthInteger": 2**31}, "Patient.multipleBirthInteger"),
        ("Patient", {"birthDate": "2026-01-01T00:00:00Z"}, "Patient.birthDate"),
        ("Patient", {"gender": "kvinne"}, "Patient.gender"),
        ("Patient", {"active": "true"}, "Patient.active"),
    ],
)
def test_every_type_is_checked(portal: Portal, kind: str, elements: Resource, expression: str) -> None:
    answer = portal.ask("POST", kind, {"resourceType": kind, **elements})
    refused(answer, 422)
    assert expression in [place for issue in answer.json()["issue"] for place in issue["expression"]]


def test_every_fault_is_told_at_once(portal: Portal, patient: str) -> None:
    answer = portal.ask("POST", "Communication", message(patient, status="done", note=[], sent="x"))
    refused(answer, 422)
    assert len(answer.json()["issue"]) == 3


def test_a_reference_that_was_there_may_outlive_its_target(portal: Portal, patient: str) -> None:
    gone = portal.create("Communication", status="completed")["id"]
    task = portal.create("Task", status="requested", intent="order", focus={"reference": f"Communication/{gone}"})
    assert portal.ask("DELETE", f"Communication/{gone}").status_code == 204
    patch = [{"op": "replace", "path": "/status", "value": "cancelled"}]
    assert portal.ask("PATCH", f"Task/{task['id']}", patch, PATCH).status_code == 200
    again = {"resourceType": "Task", "status": "requested", "intent": "order", "focus": task["focus"]}
    refused(portal.ask("POST", "Task", again), 422)


def test_what_is_allowed_though_unusual(portal: Portal, patient: str) -> None:
    portal.create("Patient")
    portal.create("Patient", birthDate="1980", _birthDate={"extension": [{"url": "urn:x", "valueString": "ca."}]})
    portal.create("Patient", name=[{"given": ["Kari", None], "_given": [None, {"id": "x"}]}])
    portal.create("Task", status="requested", intent="order", owner={"reference": "https://other.example/Device/1"})
    portal.create("Task", status="requested", intent="order", owner={"identifier": {"value": "7"}, "type": "Device"})
    portal.create(
        "Task", status="requested", intent="order", input=[{"type": concept("x"), "valueMoney": {"value": 1}}]
    )
    held = {"resourceType": "Patient", "id": "p"}
    portal.create("Communication", status="completed", contained=[held], subject={"reference": "#p"})
    portal.create("Communication", status="completed", partOf=[{"reference": "Observation/not-held-here"}])


def test_the_host_header_cannot_name_another_place(portal: Portal) -> None:
    refused(portal.ask("GET", "Patient", Host="evil/../x"), 400)
    named = portal.ask("GET", "Patient?_count=1", Host="portal.test:81")
    assert named.json()["link"][0]["url"].startswith("http://portal.test:81/fhir/")
