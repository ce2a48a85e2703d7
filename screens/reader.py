"""The right column: one conversation, read and written in; what is wanted and what is shown never part."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from textual import on, work
from textual.message import Message

from screens.telling import Telling
from screens.writing import Writing
from widgets.composer import Composer, DraftArea
from widgets.conversation_pane import ConversationPane
from widgets.later import Later
from widgets.portals import PortalNames
from workbench.dialogue.conversation import Conversation
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Draft, Kind
from workbench.language import _

if TYPE_CHECKING:
    from workbench.session import Session

FOLLOW: Final = 0.09
"""Seconds the cursor rests on a row before its conversation is shown beside it."""


class Reader(Telling, ConversationPane):
    """Shows the conversation that is wanted, and reads it again when something of it changed."""

    @dataclass
    class Read(Message):
        """A conversation as it is held now, with my drafts in it."""

        key: Key
        conversation: Conversation | None
        drafts: tuple[Draft, ...]

    class Turned(Message):
        """The user began to write, or is done with it."""

    def __init__(self, session: Session) -> None:
        super().__init__(session.clock, portals=PortalNames.of(session.people))
        self._session = session
        self.wanted: Key | None = None
        """What is shown, or will be once it has been read: what keys act on while this column has the focus."""
        self._rest = Later(self.set_timer)
        self.writing = Writing(session, self, self)
        self._beginning = False

    def want(self, key: Key, *, opened: bool = False) -> None:
        """Shows a conversation.

        Args:
            key: Which one; from now on keys act on it.
            opened: Somebody looks at it: it is marked seen and read afresh from the portal.
        """
        self.hold()
        self.wanted = key
        self._read(key)
        self._session.attend(key)
        if opened:
            self.run_worker(self._session.opened(key), group="opened", exit_on_error=False)

    def follow(self, key: Key) -> None:
        """Shows a conversation if the cursor rests on it."""
        self._rest.put_off(FOLLOW, lambda: self.want(key))

    def hold(self) -> None:
        """Lets nothing that was on its way to be shown come in between."""
        self._rest.drop()

    def again(self) -> None:
        """Reads what is wanted once more, after a change."""
        if self.wanted is not None:
            self._read(self.wanted)

    async def write(self, key: Key, kind: Kind) -> None:
        """Opens the composer on my draft of a kind in a conversation, once what was being written is saved."""
        if self._beginning or not await self.writing.leave():
            return
        self._beginning = True
        try:
            await self._begin(key, kind)
        finally:
            self._beginning = False
        self.post_message(self.Turned())

    async def _begin(self, key: Key, kind: Kind) -> None:
        conversation = await self._session.conversation(key)
        if conversation is None:
            return
        self.hold()
        self.workers.cancel_group(self, "read")
        self.wanted = key
        self.show(conversation)
        self.show_drafts(())
        await self.writing.begin(kind)
        self.run_worker(self._session.opened(key), group="opened", exit_on_error=False)

    @property
    def bound(self) -> bool:
        """Whether this column stays with its conversation whatever the list does: it is being written in, or soon."""
        return self._beginning or self.writing.active

    def nothing(self) -> None:
        """Shows that no conversation is open."""
        self.hold()
        self.wanted = None
        self._session.attend(None)
        self.clear(_("No conversation is open"))

    @work(group="read", exclusive=True, exit_on_error=False)
    async def _read(self, key: Key) -> None:
        async with asyncio.TaskGroup() as group:
            asked = [group.create_task(self._session.draft(key, kind)) for kind in Kind]
            conversation = await self._session.conversation(key)
        drafts = tuple(draft for draft in (each.result() for each in asked) if not draft.empty)
        self.post_message(self.Read(key, conversation, drafts))

    @on(Read)
    def read(self, event: Read) -> None:
        """Shows what was read, unless the user went on or writes in another conversation."""
        event.stop()
        writing = self.composer.is_open
        if event.key != self.wanted or (writing and event.key != self.key):
            return
        if event.conversation is not None:
            self.show(event.conversation)
            self.show_drafts(() if writing else event.drafts)
        elif not writing:
            self.clear(_("The portal does not hold this conversation any more"))

    @on(Composer.Changed)
    def typed(self, event: Composer.Changed) -> None:
        """Keeps what is typed."""
        event.stop()
        self.writing.typed()

    @on(DraftArea.Pasted)
    def pasted(self, event: DraftArea.Pasted) -> None:
        """Remembers the paste."""
        event.stop()
        self.writing.pasted(event.left_out)

    @on(Composer.Wanted)
    def composer_wants(self, event: Composer.Wanted) -> None:
        """Does what a key in the composer asks for."""
        event.stop()
        self._obey(event.command)

    @work(group="writing", exit_on_error=False)
    async def _obey(self, command: str) -> None:
        if await self.writing.obey(command) and not self.writing.active:
            self.timeline.focus()
            self.post_message(self.Turned())
            self.again()
