"""Next links: every match once, whatever is written meanwhile, and no link but one the portal gave."""

import random
from collections.abc import Iterator
from datetime import timedelta

import pytest

from tests.sandbox.conftest import NOW, PATCH, Portal, Resource, concept, fresh_store, ids, refused, running
from workbench.sandbox.dates import instant, milliseconds

MANY = 61


@pytest.fixture(scope="module")
def crowd() -> Iterator[Portal]:
    """Tasks with few different dates and priorities, so that sort keys are often equal; some have none."""
    dice = random.Random(4)
    with fresh_store() as store, running(store) as portal:
        for number in range(MANY):
            more: Resource = {"priority": dice.choice(("routine", "urgent", "asap"))} if number % 5 else {}
            if number % 7:
                more["authoredOn"] = instant(milliseconds(NOW - timedelta(days=dice.randrange(6))))
            portal.create("Task", status="requested", intent="order", code=concept(f"c{number % 3}"), **more)
        yield portal


def pages(portal: Portal, url: str) -> Iterator[list[str]]:
    following: str | None = url
    while following:
        answer = portal.ask("GET", following)
        assert answer.status_code == 200, answer.text
        yield ids(answer)
        links = {link["relation"]: link["url"] for link in answer.json()["link"]}
        assert links["self"].startswith(portal.base)
        following = links.get("next")


SORTS: tuple[str, ...] = (
    "",
    "_lastUpdated",
    "-_lastUpdated",
    "authored-on",
    "-authored-on",
    "_id",
    "-status",
    "code",
    "-code,priority",
)
SORTS += ("priority,-authored-on", "-priority,authored-on", "authored-on,-_lastUpdated")


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("size", [7, 61])
def test_pages_together_are_the_whole(crowd: Portal, sort: str, size: int) -> None:
    order = f"&_sort={sort}" if sort else ""
    whole = crowd.found(f"Task?_count=1000{order}")
    assert len(set(whole)) == MANY
    parts = list(pages(crowd, f"Task?_count={size}{order}"))
    assert [one for part in parts for one in part] == whole
    assert [len(part) for part in parts] == [size] * (MANY // size) + ([MANY % size] if MANY % size else [])


def test_pages_of_a_filtered_search_keep_the_filter(crowd: Portal) -> None:
    query = "Task?code=c1&priority=urgent,asap&authored-on=ge2026-02-27&_sort=-authored-on"
    whole = crowd.found(f"{query}&_count=1000")
    assert 5 < len(whole) < MANY
    assert [one for part in pages(crowd, f"{query}&_count=2") for one in part] == whole


def test_defaults_and_bounds(crowd: Portal) -> None:
    assert len(crowd.found("Task")) == 20
    assert len(crowd.found("Task?_count=5000")) == MANY
    first = crowd.ask("GET", "Task?_count=10").json()
    assert "total" not in first
    assert crowd.ask("GET", "Task?_count=10&_total=accurate").json()["total"] == MANY
    assert crowd.ask("GET", "Task?_count=61").json()["total"] == MANY
    assert [link["relation"] for link in first["link"]] == ["self", "next"]
    assert [link["relation"] for link in crowd.ask("GET", "Task?_count=61").json()["link"]] == ["self"]


def test_a_link_gives_its_page_again_and_after_a_restart_of_the_server(crowd: Portal) -> None:
    link = crowd.ask("GET", "Task?_count=3&_sort=authored-on").json()["link"][1]["url"]
    again = [ids(crowd.ask("GET", link)) for _ in range(2)]
    with running(crowd.store) as other:
        moved = ids(other.ask("GET", link.replace(crowd.base, other.base)))
        assert other.ask("GET", link.replace(crowd.base, other.base)).json()["link"][1]["url"].startswith(other.base)
    assert again[0] == again[1] == moved


def test_a_link_tells_nothing_and_cannot_be_changed(crowd: Portal) -> None:
    link = crowd.ask("GET", "Task?_count=3&code=c1&intent=order").json()["link"][1]["url"]
    token = link.partition("=")[2]
    assert "order" not in link
    assert len(token) == 64
    other = "0" if token[0] != "0" else "1"
    for wrong in (other + token[1:], token[:-1], token + "0", "", "1", "%27 OR 1=1"):
        assert refused(crowd.ask("GET", f"?_page={wrong}"), 410)["details"]["text"]
    assert crowd.ask("GET", link).status_code == 200


def test_an_include_comes_with_every_page(crowd: Portal) -> None:
    patient = crowd.create("Patient")["id"]
    for _ in range(3):
        subject = {"reference": f"Patient/{patient}"}
        crowd.create("Communication", status="completed", subject=subject)
    link = crowd.ask("GET", "Communication?_count=1&_include=Communication:subject").json()["link"][1]["url"]
    assert ids(crowd.ask("GET", link), "include") == [patient]


def test_writes_between_pages_neither_lose_nor_double(portal: Portal) -> None:
    def made(day: int) -> str:
        sent = f"2026-03-{day:02d}T10:00:00Z"
        return str(portal.create("Communication", status="completed", sent=sent)["id"])

    known = [made(day) for day in (2, 4, 6, 8, 10, 12)]
    walk = pages(portal, "Communication?_sort=sent&_count=2&sent=ge2026-01-01")
    assert next(walk) == known[:2]
    before, between = made(3), made(9)
    portal.ask("DELETE", f"Communication/{known[2]}")
    rest = [one for part in walk for one in part]
    assert before not in rest
    assert rest == [known[3], between, known[4], known[5]]


def test_what_changes_meanwhile_comes_again_at_the_end_of_a_walk_by_time(portal: Portal) -> None:
    tasks = [str(portal.create("Task", status="requested", intent="order")["id"]) for _ in range(5)]
    walk = pages(portal, "Task?_sort=_lastUpdated&_count=2")
    assert next(walk) == tasks[:2]
    portal.ask("PATCH", f"Task/{tasks[0]}", [{"op": "replace", "path": "/status", "value": "accepted"}], PATCH)
    portal.ask("PATCH", f"Task/{tasks[3]}", [{"op": "replace", "path": "/status", "value": "accepted"}], PATCH)
    assert [one for part in walk for one in part] == [tasks[2], tasks[4], tasks[0], tasks[3]]
