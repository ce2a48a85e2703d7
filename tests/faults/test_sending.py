"""A whole session under every fault on the way out: each thing arrives once, or says in plain words why not."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final
from uuid import uuid4

import pytest

from client.http import Http
from client.origin import Base
from client.portal import Portal
from tests.contract.world import World
from tests.faults.calls import PATIENT, SOON
from tests.faults.matrix import SLOW, Site, faults, site
from tests.session.aging import aged
from tests.session.live import KEY, NAME, Live, now
from widgets.problems import PORTAL, REASONS
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Kind, Outgoing, Sending
from workbench.dialogue.people import Me, Role
from workbench.dialogue.work import Change, Priority, Verb
from workbench.sandbox.faults.plan import Fault, Often, Plan
from workbench.sandbox.faults.spelling import spelled
from workbench.session import Session
from workbench.store.store import Store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

ON_THE_WAY = ("patch-Task", "upload", "create-Communication", "read-thread", "search-Task", "search-Communication")
"""Calls that sending makes; the fault strikes each of them at first."""
PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(500)
NEEDS_YOU = {
    "400": {"refused"},
    "403": {"forbidden", "refused"},
    "404": {"gone", "refused", "conflict"},
    "409": {"conflict"},
    "410": {"gone", "refused", "conflict"},
    "412": {"conflict", "ambiguous"},
    "413": {"refused"},
    "422": {"refused"},
    "foreign-next": {"refused"},
    "truncated": {"not-all-read"},
    "rollback": {"conflict"},
    "stubborn-search": {"conflict"},
    "huge": {"too-large"},
    "bomb": {"too-large"},
}
"""Why a fault may stop something until the user has looked; all others are got over without anybody.

