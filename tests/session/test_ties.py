"""Two workbenches on one portal: what one ties together the other sees, and takes apart."""

from __future__ import annotations

from pathlib import Path

from tests.contract.world import World
from tests.session.live import NAME, Live, session_on
from workbench.dialogue.conversation import Conversation, Message
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Sending
from workbench.dialogue.steps import Undone
from workbench.dialogue.work import Change, State, Verb


async def second_conversation(world: World) -> None:
    """One more of the patient's, which hurries more than the first."""
    await world.thread("other")
    await world.post("other", "Og en time, takk.")
    await world.task("other", "other task", priority="urgent")


async def until(live: Live, world: World, thread: str, **wanted: object) -> Conversation:
    """A conversation once it is as wanted."""

    async def look() -> Conversation | None:
        found = await live.session.conversation(Key(NAME, world.id(thread)))
        if found is None or found.patient is None or not found.entries:
            return None
        merged = [each.text for one in found.merged for each in one.entries if isinstance(each, Message)]
        linked = [tied.key.thread for tied in found.linked]
        told = {"merged": merged, "linked": linked, "state": found.work.state}
        return found if all(told[name] == value for name, value in wanted.items()) else None

    return await live.until(look)


async def test_one_merges_the_other_sees_it_and_takes_it_apart(world: World, tmp_path: Path) -> None:
    await second_conversation(world)
    header, other = world.id("header"), world.id("other")
    said = ["Jeg trenger mer Levaxin."]
    async with (
        session_on(tmp_path / "one", world.base, world.ref("doctor")) as one,
        session_on(tmp_path / "two", world.base, world.ref("secretary")) as two,
    ):
        for live in (one, two):
            await until(live, world, "header", state=State.NEW)
            await until(live, world, "other", merged=[])
        merged = await one.session.act(Key(NAME, header), Change(Verb.MERGE, other=other))
        await until(one, world, "other", merged=said)
        await one.settled(merged, Sending.SENT)
        await until(two, world, "other", merged=said)
        await until(two, world, "header", state=State.DONE)
        await two.session.act(Key(NAME, header), Change(Verb.SPLIT, other=other))
        await until(two, world, "header", state=State.NEW)
        await until(one, world, "header", state=State.NEW)
        await until(one, world, "other", merged=[])
    task = await world.now(world.ref("task"))
    assert "input" not in task


async def test_what_was_tied_is_put_back_by_undo(world: World, tmp_path: Path) -> None:
    await second_conversation(world)
    header, other = world.id("header"), world.id("other")
    async with session_on(tmp_path, world.base, world.ref("doctor")) as live:
        await until(live, world, "header", state=State.NEW)
        await until(live, world, "other", merged=[])
        for verb, tied in ((Verb.MERGE, {"state": State.DONE}), (Verb.LINK, {"linked": [other]})):
            entry = await live.session.act(Key(NAME, header), Change(verb, other=other))
            await live.settled(entry, Sending.SENT)
            await until(live, world, "header", **tied)
            step = live.session.steps.newest
            assert step is not None
            assert await live.session.undo(step.number) is Undone.PUT_BACK
            await until(live, world, "header", state=State.NEW, linked=[])

            async def gone() -> bool:
                return "input" not in await world.now(world.ref("task"))

            await live.until(gone)


async def test_a_merge_that_a_colleague_has_taken_apart_is_not_undone_again(world: World, tmp_path: Path) -> None:
    await second_conversation(world)
    header, other = world.id("header"), world.id("other")
    async with session_on(tmp_path, world.base, world.ref("doctor")) as live:
        await until(live, world, "header", state=State.NEW)
        await until(live, world, "other", merged=[])
        entry = await live.session.act(Key(NAME, header), Change(Verb.MERGE, other=other))
        await live.settled(entry, Sending.SENT)
        task = await world.now(world.ref("task"))
        del task["input"]
        await world.raw.put(f"/{world.ref('task')}", json=task)
        await until(live, world, "other", merged=[])
        step = live.session.steps.newest
        assert step is not None
        assert await live.session.undo(step.number) is Undone.NOT
