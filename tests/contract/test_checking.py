"""What was deleted, and what there is now, as different portals tell it."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from tests.contract.world import World, unique
from workbench.dialogue.held import Stream


async def remove(world: World, reference: str) -> None:
    answer = await world.raw.delete(f"/{reference}")
    assert answer.status_code in (200, 204), answer.text


async def deletions(world: World, stream: Stream, since: datetime) -> set[str]:
    """What every page tells, each page after the other."""
    found: set[str] = set()
    page: str | None = None
    while True:
        told = await world.portal.deletions(stream, since, page)
        assert told is not None
        found |= set(told.gone)
        if told.next is None:
            return found
        page = told.next


async def beginning(world: World, stream: Stream) -> datetime:
    told = await world.portal.deletions(stream, None, None)
    assert told is not None
    assert told.latest is not None
    assert told.gone == ()
    return told.latest


async def test_the_history_of_a_kind_tells_what_was_deleted(world: World) -> None:
    since = await beginning(world, "Communication")
    assert since == datetime.fromisoformat((await world.now(world.ref("question")))["meta"]["lastUpdated"])
    await world.post("header", "Feil", "wrong")
    await remove(world, world.ref("wrong"))
    await world.task("header", "second")
    await remove(world, world.ref("second"))
    assert await deletions(world, "Communication", since) == {world.ref("wrong")}
    assert await deletions(world, "Task", since) >= {world.ref("second")}
    assert world.ref("wrong") not in await deletions(world, "Communication", datetime.now(UTC) + timedelta(days=1))


async def test_the_history_of_a_kind_tells_the_newest_version_of_what_changed(world: World) -> None:
    since = await beginning(world, "Communication")
    question = await world.now(world.ref("question"))
    words = json.dumps([{"op": "add", "path": "/status", "value": "entered-in-error"}])
    kind = {"Content-Type": "application/json-patch+json"}
    answer = await world.raw.patch(f"/{world.ref('question')}", content=words, headers=kind)
    assert answer.status_code == 200, answer.text
    await world.post("header", "Feil", "wrong")
    await remove(world, world.ref("wrong"))
    told = await world.portal.deletions("Communication", since, None)
    assert told is not None
    newest = (await world.now(world.ref("question")))["meta"]["versionId"]
    assert newest != question["meta"]["versionId"]
    assert told.told[world.ref("question")] == newest
    assert world.ref("task") not in told.told


async def test_versions_and_reading_one_by_one(world: World) -> None:
    await world.post("header", "Feil", "wrong")
    await remove(world, world.ref("wrong"))
    asked = (world.ref("question"), world.ref("task"), world.ref("wrong"), f"Task/{unique()}")
    told = await world.portal.versions(asked)
    assert told == {world.ref(name): world[name]["meta"]["versionId"] for name in ("question", "task")}
    (post,) = (await world.portal.read(world.ref("question"))).posts
    assert post.stamp.id == world.id("question")
    for reference in asked[2:]:
        assert (await world.portal.read(reference)).gone == (reference,)
