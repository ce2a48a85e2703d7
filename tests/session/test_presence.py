"""Two workbenches on one portal: each sees where the other is, and a reply stops where the other was faster."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

from tests.contract.world import World
from tests.session.live import Live, session_on
from workbench.desk.attendance import AWAY, Attendance
from workbench.dialogue.conversation import Conversation
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Kind, Sending
from workbench.dialogue.presence import Doing, Presence
from workbench.dialogue.queue import Item, Query
from workbench.dialogue.work import State

EVERY = Query(frozenset(State))


@asynccontextmanager
async def both(folder: Path, world: World) -> AsyncIterator[tuple[Live, Live]]:
    """The doctor's workbench and the secretary's, each with a store of its own, both up to date."""
    async with (
        session_on(folder / "doctor", world.base, world.ref("doctor")) as doctor,
        session_on(folder / "secretary", world.base, world.ref("secretary")) as secretary,
    ):
        for live in (doctor, secretary):
            await live.held(world.id("header"), entries=1)
            await live.stands(lambda status: status.data_from is not None)
        yield doctor, secretary


async def sees(live: Live, thread: str, *doings: Doing) -> Conversation:
    """A conversation once so many colleagues are seen there, doing just that."""

    async def look() -> Conversation | None:
        found = await live.session.conversation(Key("here", thread))
        return found if found and tuple(one.doing for one in found.present) == doings else None

    return await live.until(look)


async def row(live: Live, thread: str) -> Item:
    page = await live.session.page(EVERY, 0, 200)
    return next(item for item in page.items if item.key.thread == thread)


async def test_each_sees_what_the_other_does(world: World, tmp_path: Path) -> None:
    thread = world.id("header")
    async with both(tmp_path, world) as (doctor, secretary):
        secretary.session.attend(Key("here", thread))
        seen = await sees(doctor, thread, Doing.READING)
        assert seen.present == (Presence(world.ref("secretary"), "Lise Sekretær", Doing.READING),)
        assert (await row(doctor, thread)).present == seen.present
        secretary.session.attend(Key("here", thread), Doing.WRITING)
        await sees(doctor, thread, Doing.WRITING)
        assert (await secretary.held(thread)).present == (), "nobody is told of themselves"
        doctor.session.attend(Key("here", thread))
        await sees(secretary, thread, Doing.READING)
        secretary.session.attend(None)
        await sees(doctor, thread)
        assert (await row(doctor, thread)).present == ()


async def test_who_leaves_the_program_is_gone(world: World, tmp_path: Path) -> None:
    thread = world.id("header")
    async with session_on(tmp_path / "doctor", world.base, world.ref("doctor")) as doctor:
        async with session_on(tmp_path / "secretary", world.base, world.ref("secretary")) as secretary:
            await secretary.stands(lambda status: status.data_from is not None)
            secretary.session.attend(Key("here", thread), Doing.WRITING)
            await doctor.held(thread, entries=1)
            await sees(doctor, thread, Doing.WRITING)
        await sees(doctor, thread)


async def test_where_somebody_is_is_no_work(world: World, tmp_path: Path) -> None:
    thread = world.id("header")
    async with both(tmp_path, world) as (doctor, secretary):
        before = await doctor.held(thread)
        secretary.session.attend(Key("here", thread), Doing.WRITING)
        after = await sees(doctor, thread, Doing.WRITING)
        assert (after.work, after.basis) == (before.work, before.basis)
        assert (await doctor.session.counts([EVERY])) == ((await doctor.session.page(EVERY, 0, 1)).total,)
        reply = await doctor.write(thread, "Hei igjen")
        await doctor.settled(reply, Sending.SENT)


async def test_a_reply_to_what_a_colleague_has_answered_stops(world: World, tmp_path: Path) -> None:
    thread = world.id("header")
    async with both(tmp_path, world) as (doctor, secretary):
        seen = await secretary.held(thread, entries=1)
        first = await doctor.write(thread, f"Kom i dag kl. 14. {uuid4()}")
        await doctor.settled(first, Sending.SENT)
        draft = await secretary.session.draft(seen.key, Kind.REPLY)
        late = await secretary.session.send(type(draft)(draft.key, draft.author, Kind.REPLY, "Ring oss."), seen)
        stopped = await secretary.settled(late, Sending.NEEDS_YOU)
        assert stopped.reason in ("new-activity", "taken")
        assert not await world.with_identifier(late.id)


def test_who_presses_no_key_for_long_has_gone_until_the_next() -> None:
    told: list[tuple[Key | None, Doing]] = []
    seconds = [0.0]
    attendance = Attendance(lambda key, doing: told.append((key, doing)), lambda: seconds[0])
    here = Key("here", "t")
    attendance.come(here, Doing.WRITING)
    seconds[0] = AWAY
    attendance.look()
    assert told == [(here, Doing.WRITING)]
    seconds[0] = AWAY + 1
    attendance.look()
    attendance.look()
    assert told[1:] == [(None, Doing.READING)]
    attendance.key()
    assert told[2:] == [(here, Doing.WRITING)]
