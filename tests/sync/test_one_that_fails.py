"""A portal that fails at one thing, again and again, keeps back nothing else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from tests.contract import habits
from tests.contract.habits import Params
from tests.sync.served import CHEST, Resource, Server, Sit
from workbench.dialogue.conversation import Message
from workbench.dialogue.status import Connection
from workbench.dialogue.work import Priority

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


class Damaged(Server):
    """It fails at every page on which one of its resources would stand."""

    at = ""

    def bundle(self, found: list[Resource], kind: str, after: str = "") -> Response:
        if any(each["id"] == self.at for each in found):
            return fault()
        return super().bundle(found, kind, after)

    def history(self, kind: str, params: dict[str, str]) -> Response:
        raise habits.RefusedError(404, f"{kind} has no history")


@pytest.mark.parametrize("kind", ["Communication", "Task"])
def test_what_comes_behind_something_the_portal_cannot_give_comes_all_the_same(sit: Sit, kind: str) -> None:
    server = Damaged()
    now = datetime.now(UTC)
    server.dialogue()
    served = sit(server)
    served.sync()
    server.at = "bad"
    if kind == "Task":
        server.task("bad", "h", changed=now + timedelta(seconds=5))
    else:
        server.puts(server.said("Hei")[0], "bad", changed=now + timedelta(seconds=5))
    server.header("g")
    words = {name: told for name, told in server.post("m2", CHEST, "g").items() if name not in ("id", "meta")}
    server.puts(words, "m2", changed=now + timedelta(minutes=3))
    server.task("u", "g", changed=now + timedelta(minutes=3), priority="stat")
    said: list[bool] = []
    for _ in range(60):
        outcome = served.take()
        if outcome.wake and (outcome.status.word or said):
            said.append(bool(outcome.status.word) or outcome.status.incomplete)
        served.seconds += max(outcome.wake, 1)
    assert served.item("g").flag == "chest"
    assert served.item("g").priority is Priority.STAT
    assert said
    assert all(said), "that something is missing is said all the time"
    server.at = ""
    served.turns(20)
    assert served.turns(1).status.word == ""
    assert not served.sync().status.incomplete


def test_all_that_comes_before_it_comes(sit: Sit) -> None:
    server = Damaged()
    server.dialogue()
    server.at = "bad"
    now = datetime.now(UTC)
    for number in range(90):
        identity = "bad" if number == 60 else f"p{number}"
        words = {
            name: told for name, told in server.post(identity, f"Ord {number}").items() if name not in ("id", "meta")
        }
        server.puts(words, identity, changed=now + timedelta(minutes=5 * number))
    served = sit(server)
    served.turns(150)
    came = set(served.texts())
    assert {f"Ord {number}" for number in range(41)} <= came, "but for those on the smallest page with it"
    assert {f"Ord {number}" for number in range(85, 90)} <= came
