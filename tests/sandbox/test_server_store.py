"""What lies under the server: races, the bulk load, indexes that are really used, and the seam for faults."""

import json
import random
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from tests.sandbox.conftest import NOW, SYSTEM, Portal, fresh_store, message, running
from workbench.sandbox.live import arrive
from workbench.sandbox.load import apart, prepared
from workbench.sandbox.scene import resources
from workbench.sandbox.search import understand
from workbench.sandbox.server import create_app
from workbench.sandbox.store import Store, Unusable


def test_of_many_creates_at_once_one_wins(portal: Portal, patient: str) -> None:
    sent = message(patient, identifier=[{"system": SYSTEM, "value": "race"}])
    start = threading.Barrier(12)

    def create(_: int) -> tuple[int, str]:
        start.wait(10)
        answer = portal.ask("POST", "Communication", sent, If_None_Exist=f"identifier={SYSTEM}|race")
        return answer.status_code, answer.json()["id"]

    with ThreadPoolExecutor(12) as pool:
        answers = list(pool.map(create, range(12)))
    assert sorted(status for status, _ in answers) == [200] * 11 + [201]
    assert len({id_ for _, id_ in answers}) == 1
    assert len(portal.found(f"Communication?identifier={SYSTEM}|race")) == 1


def test_of_many_changes_at_once_one_wins(portal: Portal) -> None:
    task = portal.create("Task", status="requested", intent="order")
    start = threading.Barrier(8)

    def claim(number: int) -> int:
        start.wait(10)
        changed = {**task, "status": "accepted", "description": str(number)}
        return portal.ask("PUT", f"Task/{task['id']}", changed, If_Match='W/"1"').status_code

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(claim, range(8))) == [200] + [412] * 7


@pytest.mark.parametrize("criteria", ["", "_count=1", "_sort=_id", "nonsense=1", "?", "status=", "category:missing=x"])
def test_if_none_exist_needs_criteria(portal: Portal, patient: str, criteria: str) -> None:
    answer = portal.ask("POST", "Communication", message(patient), If_None_Exist=criteria)
    assert answer.status_code == 400


def test_if_none_exist_may_be_written_as_an_address(portal: Portal, patient: str) -> None:
    sent = message(patient, identifier=[{"system": SYSTEM, "value": "addr"}])
    for criteria in (
        f"identifier={SYSTEM}|addr",
        f"?identifier={SYSTEM}%7Caddr",
        f"Communication?identifier={SYSTEM}|addr",
    ):
        answer = portal.ask("POST", "Communication", sent, If_None_Exist=criteria)
        assert answer.status_code in (200, 201)
    assert len(portal.found("Communication?identifier=addr")) == 1


def rows(store: Store) -> dict[str, list[tuple[object, ...]]]:
    """Everything the tables hold, with systems by name and without the times of writing."""
    names = dict(store.select("SELECT number, uri FROM system"))
    found: dict[str, list[tuple[object, ...]]] = {}
    for (name,) in store.select(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT IN ('setting', 'page')"
    ):
        found[name] = sorted(store.select(f'SELECT * FROM "{name}"'), key=repr)
    found["term"] = sorted((*row[:3], names.get(row[3], "")) for row in found.pop("term"))
    found.pop("system")
    return found


def test_a_bulk_load_indexes_as_single_writes_do(tmp_path: Path) -> None:
    scene = json.loads(json.dumps(list(resources(30, 3, NOW))))
    with fresh_store(tmp_path / "a.db") as loaded, fresh_store() as written, fresh_store() as sent:
        loaded.load(prepared(resources(30, 3, NOW)))
        sent.load(apart(resources, 30, 3, NOW))
        assert rows(sent) == rows(loaded)
        for resource in scene:
            written.write(resource, None, "POST")
        left, right = rows(loaded), rows(written)
        assert left.keys() == right.keys()
        assert left["term"] == right["term"]
        for kind in {resource["resourceType"] for resource in scene}:
            assert [row[:3] + row[4:] for row in left[kind]] == [row[:3] + row[4:] for row in right[kind]]
        assert sum(len(left[kind]) for kind in left if kind[0].isupper()) == len(scene)


def test_the_scene_survives_the_servers_own_validation(tmp_path: Path) -> None:
    with fresh_store(tmp_path / "a.db") as store:
        store.load(prepared(resources(60, 5, NOW)))
        with running(store) as portal:
            scene = list(resources(60, 5, NOW))
            requests = [{"method": "PUT", "url": f"{one['resourceType']}/{one['id']}"} for one in scene]
            together = zip(scene, requests, strict=True)
            answers = portal.batch([{"resource": one, "request": request} for one, request in together])
            for resource, answer in zip(scene, answers, strict=True):
                assert answer["response"]["status"] == "200 OK", (answer, resource)


def test_every_index_serves_its_order(tmp_path: Path) -> None:
    with fresh_store(tmp_path / "a.db") as store:
        store.load(prepared(resources(1500, 2, NOW)))
        plans = {
            "Communication?_sort=_lastUpdated&_lastUpdated=ge2020": "Communication _lastUpdated",
            "Communication?_sort=-sent": "Communication sent",
            "Task?_sort=authored-on&status:not=completed": "Task authored-on",
        }
        for query, index in plans.items():
            steps = plan(store, query)
            assert index in steps, steps
            assert "TEMP B-TREE" not in steps, steps
        steps = plan(store, "Communication?part-of=Communication/x&_sort=sent&category=thread")
        assert "term found" in steps
        assert "SCAN r" not in steps


