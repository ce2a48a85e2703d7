"""What is deleted or taken back on a real portal leaves the workbench by itself, and no word of the user with it."""

from __future__ import annotations

from pathlib import Path

from tests.contract.world import Resource, World
from tests.session.live import NAME, Live, session_on
from workbench.dialogue.conversation import Message, MessageState
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Kind, Sending
from workbench.dialogue.queue import Query
from workbench.dialogue.work import State


async def remove(world: World, name: str) -> None:
    answer = await world.raw.delete(f"/{world.ref(name)}")
    assert answer.status_code in (200, 204), answer.text


async def retract(world: World, name: str) -> None:
    body: list[Resource] = [{"op": "replace", "path": "/status", "value": "entered-in-error"}]
    headers = {"Content-Type": "application/json-patch+json"}
    answer = await world.raw.patch(f"/{world.ref(name)}", json=body, headers=headers)
    assert answer.status_code == 200, answer.text


async def listed(live: Live, thread: str) -> bool:
    page = await live.session.page(Query(frozenset(State)), 0, 1000)
    return any(item.key.thread == thread for item in page.items)


async def until_unlisted(live: Live, thread: str) -> None:
    async def look() -> bool:
        return not await listed(live, thread)

    await live.until(look)


async def test_a_message_and_a_task(world: World, tmp_path: Path) -> None:
    thread = world.id("header")
    await world.post("header", "Skrevet til feil lege", "wrong")
    await world.post("header", "Tatt tilbake", "taken back")
    async with session_on(tmp_path, world.base, world.ref("doctor")) as live:
        await live.held(thread, entries=3)
        await remove(world, "wrong")
        await retract(world, "taken back")
        await remove(world, "task")

        async def look() -> bool:
            found = await live.session.conversation(Key(NAME, thread))
            messages = [entry for entry in found.entries if isinstance(entry, Message)] if found else []
            states = {message.text: message.state for message in messages}
            return (
                "Skrevet til feil lege" not in states
                and states.get("Tatt tilbake") is MessageState.RETRACTED
                and found is not None
                and not found.work.version
            )

        assert await live.until(look)
        assert await listed(live, thread)


async def test_conversations_while_a_reply_is_queued_and_a_note_begun(world: World, tmp_path: Path) -> None:
    await world.thread("second")
    await world.post("second", "Også en sak")
    deleted, retracted = world.id("header"), world.id("second")
    async with session_on(tmp_path, world.base, world.ref("doctor")) as live:
        await live.held(deleted, entries=1)
        await live.held(retracted, entries=1)
    async with session_on(tmp_path, "http://127.0.0.1:9/fhir", world.ref("doctor")) as live:
        replies = [await live.write(thread, f"Ord til {thread}") for thread in (deleted, retracted)]
        begun = await live.session.draft(Key(NAME, deleted), Kind.NOTE)
        begun = await live.session.save_draft(type(begun)(begun.key, begun.author, Kind.NOTE, "Et påbegynt notat"))
    await remove(world, "header")
    await retract(world, "second")
    async with session_on(tmp_path, world.base, world.ref("doctor")) as live:
        for reply, thread in zip(replies, (deleted, retracted), strict=True):
            stopped = await live.settled(reply, Sending.NEEDS_YOU)
            assert (stopped.reason, stopped.text) == ("gone", f"Ord til {thread}")
            await until_unlisted(live, thread)
        kept = await live.session.draft(begun.key, Kind.NOTE)
        assert kept.text == "Et påbegynt notat"
    for reply in replies:
        assert await world.with_identifier(reply.id) == []


async def test_people(world: World, tmp_path: Path) -> None:
    """A portal that keeps references whole would not let them go; what the workbench shows must not hang on it."""
    thread = world.id("header")
    async with session_on(tmp_path, world.base, world.ref("doctor")) as live:
        await live.held(thread, entries=1)
        for name in ("mother", "patient"):
            await world.raw.delete(f"/{world.ref(name)}")
        await world.post("header", "Etterpå", sender={"display": "Noen"}, subject=None)
        found = await live.held(thread, entries=2)
        assert found.patient is not None
        assert await listed(live, thread)
