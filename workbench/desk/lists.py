"""Lists and conversations, as they are held now."""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Sequence

from workbench.desk.room import Room, seen_through
from workbench.dialogue.asking import Asked
from workbench.dialogue.conversation import Conversation
from workbench.dialogue.held import Directory
from workbench.dialogue.key import Key
from workbench.dialogue.overview import Handover, Overview
from workbench.dialogue.presence import Doing
from workbench.dialogue.queue import Item, Page, Query, Queue, Total
from workbench.views import View


class Lists(Room):
    """Lists and conversations, as they are held now."""

    async def queues(self) -> tuple[Queue, ...]:
        """The standard queues as of now, with one for each pool and type of message that is known."""
        return await self._read(self._shelves.queues, tuple(self._office.people))

    def understood(self, line: str) -> Asked:
        """What was typed to search for, as a query."""
        return self._shelves.understood(line)

    @property
    def can_share_views(self) -> bool:
        """Whether a view can be saved for everybody at the site."""
        return self._shelves.views.can_share

    async def view(self, name: str) -> View | None:
        """The saved view of a name, None when there is none."""
        return await self._read(self._shelves.view, name)

    @seen_through
    async def save_view(self, view: View, replaces: View | None = None) -> None:
        """Keeps a search as a view.

        Args:
            view: What to keep.
            replaces: The view that may go for it; None for none.

        Raises:
            Taken: There is another view in its place.
            Failure: It has no name, or cannot be written.
        """
        await self._write(self._shelves.views.save, view, replaces)
        self._office.announcer.tell(many=True)

    @seen_through
    async def remove_view(self, view: View) -> None:
        """Deletes a view.

        Raises:
            Failure: It cannot be deleted.
        """
        await self._write(self._shelves.views.remove, view)
        self._office.announcer.tell(many=True)

    async def counts(self, queries: Sequence[Query]) -> tuple[Total, ...]:
        """How many conversations each query holds."""
        return await self._read(self._store.cache.counts, queries)

    async def page(self, query: Query, offset: int, limit: int) -> Page:
        """A stretch of a queue."""
        return await self._read(self._store.cache.page, query, offset, limit)

    async def keys(self, query: Query, limit: int) -> tuple[Key, ...]:
        """What a query holds, by name, from its top, at most so many."""
        return await self._read(self._store.cache.keys, query, limit)

    async def rows(self, keys: Collection[Key]) -> dict[Key, Item]:
        """The rows of some conversations, in the order of every queue; those that are not held are left out."""
        return await self._read(self._store.cache.rows, keys)

    async def locate(self, query: Query, key: Key) -> int | None:
        """Place of a conversation in a queue, from 0; None when it is not in it."""
        return await self._read(self._store.cache.locate, query, key)

    async def conversation(self, key: Key) -> Conversation | None:
        """All that is held of a conversation, with what is on its way in its place."""
        self._shown = await self._read(self._desk.conversation, key)
        return self._shown

    def rule_name(self, rule: str, language: str) -> str:
        """What a red-flag rule is called in a language."""
        return self._store.site.rule_name(rule, language)

    async def flagged(self, key: Key) -> bool:
        """Whether a rule found an urgent symptom in what the patient wrote there."""
        return await self._read(self._store.cache.flagged, key)

    async def opened(self, key: Key) -> None:
        """Tells that somebody looks at it: marks it seen and has it read afresh from the portal."""
        self._office.refresh(*key)
        # The cache's writer may be busy with a page of a sync: neither reading nor drafts wait for it.
        if await asyncio.to_thread(self._store.cache.mark_seen, key):
            self._office.announcer.tell([key])

    def attend(self, key: Key | None, doing: Doing = Doing.READING) -> None:
        """Tells colleagues, through the portal, at which conversation the user is and what they do there.

        Args:
            key: The conversation that is on the screen; None for none.
            doing: What they do there.
        """
        self._office.attendance.come(key, doing)

    async def directory(self, portal: str) -> Directory:
        """Colleagues and pools of a portal, as last told."""
        return await self._read(self._store.cache.staff.directory, portal)

    async def names(self, portal: str, references: Collection[str]) -> dict[str, str]:
        """What people of a portal are called, by reference, as far as it has told."""
        return await self._read(self._store.cache.names, portal, references)

    async def overview(self) -> Overview:
        """How each queue stands now, and what happened on the last days."""
        queues = await self.queues()
        at = await asyncio.to_thread(self._overseer.moments)
        return await self._read(self._overseer.overview, queues, at)

    async def handover(self) -> Handover:
        """What the next shift must know."""
        at = await asyncio.to_thread(self._overseer.moments)
        return await self._read(self._overseer.handover, at)
