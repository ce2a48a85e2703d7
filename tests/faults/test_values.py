"""Faults as values: spelled, met, counted and carried out without a clock or a network."""

from __future__ import annotations

import json
import re
from random import Random

import pytest

from tests.faults.matrix import faults
from workbench.sandbox.faults.calls import names_of
from workbench.sandbox.faults.exchange import FHIR_JSON, Asked, Told
from workbench.sandbox.faults.kinds import KINDS
from workbench.sandbox.faults.plan import Fault, Often, Plan, fault, samples
from workbench.sandbox.faults.spelling import manual, parse, spelled

BASE = "http://127.0.0.1:1/fhir"
SEARCH = Asked("GET", "Task", "_count=2", BASE)
CREATE = Asked("POST", "Communication", base=BASE, body=b"{}")


def told(version: int = 1, status: int = 200) -> Told:
    task = {"resourceType": "Task", "id": "1", "meta": {"versionId": str(version)}}
    bundle = {"resourceType": "Bundle", "total": 1, "entry": [{"resource": task}]}
    return Told(status, (("content-type", FHIR_JSON), ("etag", f'W/"{version}"'))).saying(bundle)


def test_every_kind_is_spelled_as_it_is_read() -> None:
    for each in samples():
        assert parse(spelled(each)) == each
    for text in (
        "lost-reply@POST/Communication*2",
        "429:5@patch-Task",
        "cut:120@GET/Communication*1/3",
        "500*20%",
        "html@*/Task/**3",
        "foreign-next:http://127.0.0.1:9/x@search-Task",
    ):
        assert spelled(parse(text)) == text
    assert parse("429:retry-after=5@PATCH/Task") == fault("429", "5", "PATCH/Task")
    assert parse("429:Wed, 04 Mar 2026 12:00:00 GMT").argument == "Wed, 04 Mar 2026 12:00:00 GMT"


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("los-reply", "did you mean “lost-reply”"),
        ("", "list"),
        ("zzzz", "“list” tells of all"),
        ("reset:3", "takes nothing"),
        ("cut:x", "bytes of the body"),
        ("cut:-1", "bytes of the body"),
        ("delay:nan", "seconds"),
        ("delay:inf", "seconds"),
        ("429:a\r\nb", "one line"),
        ("500@foo", "“foo” is no call"),
        ("500@search-TYPE", "is no call"),
        ("500@BREW/Task", "“BREW” is no method"),
        ("500@", "is no call"),
        ("500*0", "no number of times"),
        ("500*2/3", "no number of times"),
        ("500*200%", "no number of times"),
        ("500*x", "no number of times"),
    ],
)
def test_a_wrong_spelling_gets_one_sentence(wrong: str, says: str) -> None:
    with pytest.raises(ValueError, match=re.escape(says)) as caught:
        parse(wrong)
    assert "\n" not in str(caught.value)


def test_the_manual_tells_of_every_kind_and_call() -> None:
    for kind in KINDS.values():
        assert f"\n  {kind.name}" in manual()
        assert kind.words in manual()


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        (Asked("GET", "metadata"), "metadata"),
        (SEARCH, "search-Task"),
        (Asked("POST", "Appointment/_search"), "search-Appointment"),
        (Asked("GET", "", "_page=x"), "next-page"),
        (Asked("GET", "Communication/1"), "read-thread"),
        (Asked("GET", "Task/1"), "read-Task"),
        (Asked("GET", "Task/1/_history/2"), "history"),
        (Asked("GET", "Binary/1"), "download"),
        (CREATE, "create-Communication"),
        (Asked("POST", "Binary"), "upload"),
        (Asked("PATCH", "Task/1"), "patch-Task"),
        (Asked("PUT", "Task/1"), "update-Task"),
        (Asked("DELETE", "Task/1"), "delete-Task"),
        (Asked("POST", ""), "batch"),
    ],
)
def test_a_call_has_its_names(asked: Asked, name: str) -> None:
    assert names_of(asked)[0] == name
    assert fault("500", calls=name).could_meet(asked)
    assert fault("500", calls=names_of(asked)[-1]).could_meet(asked)
    assert not fault("500", calls="update-Basic").could_meet(asked)


def test_a_path_means_what_lies_under_it_and_a_form_is_a_search() -> None:
    assert fault("500", calls="PATCH/Task").could_meet(Asked("PATCH", "Task/1"))
    assert fault("500", calls="GET/Task").could_meet(Asked("POST", "Task/_search"))
    assert not fault("500", calls="POST/Task").could_meet(Asked("POST", "Task/_search"))
    assert not fault("500", calls="GET/Task").could_meet(Asked("GET", "TaskX"))
    assert fault("500", calls="*/Communication/*").could_meet(Asked("GET", "Communication/1"))
    assert not fault("looping").could_meet(CREATE), "only lists have pages"


def strikes(plan: Plan, calls: int = 12) -> str:
    return "".join("x" if plan.strikes(SEARCH) else "." for _ in range(calls))


