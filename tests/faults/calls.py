"""Every call the client makes, each on things of its own, and what must stand on the portal once it has worked."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import uuid4

from client.errors import Gone
from client.http import Http
from client.origin import Base
from client.patience import Limits
from client.portal import Portal
from client.record import verify
from tests.contract.world import OWN, WHEN, Resource, World, concept, reference, to
from tests.faults.verbs import DEEDS, Deed, told
from workbench.dialogue.attachment import Attachment
from workbench.dialogue.presence import Doing
from workbench.dialogue.work import Change
from workbench.sync.verdict import already

SOON = Limits(
    connect=5.0,
    idle=1.0,
    whole=1.2,
    whole_binary=1.2,
    json_bytes=1024 * 1024,
    binary_bytes=1024 * 1024,
    attempts=2,
    first_wait=0.001,
    longest_wait=0.002,
    obeyed_wait=0.01,
)
"""Deadlines short enough to be waited for."""
PATIENT = Limits(json_bytes=SOON.json_bytes, binary_bytes=SOON.binary_bytes, attempts=2, first_wait=0.001,
                 longest_wait=0.002, obeyed_wait=0.01)  # fmt: skip
"""The same, with deadlines that a busy machine does not reach."""
FILE = b"%PDF-1.4 made up"


@dataclass(frozen=True, slots=True)
class Cell:
    """One call under one fault: things of its own on a portal, and the client's way to them."""

    world: World
    portal: Portal
    thread: str
    """A conversation that nobody else in the matrix writes in."""
    client_id: str
    person: str
    """Reference of who makes the call."""

    async def task(self) -> Resource:
        """The conversation's only Task."""
        (task,) = await self.world.found("Task", focus=f"Communication/{self.thread}")
        return task


Do = Callable[[Cell], Awaitable[Any]]


@dataclass(frozen=True, slots=True)
class PortalCall:
    """A call of `PortalPort`."""

    name: str
    do: Do
    writes: bool = False
    works: Do | None = None
    """Asserts what stands on the portal after it was called again without a fault."""
    bare: bool = False
    """The conversation has no Task yet."""
    alone: bool = False
    """It is made by somebody who makes no other."""
    before: Do | None = None
    """What was done with the things before."""


async def _next_page(cell: Cell) -> object:
    page = await cell.portal.changes("Communication", None, None)
    return await cell.portal.changes("Communication", None, page.next) if page.next else page


async def _read(cell: Cell) -> None:
    """What is read away would be taken off the shelf: that counts as a word of its own."""
    if (await cell.portal.read(f"Communication/{cell.thread}")).gone:
        raise Gone


async def _download(cell: Cell) -> None:
    verify(Attachment("svar.pdf", "application/pdf", len(FILE)), await cell.portal.download(cell.world.ref("file")))


async def _listen(cell: Cell) -> None:
    line = cell.portal.listen()
    assert isinstance(line, AsyncGenerator)
    async with aclosing(line):
        await anext(line)  # it is open


def _task_call(deed: Deed) -> PortalCall:
    async def do(cell: Cell) -> object:
        return await _do(cell, deed.change(cell.world))

    async def works(cell: Cell) -> None:
        assert told(await cell.task(), cell.world) == deed.stands

    async def before(cell: Cell) -> None:
        for made in deed.before:
            await _do(cell, made(cell.world))

    return PortalCall(deed.name, do, writes=True, works=works, before=before)


async def _do(cell: Cell, change: Change) -> object:
    task = await cell.portal.task_of(cell.thread)
    assert task
    if already(change, task, cell.world.ref("doctor")):
        return task
    return await cell.portal.change_task(task, change, cell.world.me, when=WHEN)


async def _answer(cell: Cell) -> object:
    task = await cell.portal.task_of(cell.thread)
    assert task
    return await cell.portal.answer_task(task, cell.world.id("question"), cell.world.me)


async def _message(cell: Cell) -> object:
    files = (Attachment("svar.pdf", "application/pdf", len(FILE), "Binary/1"),)
    me, readers = cell.world.me, cell.world.readers
    return await cell.portal.send_message(cell.client_id, cell.thread, readers, me, "Kom i morgen", files, WHEN)


async def _receipt(cell: Cell) -> object:
    me, readers = cell.world.me, cell.world.readers
    said = "Vi svarer innen torsdag"
    return await cell.portal.send_message(cell.client_id, cell.thread, readers, me, said, (), WHEN, receipt=True)


async def _note(cell: Cell) -> object:
    task = str((await cell.task())["id"])
    return await cell.portal.send_note(cell.client_id, cell.thread, task, cell.world.me, "Ringte", (), WHEN)


async def _presence(cell: Cell) -> None:
    me = replace(cell.world.me, reference=cell.person)  # each has but one, wherever they are
    await cell.portal.tell_presence(me, cell.thread, Doing.WRITING)


async def _leave(cell: Cell) -> None:
    await _presence(cell)  # only who has told where they are can go
    me = replace(cell.world.me, reference=cell.person)
    await cell.portal.tell_presence(me, cell.thread, None)


async def _gone(cell: Cell) -> None:
    assert (await cell.task())["status"] == "completed"


