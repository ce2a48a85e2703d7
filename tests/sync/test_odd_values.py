"""Values that no portal should give keep back nothing else."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from client.record import verify
from tests.contract import habits
from tests.contract.world import kind
from tests.sync.served import CHEST, ME, Resource, Server, Sit
from workbench.dialogue.conversation import Message
from workbench.dialogue.outgoing import Sending


class Dated(Server):
    """It tells its time, as all do."""

    async def answer(self, request: Request) -> Response:
        made = await super().answer(request)
        made.headers["date"] = datetime.now(UTC).strftime("%a, %d %b %Y %H:%M:%S GMT")
        return made


def test_a_time_at_the_end_of_the_calendar_stops_nothing(sit: Sit) -> None:
    server = Dated()
    server.header()
    server.task()
    server.post("m9", "Hei")["meta"]["lastUpdated"] = "9999-12-31T23:59:59.9999999Z"
    served = sit(server)
    for _ in range(4):
        served.turns(20)
        served.seconds += 200
    server.post("m2", CHEST)
    served.turns(50)
    assert CHEST in served.texts()


class YearOne(Server):
    """It writes .NET's moment that was not set."""

    def bundle(self, found: list[Resource], kind: str, after: str = "") -> Response:
        unset = {"lastUpdated": "0001-01-01T00:00:00"}
        return super().bundle([each | {"meta": each["meta"] | unset} for each in found], kind, after)

    def history(self, kind: str, params: dict[str, str]) -> Response:
        raise habits.RefusedError(404, "no history")


def test_a_portal_that_writes_the_year_one_is_read_on(sit: Sit) -> None:
    server = YearOne()
    server.dialogue()
    served = sit(server)
    served.turns(10)
    server.post("m2", CHEST)
    served.turns(30)
    assert CHEST in served.texts()


class BadId(Server):
    """Among people it gives one whose id is a list."""

    def bundle(self, found: list[Resource], kind: str, after: str = "") -> Response:
        body = json.loads(bytes(super().bundle(found, kind, after).body))
        if any(each["resource"]["resourceType"] == "Practitioner" for each in body.get("entry", [])):
            body["entry"].append({"resource": {"resourceType": "Practitioner", "id": ["x"]}})
        return JSONResponse(body, media_type=habits.FHIR)


def test_an_id_that_is_none_stops_nothing(sit: Sit) -> None:
    server = BadId()
    server.dialogue(CHEST, owner={"reference": ME.reference})
    served = sit(server)
    served.turns()
    assert served.texts() == [CHEST]


class BadStatement(Server):
    """In what it says of itself a type, and a code, are lists."""

    async def route(self, request: Request) -> Response:
        made = await super().route(request)
        if not request.url.path.endswith("/metadata"):
            return made
        body = json.loads(bytes(made.body))
        body["rest"][0]["resource"].append({"type": ["Task"]})
        for each in body["rest"][0]["resource"][:-1]:
            each["interaction"].append({"code": ["read"]})
        return JSONResponse(body, media_type=habits.FHIR)


def test_a_statement_that_is_not_as_it_should_be_stops_nothing(sit: Sit) -> None:
    server = BadStatement()
    server.dialogue(CHEST)
    served = sit(server)
    served.turns(20)
    assert served.texts() == [CHEST]


def test_messages_with_pictures_in_them_are_read(sit: Sit) -> None:
    server = Server()
    server.header()
    server.task()
    for number in range(20):
        picture = {"contentAttachment": {"contentType": "image/jpeg", "data": "A" * 2_000_000}}
        server.post(f"m{number}", "", payload=[{"contentString": f"bilde {number}"}, picture])
    server.header("h2")
    server.post("last", CHEST, parent="h2")
    served = sit(server)
    served.turns(40)
    assert served.texts("h2") == [CHEST]


class NullEntry(Server):
    """It writes null for an empty list, as a serialiser for .NET does unless told otherwise."""

    def bundle(self, found: list[Resource], kind: str, after: str = "") -> Response:
        body = json.loads(bytes(super().bundle(found, kind, after).body))
        body.setdefault("entry", None)
        return JSONResponse(body, media_type=habits.FHIR)


def test_an_empty_list_that_is_null_stops_nothing(sit: Sit) -> None:
    server = NullEntry()
    server.dialogue(CHEST, owner={"reference": ME.reference})
    served = sit(server)
    served.turns(30)
    out = served.reply("Svar")
    assert served.turns(30).status.word == ""
    assert served.entry(out).state is Sending.SENT


def test_the_patients_words_are_no_note_whatever_they_are_marked_as(sit: Sit) -> None:
    server = Server()
    server.header()
    server.task()
    server.post("m", CHEST, category=[kind("internal")])
    served = sit(server)
    served.sync()
    assert served.item().flag == "chest"


class Nulls(Server):
    """It writes null for every element that is not there, as a serialiser for .NET does unless told otherwise."""

    def bundle(self, found: list[Resource], kind: str, after: str = "") -> Response:
        absent = dict.fromkeys(("identifier", "sent", "topic", "language", "priority", "owner", "gender", "note"))
        return super().bundle([absent | each for each in found], kind, after)


def test_elements_that_are_null_cost_nothing(sit: Sit) -> None:
    server = Nulls()
    server.dialogue(CHEST)
    served = sit(server)
    assert served.turns(20).status.set_aside == 0
    assert (served.texts(), served.item().flag) == ([CHEST], "chest")
    out = served.reply("Svar")
    served.turns(30)
    assert served.entry(out).state is Sending.SENT


@pytest.mark.parametrize("size", [-1, 0, 3.5, "12 kB"], ids=str)
def test_a_size_that_is_none_costs_neither_the_words_nor_the_file(sit: Sit, size: object) -> None:
    server = Server()
    server.header()
    server.task()
    server.store.files["1"] = ("application/pdf", b"%PDF-1.7")
    file = {"contentAttachment": {"size": size, "url": "Binary/1", "title": "svar.pdf"}}
    server.post("m", "", payload=[{"contentString": CHEST}, file])
    served = sit(server)
    served.turns(20)
    assert (served.texts(), served.item().flag) == ([CHEST], "chest")
    message = served.conversation().entries[0]
    assert isinstance(message, Message)
    (attachment,) = message.attachments
    verify(attachment, served.run(served.portal.download(attachment.url)))


def test_a_part_of_a_message_that_is_of_a_kind_nobody_knows_is_told_of(sit: Sit) -> None:
    server = Server()
    server.dialogue("Hei")
    server.post("m2", "", payload=[{"contentString": "Se her"}, {"contentCodeableConcept": {"text": CHEST}}])
    served = sit(server)
    served.sync()
    told = {entry.text: entry.unreadable for entry in served.conversation().entries if isinstance(entry, Message)}
    assert told == {"Hei": False, "Se her": True}
