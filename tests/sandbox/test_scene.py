"""A scene: what it holds, that it repeats, and that it is valid FHIR R4."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any, cast

import pytest
from fhir.resources.R4B import get_fhir_model_class

from workbench.sandbox import codes
from workbench.sandbox.scene import STAFF, arrivals, default_practitioner, resources

NOW = datetime(2026, 3, 24, 13, 2, tzinfo=UTC)
KIND = codes.KIND

Resource = dict[str, Any]


@pytest.fixture(scope="module")
def demo() -> list[Resource]:
    return cast(list[Resource], list(resources(60, 1, NOW)))


@pytest.fixture(scope="module")
def crowd() -> list[Resource]:
    return cast(list[Resource], list(resources(2000, 7, NOW)))


def of(kind: str, found: list[Resource]) -> list[Resource]:
    return [resource for resource in found if resource["resourceType"] == kind]


def codes_of(resource: Resource, system: str) -> set[str]:
    return {
        coding["code"]
        for concept in resource.get("category", [])
        for coding in concept["coding"]
        if coding["system"] == system
    }


def communications(found: list[Resource], kind: str) -> list[Resource]:
    return [resource for resource in of("Communication", found) if kind in codes_of(resource, KIND)]


def references(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        if str(value.get("url", "")).startswith("Binary/"):
            yield value["url"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def bodies(found: list[Resource]) -> list[str]:
    return [
        payload["contentString"]
        for resource in of("Communication", found)
        for payload in resource.get("payload", [])
        if "contentString" in payload
    ]


def test_every_resource_is_valid_fhir(demo: list[Resource]) -> None:
    for resource in demo:
        model = get_fhir_model_class(resource["resourceType"])
        model.model_validate_json(json.dumps(resource))


def test_every_kind_of_resource_is_there(demo: list[Resource]) -> None:
    wanted = {"Organization", "Practitioner", "PractitionerRole", "CareTeam", "Patient", "RelatedPerson"}
    wanted |= {"Appointment", "DocumentReference", "Binary", "Questionnaire", "QuestionnaireResponse"}
    wanted |= {"Communication", "Task", "Provenance", "AuditEvent"}
    assert {resource["resourceType"] for resource in demo} == wanted


def test_ids_are_unique_and_references_lead_back(crowd: list[Resource]) -> None:
    known: set[str] = set()
    for resource in crowd:
        missing = set(references(resource)) - known
        assert not missing, (resource["resourceType"], missing)
        name = f"{resource['resourceType']}/{resource['id']}"
        assert name not in known
        known.add(name)


def test_the_same_arguments_give_the_same_scene(demo: list[Resource]) -> None:
    assert list(resources(60, 1, NOW)) == demo
    assert list(resources(60, 2, NOW)) != demo


def test_more_conversations_keep_the_first_ones(demo: list[Resource]) -> None:
    assert list(islice(resources(90, 1, NOW), len(demo))) == demo


def test_nothing_is_later_than_now_but_appointments(crowd: list[Resource]) -> None:
    now = NOW.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    for resource in crowd:
        meta = resource["meta"]
        assert "versionId" not in meta
        assert len(meta["lastUpdated"]) == len(now)
        for key in ("lastUpdated", "sent", "received", "authoredOn", "recorded", "authored", "date"):
            assert resource.get(key, meta.get(key, "")) <= now, resource
        if resource["resourceType"] == "Appointment":
            assert resource["start"] > now


def test_top_level_and_meta_are_fresh(demo: list[Resource]) -> None:
    assert len({id(resource["meta"]) for resource in demo}) == len(demo)


@pytest.mark.parametrize("role", ["clinician", "support"])
def test_default_people_exist(demo: list[Resource], role: Any) -> None:
    names = {f"Practitioner/{resource['id']}" for resource in of("Practitioner", demo)}
    assert default_practitioner(role) in names
    assert {member.reference for member in STAFF} == names


def test_each_pool_has_people_whose_role_says_so(demo: list[Resource]) -> None:
    staffed = Counter(
        coding["code"]
        for role in of("PractitionerRole", demo)
        for concept in role["code"]
        for coding in concept["coding"]
        if coding["system"] == codes.POOL
    )
    used = {
        coding["code"]
        for task in of("Task", demo)
        for concept in task.get("performerType", [])
        for coding in concept["coding"]
    }
    assert used == set(codes.POOLS) == set(staffed)


def test_notes_never_reach_a_patient(crowd: list[Resource]) -> None:
    patients = {f"Patient/{resource['id']}" for resource in of("Patient", crowd)}
    patients |= {f"RelatedPerson/{resource['id']}" for resource in of("RelatedPerson", crowd)}
    headers = {f"Communication/{resource['id']}" for resource in communications(crowd, "thread")}
    notes = communications(crowd, "internal")
    assert any("partOf" in note for note in notes)
    for note in notes:
        assert "subject" not in note
        assert not patients & {person["reference"] for person in [note["sender"], *note["recipient"]]}
        assert not headers & {part["reference"] for part in note.get("partOf", [])}
        assert note["meta"]["security"][0]["code"] == "R"
        if "partOf" not in note:
            assert note["basedOn"][0]["reference"].startswith("Task/")
            assert note["about"][0]["reference"] in headers


def test_threads_have_a_header_messages_and_one_task(crowd: list[Resource]) -> None:
    headers = {f"Communication/{resource['id']}": resource for resource in communications(crowd, "thread")}
    messages = communications(crowd, "message")
    counted = Counter(message["partOf"][0]["reference"] for message in messages)
    assert counted.keys() == headers.keys()
    assert 1 <= min(counted.values()) <= max(counted.values()) <= 8
    tasks = [task for task in of("Task", crowd) if task["code"]["coding"][0]["code"] == "respond"]
    assert Counter(task["focus"]["reference"] for task in tasks) == Counter(headers.keys())
    for message in messages:
        header = headers[message["partOf"][0]["reference"]]
        assert message["subject"] == header["subject"]
        assert message["sender"] in header["recipient"]
        assert ("received" in message) == (message["status"] == "completed")
        assert message.get("received", message["sent"]) >= message["sent"]
    for task in tasks:
        header = headers[task["focus"]["reference"]]
        assert task["for"] == header["subject"]
        assert (task["status"] == "requested") == ("owner" not in task)
        assert (task["status"] == "completed") == (header["status"] == "completed") == ("output" in task)


def test_messages_of_a_thread_are_in_order(crowd: list[Resource]) -> None:
    last: dict[str, str] = {}
    for message in communications(crowd, "message"):
        thread = message["partOf"][0]["reference"]
        assert message["sent"] > last.get(thread, "")
        last[thread] = message["sent"]


def test_arrivals_are_new_and_repeat() -> None:
    threads = [("header-a", "patient-a"), ("header-b", "patient-b")]
    found = [arrivals(3, NOW + timedelta(minutes=n), n, threads) for n in range(60)]
    assert found == [arrivals(3, NOW + timedelta(minutes=n), n, threads) for n in range(60)]
    ids = [resource["id"] for arrival in found for resource in arrival]
    assert len(set(ids)) == len(ids)
    kinds = [{cast(str, resource["resourceType"]) for resource in arrival} for arrival in found]
    assert {"Communication"} in kinds
    assert any({"Patient", "Communication", "Task"} <= kind for kind in kinds)
    for n, arrival in enumerate(found):
        now = (NOW + timedelta(minutes=n)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        for resource in cast(list[Resource], arrival):
            assert resource["meta"]["lastUpdated"] == now
            get_fhir_model_class(resource["resourceType"]).model_validate_json(json.dumps(resource))
    assert all(len(arrival) > 1 for arrival in (arrivals(3, NOW, n) for n in range(20)))
