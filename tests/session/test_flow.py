"""A day's work through the session alone, on a real portal: what a person does arrives there."""

from __future__ import annotations

from pathlib import Path

from tests.contract.world import World
from tests.session.live import Live, now, session_on
from workbench.dialogue.conversation import Message, Note
from workbench.dialogue.outgoing import Kind, Outgoing, Sending
from workbench.dialogue.people import Role
from workbench.dialogue.queue import Item, Query, Whose
from workbench.dialogue.status import Connection
from workbench.dialogue.work import Change, State, Verb

COLLEAGUES = "c0ffee00-0000-4000-8000-000000000001"


async def row(live: Live, thread: str) -> Item:
    page = await live.session.page(Query(frozenset(State)), 0, 1000)
    return next(item for item in page.items if item.key.thread == thread)


async def test_claim_reply_note_done(world: World, tmp_path: Path) -> None:
    thread = world.id("header")
    async with session_on(tmp_path, world.base, world.ref("doctor")) as live:
        conversation = await live.held(thread, entries=1)
        assert conversation.patient is not None
        assert conversation.patient.name == "Ingrid Solberg"
        reply = await live.write(thread, "Kom i morgen kl. 9 🙂\n\nHilsen Kari")
        assert (await row(live, thread)).whose is Whose.ME, "shown at once, whatever the network does"
        note = await live.write(thread, "Ringte først", Kind.NOTE)
        await live.settled(reply, Sending.SENT)
        await live.settled(note, Sending.SENT)
        done = await live.session.act(conversation.key, Change(Verb.DONE))
        await live.settled(done, Sending.SENT)
        shown = await live.held(thread, entries=3)
        assert [(type(entry), entry.text) for entry in shown.entries if not isinstance(entry, Outgoing)][1:] == [
            (Message, "Kom i morgen kl. 9 🙂\n\nHilsen Kari"),
            (Note, "Ringte først"),
        ]
        assert (await row(live, thread)).state is State.DONE
        assert live.session.me.name == "Kari Nordmann"
        assert live.session.me.role is Role.CLINICIAN
        directory = await live.session.directory("here")
        assert world.ref("secretary") in {colleague.reference for colleague in directory.colleagues}
        assert "legekontor" in {pool.code for pool in directory.pools}
    task = await world.now(world.ref("task"))
    assert (task["status"], task["owner"]["reference"]) == ("completed", world.ref("doctor"))
    (sent,) = await world.with_identifier(reply.id)
    assert sent["payload"] == [{"contentString": "Kom i morgen kl. 9 🙂\n\nHilsen Kari"}]
    (kept,) = await world.with_identifier(note.id)
    people = {world.ref("patient"), world.ref("mother")}
    assert not people & {each["reference"] for each in kept.get("recipient", [])}
    assert "subject" not in kept


async def test_names_are_known_and_everything_can_be_read_without_the_portal(world: World, tmp_path: Path) -> None:
    thread = world.id("header")
    async with session_on(tmp_path, world.base, world.ref("secretary")) as live:
        await live.held(thread, entries=1)
        await live.stands(lambda status: status.connection is Connection.ONLINE)
    async with session_on(tmp_path, "http://127.0.0.1:9/fhir", world.ref("secretary")) as live:
        assert live.session.me.name == "Lise Sekretær"
        conversation = await live.held(thread, entries=1)
        status = await live.stands(lambda status: status.connection is Connection.OFFLINE)
        assert status.word == "unreachable"
        assert status.data_from is not None
        reply = await live.write(thread, "Skrevet uten nett")
        assert [entry.text for entry in (await live.held(thread)).entries][-1] == "Skrevet uten nett"
        assert not await world.with_identifier(reply.id)
        assert conversation.entries
    async with session_on(tmp_path, world.base, world.ref("secretary")) as live:
        await live.settled(reply, Sending.SENT)
    assert len(await world.with_identifier(reply.id)) == 1


async def test_a_colleague_who_answered_meanwhile_stops_the_reply(world: World, tmp_path: Path) -> None:
    thread = world.id("header")
    async with session_on(tmp_path, world.base, world.ref("doctor")) as live:
        seen = await live.held(thread, entries=1)
        await world.portal.send_message(COLLEAGUES, thread, world.readers, world.colleague, "Jeg tar den", (), now())
        draft = await live.session.draft(seen.key, Kind.REPLY)
        reply = await live.session.send(type(draft)(draft.key, draft.author, Kind.REPLY, "Hei"), seen)
        stopped = await live.settled(reply, Sending.NEEDS_YOU)
        assert (stopped.reason, stopped.detail) == ("new-activity", "Jeg tar den")
        await live.held(thread, entries=2)
        await live.session.retry(reply.id)
        await live.settled(reply, Sending.SENT)
    assert len(await world.with_identifier(reply.id)) == 1
