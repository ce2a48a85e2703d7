"""A portal that fails at one thing, again and again, keeps back nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.contract import habits
from tests.contract.habits import Params
from tests.sync.served import CHEST, Server, Sit
from workbench.dialogue.conversation import Message
from workbench.dialogue.status import Connection

LISE = {"reference": "Practitioner/lise"}
PAGE = {"resourceType": "Bundle", "type": "searchset", "entry": []}


def fault() -> Response:
    """HAPI's answer where one of what it found cannot be read any more."""
    raise habits.RefusedError(500, "HAPI-0389: Failed to call access method")


def twice() -> Response:
    """A resource with two equal keys in it."""
    return Response('{"resourceType":"Bundle","type":"x","type":"searchset"}', media_type=habits.FHIR)


def foreign() -> Response:
    """A link to another host."""
    return JSONResponse(
        PAGE | {"link": [{"relation": "next", "url": "https://other.example/fhir"}]}, media_type=habits.FHIR
    )


FAILS = (fault, twice, foreign)


class Failing(Server):
    """It fails wherever one person is among those it is asked for."""

    fails: Callable[[], Response] | None = None

    def found(self, kind: str, params: Params, request: Request) -> Response:
        if self.fails and kind == "Practitioner" and "lise" in dict(params).get("_id", "").split(","):
            return self.fails()
        return super().found(kind, params, request)


@pytest.mark.parametrize("fails", FAILS)
def test_a_person_the_portal_cannot_tell_of_keeps_back_no_message(sit: Sit, fails: Callable[[], Response]) -> None:
    server = Failing()
    server.fails = fails
    server.dialogue(owner=LISE, status="accepted")
    served = sit(server)
    served.turns(10)
    server.post("m2", CHEST)
    assert served.turns().status.connection is Connection.ONLINE
    assert served.item().flag == "chest"


def test_nor_any_other_person_and_is_known_once_the_portal_can(sit: Sit) -> None:
    server = Failing()
    server.fails = fault
    names = [f"n{number}" for number in range(30)]
    for name in names:
        server.puts({"resourceType": "Practitioner", "name": [{"text": name.upper()}]}, name)
    server.dialogue(owner=LISE, status="accepted")
    for name in names:
        server.post(f"m{name}", "Hei", sender={"reference": f"Practitioner/{name}"})
    served = sit(server)
    served.turns()
    writers = {entry.sender.name for entry in served.conversation().entries if isinstance(entry, Message)}
    assert writers >= {name.upper() for name in names}
    server.fails = None
    served.seconds += 3_600
    served.sync()
    owner = served.conversation().work.owner
    assert owner is not None
    assert owner.name == "Lise"


def test_where_it_fails_at_all_people_it_is_not_asked_without_end(sit: Sit) -> None:
    server = Failing()
    server.dialogue()
    for number in range(100):
        server.post(f"m{number}", "Hei", sender={"reference": f"Practitioner/n{number}"})
    server.found = lambda kind, params, request: (  # type: ignore[method-assign]
        fault() if kind == "Practitioner" else Server.found(server, kind, params, request)
    )
    served = sit(server)
    served.sync()
    server.post("now", CHEST)
    served.sync()
    assert served.item().flag == "chest"
    assert sum("/Practitioner?" in asked for asked in served.asked) < 120


class WithoutTasks(Server):
    """It fails at what changed among its Tasks."""

    def found(self, kind: str, params: Params, request: Request) -> Response:
        if kind == "Task" and "_sort" in dict(params):
            return fault()
        return super().found(kind, params, request)


def test_a_portal_that_fails_at_its_tasks_gives_its_messages_and_is_said_to_fail(sit: Sit) -> None:
    server = WithoutTasks()
    server.dialogue(CHEST)
    served = sit(server)
    outcome = served.turns()
    assert served.item().flag == "chest"
    assert outcome.status.word == "server-fault"
