"""What portals with habits of their own hold is shown, and where it cannot be, that is said."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from client.errors import Foreign
from tests.contract import habits
from tests.contract.world import OWN, concept
from tests.sync.served import BASE, CHEST, HOST, Resource, Server, Sit, iso
from tests.sync.terse import Bare
from workbench.dialogue.conversation import Message, MessageState
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Sending
from workbench.dialogue.work import State

LONG_AGO = datetime(2026, 1, 2, tzinfo=UTC)
NUMBER: Resource = {"system": "urn:oid:2.16.578.1.12.4.1.4.1", "value": "12837916753"}
"""A national number that is nobody's."""


def test_a_portal_that_writes_http_in_its_links_is_read(sit: Sit) -> None:
    server = Server()
    server.base = BASE.replace("https", "http")
    moment = datetime.now(UTC)
    for number in range(250):
        server.header(f"h{number}")["meta"]["lastUpdated"] = iso(moment)
    server.post("m", CHEST, parent="h0")
    served = sit(server)
    served.sync()
    assert served.item("h0").flag == "chest"


def test_a_portal_that_tells_no_versions_is_taken_at_its_last_word(sit: Sit) -> None:
    server = Bare()
    server.header()
    server.post("m", "Takk")
    server.post("m2", "Alt bra")
    server.task()
    served = sit(server)
    served.sync()
    server.post("m2", CHEST)
    server.post("m", "Takk", status="entered-in-error")
    served.seconds += 300
    served.sync()
    entries = [entry for entry in served.conversation().entries if isinstance(entry, Message)]
    assert sorted((entry.id, entry.text, entry.state) for entry in entries) == [
        ("m", "Takk", MessageState.RETRACTED),
        ("m2", CHEST, MessageState.SENT),
    ]
    assert served.item().flag == "chest"


class Forgets(Server):
    """It gives at most twenty a page, and on a bad day knows no page but the first (HAPI's 410 for an old search)."""

    bad_day = False

    def page(self, request: Request) -> Response:
        if self.bad_day:
            raise habits.RefusedError(410, "HAPI-2003: Search ID does not exist and may have expired")
        return super().page(request)

    def found(self, kind: str, params: habits.Params, request: Request) -> Response:
        fewer = [(name, str(min(int(value), 20)) if name == "_count" else value) for name, value in params]
        return super().found(kind, fewer, request)


class Away(Server):
    """On a bad day something in front of it says 404 to everything."""

    bad_day = False

    async def answer(self, request: Request) -> Response:
        if self.bad_day:
            return Response("default backend - 404", 404, media_type="text/plain")
        return await super().answer(request)


@pytest.mark.parametrize("kind", [Forgets, Away])
def test_a_bad_day_of_the_portal_takes_no_conversation_off_the_shelf(sit: Sit, kind: type[Forgets | Away]) -> None:
    server = kind()
    server.header()
    for number in range(25):
        server.post(f"m{number}", CHEST if number == 24 else f"melding {number}")
    server.task()
    for editions in server.store.editions.values():
        for edition in filter(None, editions):
            edition["meta"]["lastUpdated"] = iso(LONG_AGO)
    server.header("other")
    served = sit(server)
    served.sync()
    server.bad_day = True
    served.turn.refresh("h")
    served.take()
    server.bad_day = False
    for _ in range(4):
        served.sync()
        served.seconds += 600
    assert len(served.texts()) == 25
    assert served.item().flag == "chest"


def test_a_list_whose_rest_is_forgotten_is_no_word_that_a_conversation_is_gone(sit: Sit) -> None:
    server = Forgets()
    server.header()
    for number in range(25):
        server.post(f"m{number}", f"melding {number}")
    server.task()
    served = sit(server)
    served.sync()
    server.bad_day = True
    out = served.reply("Svar")
    served.take()
    assert (served.entry(out).state, served.entry(out).reason) == (Sending.QUEUED, "incomplete")
    server.bad_day = False
    served.seconds += 300
    served.sync()
    assert served.entry(out).state is Sending.SENT