What was said to be gone is taken off the shelf, so that sent again it is not what the user saw: a conflict.
"""
FEW: Final = tuple(each for each in faults() if each.argument not in each.kind.samples or each.argument.isdigit())
"""One of each kind, and those that order patience."""
HURRIED: Final = replace(SOON, idle=0.3, whole=0.4, whole_binary=0.4)
"""Deadlines that cost nothing here when a busy machine misses one: it is tried again."""


@pytest.fixture
def here() -> Iterator[Site]:
    with site() as made:  # each has its own: a session reads all that stands on a portal, what others left included
        yield made


@dataclass
class Seen:
    """What a person could have seen while it went on."""

    words: set[str] = field(default_factory=set)
    reasons: set[str] = field(default_factory=set)
    """Why something needed the user."""
    told: set[str] = field(default_factory=set)
    """What the outbox told of each thing, those that wait by themselves included."""


@asynccontextmanager
async def session_on(folder: Path, world: World, fault: Fault) -> AsyncIterator[Live]:
    limits = replace(HURRIED if fault.kind.name in SLOW else PATIENT, attempts=1)
    store = Store.open(folder, KEY, clock=now, uuid=uuid4)
    people = {NAME: Me(NAME, world.ref("doctor"), "Kari Nordmann", Role.CLINICIAN)}
    session = Session(store, lambda: [Portal(NAME, Http(Base(world.base), limits=limits))], people, clock=now, poll=60)
    live = Live(session, store)
    await session.start()
    try:
        yield live
    finally:
        await session.close()


async def queued(live: Live, world: World, photo: Path) -> tuple[Outgoing, ...]:
    """A reply with a file, the claim that goes with it, a note, and a verb; all in the outbox."""
    conversation = await live.held(world.id("first"), entries=2)
    file = await live.session.copy_file(photo)
    draft = await live.session.attach_file(await live.session.draft(conversation.key, Kind.REPLY), file)
    await live.session.send(replace(draft, text="Kom i morgen"), conversation)
    await live.write(world.id("first"), "Ringte først", Kind.NOTE)
    await live.session.act(conversation.key, Change(Verb.PRIORITY, priority=Priority.STAT))
    everything = live.store.outbox.all()
    assert [each.verb for each in everything] == [Verb.CLAIM, Verb.REPLY, Verb.NOTE, Verb.PRIORITY]
    return everything


async def settled(live: Live, everything: tuple[Outgoing, ...], seen: Seen, plan: Plan, oftener: int | None) -> bool:
    """Sees to it until all has arrived, as a person would who sends again what stops.

    It is left before that once faults have struck oftener than a number that is given.
    """

    async def look() -> str | None:
        seen.words |= {portal.word for portal in live.session.status.portals}
        entries = [live.store.outbox.get(each.id) for each in everything]
        for was, entry in zip(everything, entries, strict=True):
            if entry is None:
                continue  # it has arrived and come back
            assert (entry.text, entry.files) == (was.text, was.files), "what waits is what was written"
            seen.told |= {entry.reason} - {""}
            if entry.state is Sending.UNKNOWN:
                aged(live.store, entry.id)
            if entry.state is Sending.NEEDS_YOU:
                seen.reasons.add(entry.reason)
                await live.session.retry(entry.id)
        if all(entry is None or entry.state is Sending.SENT for entry in entries):
            return "settled"
        if oftener is not None and len(plan.struck) > oftener:
            return "struck"
        live.session.hurry()
        return None

    return await live.until(look, every=0.1) == "settled"


@pytest.mark.parametrize("fault", FEW, ids=spelled)
async def test_everything_arrives_once_and_the_draft_stays(here: Site, fault: Fault, tmp_path: Path) -> None:
    photo = tmp_path / "utslett.png"
    photo.write_bytes(PICTURE)
    patience = fault.kind.name in ("429", "503") and bool(fault.argument)
    often = Often(first=12 if fault.kind.remembers else 1 if fault.kind.name in SLOW or patience else 2)
    pointed = next(each for each in faults(here.away) if spelled(here.anonymous(each)) == spelled(fault))
    seen = Seen()
    async with here.world() as world:
        await world.task("first", "task")
        other = str((await world.thread("other"))["id"])
        await world.post("other", "Noe annet")
        async with session_on(tmp_path / "store", world, fault) as live:
            await live.stands(lambda status: status.data_from is not None)
            kept = await live.session.draft(Key(NAME, other), Kind.REPLY)
            kept = await live.session.save_draft(replace(kept, text="Halvferdig svar"))
            here.plan.set([replace(pointed, calls=calls, often=often) for calls in ON_THE_WAY])
            everything = await queued(live, world, photo)
            done = await settled(live, everything, seen, here.plan, 0 if patience else None)
            assert (await live.session.draft(kept.key, Kind.REPLY)).text == "Halvferdig svar"
        while not done:  # the portal asks for more patience than a test has: a restart does not remember it
            before = len(here.plan.struck)
            async with session_on(tmp_path / "store", world, fault) as live:
                done = await settled(live, everything, seen, here.plan, before)
                assert (await live.session.draft(kept.key, Kind.REPLY)).text == "Halvferdig svar"
        struck = len(here.plan.struck)
        here.plan.set(())
        await arrived(world, everything)
    assert struck or fault.kind.meets in ("next-page", "read"), "the fault was met"
    assert not here.visited, "nobody is to follow a fault to another address"
    assert seen.reasons <= NEEDS_YOU.get(fault.kind.name, set())
    assert seen.told <= REASONS.keys() | PORTAL.keys()
    assert seen.words - {""} <= PORTAL.keys()


async def arrived(world: World, everything: tuple[Outgoing, ...]) -> None:
    """Each thing stands on the portal, once."""
    _claim, reply, note, _priority = everything
    (sent,) = await world.with_identifier(reply.id)
    text, attached = sent["payload"]
    assert text == {"contentString": "Kom i morgen"}
    file = await world.raw.get(f"/{attached['contentAttachment']['url']}", headers={"Accept": "*/*"})
    assert file.content == PICTURE
    (written,) = await world.with_identifier(note.id)
    assert written["payload"] == [{"contentString": "Ringte først"}]
    assert len(await world.with_identifier(f"notes-{reply.key.thread}")) == 1
    task = await world.now(world.ref("task"))
    assert (task["owner"]["reference"], task["priority"]) == (world.ref("doctor"), "stat")
    assert len(task.get("output", [])) <= 1
