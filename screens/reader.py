"""The right column: one conversation, read and written in.

What is wanted and what is shown part only while it is read, and nothing is done to either meanwhile.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Final

from textual import on, work
from textual.message import Message

from screens.telling import Telling
from screens.writing import Writing
from widgets.composer import Composer, DraftArea
from widgets.conversation_pane import ConversationPane
from widgets.later import Later
from widgets.one_picture import OnePicture
from widgets.portals import PortalNames
from workbench.dialogue.conversation import Conversation
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Draft, Kind
from workbench.language import _

if TYPE_CHECKING:
    from workbench.session import Session

FOLLOW: Final = 0.09
"""Seconds the cursor rests on a row before its conversation is shown beside it."""
SOON: Final = 7.0
"""Seconds within which the list moves on from what was done; news wait that long at most (`screens.news`)."""


class Reader(Telling, ConversationPane):
    """Shows the conversation that is wanted, and reads it again when something of it changed."""

    @dataclass
    class Read(Message):
        """A conversation as it is held now, with my drafts in it."""

        key: Key
        conversation: Conversation | None
        drafts: tuple[Draft, ...]

    @dataclass
    class Unread(Message):
        """A conversation could not be read."""

        key: Key

    @dataclass
    class Obeyed(Message):
        """What a key in the composer asked for has been done, or could not be."""

        command: str
        left: bool
        """The composer is closed: keys are verbs again."""

    class Turned(Message):
        """The user began to write, or is done with it."""

    def __init__(self, session: Session) -> None:
        super().__init__(session.clock, portals=PortalNames.of(session.people))
        self._session = session
        self.wanted: Key | None = None
        """What is shown, or will be once it has been read."""
        self._opening: Key | None = None
        """What somebody looks at as soon as it is shown."""
        self._finished: tuple[Key, float] | None = None
        """What was just done while it was shown, and when: the next one is shown in its place."""
        self._rest = Later(self.set_timer)
        self._asked: Key | None = None
        """What is wanted and has not been read yet."""
        self._picture: OnePicture
        self.writing = Writing(session, self, self)
        self._beginning = False

    def on_mount(self) -> None:
        """What is opened is painted together with where the focus goes."""
        self._picture = OnePicture(self.screen)

    def want(self, key: Key, *, opened: bool = False) -> None:
        """Shows a conversation.

        Args:
            key: Which one; keys act on it once it is shown.
            opened: Somebody looks at it: once it is on the screen it is marked seen, and read afresh from the portal.
        """
        self.hold()
        if opened and key != self.key:
            self._picture.hold()
        self._opening = key if opened or self._opening == key else None
        self._finished, self.wanted, self._asked = None, key, key
        self._read(key)
        self._session.attend(key)

    def finish(self, key: Key) -> None:
        """What is shown was done: what comes in its place in the list is to be shown, if it comes soon."""
        self._finished = key, monotonic()

    def take_finished(self) -> bool:
        """Whether what is shown was done just now; asked once, since it is true of one moment only."""
        finished, self._finished = self._finished, None
        return finished is not None and finished[0] == self.wanted and monotonic() - finished[1] < SOON

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
        self._opening = self._finished = self._asked = None
        self.wanted = key
        self.show(conversation)
        self.show_drafts(())
        await self.writing.begin(kind)
        self.run_worker(self._session.opened(key), group="opened", exit_on_error=False)

    @property
    def bound(self) -> bool:
        """Whether this column stays with its conversation whatever the list does: it is being written in, or soon."""
        return self._beginning or self.writing.active

    @property
    def arrived(self) -> bool:
        """Whether what is wanted is shown, or cannot be, and nothing else comes in its place by itself."""
        return self._asked is None and not self._rest.waits

    def nothing(self) -> None:
        """Shows that no conversation is open."""
        self.hold()
        self.wanted = self._opening = self._finished = self._asked = None
        self._session.attend(None)
        self.clear(_("No conversation is open"))

    @work(group="read", exclusive=True, exit_on_error=False)
    async def _read(self, key: Key) -> None:
        try:
            async with asyncio.TaskGroup() as group:
                asked = [group.create_task(self._session.draft(key, kind)) for kind in Kind]
                conversation = await self._session.conversation(key)
        except ExceptionGroup as failed:
            self.post_message(self.Unread(key))
            raise failed.exceptions[0] from failed
        drafts = tuple(draft for draft in (each.result() for each in asked) if not draft.empty)
        self.post_message(self.Read(key, conversation, drafts))

    @on(Read)
    def read(self, event: Read) -> None:
        """Shows what was read, unless the user went on or writes in another conversation."""
        event.stop()
        self._answered(event.key)
        writing = self.composer.is_open
        if event.key != self.wanted or (writing and event.key != self.key):
            return
        if event.conversation is not None:
            self.show(event.conversation)
            self.show_drafts(() if writing else event.drafts)
            if self._opening == event.key:
                self.call_after_refresh(self._looked_at, event.key)
        elif writing:
            self.banner.gone()
        else:
            self.clear(_("The portal does not hold this conversation any more"))
        self._picture.paint()

    def _answered(self, key: Key) -> None:
        if self._asked == key:
            self._asked = None

    def _looked_at(self, key: Key) -> None:
        """It has been painted: what was passed over before that has not been seen by anybody."""
        if self._opening == key == self.key:
            self._opening = None
            self.run_worker(self._session.opened(key), group="opened", exit_on_error=False)

    @on(Unread)
    def unread(self, event: Unread) -> None:
        """Leaves no other conversation standing in the place of one that could not be read."""
        event.stop()
        self._answered(event.key)
        self._picture.paint()
        if event.key == self.wanted != self.key and not self.bound:
            self.clear(_("This conversation could not be read: press F5 to try again, or go to another one"))

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
            self.post_message(self.Turned())
            self.again()
        self.post_message(self.Obeyed(command, left=not self.writing.active))
