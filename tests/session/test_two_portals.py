"""Two portals in one inbox: one list, and what is done goes to the portal it belongs to and to no other.

The two hold the same ids throughout, conversations, Tasks, patients and staff: only the portal's name tells them apart.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import ExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from tests.interop import servers
from tests.session.live import Live, session_on_all
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Kind, Outgoing, Sending
from workbench.dialogue.queue import Item, Query, Whose
from workbench.dialogue.refusals import AttachError, SendError
from workbench.dialogue.status import Connection
from workbench.dialogue.work import OPEN, Change, Priority, State, Verb

NATIONAL, REGIONAL = "national", "regional"
KARI, OLA = "Practitioner/kari-nordmann", "Practitioner/ola-provedal"
BOTH = {NATIONAL: KARI, REGIONAL: KARI}
EVERY = Query(frozenset(State))
FREE = Query(OPEN, whose=Whose.NOBODY)
NOW = datetime.now(UTC).isoformat()


def sandbox(folder: Path, port: str = "0") -> Any:
    made = ("--conversations", "30", "--seed", "3", "--now", NOW)
    return servers.python("workbench.sandbox.run", "--port", port, "--data", str(folder), *made)


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """Addresses of two portals that hold the same."""
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(sandbox(tmp_path_factory.mktemp(name) / "data")) for name in (NATIONAL, REGIONAL)
        }


@asynccontextmanager
async def working(folder: Path, twins: Mapping[str, str], people: Mapping[str, str] = BOTH) -> AsyncIterator[Live]:
    """A session that holds what both have."""
    async with session_on_all(folder, twins, people) as live:
        await live.until(lambda: fetched(live))
        yield live


async def fetched(live: Live) -> bool:
    return all(each.data_from and each.connection is Connection.ONLINE for each in live.session.status.portals)


async def rows(live: Live, query: Query = EVERY) -> tuple[Item, ...]:
    return (await live.session.page(query, 0, 500)).items


async def pair(live: Live, place: int) -> tuple[Item, Item]:
    """The same conversation on both, one of those that can be answered; another for each place."""
    alike = [item for item in await rows(live, FREE) if item.patient and item.category == "reseptfornyelse"]
    threads = list(dict.fromkeys(item.key.thread for item in alike))
    here, there = (next(i for i in alike if i.key == Key(name, threads[place])) for name in (NATIONAL, REGIONAL))
    return here, there


async def on(portal: str, kind: str, **params: str) -> list[dict[str, Any]]:
    """What a portal holds, over plain HTTP."""
    async with httpx.AsyncClient(base_url=portal, trust_env=False, verify=False) as plain:
        answer = await plain.get(f"/{kind}", params={dashed(name): value for name, value in params.items()})
        return [entry["resource"] for entry in answer.json().get("entry", [])]


def dashed(name: str) -> str:
    return name[0] + name[1:].replace("_", "-")


async def tasks(portal: str, thread: str) -> list[tuple[str, str]]:
    found = await on(portal, "Task", focus=f"Communication/{thread}")
    return [(each["id"], each["meta"]["versionId"]) for each in found]


async def test_lists_counts_places_and_searches_hold_both_in_one_order(twins: dict[str, str], tmp_path: Path) -> None:
    async with working(tmp_path, twins) as live:
        found = await rows(live)
        assert [item.order for item in found] == sorted(item.order for item in found)
        by_portal = {name: {i.key.thread for i in found if i.key.portal == name} for name in twins}
        assert by_portal[NATIONAL] == by_portal[REGIONAL], "the portals hold the same ids"
        assert len(found) == 2 * len(by_portal[NATIONAL])
        one = [replace(EVERY, portal=name) for name in twins]
        whole, *each = await live.session.counts([EVERY, *one])
        assert (whole, each) == (len(found), [len(found) // 2] * 2)
        for place, item in enumerate(found):
            assert await live.session.locate(EVERY, item.key) == place
        solberg = await rows(live, replace(EVERY, words="Solberg"))
        assert {item.key.portal for item in solberg} == set(twins)
        names = [queue.name for queue in await live.session.queues()]
        assert len(names) == len(set(names)), "a team of both portals is one queue"
        team = next(queue for queue in await live.session.queues() if queue.name == "pool:resept")
        assert {item.key.portal for item in await rows(live, team.query)} == set(twins)


async def test_replies_notes_files_and_verbs_reach_only_their_own_portal(twins: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "svar.txt"
    file.write_text("Bare til den ene")
    async with working(tmp_path / "store", twins) as live:
        here, there = await pair(live, 0)
        assert (here.patient, here.key.thread) == (there.patient, there.key.thread)
        untouched = await tasks(twins[NATIONAL], here.key.thread)
        draft = await live.session.draft(there.key, Kind.REPLY)
        copy = await live.session.copy_file(file)
        draft = await live.session.attach_file(replace(draft, text="Kun regional"), copy)
        assert (await live.session.draft(here.key, Kind.REPLY)).empty
        shown = await live.held(there.key.thread, portal=REGIONAL)
        reply = await live.session.send(draft, shown)
        laid = {item.key.portal: item for item in await rows(live) if item.key.thread == there.key.thread}
        assert (laid[REGIONAL].whose, laid[NATIONAL].whose) == (Whose.ME, Whose.NOBODY)
        assert laid[NATIONAL].sending is None
        note = await live.write(there.key.thread, "Regionalt notat", Kind.NOTE, portal=REGIONAL)
        hurries = await live.session.act(there.key, Change(Verb.PRIORITY, priority=Priority.ASAP))
        for sent in (reply, note, hurries):
            await live.settled(sent, Sending.SENT)
        assert await tasks(twins[NATIONAL], here.key.thread) == untouched
        touched = await tasks(twins[REGIONAL], there.key.thread)
        assert [name for name, _ in touched] == [name for name, _ in untouched], "the Tasks' ids are equal too"
        assert touched != untouched
        other = await live.write(here.key.thread, "Kun national", portal=NATIONAL)
        await live.settled(other, Sending.SENT)
    for entry, name, rest in ((reply, REGIONAL, NATIONAL), (note, REGIONAL, NATIONAL), (other, NATIONAL, REGIONAL)):
        assert len(await on(twins[name], "Communication", identifier=entry.id)) == 1
        assert not await on(twins[rest], "Communication", identifier=entry.id)
    said = {name: str(await on(base, "Communication", _count="500")) for name, base in twins.items()}
    assert ["Kun regional" in said[name] for name in twins] == [False, True]
    assert ["Kun national" in said[name] for name in twins] == [True, False]
    (sent_there,) = await on(twins[REGIONAL], "Communication", identifier=reply.id)
    address = next(part["contentAttachment"]["url"] for part in sent_there["payload"] if "contentAttachment" in part)
    async with httpx.AsyncClient(trust_env=False, verify=False) as plain:
        found = [(await plain.get(f"{base}/{address}")).status_code for base in twins.values()]
    assert found == [404, 200]
    (task,) = await on(twins[NATIONAL], "Task", focus=f"Communication/{here.key.thread}")
    assert task["priority"] != "asap"


async def test_a_document_of_one_portal_is_not_attached_in_the_other(twins: dict[str, str], tmp_path: Path) -> None:
    async with working(tmp_path, twins) as live:
        for item in await rows(live, replace(EVERY, portal=NATIONAL)):
            documents = [each for each in await live.session.documents(item.key) if each.final and not each.restricted]
            if documents:
                break
        there = Key(REGIONAL, item.key.thread)
        draft = await live.session.draft(there, Kind.REPLY)
        with pytest.raises(AttachError) as refused:
            await live.session.attach_document(draft, documents[0])
        assert refused.value.word == "other-portal"
        assert (await live.session.draft(there, Kind.REPLY)).empty
        own = await live.session.documents(there)
        assert own[0].reference == (await live.session.documents(item.key))[0].reference
        kept = await live.session.attach_document(draft, next(d for d in own if d.reference == documents[0].reference))
        assert kept.key == there


async def test_words_seen_in_one_cannot_be_sent_in_the_other(twins: dict[str, str], tmp_path: Path) -> None:
    async with working(tmp_path, twins) as live:
        here, there = await pair(live, 1)
        shown = await live.held(here.key.thread, portal=NATIONAL)
        draft = replace(await live.session.draft(there.key, Kind.REPLY), text="Feil portal")
        with pytest.raises(SendError, match="changed"):
            await live.session.send(draft, shown)
        with pytest.raises(SendError, match="changed"):
            await live.session.act(there.key, Change(Verb.CLAIM), seen=shown)
        assert await live.session.outbox() == ()


async def test_what_is_taken_back_or_thrown_away_in_one_stays_in_the_other(
    twins: dict[str, str], tmp_path: Path
) -> None:
    async with working(tmp_path, twins) as live:
        here, there = await pair(live, 1)
    async with session_on_all(tmp_path, twins, BOTH, start=False) as live:
        first = await live.write(here.key.thread, "Én", portal=NATIONAL)
        second = await live.write(there.key.thread, "To", portal=REGIONAL)
        assert await live.session.cancel(first.id)
        assert (await live.session.draft(here.key, Kind.REPLY)).text == "Én"
        assert (await live.session.draft(there.key, Kind.REPLY)).empty
        assert {e.text for e in await live.session.outbox() if e.verb is Verb.REPLY} == {"To"}
        marks = {
            item.key.portal: (item.draft, item.sending)
            for item in await rows(live)
            if item.key.thread == there.key.thread
        }
        assert marks == {NATIONAL: (True, Sending.QUEUED), REGIONAL: (False, Sending.QUEUED)}, "a claim is left here"
        await live.session.discard(second.id)
        assert (await live.session.draft(here.key, Kind.REPLY)).text == "Én"


async def test_each_portal_has_a_person_of_its_own(twins: dict[str, str], tmp_path: Path) -> None:
    async with working(tmp_path, twins, {NATIONAL: KARI, REGIONAL: OLA}) as live:
        assert {name: me.name for name, me in live.session.people.items()} == {
            NATIONAL: "Kari Nordmann",
            REGIONAL: "Ola Prøvedal",
        }
        here, there = await pair(live, 2)
        claims = [await live.session.act(key, Change(Verb.CLAIM)) for key in (here.key, there.key)]
        shown = {i.key.portal: i.owner_name for i in await rows(live) if i.key.thread == here.key.thread}
        assert shown == {NATIONAL: "Kari Nordmann", REGIONAL: "Ola Prøvedal"}
        for claim in claims:
            await live.settled(claim, Sending.SENT)
    owners = {}
    for name, base in twins.items():
        (task,) = await on(base, "Task", focus=f"Communication/{here.key.thread}")
        owners[name] = task["owner"]["reference"]
    assert owners == {NATIONAL: KARI, REGIONAL: OLA}


async def test_one_portal_down_leaves_the_other_working_and_gets_its_own_when_it_is_back(tmp_path: Path) -> None:
    with sandbox(tmp_path / NATIONAL) as national:
        with sandbox(tmp_path / REGIONAL) as regional:
            port = str(urlsplit(regional).port)
            addresses = {NATIONAL: national, REGIONAL: regional}
            async with working(tmp_path / "store", addresses) as live:
                here, there = await pair(live, 0)
        async with session_on_all(tmp_path / "store", addresses, BOTH) as live:

            async def one_down() -> bool:
                stands = {each.portal: each.connection for each in live.session.status.portals}
                return stands == {NATIONAL: Connection.ONLINE, REGIONAL: Connection.OFFLINE}

            await live.until(one_down)
            waits = await live.write(there.key.thread, "Venter på regional", portal=REGIONAL)
            leaves = await live.write(here.key.thread, "Går til national", portal=NATIONAL)
            await live.settled(leaves, Sending.SENT)
            new = await posted(national, here.key.thread)
            await live.until(lambda: came(live, here.key, new))
            kept = live.store.outbox.get(waits.id)
            assert kept is not None
            assert kept.state is Sending.QUEUED
            assert not await on(national, "Communication", identifier=waits.id)
            with sandbox(tmp_path / REGIONAL, port):
                live.session.hurry()
                await live.settled(waits, Sending.SENT)
                assert len(await on(regional, "Communication", identifier=waits.id)) == 1
                assert not await on(regional, "Communication", identifier=leaves.id)


async def posted(portal: str, thread: str) -> str:
    """A new message of the patient, written on the portal; gives its id."""
    (header,) = await on(portal, "Communication", _id=thread)
    (message, *_) = await on(portal, "Communication", part_of=f"Communication/{thread}", _count="1")
    made = {name: message[name] for name in ("resourceType", "status", "category", "partOf", "subject")}
    made |= {"sender": header["subject"], "payload": [{"contentString": "Enda en ting"}]}
    async with httpx.AsyncClient(base_url=portal, trust_env=False, verify=False) as plain:
        answer = await plain.post("/Communication", json=made, headers={"Content-Type": "application/fhir+json"})
        assert answer.status_code == 201, answer.text
        return str(answer.headers["Location"].split("/Communication/")[1].split("/")[0])


async def came(live: Live, key: Key, message: str) -> bool:
    held = await live.session.conversation(key)
    return held is not None and any(entry.id == message for entry in held.entries if not isinstance(entry, Outgoing))
