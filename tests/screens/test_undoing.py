"""Every step of a session can be taken back, or is said not to be, and what a colleague did meanwhile stays."""

from __future__ import annotations

import asyncio
from pathlib import Path
from threading import Event as Flag

from tests.contract.world import World
from tests.screens.seat import WITHIN, Seat, seat_at
from workbench import language
from workbench.dialogue.steps import Undone
from workbench.dialogue.work import Priority, State, Verb


async def work(seat: Seat, world: World) -> dict[str, object]:
    """Of the Task on the portal, what triage changes."""
    task = await world.now(world.ref("task"))
    return {name: task.get(name) for name in ("status", "owner", "priority", "reasonCode", "restriction")}


async def test_what_has_left_is_put_back_step_by_step(world: World, tmp_path: Path) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        key = seat.inbox.listing.rows.cursor_key
        assert key is not None
        before = await work(seat, world)
        said = seat.told()
        await seat.keys("U")
        await seat.until(lambda: "Du har ikke gjort noe i denne økten ennå" in said)
        await seat.picks("p", "akutt")
        await seat.picks("t", "timeendring")
        await seat.keys("c")
        await seat.until(lambda: len(seat.session.steps.done) == 3)
        await seat.until(seat.arrived)
        held = await seat.session.conversation(key)
        assert held is not None
        assert (held.work.priority, held.work.category, held.work.state) == (
            Priority.STAT,
            "timeendring",
            State.CLAIMED,
        )
        for left in (2, 1, 0):
            await seat.keys("u")
            await seat.until(
                lambda left=left: sum(step.undone is None for step in seat.session.steps.done) == left  # type: ignore[misc]
            )
        await seat.until(seat.arrived)
        assert [step.undone for step in seat.session.steps.done] == [Undone.PUT_BACK] * 3
        assert await work(seat, world) == before


async def test_a_colleagues_change_since_stays(world: World, tmp_path: Path) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        key = seat.inbox.listing.rows.cursor_key
        assert key is not None
        await seat.picks("p", "akutt")
        await seat.until(seat.arrived)
        task = await world.now(world.ref("task"))
        answer = await world.raw.put(f"/{world.ref('task')}", json={**task, "priority": "urgent"})
        assert answer.status_code == 200

        async def seen() -> bool:
            held = await seat.session.conversation(key)
            return held is not None and held.work.priority is Priority.URGENT

        while not await seen():
            await seat.pilot.pause(0.05)
        await seat.keys("u")
        await seat.until(lambda: seat.session.steps.done[0].undone is Undone.NOT)
        assert (await world.now(world.ref("task")))["priority"] == "urgent"


async def test_one_step_is_picked_from_all_and_a_second_time_does_nothing(world: World, tmp_path: Path) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        before = await work(seat, world)
        await seat.picks("p", "akutt")
        await seat.picks("t", "timeendring")
        await seat.until(seat.arrived)
        await seat.picks("U", "hastegrad")
        await seat.until(lambda: seat.session.steps.done[0].undone is Undone.PUT_BACK)
        await seat.until(seat.arrived)
        now = await work(seat, world)
        assert now["priority"] == before["priority"]
        assert now["reasonCode"] != before["reasonCode"], "the step after it stays"
        count = len(seat.store.outbox.all())
        await seat.picks("U", "hastegrad")
        assert len(seat.store.outbox.all()) == count


async def sends(seat: Seat, key: str, text: str) -> None:
    """Writes a reply or a note, and confirms it; it stays in the outbox, as nothing speaks to the portal."""
    steps = len(seat.session.steps.done)
    await seat.keys(key)
    await seat.until(lambda: seat.inbox.pane.composer.has_focus_within)
    await asyncio.to_thread(seat.session._office.stop)
    await seat.writes(text)
    await seat.keys("ctrl+s")
    await seat.agrees()
    await seat.until(lambda: len(seat.session.steps.done) == steps + 1)
    await seat.until(lambda: not seat.inbox.pane.composer.is_open)


async def test_the_words_that_are_picked_are_taken_back_and_not_those_written_after_them(
    world: World, tmp_path: Path
) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await seat.stands_on(world.id("header"))
        await sends(seat, "n", "eldre notat")
        await sends(seat, "r", "nyere svar")
        await seat.picks("U", "notat")
        await seat.until(lambda: seat.inbox.pane.composer.has_focus_within)
        assert seat.inbox.pane.composer.text == "eldre notat"
        assert [entry.text for entry in seat.store.outbox.all() if entry.text] == ["nyere svar"]


