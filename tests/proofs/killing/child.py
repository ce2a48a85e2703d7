"""A workbench without a screen: a whole session on a real store and a real portal, with a hurried user, to be killed.

Whatever the store has acknowledged is told on the pipe after the call returned, and never before.
"""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
from collections.abc import Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4
from zlib import crc32

from client.http import Http
from client.origin import Base
from client.portal import Portal
from tests.proofs.killing.forks import Say
from tests.proofs.killing.words import contents, parts_of, words
from tests.session.aging import aged
from tests.session.live import KEY, NAME, Live
from workbench.desk import sender
from workbench.dialogue.basis import Seen
from workbench.dialogue.conversation import Conversation
from workbench.dialogue.outgoing import Draft, Kind, Outgoing, Sending
from workbench.dialogue.people import Me, Role
from workbench.dialogue.queue import Query
from workbench.dialogue.refusals import SendError
from workbench.dialogue.status import Connection, Event
from workbench.dialogue.work import Change, Priority, State, Verb
from workbench.session import Session
from workbench.store.doubt import IN_DOUBT
from workbench.store.store import Store

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

ME: Final = "Practitioner/kari-nordmann"
EVERYTHING: Final = Query(frozenset(State))
PAGE: Final = 25
"""Resources asked for at once: many pages, so that kills come between them."""
MANY: Final = 12
"""Waiting in the outbox, from which on the user only types until some of it has left."""
LOOKED: Final = 3
"""How often the user sends something that stopped all the same, before taking it back."""
PATIENCE: Final = 60.0
"""Seconds in which everything must have left and come."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a child is to do."""

    folder: Path
    """Of the store."""
    base: str
    """Address of the portal."""
    name: str
    """Begins the name of everything it writes, and is its seed."""
    share: tuple[int, int] = (0, 1)
    """Which part of the conversations it writes in, of how many."""
    ahead: timedelta = timedelta()
    """How far its clock is ahead."""
    locks: bool = True
    """Files can be locked where the store is; otherwise the lease alone decides who sends."""


def work(order: Order, tell: Say) -> None:
    """Types, reads and sends until it is killed."""
    asyncio.run(_hurry(order, tell))


def warm(base: str) -> None:
    """Works once on a store that is thrown away, so that all is loaded; no thread of it is left."""
    with TemporaryDirectory(prefix="workbench-kill-") as folder:
        calm(Order(Path(folder), base, "0.0"), _unheard)


def _unheard(what: str, **values: Any) -> None:
    pass


def calm(order: Order, tell: Say) -> None:
    """Lets everything leave and come, tells what there is then, and ends."""
    asyncio.run(_settle(order, tell))


@asynccontextmanager
async def _at_work(order: Order, tell: Say) -> AsyncIterator[Live]:
    if not order.locks:
        setattr(sender, "_lock", _no_locks)  # noqa: B010 - a file system without locks
    store = Store.open(order.folder, KEY, clock=partial(_clock, order.ahead), uuid=uuid4)
    tell("opened", **held(store))
    people = {NAME: Me(NAME, ME, "", Role.CLINICIAN)}
    clock = partial(_clock, order.ahead)
    session = Session(store, lambda: [Portal(NAME, Http(Base(order.base)), page=PAGE)], people, clock=clock, poll=0.05)
    live = Live(session, store)
    session.listen(_once_online(session, tell))
    await session.start()
    tell("started")
    try:
        yield live
    finally:
        await session.close()


def _clock(ahead: timedelta) -> datetime:
    return datetime.now(UTC).astimezone() + ahead


def _no_locks(_file: int) -> None:
    raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))


def _once_online(session: Session, tell: Say) -> Callable[[Event], None]:
    told: list[bool] = []

    def listen(_: Event) -> None:
        if not told and session.status.portals[0].connection is Connection.ONLINE:
            told.append(True)
            tell("online")

    return listen


def held(store: Store) -> dict[str, Any]:
    """What a store holds of what the user made at one moment: drafts and the outbox, receipts included."""
    while True:
        drafts, outbox = store.drafts.list(), store.outbox.all()
        if drafts == store.drafts.list():  # another workbench on the store may have sent one between the two looks
            break
    return {
        "drafts": [{"thread": d.key.thread, "kind": d.kind, "text": d.text} for d in drafts],
        "entries": [
            {
                "id": e.id,
                "thread": e.key.thread,
                "verb": e.verb,
                "state": e.state,
                "reason": e.reason,
                "text": e.text,
                "patient": e.patient,
                "seen": sorted(Seen.read(e.basis).messages),
            }
            for e in outbox
        ],
    }


# -- working


