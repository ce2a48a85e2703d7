"""What a snooze, its end and a next action do to the Task of a conversation."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from client import errors
from tests.contract.test_tasks import do, task_of
from tests.contract.world import OWN, WHEN, Resource, World, concept, to
from workbench.dialogue.work import Change, Priority, State, Verb

UNTIL = datetime(2026, 3, 9, 7, 30, 0, 125000, UTC)
SNOOZE = Change(Verb.SNOOZE, until=UNTIL, note="Venter på prøvesvar")
WAKE = Change(Verb.WAKE)


async def raw(world: World, name: str = "task") -> Resource:
    return await world.now(world.ref(name))


def business(task: Resource) -> str:
    return str(task["businessStatus"]["coding"][0]["code"])


async def test_a_snooze_and_its_end(world: World) -> None:
    snoozed = await do(world, SNOOZE)
    assert (snoozed.state, snoozed.until, snoozed.owner) == (State.SNOOZED, UNTIL, "")
    task = await raw(world)
    assert (task["status"], business(task)) == ("on-hold", "snoozed")
    assert task["restriction"]["period"] == {"start": "2026-03-09T07:30:00.125Z", "end": "2026-03-12"}
    assert [note["text"] for note in task["note"]] == ["Venter på prøvesvar"]
    awake = await do(world, WAKE)
    assert (awake.state, awake.until, awake.due) == (State.NEW, None, snoozed.due)
    task = await raw(world)
    assert (task["status"], business(task)) == ("requested", "new")
    assert task["restriction"]["period"] == {"end": "2026-03-12"}


async def test_what_is_mine_stays_mine_while_it_is_snoozed_and_after(world: World) -> None:
    await do(world, Change(Verb.CLAIM))
    assert (await do(world, SNOOZE)).owner == world.ref("doctor")
    awake = await do(world, WAKE)
    assert (awake.state, awake.owner) == (State.CLAIMED, world.ref("doctor"))
    assert (await raw(world))["status"] == "accepted"


async def test_a_snooze_until_the_patient_writes_has_no_moment(world: World) -> None:
    await do(world, SNOOZE)
    open_ended = await do(world, Change(Verb.SNOOZE))
    assert (open_ended.state, open_ended.until) == (State.SNOOZED, None)
    assert (await raw(world))["restriction"]["period"] == {"end": "2026-03-12"}


async def test_a_snooze_may_last_beyond_the_deadline(world: World) -> None:
    late = UNTIL + timedelta(days=60)
    snoozed = await do(world, Change(Verb.SNOOZE, until=late))
    assert (snoozed.until, snoozed.due) == (late, (await task_of(world)).due)


@pytest.mark.parametrize(
    "restriction",
    [
        None,
        {"repetitions": 2},
        {"period": {"end": "2026-03-12"}},
        {"period": {"start": "2026-03-01"}},
        {"repetitions": 2, "period": {"start": "2026-03-01"}},
    ],
    ids=["none", "no-period", "deadline", "start-alone", "start-and-more"],
)
async def test_whatever_stands_in_the_restriction_is_kept(world: World, restriction: Resource | None) -> None:
    await world.thread("other")
    await world.task("other", "other task", restriction=restriction)

    async def act(change: Change) -> None:
        task = await world.portal.task_of(world.id("other"))
        assert task
        await world.portal.change_task(task, change, world.me, when=WHEN)

    await act(SNOOZE)
    period = {"start": "2026-03-09T07:30:00.125Z", **{k: v for k, v in _period(restriction).items() if k == "end"}}
    assert (await raw(world, "other task"))["restriction"] == {**(restriction or {}), "period": period}
    await act(WAKE)
    rest = {name: value for name, value in (restriction or {}).items() if name != "period"}
    ends = {name: value for name, value in _period(restriction).items() if name == "end"}
    assert (await raw(world, "other task")).get("restriction") == ((rest | ({"period": ends} if ends else {})) or None)


def _period(restriction: Resource | None) -> Resource:
    found: Resource = (restriction or {}).get("period", {})
    return found


@pytest.mark.parametrize(
    ("change", "state", "status"),
    [
        (Change(Verb.CLAIM), State.CLAIMED, "accepted"),
        (Change(Verb.RELEASE), State.NEW, "requested"),
        (Change(Verb.HAND_OVER, pool="resept"), State.NEW, "requested"),
        (Change(Verb.DONE), State.DONE, "completed"),
        (Change(Verb.REOPEN), State.CLAIMED, "accepted"),
        (Change(Verb.NEXT, state=State.NEW), State.CLAIMED, "accepted"),
        (Change(Verb.NEXT, state=State.WAITING_COLLEAGUE), State.WAITING_COLLEAGUE, "accepted"),
    ],
    ids=["claim", "release", "hand-over", "done", "reopen", "next-us", "next-colleague"],
)
async def test_other_verbs_end_a_snooze(world: World, change: Change, state: State, status: str) -> None:
    await do(world, Change(Verb.CLAIM))
    await do(world, SNOOZE)
    ended = await do(world, change)
    assert (ended.state, ended.until) == (state, None)
    task = await raw(world)
    assert (task["status"], task["restriction"]["period"]) == (status, {"end": "2026-03-12"})


async def test_handing_over_to_a_person_ends_a_snooze(world: World) -> None:
    await do(world, SNOOZE)
    hers = await do(world, Change(Verb.HAND_OVER, owner=world.ref("secretary")))
    assert (hers.state, hers.owner) == (State.CLAIMED, world.ref("secretary"))
    assert "start" not in (await raw(world))["restriction"]["period"]


@pytest.mark.parametrize("mine", [True, False])
async def test_an_answer_ends_a_snooze(world: World, mine: bool) -> None:
    if mine:
        await do(world, Change(Verb.CLAIM))
    await do(world, SNOOZE)
    answer = await world.post("header", "Svar", "answer", sender=to(world["doctor"]))
    task = await world.portal.answer_task(await task_of(world), answer["id"], world.me)
    assert (task.state, task.owner, task.until) == (State.WAITING_PATIENT, world.ref("doctor"), None)
    assert (await raw(world))["status"] == "accepted"


async def test_a_task_that_somebody_else_put_on_hold_is_not_snoozed(world: World) -> None:
    await world.thread("held")
    held = {"status": "on-hold", "restriction": {"period": {"start": "2026-04-01"}}}
    await world.task("held", "held task", **held, owner=to(world["doctor"]))
    task = await world.portal.task_of(world.id("held"))
    assert task
    assert (task.state, task.until) == (State.CLAIMED, None)
    await world.portal.change_task(task, Change(Verb.NEXT, state=State.WAITING_PATIENT), world.me, when=WHEN)
    after = await raw(world, "held task")
    assert (after["status"], after["restriction"]) == ("on-hold", held["restriction"])


async def test_a_task_that_somebody_took_up_again_is_not_snoozed_though_our_code_stands(world: World) -> None:
    await world.thread("taken up")
    code = concept(OWN.business_system, OWN.business_snoozed)
    await world.task("taken up", "its task", status="in-progress", businessStatus=code, owner=to(world["doctor"]))
    task = await world.portal.task_of(world.id("taken up"))
    assert task
    assert task.state is State.CLAIMED


async def test_a_moment_that_nobody_can_read_hides_nothing(world: World) -> None:
    odd = concept(OWN.business_system, OWN.business_snoozed)
    await world.thread("odd")
    never = {"period": {"start": "9999-12-31T23:59:59-14:00"}}
    await world.task("odd", "odd task", status="on-hold", businessStatus=odd, restriction=never)
    found = await world.portal.task_of(world.id("odd"))
    assert found
    assert found.state is State.SNOOZED
    assert found.until
    assert found.until < WHEN


async def test_whose_turn_it_is_touches_the_business_status_alone(world: World) -> None:
    await do(world, Change(Verb.CLAIM))
    before = await raw(world)
    for state, code in (
        (State.WAITING_PATIENT, "waiting-patient"),
        (State.WAITING_COLLEAGUE, "waiting-colleague"),
        (State.NEW, "claimed"),
    ):
        task = await do(world, Change(Verb.NEXT, state=state))
        assert task.state is (State.CLAIMED if state is State.NEW else state)
        after = await raw(world)
        assert business(after) == code
        assert {**after, "meta": 0, "businessStatus": 0} == {**before, "meta": 0, "businessStatus": 0}


async def test_whose_turn_it_is_while_nobody_has_it(world: World) -> None:
    assert (await do(world, Change(Verb.NEXT, state=State.WAITING_COLLEAGUE))).owner == ""
    assert (await do(world, Change(Verb.NEXT, state=State.NEW))).state is State.NEW
    with pytest.raises(errors.Refused):
        await do(world, Change(Verb.NEXT, state=State.ESCALATED))
    with pytest.raises(errors.Refused):
        await do(world, Change(Verb.NEXT))


async def test_a_snooze_of_an_old_version_is_a_conflict(world: World) -> None:
    seen = await task_of(world)
    await do(world, Change(Verb.CLAIM), world.colleague)
    before = await raw(world)
    with pytest.raises(errors.Conflict):
        await world.portal.change_task(seen, SNOOZE, world.me, when=WHEN)
    assert await raw(world) == before


async def test_what_is_taken_back_stands_as_it_was(world: World) -> None:
    await do(world, SNOOZE)
    asleep = await raw(world)
    await do(world, Change(Verb.CLAIM))
    back = await do(world, Change(Verb.RELEASE, until=UNTIL, state=State.SNOOZED, back=True))
    assert (back.state, back.until, back.owner) == (State.SNOOZED, UNTIL, "")
    await do(world, Change(Verb.HAND_OVER, world.ref("secretary"), "Lise"))
    back = await do(world, Change(Verb.HAND_OVER, pool="legekontor", until=UNTIL, state=State.SNOOZED, back=True))
    assert (back.state, back.until, back.owner, back.pool) == (State.SNOOZED, UNTIL, "", "legekontor")
    await do(world, Change(Verb.HAND_OVER, pool="resept"))
    await do(world, Change(Verb.HAND_OVER, state=State.NEW, back=True))
    assert "performerType" not in await raw(world)
    await do(world, Change(Verb.HAND_OVER, pool="legekontor", until=UNTIL, state=State.SNOOZED, back=True))
    await do(world, Change(Verb.CATEGORY, back=True))
    assert "reasonCode" not in await raw(world)
    await do(world, Change(Verb.CATEGORY, category="reseptfornyelse", back=True))
    assert {**await raw(world), "meta": 0} == {**asleep, "meta": 0}


@pytest.mark.parametrize(
    "aside", [Change(Verb.PRIORITY, priority=Priority.ASAP), Change(Verb.CATEGORY, category="annet")]
)
async def test_sorting_what_was_seen_to_be_ours_ends_a_rest_and_otherwise_touches_no_status(
    world: World, aside: Change
) -> None:
    for rest in (SNOOZE, Change(Verb.NEXT, state=State.WAITING_PATIENT), Change(Verb.DONE)):
        kept = await do(world, rest)
        assert (await do(world, aside)).state is kept.state
        ours = await do(world, replace(aside, state=State.NEW))
        assert (ours.state, ours.until) == (State.NEW, None)
        assert (await raw(world))["restriction"]["period"] == {"end": "2026-03-12"}
    await do(world, Change(Verb.NEXT, state=State.WAITING_COLLEAGUE))
    assert (await do(world, replace(aside, state=State.NEW))).state is State.WAITING_COLLEAGUE
