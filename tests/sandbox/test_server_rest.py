"""One resource over HTTP: read, create, update, patch, delete, history, and what the headers say."""

import base64
import json
from email.utils import parsedate_to_datetime

import pytest

from tests.sandbox.conftest import NOW, PATCH, SYSTEM, Portal, message, refused
from workbench.sandbox.dates import is_instant

TASK = {"resourceType": "Task", "status": "requested", "intent": "order"}


def test_create_gives_an_id_a_version_a_time_and_a_place(portal: Portal) -> None:
    answer = portal.ask("POST", "Patient", {"resourceType": "Patient", "id": "mine", "active": True})
    made = answer.json()
    assert answer.status_code == 201
    assert made["id"] != "mine"
    assert made["active"] is True
    assert made["meta"]["versionId"] == "1"
    assert is_instant(made["meta"]["lastUpdated"])
    assert len(made["meta"]["lastUpdated"]) == len("2026-03-02T12:00:00.000Z")
    assert answer.headers["etag"] == 'W/"1"'
    assert answer.headers["location"] == f"{portal.base}/Patient/{made['id']}/_history/1"
    assert portal.ask("GET", answer.headers["location"]).json() == made
    assert parsedate_to_datetime(answer.headers["last-modified"]) >= NOW
    assert parsedate_to_datetime(answer.headers["date"]) == NOW


def test_what_is_read_is_what_was_written_and_meta_is_kept(portal: Portal, patient: str) -> None:
    tag = {"system": SYSTEM, "code": "a"}
    sent = message(patient, meta={"tag": [tag], "versionId": "99"}, payload=[{"contentString": "\u0007 \u202e æøå 𝄞"}])
    made = portal.ask("POST", "Communication", sent).json()
    read = portal.ask("GET", f"Communication/{made['id']}")
    assert read.json() == made
    assert read.json()["payload"] == sent["payload"]
    assert read.json()["meta"]["tag"] == [tag]
    assert read.json()["meta"]["versionId"] == "1"


def test_an_unchanged_resource_is_not_sent_again(portal: Portal, patient: str) -> None:
    tag = portal.ask("GET", f"Patient/{patient}").headers["etag"]
    same = portal.ask("GET", f"Patient/{patient}", If_None_Match=tag)
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", tag)
    assert portal.ask("GET", f"Patient/{patient}", If_None_Match='W/"77"').status_code == 200


def test_update_makes_a_version_and_needs_the_one_it_was_made_against(portal: Portal) -> None:
    made = portal.create("Task", status="requested", intent="order")
    path, changed = f"Task/{made['id']}", {**made, "status": "accepted"}
    first = portal.ask("PUT", path, changed, If_Match='W/"1"')
    assert (first.status_code, first.headers["etag"], first.json()["status"]) == (200, 'W/"2"', "accepted")
    refused(portal.ask("PUT", path, {**made, "status": "completed"}, If_Match='W/"1"'), 412)
    refused(portal.ask("PUT", path, changed, If_Match="2"), 400)
    assert portal.ask("PUT", path, changed, If_Match='"2"').status_code == 200
    assert portal.ask("PUT", path, changed, If_Match="*").status_code == 200
    assert portal.ask("PUT", path, changed).status_code == 200
    assert portal.ask("GET", path).headers["etag"] == 'W/"5"'


def test_update_gives_no_ids_and_mixes_none_up(portal: Portal) -> None:
    made = portal.create("Task", status="requested", intent="order")
    issue = refused(portal.ask("PUT", "Task/chosen", {**made, "id": "chosen"}), 404)
    assert "ids are given by the server" in issue["details"]["text"]
    refused(portal.ask("PUT", f"Task/{made['id']}", {**made, "id": "other"}), 400)
    refused(portal.ask("PUT", f"Task/{made['id']}", TASK), 400)
    refused(portal.ask("PUT", f"Patient/{made['id']}", made), 400)