class User:
    """Somebody in a hurry."""

    def __init__(self, live: Live, order: Order, tell: Say) -> None:
        self._session, self._order, self._tell = live.session, order, tell
        self._dice = Random(order.name)
        self._named = 0

    async def act(self, conversation: Conversation) -> None:
        """Does one thing in a conversation."""
        doing = (self._reply, self._note, self._prioritise, self._read)
        await self._dice.choices(doing, (6, 3, 1, 1))[0](conversation)

    async def _reply(self, conversation: Conversation) -> None:
        await self._write(conversation, Kind.REPLY)

    async def _note(self, conversation: Conversation) -> None:
        await self._write(conversation, Kind.NOTE)

    async def _write(self, conversation: Conversation, kind: Kind) -> None:
        dice, tell = self._dice, self._tell
        draft = await self._session.draft(conversation.key, kind)
        upper, name, length = self._place(draft)
        patient = conversation.patient.reference if conversation.patient else ""
        tell("begun", name=name, thread=conversation.key.thread, kind=kind, patient=patient)
        for _ in range(dice.randint(1, 6)):
            length += dice.randint(1, 4)
            draft = await self._session.save_draft(replace(draft, text=upper + words(name, length)))
            tell("saved", name=name, length=length)
        if dice.random() < 0.15:
            draft = await self._attach(draft, name)
        if dice.random() < 0.5 and self._session.status.outbox.waiting < MANY:
            await self._send(draft, conversation)

    def _place(self, draft: Draft) -> tuple[str, str, int]:
        """The lowest text of a draft, or a new one: what stands above it, its name, its length."""
        upper, blank, lowest = draft.text.rpartition("\n\n")
        if lowest:
            return upper + blank, next(iter(parts_of(lowest))), len(lowest)
        self._named += 1
        name = f"{self._order.name}.{self._named}"
        return "", name, len(words(name, 0))

    async def _attach(self, draft: Draft, name: str) -> Draft:
        path = self._order.folder.with_name(f"{self._order.folder.name}.{self._order.name}.txt")
        data = contents(name, self._dice.choice((20, 3_000, 400_000)))
        await asyncio.to_thread(path.write_bytes, data)
        draft = await self._session.attach_file(draft, await self._session.copy_file(path))
        self._tell("attached", name=name, sha1=hashlib.sha1(data, usedforsecurity=False).hexdigest())
        return draft

    async def _send(self, draft: Draft, conversation: Conversation) -> None:
        self._tell("sending")
        try:
            queued = await self._session.send(draft, conversation)
        except SendError as error:
            self._tell("refused", word=error.word)
            return
        lengths = {name: len(part) for name, part in parts_of(draft.text).items()}
        self._tell("queued", id=queued.id, lengths=lengths)
        if self._dice.random() < 0.1:
            await take_back(self._session, queued, self._tell)

    async def _prioritise(self, conversation: Conversation) -> None:
        priority = self._dice.choice(list(Priority))
        self._tell("wished", thread=conversation.key.thread, priority=priority)
        change = Change(Verb.PRIORITY, priority=priority)
        verb = await self._session.act(conversation.key, change, seen=conversation)
        self._tell("acted", thread=conversation.key.thread, priority=priority, id=verb.id)

    async def _read(self, conversation: Conversation) -> None:
        await self._session.opened(conversation.key)
        await self._session.page(EVERYTHING, 0, 50)
        await self._session.counts([Query()])


async def take_back(session: Session, entry: Outgoing, tell: Say) -> None:
    """Takes something back from the outbox, if it has not left."""
    tell("taking-back", id=entry.id)
    tell("taken-back" if await session.cancel(entry.id) else "left", id=entry.id)


async def _hurry(order: Order, tell: Say) -> None:
    part, parts = order.share
    async with _at_work(order, tell) as live:
        user, dice = User(live, order, tell), Random(f"{order.name}/where")

        async def some() -> list[Conversation]:
            page = await live.session.page(EVERYTHING, 0, 100)
            keys = [item.key for item in page.items if crc32(item.key.thread.encode()) % parts == part]
            found = [await live.session.conversation(key) for key in dice.sample(keys, min(3, len(keys)))]
            return [each for each in found if each is not None and each.patient is not None]

        while True:
            for conversation in await live.until(some):
                shown = await live.session.conversation(conversation.key)
                await user.act(shown or conversation)


# -- coming to rest


async def _settle(order: Order, tell: Say) -> None:
    async with _at_work(order, tell) as live:
        begun = _clock(order.ahead)
        looked: dict[str, int] = {}
        older: set[str] = set()

        async def still() -> bool:
            pending = await live.session.outbox()
            for entry in pending:
                if entry.state is Sending.UNKNOWN and entry.id not in older:
                    older.add(entry.id)
                    aged(live.store, entry.id)
                if entry.state is Sending.NEEDS_YOU:
                    looked[entry.id] = looked.get(entry.id, 0) + 1
                    await _look(live, entry, looked[entry.id], tell)
            status = live.session.status.portals[0]
            asked = status.data_from is not None and status.data_from > begun
            online = status.connection is Connection.ONLINE and not status.word
            return asked and online and not pending and not live.store.outbox.unanswered(NAME)

        try:
            async with asyncio.timeout(PATIENCE):
                while not await still():
                    live.session.hurry()
                    await asyncio.sleep(0.02)
        except TimeoutError:
            tell("stuck", **held(live.store), status=str(live.session.status))
            return
        tell("drained", **held(live.store), **whole(live.store))


async def _look(live: Live, entry: Outgoing, times: int, tell: Say) -> None:
    """What the user does about something that stopped: reads what is new and sends it; in the end takes it back."""
    if times > LOOKED:
        aged(live.store, entry.id, IN_DOUBT)
        await take_back(live.session, entry, tell)
        return
    if entry.change is not None and entry.change.priority is not None:
        tell("wished", thread=entry.key.thread, priority=entry.change.priority)
    await live.session.retry(entry.id, seen=await live.session.conversation(entry.key))


def whole(store: Store) -> dict[str, Any]:
    """The ids of all that is held of the portal, and what the files themselves say of their health."""
    with store.cache._reader.read() as cursor:
        read = "SELECT ref FROM post UNION SELECT ref FROM task UNION SELECT ref FROM thread WHERE version IS NOT NULL"
        pulled = [ref for (ref,) in cursor.execute(read)]
    checks: list[str] = []
    for database in (store.drafts._database, store.cache._writer):
        with database.read() as cursor:
            checks += [row[0] for row in cursor.execute("PRAGMA quick_check").fetchall() if row[0] != "ok"]
            checks += [str(row[0]) for row in cursor.execute("PRAGMA cipher_integrity_check").fetchall()]
    return {"pulled": pulled, "checks": checks}
