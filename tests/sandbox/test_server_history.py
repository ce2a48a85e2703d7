"""The history of a type: every version of every resource once, deletions among them, newest first."""

import random
from collections.abc import Iterator

import pytest

from tests.sandbox.conftest import PATCH, Portal, Resource, concept, fresh_store, refused, running


@pytest.fixture
def alone() -> Iterator[Portal]:
    """A portal that nobody else writes to."""
    with fresh_store() as store, running(store) as portal:
        yield portal


def walked(portal: Portal, query: str = "", kind: str = "Task") -> list[tuple[str, str, str]]:
    """Method, id and version of each entry, over all pages."""
    url: str | None = f"{kind}/_history{query}"
    found = []
    while url:
        answer = portal.ask("GET", url)
        assert answer.status_code == 200, answer.text
        told = answer.json()
        assert told["type"] == "history"
        found += [(entry["request"]["method"], *_named(entry)) for entry in told.get("entry", [])]
        url = next((link["url"] for link in told.get("link", []) if link["relation"] == "next"), None)
    return found


def _named(entry: Resource) -> tuple[str, str]:
    return entry["fullUrl"].rpartition("/")[2], entry["response"]["etag"][3:-1]


def task(portal: Portal) -> str:
    return str(portal.create("Task", status="requested", intent="order", code=concept("a"))["id"])


def change(portal: Portal, identity: str) -> Resource:
    operations = [{"op": "replace", "path": "/status", "value": "accepted"}]
    changed: Resource = portal.ask("PATCH", f"Task/{identity}", operations, PATCH).json()
    return changed


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_a_random_history_comes_whole_and_newest_first(alone: Portal, size: int) -> None:
    seed = size
    dice = random.Random(seed)
    expected: list[tuple[str, str, str]] = []
    versions: dict[str, int] = {}
    for _ in range(40):
        what = dice.random()
        if what < 0.4 or not versions:
            identity = task(alone)
            versions[identity] = 1
            expected.append(("POST", identity, "1"))
            continue
        identity = dice.choice(sorted(versions))
        versions[identity] += 1
        if what < 0.8:
            change(alone, identity)
            expected.append(("PATCH", identity, str(versions[identity])))
        else:
            assert alone.ask("DELETE", f"Task/{identity}").status_code == 204
            expected.append(("DELETE", identity, str(versions.pop(identity))))
    assert walked(alone, f"?_count={size}") == expected[::-1], f"seed {seed}"


def test_since_narrows_it_and_other_types_stay_out(alone: Portal) -> None:
    first = task(alone)
    alone.create("Patient", name=[{"family": "Nordmann"}])
    when = change(alone, first)["meta"]["lastUpdated"]
    second = task(alone)
    alone.ask("DELETE", f"Task/{first}")
    since = [("DELETE", first, "3"), ("POST", second, "1"), ("PATCH", first, "2")]
    assert walked(alone, f"?_since={when}") == since
    assert walked(alone, f"?_since={when}&_count=2") == since
    assert walked(alone, kind="Communication") == []
    assert [method for method, _, _ in walked(alone, kind="Patient")] == ["POST"]


def test_what_it_cannot_be_asked_is_refused(alone: Portal) -> None:
    for query in ("_since=yesterday", "_since=2026-03-02", "_at=2026", "_sort=_id", "_count=x", "status=requested"):
        refused(alone.ask("GET", f"Task/_history?{query}"), 400)