def plan(store: Store, query: str) -> str:
    from workbench.sandbox.search import _plan

    kind, _, asked = query.partition("?")
    pairs = tuple((name, value) for name, _, value in (one.partition("=") for one in asked.split("&")))
    sql, values = _plan(understand(kind, pairs, "", store), store)
    return "\n".join(str(row) for row in store.select(f"EXPLAIN QUERY PLAN {sql} LIMIT 21", values))


def test_the_same_requests_give_the_same_ids_and_times() -> None:
    told = []
    for _ in range(2):
        with fresh_store(seed=9) as store:
            store.load(prepared(resources(5, 9, NOW)))
            with running(store) as portal:
                made = [portal.create("Task", status="requested", intent="order") for _ in range(3)]
                arrive(store, 9)
                told.append((made, portal.ask("GET", "Communication?_count=1000&_sort=_lastUpdated").json()["entry"]))
    strip = [json.loads(json.dumps(one).replace("127.0.0.1", "")) for one in (told[0][0], told[1][0])]
    assert strip[0] == strip[1]
    assert [entry["resource"] for entry in told[0][1]] == [entry["resource"] for entry in told[1][1]]
    with fresh_store(seed=10) as store:
        assert store.next_id() != told[0][0][0]["id"]


def test_ids_do_not_come_again_after_a_restart(tmp_path: Path) -> None:
    dice, seen = random.Random(1), set[str]()
    for _ in range(4):
        with fresh_store(tmp_path / "p.db") as store, running(store) as portal:
            for _ in range(dice.randrange(1, 5)):
                made = portal.create("Patient")
                assert made["id"] not in seen
                seen.add(made["id"])
            portal.ask("DELETE", f"Patient/{made['id']}")
            last = made["meta"]["lastUpdated"]
    with fresh_store(tmp_path / "p.db") as store, running(store) as portal:
        assert portal.create("Patient")["meta"]["lastUpdated"] > last
        assert len(portal.found("Patient?_count=100")) == len(seen) - 3


def test_a_file_that_cannot_be_continued_is_left_alone(tmp_path: Path) -> None:
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"not a database at all" * 100)
    with pytest.raises(Unusable, match="cannot be used"):
        Store(broken, lambda: NOW, 1)
    assert broken.read_bytes().startswith(b"not a database")
    other = tmp_path / "other.db"
    with fresh_store(other) as store:
        store.remember("schema", "of tomorrow")
    with pytest.raises(Unusable, match="another version"):
        Store(other, lambda: NOW, 1)
    with fresh_store(tmp_path / "used.db"), pytest.raises(Unusable, match="locked"):
        Store(tmp_path / "used.db", lambda: NOW, 1)


def write_and_fail(store: Store) -> None:
    tag = {"system": "urn:new", "code": "x"}
    with store.transaction():
        store.write({"resourceType": "Patient", "id": "gone", "meta": {"tag": [tag]}}, None, "POST")
        assert store.system("urn:new") > 0
        raise ZeroDivisionError


def test_a_step_that_fails_takes_back_only_its_own() -> None:
    with fresh_store() as store, running(store) as portal:
        with store.transaction():
            kept = store.write({"resourceType": "Patient", "id": "kept"}, None, "POST")
            with pytest.raises(ZeroDivisionError):
                write_and_fail(store)
            after = store.write({"resourceType": "Patient", "id": "after"}, None, "POST")
        assert portal.found("Patient") == ["kept", "after"]
        assert (kept.seq, after.seq) == (1, 2)
        assert after.updated > kept.updated
        assert store.system("urn:new") == -1


def test_old_pages_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.sandbox.store.PAGES", 3)
    with fresh_store() as store:
        tokens = [store.keep_page(str(number)) for number in range(5)]
        assert [store.page(token) for token in tokens] == [None, None, "2", "3", "4"]


async def test_the_portal_answers_without_a_socket() -> None:
    with fresh_store() as store:
        transport = httpx.ASGITransport(create_app(store))
        async with httpx.AsyncClient(transport=transport, base_url="http://portal.test/fhir") as http:
            made = await http.post("/Patient", json={"resourceType": "Patient"})
            assert made.status_code == 201
            assert (await http.get(made.headers["location"])).json() == made.json()
            assert made.headers["location"].startswith("http://portal.test/fhir/Patient/")


def test_something_can_stand_around_the_portal() -> None:
    seen: list[str] = []

    def named(name: str) -> "type":
        class Around:
            def __init__(self, app: ASGIApp) -> None:
                self.app = app

            async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
                seen.append(name)
                if name == "inner" and scope["path"].endswith("/down"):
                    await send({"type": "http.response.start", "status": 503, "headers": [(b"retry-after", b"1")]})
                    await send({"type": "http.response.body", "body": b""})
                    return
                await self.app(scope, receive, send)

        return Around

    with fresh_store() as store, running(store, around=[named("outer"), named("inner")]) as portal:
        assert portal.ask("GET", "metadata").status_code == 200
        assert seen == ["outer", "inner"]
        assert portal.ask("GET", "Patient/down").headers["retry-after"] == "1"
        assert callable(create_app(store))


def test_a_failure_of_ours_is_an_outcome_and_rolls_back(portal: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    from tests.sandbox.conftest import refused

    def fail(*_: object) -> None:
        raise sqlite3.OperationalError("disk full")

    before = portal.found("Patient?_count=1000")
    monkeypatch.setattr(portal.store, "_append", fail)
    issue = refused(portal.ask("POST", "Patient", {"resourceType": "Patient"}), 500)
    assert "disk full" not in issue["details"]["text"]
    monkeypatch.undo()
    assert portal.found("Patient?_count=1000") == before
    portal.create("Patient")