def test_what_is_gone_is_taken_off_the_shelf_once_it_has_been_said_twice(sit: Sit) -> None:
    server = Server()
    server.header()
    server.post("m", "Hei")
    served = sit(server)
    served.sync()
    server.store.editions["Communication/h"].append(None)
    served.turn.refresh("h")
    served.take()
    served.sync()
    assert served.desk.conversation(Key("p", "h")) is None


class WithoutTeams(Server):
    """It knows no CareTeam at all."""

    async def route(self, request: Request) -> Response:
        if request.url.path.startswith("/fhir/CareTeam"):
            raise habits.RefusedError(404, "HAPI-0302: Unknown resource type 'CareTeam'")
        return await super().route(request)


@pytest.mark.parametrize("place", ["recipient", "owner"])
def test_a_type_the_portal_does_not_serve_stops_nothing(sit: Sit, place: str) -> None:
    server, team = WithoutTeams(), {"reference": "CareTeam/x"}
    server.header(recipient=[{"reference": "Patient/ola"}, *([team] if place == "recipient" else [])])
    server.post("m", "Hei")
    server.task(owner=team if place == "owner" else None)
    served = sit(server)
    served.sync()
    server.post("m2", CHEST)
    served.sync()
    assert served.texts() == ["Hei", CHEST]


@pytest.mark.parametrize(
    "sender",
    [
        None,
        {"type": "Patient", "identifier": NUMBER, "display": "Ola Nordmann"},
        {"reference": "#guardian", "display": "Mor"},
        {"reference": "https://elsewhere.example/fhir/RelatedPerson/7"},
        {"display": "Mor"},
        {"reference": f"http://{HOST}/fhir/Patient/ola"},
        {"reference": "/fhir/Patient/ola"},
    ],
    ids=["nobody", "a number", "contained", "another server", "a name", "http behind TLS", "a path"],
)
def test_who_cannot_be_told_to_be_staff_is_heard_as_the_patient(sit: Sit, sender: Resource | None) -> None:
    server = Server()
    server.header()
    server.task(status="completed", businessStatus=concept(OWN.business_system, "answered"), changed=LONG_AGO)
    server.post("m", CHEST, sender=sender)
    served = sit(server)
    served.sync()
    assert (served.item().state, served.item().flag, served.item().from_patient) == (State.NEW, "chest", True)
    (message,) = served.conversation().entries
    assert isinstance(message, Message)
    assert message.sender.outside


@pytest.mark.parametrize(
    "sender",
    [{"type": "Practitioner", "identifier": NUMBER}, {"reference": "https://elsewhere.example/fhir/Practitioner/7"}],
)
def test_staff_of_whom_no_more_is_known_are_staff_all_the_same(sit: Sit, sender: Resource) -> None:
    server = Server()
    server.header()
    server.post("p", "Hei")
    server.post("m", CHEST, sender=sender)
    served = sit(server)
    served.sync()
    assert (served.item().flag, served.item().from_patient) == ("", False)


@pytest.mark.parametrize(
    "url",
    ["https://pacs.example/fhir/Binary/17", f"https://{HOST}/other-tenant/Binary/17", "https://x.example/binary/17"],
)
def test_a_file_of_the_same_number_elsewhere_is_not_fetched_as_ours(sit: Sit, url: str) -> None:
    server = Server()
    server.header()
    server.puts({"resourceType": "Binary", "contentType": "application/pdf"}, "17")
    server.store.files["17"] = ("application/pdf", b"%PDF of another patient")
    server.post("m", "", payload=[{"contentAttachment": {"contentType": "application/pdf", "url": url}}])
    served = sit(server)
    served.sync()
    (message,) = served.conversation().entries
    assert isinstance(message, Message)
    (file,) = message.attachments
    assert file.url == url
    if HOST not in url:
        with pytest.raises(Foreign):
            served.run(served.portal.download(file.url))
    assert not any("Binary/17" in asked and "other-tenant" not in asked for asked in served.asked)