def test_patch_changes_what_it_names(portal: Portal) -> None:
    path = f"Task/{portal.create('Task', status='requested', intent='order')['id']}"
    claim = [
        {"op": "test", "path": "/status", "value": "requested"},
        {"op": "test", "path": "/meta/versionId", "value": "1"},
        {"op": "replace", "path": "/status", "value": "accepted"},
        {"op": "add", "path": "/description", "value": "Ring"},
    ]
    answer = portal.ask("PATCH", path, claim, PATCH, If_Match='W/"1"')
    assert (answer.status_code, answer.headers["etag"]) == (200, 'W/"2"')
    assert (answer.json()["status"], answer.json()["description"]) == ("accepted", "Ring")
    refused(portal.ask("PATCH", path, claim, PATCH), 400)
    refused(portal.ask("PATCH", path, claim[2:], PATCH, If_Match='W/"1"'), 412)
    assert portal.ask("GET", path).json() == answer.json()


@pytest.mark.parametrize(
    ("operations", "status"),
    [
        ([{"op": "replace", "path": "/owner", "value": {"display": "x"}}], 400),
        ([{"op": "add", "path": "/note/-", "value": {"text": "x"}}], 400),
        ([{"op": "replace", "path": "/status", "value": "done"}], 422),
        ([{"op": "replace", "path": "/id", "value": "x"}], 400),
        ([{"op": "remove", "path": "/meta"}], 200),
        ([{"op": "replace", "path": "/meta", "value": 3}], 400),
        ([{"op": "replace", "path": "", "value": 3}], 400),
        ([{"op": "copy", "from": "", "path": "/contained"}] * 40, 400),
        ([{"op": "explode", "path": "/status"}], 400),
        ([{"path": "/status"}], 400),
        ({"op": "remove", "path": "/status"}, 400),
        ([3], 400),
    ],
)
def test_a_patch_that_does_not_fit_changes_nothing(portal: Portal, operations: object, status: int) -> None:
    path = f"Task/{portal.create('Task', status='requested', intent='order')['id']}"
    answer = portal.ask("PATCH", path, operations, PATCH)
    assert answer.status_code == status, answer.text
    if status != 200:
        refused(answer, status)
        assert portal.ask("GET", path).headers["etag"] == 'W/"1"'


def test_delete_leaves_the_history(portal: Portal) -> None:
    path = f"Task/{portal.create('Task', status='requested', intent='order')['id']}"
    portal.ask("PATCH", path, [{"op": "replace", "path": "/status", "value": "completed"}], PATCH)
    refused(portal.ask("DELETE", path, If_Match='W/"1"'), 412)
    assert portal.ask("DELETE", path, If_Match='W/"2"').status_code == 204
    assert refused(portal.ask("GET", path), 410)["code"] == "deleted"
    assert portal.ask("DELETE", path).status_code == 204
    refused(portal.ask("PUT", path, {**TASK, "id": path[5:]}), 410)
    refused(portal.ask("PATCH", path, [], PATCH), 410)
    refused(portal.ask("GET", f"{path}/_history/3"), 410)
    assert portal.ask("GET", f"{path}/_history/2").json()["status"] == "completed"
    told = portal.ask("GET", f"{path}/_history").json()
    assert [entry["request"]["method"] for entry in told["entry"]] == ["DELETE", "PATCH", "POST"]
    assert [entry.get("resource", {}).get("status") for entry in told["entry"]] == [None, "completed", "requested"]
    assert portal.found(f"Task?_id={path[5:]}") == []
    refused(portal.ask("DELETE", "Task/never-was"), 404)


def test_history_is_newest_first_and_every_version_can_be_read(portal: Portal) -> None:
    path = f"Task/{portal.create('Task', status='requested', intent='order')['id']}"
    for status in ("accepted", "completed"):
        portal.ask("PATCH", path, [{"op": "replace", "path": "/status", "value": status}], PATCH)
    told = portal.ask("GET", f"{path}/_history").json()
    assert (told["type"], told["total"]) == ("history", 3)
    assert [entry["resource"]["status"] for entry in told["entry"]] == ["completed", "accepted", "requested"]
    assert [entry["response"]["etag"] for entry in told["entry"]] == ['W/"3"', 'W/"2"', 'W/"1"']
    stamps = [entry["resource"]["meta"]["lastUpdated"] for entry in told["entry"]]
    assert sorted(stamps, reverse=True) == stamps
    assert len(set(stamps)) == 3
    for entry in told["entry"]:
        number = entry["resource"]["meta"]["versionId"]
        assert portal.ask("GET", f"{path}/_history/{number}").json() == entry["resource"]
    refused(portal.ask("GET", f"{path}/_history/4"), 404)
    refused(portal.ask("GET", "Task/never-was/_history"), 404)


