"""A whole session, store and all, on a portal over real HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

from client.http import Http
from client.origin import Base
from client.portal import Portal
from workbench.dialogue.conversation import Conversation
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Kind, Outgoing, Sending
from workbench.dialogue.people import Me, Role
from workbench.dialogue.status import Event, PortalStatus
from workbench.session import Session
from workbench.store.store import Store

T = TypeVar("T")
KEY = bytes(range(32))
WITHIN = 60.0
"""Seconds a state may take to come."""
NAME = "here"


def now() -> datetime:
    return datetime.now(UTC).astimezone()


def portals(addresses: Mapping[str, str]) -> Callable[[], list[Portal]]:
    return lambda: [Portal(name, Http(Base(address))) for name, address in addresses.items()]


@dataclass
class Live:
    """A session whose states can be waited for."""

    session: Session
    store: Store
    events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()
        self.session.listen(self._hear)

    def _hear(self, event: Event) -> None:
        self.events.append(event)
        self._loop.call_soon_threadsafe(self._changed.set)

    async def until(self, look: Callable[[], Awaitable[T | None]], *, every: float | None = None) -> T:
        """What a look gives once it gives something; it looks again whenever the session announces a change.

        Args:
            look: Gives nothing until what is waited for is there.
            every: Seconds after which it looks again though nothing was announced; None for never.
        """
        async with asyncio.timeout(WITHIN):
            while True:
                self._changed.clear()
                found = await look()
                if found:
                    return found
                with suppress(TimeoutError):
                    async with asyncio.timeout(every):
                        await self._changed.wait()

    async def held(self, thread: str, entries: int = 0, portal: str = NAME) -> Conversation:
        """A conversation once it is held with so many entries."""

        async def look() -> Conversation | None:
            found = await self.session.conversation(Key(portal, thread))
            return found if found and found.patient and len(found.entries) >= entries else None

        return await self.until(look)

    async def settled(self, outgoing: Outgoing, state: Sending) -> Outgoing:
        """An entry of the outbox once it has a state."""

        async def look() -> Outgoing | None:
            found = self.store.outbox.get(outgoing.id)
            return found if found and found.state is state else None

        return await self.until(look)

    async def stands(self, check: Callable[[PortalStatus], bool]) -> PortalStatus:
        """The first portal's status once it is as wanted."""

        async def look() -> PortalStatus | None:
            status = self.session.status.portals[0]
            return status if check(status) else None

        return await self.until(look)

    async def write(self, thread: str, text: str, kind: Kind = Kind.REPLY, portal: str = NAME) -> Outgoing:
        """Writes and sends, as a person would."""
        conversation = await self.held(thread, portal=portal)
        draft = await self.session.draft(conversation.key, kind)
        draft = await self.session.save_draft(type(draft)(draft.key, draft.author, kind, text, draft.files))
        return await self.session.send(draft, conversation)


@asynccontextmanager
async def session_on_all(
    folder: Path, addresses: Mapping[str, str], people: Mapping[str, str], *, start: bool = True
) -> AsyncIterator[Live]:
    """A session on several portals by name, with who acts on each."""
    store = Store.open(folder, KEY, clock=now, uuid=uuid4)
    acting = {name: Me(name, people[name], "", Role.SUPPORT) for name in addresses}
    session = Session(store, portals(addresses), acting, clock=now, poll=0.5)
    live = Live(session, store)
    if start:
        await session.start()
    try:
        yield live
    finally:
        await session.close()


@asynccontextmanager
async def session_on(
    folder: Path, address: str, me: str, *, poll: float = 0.5, start: bool = True
) -> AsyncIterator[Live]:
    """A session on a portal, with a store in a folder; who acts is asked of the portal."""
    store = Store.open(folder, KEY, clock=now, uuid=uuid4)
    people = {NAME: Me(NAME, me, "", Role.SUPPORT)}
    session = Session(store, portals({NAME: address}), people, clock=now, poll=poll)
    live = Live(session, store)
    if start:
        await session.start()
    try:
        yield live
    finally:
        await session.close()
