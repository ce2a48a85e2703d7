"""What verbs do to the Task of a conversation."""

import asyncio

import pytest

from client import errors
from client.http import Http
from client.origin import Base
from client.rest import Rest
from tests.contract.world import OWN, WHEN, Resource, World, concept, reference, to
from workbench.dialogue.held import HeldTask
from workbench.dialogue.people import Me
from workbench.dialogue.work import Change, Priority, State, Verb

CLAIM = Change(Verb.CLAIM)


async def task_of(world: World) -> HeldTask:
    task = await world.portal.task_of(world.id("header"))
    assert task
    return task


async def do(world: World, change: Change, me: Me | None = None) -> HeldTask:
    return await world.portal.change_task(await task_of(world), change, me or world.me, when=WHEN)


async def test_claim_and_release(world: World) -> None:
    claimed = await do(world, CLAIM)
    assert (claimed.state, claimed.owner) == (State.CLAIMED, world.ref("doctor"))
    raw = await world.now(world.ref("task"))
    assert (raw["status"], raw["owner"]["reference"]) == ("accepted", world.ref("doctor"))
    assert raw["businessStatus"]["coding"][0]["code"] == "claimed"
    released = await do(world, Change(Verb.RELEASE))
    assert (released.state, released.owner, released.pool) == (State.NEW, "", "legekontor")
    raw = await world.now(world.ref("task"))
    assert raw["status"] == "requested"
    assert "owner" not in raw
    assert (await do(world, Change(Verb.RELEASE))).state is State.NEW


async def test_hand_over_to_a_person_and_then_to_a_pool_keeps_both_notes(world: World) -> None:
    to_her = Change(Verb.HAND_OVER, owner=world.ref("secretary"), owner_name="Lise", note="Kan du ringe?")
    given = await do(world, to_her)
    assert (given.state, given.owner) == (State.CLAIMED, world.ref("secretary"))
    back = await do(world, Change(Verb.HAND_OVER, pool="resept", note="Resept, ikke telefon"), world.colleague)
    assert (back.state, back.owner, back.pool) == (State.NEW, "", "resept")
    raw = await world.now(world.ref("task"))
    assert [note["text"] for note in raw["note"]] == ["Kan du ringe?", "Resept, ikke telefon"]
    assert [note["authorReference"]["reference"] for note in raw["note"]] == [
        world.ref("doctor"),
        world.ref("secretary"),
    ]
    assert raw["note"][0]["time"].startswith("2026-03-05T12:30:15")


async def test_done_and_reopen(world: World) -> None:
    await do(world, CLAIM)
    assert (await do(world, Change(Verb.DONE))).state is State.DONE
    raw = await world.now(world.ref("task"))
    assert (raw["status"], raw["businessStatus"]["coding"][0]["code"]) == ("completed", "answered")
    again = await do(world, Change(Verb.REOPEN))
    assert (again.state, again.owner) == (State.CLAIMED, world.ref("doctor"))


async def test_priority_and_category(world: World) -> None:
    assert (await do(world, Change(Verb.PRIORITY, priority=Priority.STAT))).priority is Priority.STAT
    assert (await do(world, Change(Verb.CATEGORY, category="timeendring"))).category == "timeendring"
    raw = await world.now(world.ref("task"))
    assert (raw["priority"], raw["reasonCode"]["coding"][0]["code"]) == ("stat", "timeendring")


async def test_a_category_keeps_the_codes_of_other_systems(world: World) -> None:
    other = {"system": "https://example.org/local", "code": "R1"}
    await world.thread("coded")
    both = {"coding": [*concept(OWN.category_system, "annet")["coding"], other], "text": "Annet"}
    await world.task("coded", "coded task", reasonCode=both)
    task = await world.portal.task_of(world.id("coded"))
    assert task
    await world.portal.change_task(task, Change(Verb.CATEGORY, category="skjema"), world.me, when=WHEN)
    raw = await world.now(world.ref("coded task"))
    assert raw["reasonCode"]["coding"] == [*concept(OWN.category_system, "skjema")["coding"], other]


async def test_a_verb_on_an_old_version_is_a_conflict_and_changes_nothing(world: World) -> None:
    seen = await task_of(world)
    await do(world, CLAIM, world.colleague)
    before = await world.now(world.ref("task"))
    with pytest.raises(errors.Conflict):
        await world.portal.change_task(seen, CLAIM, world.me, when=WHEN)
    assert await world.now(world.ref("task")) == before


async def test_the_portal_itself_refuses_a_stale_version(world: World) -> None:
    """Between our reading and our change: `If-Match` is what stops us then."""
    seen = await world.now(world.ref("task"))
    await do(world, CLAIM)
    wanted = [{"op": "add", "path": "/priority", "value": "stat"}]
    async with Http(Base(world.base)) as http:
        with pytest.raises(errors.Conflict):
            await Rest(http).patch("Task", world.id("task"), wanted, seen["meta"]["versionId"])
    assert (await world.now(world.ref("task")))["priority"] == "routine"