async def _answered_once(cell: Cell) -> None:
    assert len((await cell.task())["output"]) == 1


async def _there_once(cell: Cell) -> None:
    assert len(await cell.world.with_identifier(cell.client_id)) == 1


async def _given_once(cell: Cell) -> None:
    (there,) = await cell.world.with_identifier(cell.client_id)
    assert "receipt" in [each["coding"][0]["code"] for each in there["category"]]
    assert (await cell.task())["status"] == "requested"


async def _noted_once(cell: Cell) -> None:
    await _there_once(cell)
    assert len(await cell.world.with_identifier(f"notes-{cell.thread}")) == 1


async def _there_by_one_task(cell: Cell) -> None:
    task = await cell.task()
    assert (task["status"], task["businessStatus"]["coding"][0]["code"]) == ("in-progress", "writing")
    assert task["owner"]["reference"] == cell.person


async def _one_task(cell: Cell) -> None:
    await cell.task()


CALLS = (
    PortalCall("offered", lambda cell: cell.portal.offered()),
    PortalCall("changes", lambda cell: cell.portal.changes("Task", None, None)),
    PortalCall("changes-next", _next_page),
    PortalCall("fetch", lambda cell: cell.portal.fetch((cell.world.ref("patient"), cell.world.ref("doctor")))),
    PortalCall("thread", lambda cell: cell.portal.thread(cell.thread)),
    PortalCall("directory", lambda cell: cell.portal.directory()),
    PortalCall("practitioners", lambda cell: cell.portal.practitioners()),
    PortalCall("staff_member", lambda cell: cell.portal.staff_member(cell.world.ref("doctor"))),
    PortalCall("task_of", lambda cell: cell.portal.task_of(cell.thread)),
    PortalCall("find", lambda cell: cell.portal.find(cell.client_id)),
    PortalCall("deletions", lambda cell: cell.portal.deletions("Task", WHEN, None)),
    PortalCall("versions", lambda cell: cell.portal.versions((f"Communication/{cell.thread}",))),
    PortalCall("read", _read),
    PortalCall("documents", lambda cell: cell.portal.documents(cell.world.ref("patient"))),
    PortalCall("appointments", lambda cell: cell.portal.appointments(cell.world.ref("patient"), WHEN)),
    PortalCall("download", _download),
    PortalCall("heeds_identifiers", lambda cell: cell.portal.heeds_identifiers()),
    PortalCall("listen", _listen),
    PortalCall("upload", lambda cell: cell.portal.upload(FILE, "application/pdf"), writes=True),
    PortalCall("send_message", _message, writes=True, works=_there_once),
    PortalCall("send_receipt", _receipt, writes=True, works=_given_once),
    PortalCall("send_note", _note, writes=True, works=_noted_once),
    PortalCall(
        "ensure_task",
        lambda cell: cell.portal.ensure_task(cell.thread, cell.world.ref("patient"), "annet"),
        writes=True,
        works=_one_task,
        bare=True,
    ),
    *(_task_call(deed) for deed in DEEDS),
    PortalCall("answer_task", _answer, writes=True, works=_answered_once),
    PortalCall("tell_presence", _presence, writes=True, works=_there_by_one_task, bare=True, alone=True),
    PortalCall("leave", _leave, writes=True, works=_gone, bare=True, alone=True),
)


async def cell_of(world: World, call: PortalCall, limits: Limits) -> Cell:
    """Things on the portal for one call, and a client of its own."""
    thread = str((await world.thread("header"))["id"])
    if not call.bare:
        await world.make(
            {
                "resourceType": "Task",
                "status": "requested",
                "intent": "order",
                "code": concept(OWN.task_system, "respond"),
                "focus": {"reference": f"Communication/{thread}"},
                "for": to(world["patient"]),
                "authoredOn": "2026-03-05T08:15:00+01:00",
            }
        )
    person = reference(await world.make({"resourceType": "Practitioner"})) if call.alone else world.ref("doctor")
    cell = Cell(world, _portal(world, limits), thread, str(uuid4()), person)
    if call.before is not None:
        first = anew(cell)
        await call.before(first)
        await first.portal.close()
    return cell


def anew(cell: Cell) -> Cell:
    """The same things, and a client that waits as long as it takes."""
    return replace(cell, portal=_portal(cell.world, PATIENT))


def _portal(world: World, limits: Limits) -> Portal:
    return Portal("here", Http(Base(world.base), limits=limits), page=2)


async def filled(world: World) -> None:
    """Something of everything the calls read."""
    await world.people()
    await world.thread("first")
    await world.post("first", "Jeg trenger mer Levaxin.", "question")
    await world.post("first", "Og en time.")
    await world.make(
        {"resourceType": "Binary", "contentType": "application/pdf", "data": "JVBERi0xLjQgbWFkZSB1cA=="}, "file"
    )
    await world.make(
        {
            "resourceType": "Appointment",
            "status": "booked",
            "start": WHEN.isoformat(),
            "end": _later(WHEN),
            "participant": [{"actor": to(world["patient"]), "status": "accepted"}],
        }
    )


def _later(moment: datetime) -> str:
    return moment.replace(minute=50).isoformat()
