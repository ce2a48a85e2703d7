"""The one thing screens talk to: it reads values, performs verbs and announces changes.

Reading and writing go to the store on a thread; the network is never waited for, except by
`download`, `documents` and `appointments`, which fetch what is not held.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path

from workbench.dialogue.conversation import Attachment, Conversation, Key
from workbench.dialogue.held import Appointment, Directory, RecordDocument
from workbench.dialogue.outgoing import Draft, Kind, Outgoing
from workbench.dialogue.people import Me
from workbench.dialogue.queue import Page, Query, Queue
from workbench.dialogue.status import Event, Status
from workbench.dialogue.work import Change

Listener = Callable[[Event], None]
"""Called from any thread when something changed; must return at once."""


class Session:
    """What a person does at the workbench, on one or more portals."""

    clock: Callable[[], datetime]
    """The time now, aware, as the user's own zone has it."""

    @property
    def people(self) -> Mapping[str, Me]:
        """Who acts, by portal name."""
        raise NotImplementedError

    @property
    def me(self) -> Me:
        """Who acts on the first portal."""
        raise NotImplementedError

    @property
    def status(self) -> Status:
        """Connection, age of the data, outbox: at once, from memory."""
        raise NotImplementedError

    def listen(self, listener: Listener) -> None:
        """Asks to be told of every change from now on."""
        raise NotImplementedError

    async def start(self) -> None:
        """Starts to keep store and portals together, on a thread of its own."""
        raise NotImplementedError

    async def close(self) -> None:
        """Stops and closes everything; what is in the outbox stays there."""
        raise NotImplementedError

    def hurry(self) -> None:
        """Tries the portals now instead of at the next turn."""
        raise NotImplementedError

    async def queues(self) -> tuple[Queue, ...]:
        """The standard queues with one a pool that is known."""
        raise NotImplementedError

    async def counts(self, queries: Sequence[Query]) -> tuple[int, ...]:
        """How many conversations each query holds."""
        raise NotImplementedError

    async def page(self, query: Query, offset: int, limit: int) -> Page:
        """A stretch of a queue."""
        raise NotImplementedError

    async def locate(self, query: Query, key: Key) -> int | None:
        """Place of a conversation in a queue, from 0; None when it is not in it."""
        raise NotImplementedError

    async def conversation(self, key: Key) -> Conversation | None:
        """All that is held of a conversation, with what is on its way in its place."""
        raise NotImplementedError

    async def opened(self, key: Key) -> None:
        """Tells that somebody looks at it: marks it seen and has it read afresh from the portal."""
        raise NotImplementedError

    async def directory(self, portal: str) -> Directory:
        """Colleagues and pools of a portal, as last told."""
        raise NotImplementedError

    async def draft(self, key: Key, kind: Kind) -> Draft:
        """My draft of this kind in this conversation; an empty one when there is none."""
        raise NotImplementedError

    async def save_draft(self, draft: Draft) -> Draft:
        """Puts a draft on disk; it is there when this returns, with `saved` set.

        Raises:
            StoreError: It could not be written; what was there before is untouched.
        """
        raise NotImplementedError

    async def discard_draft(self, draft: Draft) -> None:
        """Removes a draft by the user's own act."""
        raise NotImplementedError

    async def attach_file(self, draft: Draft, path: Path) -> Draft:
        """Copies a file into the draft.

        Raises:
            AttachError: It is missing, unreadable, a folder, empty or too large.
        """
        raise NotImplementedError

    async def attach_document(self, draft: Draft, document: RecordDocument) -> Draft:
        """Attaches a document of the same patient's record.

        Raises:
            AttachError: It is another patient's, restricted or not final.
        """
        raise NotImplementedError

    async def detach(self, draft: Draft, place: int) -> Draft:
        """Takes one attachment off a draft; files stand first, then documents."""
        raise NotImplementedError

    async def send(self, draft: Draft, conversation: Conversation) -> Outgoing:
        """Puts a draft in the outbox; it leaves when the portal can be reached.

        Args:
            draft: What to send.
            conversation: What the user saw when deciding: names the patient and the basis.

        Raises:
            SendError: The draft is empty, the thread names no patient or more than one, or the role may not reply.
            StoreError: It could not be written; the draft is untouched.
        """
        raise NotImplementedError

    async def act(self, key: Key, change: Change) -> Outgoing:
        """Puts a verb in the outbox."""
        raise NotImplementedError

    async def outbox(self) -> tuple[Outgoing, ...]:
        """All that is on its way or needs the user, oldest first."""
        raise NotImplementedError

    async def cancel(self, outgoing: str) -> bool:
        """Takes something back from the outbox while it has not left; words go back to their draft."""
        raise NotImplementedError

    async def retry(self, outgoing: str) -> None:
        """Lets something that needed the user go out after all, against what the conversation is now."""
        raise NotImplementedError

    async def discard(self, outgoing: str) -> None:
        """Drops something from the outbox by the user's own act."""
        raise NotImplementedError

    async def documents(self, key: Key) -> tuple[RecordDocument, ...]:
        """The documents of the record of a conversation's patient, newest first.

        Raises:
            PortalError: They are not held and the portal does not answer.
        """
        raise NotImplementedError

    async def appointments(self, key: Key) -> tuple[Appointment, ...]:
        """Coming appointments of a conversation's patient, soonest first."""
        raise NotImplementedError

    async def download(self, key: Key, attachment: Attachment) -> bytes:
        """The bytes of an attachment, checked against its size and hash.

        Raises:
            PortalError: The portal does not answer, or gave something else.
        """
        raise NotImplementedError

    async def save_attachment(self, key: Key, attachment: Attachment, folder: Path) -> Path:
        """Writes an attachment into a folder under a safe name of our making.

        Returns:
            Where it is; never over a file that was there.
        """
        raise NotImplementedError
