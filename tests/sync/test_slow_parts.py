"""A portal that takes too long at one thing keeps back nothing else."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest
from starlette.requests import Request
from starlette.responses import Response

from client.errors import Deadline
from client.page_size import GROWS_AFTER, LEAST, PageSize
from tests.contract import habits
from tests.contract.habits import Params
from tests.sync.served import CHEST, ME, Served, Server, Sit
from workbench.sync.ports import PortalPort
from workbench.sync.sparing import Sparing

IN_TIME = 100
"""Resources that a page may hold to be made in time."""


class Slow(Server):
    """It makes a small page in time, and what stands before it does not wait for a large one."""

    def found(self, kind: str, params: Params, request: Request) -> Response:
        told = dict(params)
        if told.get("_sort") == "_lastUpdated" and int(told.get("_count", "20")) > IN_TIME:
            return Response("<html>504 Gateway Time-out</html>", 504, media_type="text/html")
        return super().found(kind, params, request)


@pytest.fixture
def at(sit: Sit) -> Sit:
    """Sits down at a server that has a conversation."""

    def down(server: Server) -> Served:
        server.dialogue(CHEST, owner={"reference": ME.reference})
        return sit(server)

    return down


def turns(served: Served) -> None:
    """An hour of turns, however they go."""
    until = served.seconds + 3_600
    while served.seconds < until:
        served.seconds += max(served.take().wake, 1)


def slow_at(
    served: Served, monkeypatch: pytest.MonkeyPatch, is_slow: Callable[[str, dict[str, str]], bool]
) -> list[float]:
    """Has some searches, by type and parameters, take longer than a call may; gives when."""
    rest = served.portal._checking._rest
    search, when = rest.search, []

    async def slow(kind: str, params: Sequence[tuple[str, str]], **more: Any) -> Any:
        if is_slow(kind, dict(params)):
            when.append(served.seconds)
            served.seconds += 60
            raise Deadline
        return await search(kind, params, **more)

    monkeypatch.setattr(rest, "search", slow)
    return when


def test_large_pages_that_are_not_made_in_time_are_asked_for_smaller(at: Sit) -> None:
    served = at(Slow())
    turns(served)
    assert served.item().flag == "chest"
    assert served.sync().status.word == ""


def test_so_are_those_that_never_come(at: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    served = at(Server())
    slow_at(served, monkeypatch, lambda _, told: int(told.get("_count", "0")) > IN_TIME)
    turns(served)
    assert served.item().flag == "chest"


class Forgetful(Server):
    """It keeps no history."""

    def history(self, kind: str, params: dict[str, str]) -> Response:
        raise habits.RefusedError(404, f"{kind} has no history")


@pytest.mark.parametrize("server", [Server, Forgetful], ids=["after a deletion", "in turns"])
def test_looking_for_what_is_held_takes_too_long_and_keeps_back_nothing(
    at: Sit, monkeypatch: pytest.MonkeyPatch, server: type[Server]
) -> None:
    served = at(server())
    served.server.post("m2", "Hei")
    served.sync()
    when = slow_at(served, monkeypatch, lambda kind, told: kind in ("Task", "Communication") and "_id" in told)
    served.server.store.delete("Communication/m2")
    served.server.post("m3", "Svimmel")
    served.seconds += 60
    turns(served)
    assert "Svimmel" in served.texts()
    assert served.sync().status.word == ""
    assert 1 <= len(when) <= 12


@pytest.mark.parametrize("before", [False, True], ids=["from the first", "later"])
def test_a_history_that_takes_too_long_is_done_without_for_a_while(
    at: Sit, monkeypatch: pytest.MonkeyPatch, before: bool
) -> None:
    served = at(Server())
    if before:
        served.sync()
        served.seconds += 60
    when = slow_at(served, monkeypatch, lambda kind, _: kind.endswith("_history"))
    turns(served)
    assert served.item().flag == "chest"
    assert served.sync().status.word == ""
    assert 1 <= len(when) <= 12, "ever less often"
    served.seconds += 3_700
    turns(served)
    assert len(when) >= 3, "it is asked again: the portal may be quicker by now"


def test_people_who_are_not_told_in_time_are_asked_for_a_few_at_once(at: Sit, monkeypatch: pytest.MonkeyPatch) -> None:
    server = Server()
    for number in range(30):
        server.puts({"resourceType": "Patient", "name": [{"text": f"Nr {number}"}]}, f"p{number}")
        who = {"reference": f"Patient/p{number}"}
        server.header(f"h{number}", subject=who, sender=who)
        server.task(f"t{number}", f"h{number}")
    served = at(server)
    never = "p13"
    slow_at(served, monkeypatch, lambda _, asked: never in (ids := asked.get("_id", "").split(",")) or len(ids) > 5)
    for _ in range(3):
        turns(served)
    assert served.item().flag == "chest"
    rows = [served.item(f"h{number}") for number in range(30)]
    assert sum(row.patient_name == "" for row in rows) == 1, "one is never told, all others are"


def test_a_list_of_staff_that_takes_too_long_keeps_back_no_message_and_no_reply(at: Sit) -> None:
    served = at(Server())
    asked: list[float] = []

    async def slow(_portal: PortalPort) -> None:
        asked.append(served.seconds)
        served.seconds += 60
        raise Deadline

    served.turn._world = replace(served.turn._world, introduce=slow)
    turns(served)
    assert served.item().flag == "chest"
    out = served.reply("Svar")
    turns(served)
    assert served.entry(out).settled
    assert len(served.server.said("Svar")) == 1
    assert len(asked) < 20


def test_what_takes_too_long_again_and_again_is_tried_ever_less_often_until_it_was_done() -> None:
    now = [0.0]
    sparing = Sparing(lambda: now[0])

    def waits() -> float:
        """How long it is not tried after it took too long."""
        began = now[0]
        with pytest.raises(Deadline), sparing.trying("it"):
            raise Deadline
        assert sparing.may("another")
        while not sparing.may("it"):
            now[0] += 1
        return now[0] - began

    assert [waits() for _ in range(8)] == [60, 120, 240, 480, 960, 1920, 3600, 3600]
    sparing.done("it")
    assert waits() == 60


def test_pages_grow_again_when_the_portal_keeps_up_but_never_to_what_we_do_not_accept() -> None:
    size = PageSize(400)
    for _ in range(9):
        size.was_too_slow()
    assert size.now == LEAST
    for _ in range(GROWS_AFTER):
        size.came(1)
    assert size.now == LEAST, "pages that are not full tell nothing"
    for _ in range(10 * GROWS_AFTER):
        size.came(size.now)
    assert size.now == 400
    size.was_too_large()
    for _ in range(10 * GROWS_AFTER):
        size.came(size.now)
    assert size.now == 200
    for _ in range(9):
        size.was_too_large()
    assert (size.now, size.single) == (1, True)
    size.was_too_slow()
    assert size.now == 1