def test_how_often_is_counted_over_the_calls_it_could_meet() -> None:
    plan = Plan((parse("500@search*2"),))
    assert plan.strikes(CREATE) is None
    assert strikes(plan) == "xx.........."
    plan.set([parse("500*1/3")])
    assert strikes(plan) == "x..x..x..x.."
    plan.set([parse("500*50%")])
    some = strikes(plan, 100).count("x")
    assert 20 < some < 80
    assert strikes(Plan((parse("500*50%"),), Random(7))) == strikes(Plan((parse("500*50%"),), Random(7)))
    plan.set([Fault(KINDS["500"], often=Often(first=1)), Fault(KINDS["503"])])
    assert [found.kind.name for _ in range(2) if (found := plan.strikes(SEARCH))] == ["500", "503"]


def carried(spelling: str, asked: Asked = SEARCH) -> tuple[int, object]:
    done: list[Asked] = []

    def portal(call: Asked) -> Told:
        done.append(call)
        return told(len(done))

    delivery = Plan((parse(spelling),)).through(asked, portal, 0.0)
    return len(done), delivery.told.status if delivery.told and delivery.answers else None


@pytest.mark.parametrize(
    ("spelling", "times", "status"),
    [
        ("reset", 0, None),
        ("lost-reply", 1, None),
        ("hang", 0, None),
        ("hang-done", 1, None),
        ("duplicate", 2, 200),
        ("html", 0, 200),
        ("500", 0, 500),
        ("500-done", 1, 500),
        ("401", 0, 401),
        ("302", 0, 302),
        ("204", 1, 204),
        ("delay", 1, 200),
        ("500@patch-Task", 1, 200),
    ],
)
def test_what_is_done_and_what_is_told(spelling: str, times: int, status: int | None) -> None:
    assert carried(spelling) == (times, status)


def test_every_kind_gives_a_delivery_for_every_kind_of_answer() -> None:
    answers = (
        told(),
        Told(201, (("location", f"{BASE}/Task/1"),)),
        Told(200, (("content-type", "image/png"),), b"\x89PNG"),
        Told(404, (("content-type", FHIR_JSON),), b"[]"),
    )
    for each in faults():
        for one in answers:
            for asked in (SEARCH, CREATE, Asked("GET", "Task/1", base=BASE), Asked("GET", "", "_page=2", BASE)):
                plan = Plan((each,))
                plan.through(asked, lambda _asked, one=one: one, 0.0)  # type: ignore[misc]
                assert bool(plan.struck) == each.could_meet(asked)


def test_an_answer_that_is_cut_is_known_to_be_unless_it_told_no_length() -> None:
    for name, whole in (("cut", False), ("cut-open", True), ("duplicate", True)):
        delivery = Plan((fault(name),)).through(SEARCH, lambda _asked: told(), 0.0)
        assert delivery.whole is whole
        assert (len(delivery.body) < len(told().body)) is name.startswith("cut")
    assert Plan((parse("cut:999999"),)).through(SEARCH, lambda _asked: told(), 0.0).body == told().body[:-1]


def test_a_rolled_back_portal_tells_the_first_version_it_told() -> None:
    plan = Plan((parse("rollback@read-Task"),))
    plan.through(SEARCH, lambda _asked: told(3), 0.0)
    task = Told(200, (("content-type", FHIR_JSON), ("etag", 'W/"5"'))).saying(
        {"resourceType": "Task", "id": "1", "meta": {"versionId": "5"}}
    )
    back = plan.through(Asked("GET", "Task/1"), lambda _asked: task, 0.0).told
    assert back
    assert (back.json() or {})["meta"] == {"versionId": "3"}
    assert back.header("etag") == 'W/"3"'


def test_a_search_is_reused_for_a_while_unless_the_client_will_have_none_of_it() -> None:
    def versions(kind: str, **headers: str) -> list[int]:
        plan, seen = Plan((fault(kind, "60"),)), []
        for version, now in ((1, 0.0), (2, 59.0), (3, 61.0), (4, 100.0)):
            asked = Asked("GET", "Task", headers=headers)
            delivery = plan.through(asked, lambda _asked, version=version: told(version), now)  # type: ignore[misc]
            assert delivery.told
            entry = (delivery.told.json() or {})["entry"][0]
            seen.append(int(entry["resource"]["meta"]["versionId"]))
        return seen

    assert versions("reused-search") == [1, 1, 3, 3]
    assert versions("reused-search", **{"cache-control": "no-cache"}) == [1, 2, 3, 4]
    assert versions("stubborn-search", **{"cache-control": "no-cache"}) == [1, 1, 3, 3]


def test_pages_lead_astray() -> None:
    def links(kind: str) -> object:
        told_ = Plan((fault(kind),)).through(SEARCH, lambda _asked: told(), 0.0).told
        assert told_
        return json.loads(told_.body).get("link")

    assert links("looping") == [{"relation": "next", "url": f"{BASE}/Task?_count=2"}]
    assert links("foreign-next") == [{"relation": "next", "url": "http://elsewhere.invalid/fhir?page=2"}]
    assert links("truncated") == []
