"""The main job by keys alone, on any portal: read, claim, reply, send, note, done."""

from __future__ import annotations

from pathlib import Path

from tests.contract.world import World
from tests.screens.seat import seat_at
from workbench.dialogue.conversation import Message, Note
from workbench.dialogue.status import OutboxStatus


async def work(world: World, folder: Path) -> None:
    """Works one conversation through, and looks on the portal over plain HTTP whether all of it arrived."""
    thread, doctor = world.id("header"), world.ref("doctor")
    async with seat_at(folder, world.base, doctor) as seat:
        await seat.until(lambda: seat.session.me.name)
        await seat.stands_on(thread)
        pane = seat.inbox.pane
        await seat.until(lambda: "Ingrid Solberg" in seat.shown())
        await seat.keys("c")
        await seat.until(lambda: pane.conversation and pane.conversation.work.owner)
        await seat.keys("r")
        await seat.until(lambda: pane.composer.is_open)
        assert pane.key is not None
        assert pane.key.thread == thread
        await seat.writes("Kom i morgen")
        await seat.keys("ctrl+s")
        await seat.on_top("Ask")
        await seat.until(lambda: "Ingrid Solberg" in seat.shown())
        await seat.keys("enter")
        await seat.until(
            lambda: any(isinstance(e, Message) and e.text == "Kom i morgen" for e in pane.timeline.entries)
        )
        await seat.keys("n")
        await seat.until(lambda: pane.composer.is_open)
        await seat.writes("Ringt")
        await seat.keys("ctrl+s")
        await seat.agrees()
        await seat.until(lambda: any(isinstance(e, Note) and e.text == "Ringt" for e in pane.timeline.entries))
        await seat.keys("d")
        await seat.until(lambda: seat.session.status.outbox == OutboxStatus() and seat.arrived())
    answer = await world.raw.get(f"/Communication?part-of=Communication/{thread}")
    held = [entry["resource"] for entry in answer.json()["entry"]]
    sent = [each for each in held if each["sender"]["reference"] == doctor]
    assert [each["payload"] for each in sent] == [[{"contentString": "Kom i morgen"}]]
    assert world.ref("patient") in {each["reference"] for each in sent[0]["recipient"]}
    task = await world.now(world.ref("task"))
    assert (task["status"], task["owner"]["reference"]) == ("completed", doctor)