async def test_words_that_have_gone_take_no_others_back_in_their_place(world: World, tmp_path: Path) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await seat.stands_on(world.id("header"))
        await sends(seat, "n", "eldre notat")
        await sends(seat, "r", "nyere svar")
        note = seat.session.steps.done[0].deeds[0].entry
        assert await seat.session.cancel(note)
        told = seat.told()
        await seat.picks("U", "notat")
        await seat.until(lambda: any("angret før det ble sendt" in said for said in told))
        assert not seat.inbox.pane.composer.is_open
        assert [entry.text for entry in seat.store.outbox.all() if entry.text] == ["nyere svar"]


async def test_the_verb_struck_just_before_is_the_one_taken_back(world: World, tmp_path: Path) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await seat.stands_on(world.id("header"))
        await seat.picks("p", "akutt")
        await seat.until(lambda: len(seat.session.steps.done) == 1)
        await asyncio.to_thread(seat.session._office.stop)
        free = Flag()
        seat.session._writer.submit(free.wait, WITHIN)
        await seat.strikes("c", "u")
        free.set()
        await seat.until(lambda: len(seat.session.steps.done) == 2 and seat.session.steps.done[1].undone is not None)
        assert [step.undone for step in seat.session.steps.done] == [None, Undone.TAKEN_BACK]
        assert [entry.verb for entry in seat.store.outbox.all()] == [Verb.PRIORITY]


async def test_a_step_on_many_is_one_step(world: World, tmp_path: Path) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        marked = await seat.selects_two()
        await seat.keys("c")
        await seat.agrees()
        await seat.until(lambda: len(seat.session.steps.done) == 1)
        await seat.until(seat.arrived)
        await seat.keys("u")
        await seat.until(lambda: seat.session.steps.done[0].undone is not None)
        await seat.until(seat.arrived)
        for key in marked:
            held = await seat.session.conversation(key)
            assert held is not None
            assert held.work.owner is None


def told(seat: Seat) -> str:
    """All that the program has said beside its screens, which breaks lines where it likes."""
    return "\n".join(str(each.message) for each in seat.app._notifications)


async def delivers(seat: Seat, key: str, text: str) -> None:
    """Writes a reply or a note in the conversation that is shown, and waits until the portal has it."""
    await seat.keys(key)
    await seat.until(lambda: seat.inbox.pane.composer.is_open)
    await seat.writes(text)
    await seat.keys("ctrl+s")
    await seat.agrees()
    await seat.until(seat.arrived)


async def test_words_that_have_arrived_are_said_to_be_where_they_are(world: World, tmp_path: Path) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor")) as seat:
        await seat.stands_on(world.id("header"))
        await delivers(seat, "n", "Ringt")
        await seat.keys("u")
        await seat.until(lambda: "det er lagret på portalen for kolleger" in told(seat))
        await delivers(seat, "r", "Kom i morgen")
        await seat.keys("u")
        await seat.until(lambda: "har nådd pasienten" in told(seat))
        assert [step.undone for step in seat.session.steps.done] == [Undone.ARRIVED] * 2
        await seat.keys("U")
        await seat.on_top("Choose")
        shown = seat.shown()
        assert "kan ikke angres: det har nådd" in shown
        assert "kan ikke angres: det er lagret på" in shown


async def test_as_many_steps_are_taken_back_as_were_struck_and_each_is_told(world: World, tmp_path: Path) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await seat.stands_on(world.id("header"))
        await asyncio.to_thread(seat.session._office.stop)
        for place, (key, word) in enumerate([("p", "akutt"), ("t", "timeendring"), ("p", "haster"), ("t", "annet")], 1):
            await seat.picks(key, word)
            await seat.until(lambda place=place: len(seat.session.steps.done) == place)  # type: ignore[misc]
        said = seat.told()
        free = Flag()
        seat.session._writer.submit(free.wait, WITHIN)
        await seat.strikes("u", "u", "u", "d")
        free.set()
        await seat.until(lambda: len(said) == 3 and not seat.app._ahead.waiting)
        assert [step.undone for step in seat.session.steps.done] == [None, *[Undone.TAKEN_BACK] * 3]
        assert len(set(said)) == 3
        assert [entry.verb for entry in seat.store.outbox.all()] == [Verb.PRIORITY]


async def test_what_is_struck_behind_the_words_a_step_opens_is_written_there(world: World, tmp_path: Path) -> None:
    language.use("nb")
    async with seat_at(tmp_path, world.base, world.ref("doctor"), poll=600) as seat:
        await seat.stands_on(world.id("header"))
        await asyncio.to_thread(seat.session._office.stop)
        await sends(seat, "n", "eldre notat")
        await seat.picks("p", "akutt")
        await seat.until(lambda: seat.session.steps.done[-1].verb is Verb.PRIORITY)
        await seat.strikes("u", "u", *" dcu")
        await seat.until(lambda: seat.inbox.pane.composer.text == "eldre notat dcu")
        assert not [entry for entry in seat.store.outbox.all() if entry.verb is Verb.DONE]
