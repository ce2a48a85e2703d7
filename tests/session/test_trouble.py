"""Crashes, lost answers, two windows and portals that go away: everything arrives once, and nothing is lost."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from contextlib import AbstractContextManager
from pathlib import Path
from random import Random
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest

from client.errors import PortalError
from client.portal import Portal
from tests.contract.cutting import cutting_proxy
from tests.contract.world import World
from tests.interop import servers
from tests.session.aging import aged
from tests.session.live import KEY, NAME, Live, now, session_on
from workbench.desk.sender import Sender
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Kind, Sending
from workbench.dialogue.people import Me, Role
from workbench.dialogue.queue import Query, Whose
from workbench.dialogue.status import Connection
from workbench.dialogue.work import Change, Verb
from workbench.session import Session
from workbench.store.store import Store


async def synced(folder: Path, world: World) -> str:
    """A store that holds the conversation; gives its thread."""
    thread = world.id("header")
    async with session_on(folder, world.base, world.ref("doctor")) as live:
        await live.held(thread, entries=1)
        await live.stands(lambda status: status.data_from is not None)
    return thread


async def test_a_lost_answer_ends_in_one_message(world: World, tmp_path: Path) -> None:
    async with (
        cutting_proxy(world.base) as (address, cuts),
        session_on(tmp_path, address, world.ref("doctor")) as live,
    ):
        await live.held(world.id("header"), entries=1)
        cuts.answers_to = f"POST {urlsplit(world.base).path}/Communication ".encode()
        reply = await live.write(world.id("header"), "Kom i morgen")
        await live.settled(reply, Sending.UNKNOWN)
        assert cuts.made
        await live.stands(lambda _: live.session.status.outbox.unknown == 1)
        cuts.answers_to = b""
        live.session.hurry()
        await live.settled(reply, Sending.SENT)
    assert len(await world.with_identifier(reply.id)) == 1


@pytest.mark.parametrize("seed", range(6))
async def test_killed_while_sending_it_arrives_once_after_the_next_start(
    world: World, tmp_path: Path, seed: int
) -> None:
    thread = await synced(tmp_path, world)
    arguments = (str(tmp_path), world.base, world.ref("doctor"), thread, "Kom i morgen")
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.session.child", *arguments, stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout
    while not (line := (await child.stdout.readline()).decode()).startswith("QUEUED"):
        assert line, "the child ended by itself"
    await asyncio.sleep(Random(seed).uniform(0, 0.8))
    os.kill(child.pid, signal.SIGKILL)
    await child.wait()
    outgoing = line.split()[1]
    async with session_on(tmp_path, world.base, world.ref("doctor")) as live:
        entry = live.store.outbox.get(outgoing)
        assert entry is not None

        async def answered() -> bool:
            aged(live.store, outgoing)
            live.session.hurry()
            found = live.store.outbox.get(outgoing)
            return found is not None and found.state is Sending.SENT and not live.store.outbox.unanswered(NAME)

        await live.until(answered, every=0.1)
    assert len(await world.with_identifier(outgoing)) == 1
    task = await world.now(world.ref("task"))
    assert task["businessStatus"]["coding"][0]["code"] == "waiting-patient"


async def test_two_windows_on_one_store_send_each_thing_once_and_take_over(world: World, tmp_path: Path) -> None:
    thread = await synced(tmp_path, world)
    async with session_on(tmp_path, world.base, world.ref("doctor")) as first:
        await first.stands(lambda status: status.connection is Connection.ONLINE)
        async with session_on(tmp_path, world.base, world.ref("doctor")) as second:
            sent = [await live.write(thread, f"Nr. {number}") for number, live in enumerate([first, second, second])]
            for reply in sent:
                await first.settled(reply, Sending.SENT)
            await second.until(lambda: elsewhere(second, True))
            assert not first.session.status.elsewhere
            await first.session.close()
            left = await second.write(thread, "Etter den andre")
            await second.settled(left, Sending.SENT)
            await second.until(lambda: elsewhere(second, False))
    for reply in (*sent, left):
        assert len(await world.with_identifier(reply.id)) == 1


async def elsewhere(live: Live, expected: bool) -> bool:
    return live.session.status.elsewhere is expected


async def test_it_ends_at_once_in_the_middle_of_a_request_that_never_ends(tmp_path: Path) -> None:
    reached = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        reached.set()
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/fhir"
    async with session_on(tmp_path, address, "Practitioner/1"):
        await reached.wait()
        began = time.monotonic()
    assert time.monotonic() - began < 2
    server.close()
    await server.wait_closed()


async def test_a_configuration_from_which_no_portal_can_be_made_is_said(tmp_path: Path) -> None:
    def broken() -> list[Portal]:
        raise ValueError("no such certificate")

    store = Store.open(tmp_path, KEY, clock=now, uuid=uuid4)
    session = Session(store, broken, {NAME: Me(NAME, "Practitioner/1", "Kari", Role.CLINICIAN)}, clock=now)
    live = Live(session, store)
    await session.start()
    status = await live.stands(lambda status: status.connection is Connection.OFFLINE)
    assert status.word == "internal"
    with pytest.raises(PortalError):
        await session.candidates(NAME)
    await session.close()


async def test_somebody_the_portal_does_not_know_is_said(world: World, tmp_path: Path) -> None:
    async with session_on(tmp_path, world.base, "Practitioner/nobody") as live:
        status = await live.stands(lambda status: status.connection is Connection.REFUSED)
        assert (status.word, status.text) == ("unknown-person", "Practitioner/nobody")


async def test_without_anybody_it_reads_and_says_who_could_act(world: World, tmp_path: Path) -> None:
    async with session_on(tmp_path, world.base, "") as live:
        conversation = await live.held(world.id("header"), entries=1)
        choice = await live.session.candidates(NAME)
        me = next(each for each in choice if each.reference == world.ref("doctor"))
        await live.session.act_as(me)
        reply = await live.write(conversation.key.thread, "Hei")
        await live.settled(reply, Sending.SENT)
    async with session_on(tmp_path, world.base, "", start=False) as live:
        assert live.session.me == me, "remembered"


async def test_what_is_cancelled_before_it_leaves_is_a_draft_again(world: World, tmp_path: Path) -> None:
    thread = await synced(tmp_path, world)
    async with session_on(tmp_path, "http://127.0.0.1:9/fhir", world.ref("doctor")) as live:
        reply = await live.write(thread, "Angre")
        assert await live.session.cancel(reply.id)
        draft = await live.session.draft(Key(NAME, thread), Kind.REPLY)
        assert draft.text == "Angre"
        assert [entry.verb for entry in await live.session.outbox()] == [Verb.CLAIM]
        done = await live.session.act(Key(NAME, thread), Change(Verb.DONE))
        await live.session.discard(done.id)
        await live.session.discard_draft(draft)
        assert (await live.session.draft(Key(NAME, thread), Kind.REPLY)).empty


def sandbox(folder: Path, port: str = "0") -> AbstractContextManager[str]:
    return servers.python(
        "workbench.sandbox.run", "--port", port, "--conversations", "10", "--seed", "3", "--data", str(folder)
    )


async def test_a_portal_that_goes_and_comes_back_gets_what_was_done_meanwhile(tmp_path: Path) -> None:
    with sandbox(tmp_path / "portal") as address:
        port = str(urlsplit(address).port)
        async with session_on(tmp_path / "store", address, "") as live:
            await live.stands(lambda status: status.data_from is not None)
            doctors = [each for each in await live.session.candidates(NAME) if each.role is Role.CLINICIAN]
            await live.session.act_as(doctors[0])
            me = doctors[0].reference
    async with session_on(tmp_path / "store", address, me) as live:
        gone = await live.stands(lambda status: status.connection is Connection.OFFLINE)
        assert gone.word == "unreachable"
        page = await live.session.page(Query(whose=Whose.NOBODY), 0, 50)
        free = [item for item in page.items if item.patient][:3]
        replies = [await live.write(item.key.thread, f"Svar {number}") for number, item in enumerate(free)]
        note = await live.write(free[0].key.thread, "Skrevet uten nett", Kind.NOTE)
        done = await live.session.act(free[0].key, Change(Verb.DONE))

        async def all_wait() -> bool:
            return live.session.status.outbox.waiting == 2 * len(free) + 2

        await live.until(all_wait)
        with sandbox(tmp_path / "portal", port):
            live.session.hurry()
            for entry in (*replies, note, done):
                await live.settled(entry, Sending.SENT)
            async with httpx.AsyncClient(base_url=address, trust_env=False, verify=False) as plain:
                for entry in (*replies, note):
                    found = (await plain.get("/Communication", params={"identifier": entry.id})).json()
                    assert [each["resource"]["payload"][0]["contentString"] for each in found["entry"]] == [entry.text]
        await live.stands(lambda status: status.connection is Connection.OFFLINE)


async def test_one_process_sends_and_one_that_is_killed_leaves_its_place_at_once(tmp_path: Path) -> None:
    store = Store.open(tmp_path, KEY, clock=now, uuid=uuid4)
    code = (
        "import sys, time; from pathlib import Path; from uuid import uuid4\n"
        "from tests.session.live import KEY, now; from workbench.desk.sender import Sender\n"
        "from workbench.store.store import Store\n"
        "folder = Path(sys.argv[1]); store = Store.open(folder, KEY, clock=now, uuid=uuid4)\n"
        "print(Sender(folder, store.outbox).acquire('other'), flush=True); time.sleep(60)"
    )
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", code, str(tmp_path), stdout=asyncio.subprocess.PIPE
    )
    assert child.stdout
    assert await child.stdout.readline() == b"True\n"
    mine = Sender(tmp_path, store.outbox)
    assert not mine.acquire("me")
    child.kill()
    await child.wait()
    assert mine.acquire("me"), "though the lease it left behind has not run out"
    assert mine.acquire("me")
    second = Sender(tmp_path, store.outbox)
    assert not second.acquire("you")
    mine.release("me")
    assert second.acquire("you")
    second.release("you")
    store.close()