def test_words_in_a_header_are_its_first_message(sit: Sit) -> None:
    server = Server()
    server.header(payload=[{"contentString": CHEST}], sent="2026-03-01T08:00:00Z")
    server.post("m", "og verre nå")
    served = sit(server)
    served.sync()
    assert served.texts() == [CHEST, "og verre nå"]
    assert served.item().flag == "chest"


def test_what_is_part_of_something_that_cannot_be_followed_is_counted_as_unread(sit: Sit) -> None:
    server = Server()
    server.header()
    server.post("m", "Hei", partOf=[{"reference": "https://internal.example:8443/fhir/Communication/h"}])
    server.task(focus={"reference": "https://internal.example:8443/fhir/Communication/h"})
    served = sit(server)
    assert served.sync().status.set_aside == 2


def test_what_cannot_be_read_is_counted_once_however_often_it_is_given(sit: Sit) -> None:
    server = Server()
    server.header()
    server.post("m", "Hei", status=["ukjent"])
    server.task(focus=7)
    served = sit(server)
    counts = [served.sync().status.set_aside for _ in range(4)]
    assert counts == [2, 2, 2, 2]


def test_all_references_of_a_portal_that_writes_http_are_followed(sit: Sit) -> None:
    server = Server()
    server.dialogue(CHEST, owner={"reference": "Practitioner/lise"})
    for editions in server.store.editions.values():
        editions[-1] = _absolute(editions[-1])
    served = sit(server)
    served.sync()
    assert (served.item().flag, served.item().owner_name, served.item().patient_name) == (
        "chest",
        "Lise",
        "Ola Nordmann",
    )


def _absolute(value: Any) -> Any:
    if isinstance(value, list):
        return [_absolute(each) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: BASE.replace("https", "http") + "/" + told if name == "reference" else _absolute(told)
        for name, told in value.items()
    }


@pytest.mark.parametrize("status", ["entered-in-error", "rejected", "failed"])
def test_a_task_that_never_was_or_was_not_done_finishes_nothing(sit: Sit, status: str) -> None:
    server = Server()
    server.dialogue(CHEST)
    server.task(status=status)
    served = sit(server)
    served.sync()
    assert (served.item().state, served.item().flag) == (State.NEW, "chest")


def test_a_task_that_turns_out_never_to_have_been_is_forgotten(sit: Sit) -> None:
    server = Server()
    server.dialogue(owner={"reference": "Practitioner/lise"}, status="accepted")
    served = sit(server)
    served.sync()
    assert served.item().state is State.CLAIMED
    server.task(owner={"reference": "Practitioner/lise"}, status="entered-in-error")
    served.sync()
    assert served.item().state is State.NEW


def test_a_task_made_by_mistake_does_not_stand_in_the_way_of_another(sit: Sit) -> None:
    server = Server()
    server.header()
    server.post("m", "Hei")
    served = sit(server)
    wrong = served.run(served.portal.ensure_task("h", "Patient/ola", ""))
    made = server.store.current(f"Task/{wrong.stamp.id}")
    server.puts({**made, "status": "entered-in-error"}, wrong.stamp.id)
    again = served.run(served.portal.ensure_task("h", "Patient/ola", ""))
    assert (again.thread, again.state) == ("h", State.NEW)
    assert again.stamp.id != wrong.stamp.id


class TellsVersionsOutside(Server):
    """Its history tells version and time of an entry beside the resource, not in it."""

    def history(self, kind: str, params: dict[str, str]) -> Response:
        body = json.loads(bytes(super().history(kind, params).body))
        for entry in body.get("entry", []):
            meta = entry.get("resource", {}).pop("meta", None)
            if meta:
                entry["response"] = {
                    "status": "200",
                    "lastModified": meta["lastUpdated"],
                    "etag": f'W/"{meta["versionId"]}"',
                }
        return JSONResponse(body, media_type=habits.FHIR)


def test_a_history_that_tells_versions_beside_its_resources_is_read(sit: Sit) -> None:
    server = TellsVersionsOutside()
    server.header()
    server.post("m", "Hei")
    served = sit(server)
    served.sync()
    assert served.sync().status.word == ""