def test_times_rise_though_the_clock_stands(portal: Portal) -> None:
    stamps = [portal.create("Patient", active=True)["meta"]["lastUpdated"] for _ in range(5)]
    assert stamps == sorted(set(stamps))


def test_prefer_is_honoured(portal: Portal) -> None:
    minimal = portal.ask("POST", "Task", TASK, Prefer="return=minimal")
    assert (minimal.status_code, minimal.content) == (201, b"")
    assert minimal.headers["location"]
    told = portal.ask("POST", "Task", TASK, Prefer="respond-async; return=OperationOutcome").json()
    assert (told["resourceType"], told["issue"][0]["severity"]) == ("OperationOutcome", "information")
    assert portal.ask("POST", "Task", TASK, Prefer="return=representation").json()["resourceType"] == "Task"


def test_head_is_get_without_a_body(portal: Portal, patient: str) -> None:
    answer = portal.ask("HEAD", f"Patient/{patient}")
    assert (answer.status_code, answer.content, answer.headers["etag"]) == (200, b"", 'W/"1"')


def test_references_below_the_base_are_kept_relative(portal: Portal, patient: str) -> None:
    absolute = {"reference": f"{portal.base}/Patient/{patient}"}
    made = portal.create("Task", status="requested", intent="order", **{"for": absolute})
    assert made["for"] == {"reference": f"Patient/{patient}"}
    file = {"contentAttachment": {"contentType": "text/plain", "url": f"{portal.base}/Binary/b1"}}
    assert portal.create("Communication", status="completed", payload=[file])["payload"][0]["contentAttachment"][
        "url"
    ] == ("Binary/b1")


def test_a_file_goes_up_and_down_as_bytes(portal: Portal) -> None:
    data = bytes(range(256)) * 10
    answer = portal.ask("POST", "Binary", data, "image/png")
    made = answer.json()
    assert answer.status_code == 201
    assert (made["resourceType"], made["contentType"]) == ("Binary", "image/png")
    assert "data" not in made
    assert [tag["code"] for tag in made["meta"]["tag"]] == ["SUBSETTED"]
    for accept in ("image/png", "*/*", "image/*"):
        read = portal.ask("GET", f"Binary/{made['id']}", Accept=accept)
        assert (read.content, read.headers["content-type"], read.headers["etag"]) == (data, "image/png", 'W/"1"')
    whole = portal.ask("GET", f"Binary/{made['id']}").json()
    assert base64.b64decode(whole["data"]) == data
    assert "tag" not in whole["meta"]
    wished = portal.ask("POST", "Binary", data, "image/png", Prefer="return=representation").json()
    assert base64.b64decode(wished["data"]) == data


def test_a_file_may_come_as_a_binary_resource(portal: Portal) -> None:
    sent = {"resourceType": "Binary", "contentType": "text/plain; charset=utf-8", "data": "aGVpIMOl"}
    made = portal.ask("POST", "Binary", sent).json()
    assert made["data"] == "aGVpIMOl"
    read = portal.ask("GET", f"Binary/{made['id']}", Accept="text/plain")
    assert (read.text, read.headers["content-type"]) == ("hei å", "text/plain; charset=utf-8")
    assert portal.ask("PUT", f"Binary/{made['id']}", b"ny", "text/plain").status_code == 200
    assert portal.ask("GET", f"Binary/{made['id']}", Accept="text/plain").content == b"ny"


def test_a_binary_cannot_smuggle_a_header(portal: Portal) -> None:
    sent = {"resourceType": "Binary", "contentType": "text/html; é", "data": "aGVp"}
    made = portal.ask("POST", "Binary", json.dumps(sent)).json()
    read = portal.ask("GET", f"Binary/{made['id']}", Accept="*/*")
    assert read.headers["content-type"] == "application/octet-stream"
    assert read.headers["x-content-type-options"] == "nosniff"
