"""Where the user is, told to the portal and read from it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from client.dates import instant
from tests.contract.world import OWN, World, concept, to
from workbench.dialogue.held import HeldPresence
from workbench.dialogue.people import Me
from workbench.dialogue.presence import LASTS, Doing

NEAR = timedelta(seconds=30)
"""More than a test takes, and than a portal's clock is read wrong by."""


async def presences(world: World) -> dict[str, HeldPresence]:
    """All of them by conversation; the portal may hold those of other tests too, which have people of their own."""
    page = await world.portal.changes("Task", datetime.now(UTC) - timedelta(minutes=10), None)
    return {
        told.thread: told for told in page.batch.presences if told.who in (world.ref("doctor"), world.ref("secretary"))
    }


async def tell(world: World, thread: str, doing: Doing | None, me: Me | None = None) -> None:
    await world.portal.tell_presence(me or world.me, world.id(thread), doing)


async def test_a_presence_is_read_as_it_was_told(world: World) -> None:
    await tell(world, "header", Doing.READING)
    told = (await presences(world))[world.id("header")]
    assert (told.who, told.doing) == (world.ref("doctor"), Doing.READING)
    assert LASTS - NEAR < told.left <= LASTS


async def test_a_person_is_in_one_place_and_has_one_task(world: World) -> None:
    await world.thread("other")
    await tell(world, "header", Doing.READING)
    first = (await presences(world))[world.id("header")]
    await tell(world, "other", Doing.WRITING)
    moved = await presences(world)
    assert world.id("header") not in moved
    assert (moved[world.id("other")].stamp.id, moved[world.id("other")].doing) == (first.stamp.id, Doing.WRITING)


async def test_who_has_gone_is_there_no_more(world: World) -> None:
    await tell(world, "header", Doing.WRITING)
    await tell(world, "header", None)
    assert (await presences(world))[world.id("header")].left == timedelta()


async def test_who_was_nowhere_does_not_go(world: World) -> None:
    await tell(world, "header", None)
    assert await presences(world) == {}


async def test_another_window_of_the_same_person_is_no_hindrance(world: World) -> None:
    await tell(world, "header", Doing.READING)
    told = (await presences(world))[world.id("header")]
    raw = await world.now(f"Task/{told.stamp.id}")
    words = [{"op": "add", "path": "/description", "value": "det andre vinduet"}]
    patch = {"Content-Type": "application/json-patch+json"}
    answer = await world.raw.patch(f"/Task/{raw['id']}", content=json.dumps(words), headers=patch)
    assert answer.status_code == 200
    await tell(world, "header", Doing.WRITING)
    assert (await presences(world))[world.id("header")].doing is Doing.WRITING


async def test_it_is_no_work_and_names_no_patient(world: World) -> None:
    before = await world.portal.task_of(world.id("header"))
    await tell(world, "header", Doing.WRITING)
    assert await world.portal.task_of(world.id("header")) == before
    assert [task.stamp.id for task in (await world.portal.thread(world.id("header"))).tasks] == [world.id("task")]
    raw = await world.now(f"Task/{(await presences(world))[world.id('header')].stamp.id}")
    assert "for" not in raw
    assert world.ref("patient") not in str(raw)


async def test_no_presence_is_believed_for_longer_than_ours_last(world: World) -> None:
    made = {
        "resourceType": "Task",
        "status": "in-progress",
        "intent": "order",
        "code": concept(OWN.task_system, OWN.task_presence),
        "owner": to(world["secretary"]),
        "focus": to(world["header"]),
    }
    await world.make(made | {"restriction": {"period": {"end": "2999-01-01T00:00:00Z"}}})
    assert (await presences(world))[world.id("header")].left == LASTS


async def test_a_presence_without_an_end_or_with_one_that_has_passed_is_over(world: World) -> None:
    made = {
        "resourceType": "Task",
        "status": "in-progress",
        "intent": "order",
        "code": concept(OWN.task_system, OWN.task_presence),
        "owner": to(world["secretary"]),
        "focus": to(world["header"]),
    }
    await world.make(made)
    assert (await presences(world))[world.id("header")].left == timedelta()
    past = instant(datetime.now(UTC) - timedelta(minutes=1))
    await world.make(made | {"restriction": {"period": {"end": past}}})
    page = await world.portal.changes("Task", datetime.now(UTC) - timedelta(minutes=10), None)
    over = [told for told in page.batch.presences if told.thread == world.id("header")]
    assert [told.left for told in over] == [timedelta(), timedelta()]