async def test_of_two_who_claim_at_once_one_has_it_and_the_other_is_told(world: World) -> None:
    seen = await task_of(world)
    results = await asyncio.gather(
        world.portal.change_task(seen, CLAIM, world.me, when=WHEN),
        world.portal.change_task(seen, CLAIM, world.colleague, when=WHEN),
        return_exceptions=True,
    )
    won = [each for each in results if isinstance(each, HeldTask)]
    assert [type(each) for each in results if not isinstance(each, HeldTask)] == [errors.Conflict]
    assert [each.owner for each in won] == [(await task_of(world)).owner]


async def test_what_the_client_knows_nothing_of_survives_every_verb(world: World) -> None:
    await world.thread("rich")
    kept: Resource = {
        "extension": [{"url": "https://example.org/ext", "valueString": "behold meg"}],
        "contained": [{"resourceType": "Location", "id": "loc", "name": "Rom 3"}],
        "location": {"reference": "#loc"},
        "description": "Ring etter kl. 12",
        "input": [{"type": {"text": "Kanal"}, "valueString": "Helsenorge"}],
        "executionPeriod": {"start": "2026-03-05"},
        "insurance": [{"display": "HELFO"}],
        "_priority": {"extension": [{"url": "https://example.org/why", "valueString": "på telefon"}]},
    }
    await world.task("rich", "rich task", **kept)
    before = await world.now(world.ref("rich task"))
    for change in (
        CLAIM,
        Change(Verb.HAND_OVER, pool="resept", note="videre"),
        Change(Verb.PRIORITY, priority=Priority.ASAP),
        Change(Verb.CATEGORY, category="annet"),
        Change(Verb.SNOOZE, until=WHEN),
        Change(Verb.WAKE),
        Change(Verb.NEXT, state=State.WAITING_COLLEAGUE),
        Change(Verb.DONE),
        Change(Verb.REOPEN),
    ):
        task = await world.portal.task_of(world.id("rich"))
        assert task
        await world.portal.change_task(task, change, world.me, when=WHEN)
    after = await world.now(world.ref("rich task"))
    assert {name: after.get(name) for name in kept} == {name: before.get(name) for name in kept}
    assert "extension" in after


async def test_a_conversation_without_a_task_gets_one_however_many_ask(world: World) -> None:
    await world.thread("new")
    identity = world.id("new")
    assert await world.portal.task_of(identity) is None
    made = await asyncio.gather(
        *(world.portal.ensure_task(identity, world.ref("patient"), "annet") for _ in range(4)),
    )
    assert len({task.stamp.id for task in made}) == 1
    raw = await world.found("Task", focus=world.ref("new"))
    assert len(raw) == 1
    assert (raw[0]["for"]["reference"], raw[0]["intent"], raw[0]["status"]) == (
        world.ref("patient"),
        "order",
        "requested",
    )
    assert made[0].category == "annet"
    assert await world.portal.ensure_task(identity, "", "") == made[0]


async def test_after_the_work_is_done_new_work_is_a_new_task(world: World) -> None:
    await do(world, Change(Verb.DONE))
    done = await task_of(world)
    fresh = await world.portal.ensure_task(world.id("header"), world.ref("patient"), "")
    assert fresh.stamp.id != done.stamp.id
    assert fresh.state is State.NEW
    assert await task_of(world) == fresh
    await do(world, Change(Verb.DONE))
    third = await world.portal.ensure_task(world.id("header"), world.ref("patient"), "")
    assert third.stamp.id not in (done.stamp.id, fresh.stamp.id)


async def test_an_answer_is_noted_once_and_takes_the_work_if_nobody_has_it(world: World) -> None:
    stale = await task_of(world)
    await do(world, Change(Verb.PRIORITY, priority=Priority.URGENT))
    answer = await world.post("header", "Svar", "answer", sender=to(world["doctor"]))
    for _ in range(2):
        task = await world.portal.answer_task(stale, answer["id"], world.me)
    assert (task.state, task.owner) == (State.WAITING_PATIENT, world.ref("doctor"))
    second = await world.post("header", "Mer", "more", sender=to(world["secretary"]))
    task = await world.portal.answer_task(task, second["id"], world.colleague)
    assert task.owner == world.ref("doctor")
    raw = await world.now(world.ref("task"))
    assert [output["valueReference"]["reference"] for output in raw["output"]] == [reference(answer), reference(second)]
    assert raw["status"] == "accepted"


async def test_an_answer_in_a_closed_conversation_leaves_it_closed(world: World) -> None:
    await do(world, Change(Verb.DONE))
    answer = await world.post("header", "Svar", "answer", sender=to(world["doctor"]))
    task = await world.portal.answer_task(await task_of(world), answer["id"], world.me)
    assert task.state is State.DONE
    assert (await world.now(world.ref("task")))["output"]
