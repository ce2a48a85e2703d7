"""The one thing screens talk to: it reads values, performs verbs and announces changes.

Reading and writing go to the store on a thread; the network is never waited for, except by
`download`, `documents` and `appointments`, which fetch what is not held.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar
from uuid import UUID, uuid4

from client.errors import Unreachable
from workbench.courtesy import Courtesy
from workbench.desk import files
from workbench.desk.announcer import Listener
from workbench.desk.office import Office, ticking
from workbench.dialogue.attachment import Attachment
from workbench.dialogue.checks import why_not_attach
from workbench.dialogue.contents import content_type
from workbench.dialogue.conversation import Conversation
from workbench.dialogue.filenames import safe_name
from workbench.dialogue.held import Appointment, Directory, RecordDocument
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Draft, Kind, Outgoing, Receipt
from workbench.dialogue.people import Me
from workbench.dialogue.queue import Page, Query, Queue, standard_queues
from workbench.dialogue.refusals import AttachError
from workbench.dialogue.status import Status
from workbench.dialogue.work import Change

if TYPE_CHECKING:
    from workbench.store.store import Store
    from workbench.sync.ports import PortalPort


P = ParamSpec("P")
T = TypeVar("T")
REMEMBERED = 300.0
"""Seconds that a patient's documents and appointments are taken as they were last told."""


class Session:
    """What a person does at the workbench, on one or more portals."""

    clock: Callable[[], datetime]
    """The time now, aware, as the user's own zone has it."""

    def __init__(
        self,
        store: Store,
        portals: Callable[[], Sequence[PortalPort]],
        people: Mapping[str, Me],
        *,
        clock: Callable[[], datetime],
        rng: Random | None = None,
        uuid: Callable[[], UUID] = uuid4,
        poll: float = 15.0,
        courtesy: Courtesy | None = None,
    ) -> None:
        """Prepares a session; nothing runs before `start`.

        Args:
            store: Open; the session closes it.
            portals: Makes the portals. Called once, on the thread that syncs, so that the HTTP client is loaded
                after the first picture.
            people: Who acts, by portal name, in the portals' order. A person without a name is asked of the
                portal (and is as it told last while it is away); one without a reference may read and not act.
            clock: Now, aware, in the user's zone.
            rng: Chance, for waiting times.
            uuid: Names this process to the store's lease.
            poll: Seconds between two looks at a portal.
            courtesy: Told of every key; the portals' work gives way to it.
        """
        self.clock = clock
        self._store = store
        self._courtesy = courtesy or Courtesy()
        self._office = Office(store, portals, people, ticking(clock, rng or Random(), poll), str(uuid()))  # noqa: S311
        self._desk = self._office.desk
        self._reader = ThreadPoolExecutor(1, "read")
        self._writer = ThreadPoolExecutor(1, "write")
        self._shown: Conversation | None = None
        self._told: dict[tuple[str, str, str], tuple[float, Any]] = {}

    @property
    def people(self) -> Mapping[str, Me]:
        """Who acts, by portal name."""
        return MappingProxyType(self._office.people)

    @property
    def me(self) -> Me:
        """Who acts on the first portal."""
        return next(iter(self._office.people.values()))

    @property
    def status(self) -> Status:
        """Connection, age of the data, outbox: at once, from memory."""
        return self._office.status

    @property
    def cache_was_damaged(self) -> bool:
        """Whether what was held of the portals was found damaged, thrown away, and is now fetched anew."""
        return self._store.cache.was_damaged

    @property
    def typing(self) -> bool:
        """Whether the user is in the middle of typing: what can wait had better wait."""
        return self._courtesy.typing

    def key(self) -> None:
        """Tells that a key was pressed: for a moment, the portals' work gives way to its answer."""
        self._courtesy.key()

    def listen(self, listener: Listener) -> None:
        """Asks to be told of every change from now on."""
        self._office.announcer.listen(listener)

    async def start(self) -> None:
        """Starts to keep store and portals together, on a thread of its own."""
        await self._write(self._office.start)
        self._office.announcer.tell(many=True, status=True)

    async def close(self) -> None:
        """Stops and closes everything; what is in the outbox stays there. A second call does nothing."""
        await asyncio.to_thread(self._office.stop)
        await asyncio.to_thread(self._reader.shutdown)
        await asyncio.to_thread(self._writer.shutdown)
        self._store.close()

    def hurry(self) -> None:
        """Tries the portals now instead of at the next turn."""
        self._office.nudge(hurry=True)

    async def sync_once(self) -> Status:
        """Pushes and pulls every portal once without a thread, and tells how everything stands then."""
        await self._office.once()
        return self._office.status

    async def candidates(self, portal: str) -> tuple[Me, ...]:
        """Everybody one could act as on a portal without sign-in, for a choice on screen.

        Raises:
            PortalError: The portal does not answer.
        """
        return await self._ask(portal, lambda port: port.practitioners())

    async def act_as(self, me: Me) -> None:
        """Acts as somebody on a portal from now on."""
        await self._write(self._office.act_as, me)
        self._office.nudge(me.portal)

    async def queues(self) -> tuple[Queue, ...]:
        """The standard queues with one a pool that is known."""
        pools: dict[str, None] = {}
        for portal in self._office.people:
            pools |= dict.fromkeys(pool.code for pool in (await self.directory(portal)).pools)
        pools |= dict.fromkeys(await self._read(self._store.cache.pools))
        return standard_queues(tuple(pools))

    async def counts(self, queries: Sequence[Query]) -> tuple[int, ...]:
        """How many conversations each query holds."""
        return await self._read(self._store.cache.counts, queries)

    async def page(self, query: Query, offset: int, limit: int) -> Page:
        """A stretch of a queue."""
        return await self._read(self._store.cache.page, query, offset, limit)

    async def locate(self, query: Query, key: Key) -> int | None:
        """Place of a conversation in a queue, from 0; None when it is not in it."""
        return await self._read(self._store.cache.locate, query, key)

    async def conversation(self, key: Key) -> Conversation | None:
        """All that is held of a conversation, with what is on its way in its place."""
        self._shown = await self._read(self._desk.conversation, key)
        return self._shown

    async def opened(self, key: Key) -> None:
        """Tells that somebody looks at it: marks it seen and has it read afresh from the portal."""
        self._office.refresh(*key)
        # The cache's writer may be busy with a page of a sync: neither reading nor drafts wait for it.
        if await asyncio.to_thread(self._store.cache.mark_seen, key):
            self._office.announcer.tell([key])

    async def directory(self, portal: str) -> Directory:
        """Colleagues and pools of a portal, as last told."""
        return await self._read(self._store.cache.directory, portal)

    async def names(self, portal: str, references: Collection[str]) -> dict[str, str]:
        """What people of a portal are called, by reference, as far as it has told."""
        return await self._read(self._store.cache.names, portal, references)

    async def draft(self, key: Key, kind: Kind) -> Draft:
        """My draft of this kind in this conversation; an empty one when there is none."""
        return await self._write(self._desk.draft, key, kind)

    async def save_draft(self, draft: Draft) -> Draft:
        """Puts a draft on disk; it is there when this returns, with `saved` set.

        What another window has written in it since stands below these words in what is returned.

        Raises:
            StoreError: It could not be written; what was there before is untouched.
        """
        saved = await self._write(self._desk.save_draft, draft)
        if draft.saved is None:
            await self._moved(draft.key)
        return saved

    async def discard_draft(self, draft: Draft) -> None:
        """Removes a draft by the user's own act; what another window has written there since stays."""
        await self._write(self._store.drafts.discard, draft)
        await self._moved(draft.key)

    async def attach_file(self, draft: Draft, path: Path) -> Draft:
        """Copies a file into the draft.

        Raises:
            AttachError: It is missing, unreadable, a folder, empty or too large.
        """
        name, content_type, data = await asyncio.to_thread(files.read_for_attaching, path)
        file = await self._write(self._store.files.add, name, content_type, data)
        return await self.save_draft(replace(draft, files=(*draft.files, file)))

    async def attach_document(self, draft: Draft, document: RecordDocument) -> Draft:
        """Attaches a document of the same patient's record.

        Raises:
            AttachError: It is another patient's or on another portal, restricted or not final.
        """
        held = await self._read(self._store.cache.conversation, draft.key)
        word = why_not_attach(draft, document, held.patient.reference if held and held.patient else "")
        if word is not None:
            raise AttachError(word, document.title)
        content = document.attachment or Attachment("")
        attached = replace(content, title=document.title or content.title, url="", reference=document.reference)
        return await self.save_draft(replace(draft, documents=(*draft.documents, attached)))

    async def detach(self, draft: Draft, place: int) -> Draft:
        """Takes one attachment off a draft; files stand first, then documents."""
        count = len(draft.files)
        kept = tuple(file for at, file in enumerate(draft.files) if at != place)
        documents = tuple(each for at, each in enumerate(draft.documents, count) if at != place)
        return await self.save_draft(replace(draft, files=kept, documents=documents))

    async def send(self, draft: Draft, conversation: Conversation) -> Outgoing:
        """Puts a draft in the outbox; it leaves when the portal can be reached.

        Args:
            draft: What to send.
            conversation: What the user saw when deciding: names the patient and the basis.

        Raises:
            SendError: The draft is empty, the thread names no patient or more than one, or the role may not reply.
            StoreError: It could not be written; the draft is untouched.
        """
        queued = await self._write(self._desk.send, draft, conversation)
        await self._moved(draft.key)
        return queued

    async def act(self, key: Key, change: Change, *, seen: Conversation | None = None) -> Outgoing:
        """Puts a verb in the outbox.

        Args:
            key: The conversation.
            change: The verb.
            seen: What the user saw of it when deciding; what was last read of it when nobody tells.
        """
        shown = seen or (self._shown if self._shown is not None and self._shown.key == key else None)
        queued = await self._write(self._desk.act, key, change, shown)
        await self._moved(key)
        return queued

    async def outbox(self) -> tuple[Outgoing, ...]:
        """All that is on its way or needs the user, oldest first."""
        return await self._write(self._store.outbox.pending)

    async def doubtful(self) -> frozenset[str]:
        """Identifiers of what the portal may still carry out without having answered: none of it can be taken back."""
        return await self._write(self._store.outbox.doubtful)

    async def receipts(self, limit: int) -> tuple[Receipt, ...]:
        """What arrived last, newest first."""
        return await self._write(self._store.outbox.receipts, limit)

    async def stranded(self) -> tuple[Draft, ...]:
        """Unsent words whose conversation is not held, last saved first: it is gone, or has not come yet."""
        return await self._write(self._desk.stranded)

    async def cancel(self, outgoing: str) -> bool:
        """Takes something back from the outbox while it has not left; words go back to their draft."""
        done = await self._write(self._desk.cancel, outgoing)
        await self._moved()
        return done

    async def retry(self, outgoing: str, *, seen: Conversation | None = None) -> None:
        """Lets something that needed the user go out after all.

        Args:
            outgoing: Its identifier.
            seen: The conversation as it was shown when the user decided; what is held now when that is None.
        """
        await self._write(self._desk.retry, outgoing, seen)
        await self._moved()

    async def discard(self, outgoing: str) -> None:
        """Drops something from the outbox by the user's own act."""
        await self._write(self._desk.discard, outgoing)
        await self._moved()

    async def documents(self, key: Key) -> tuple[RecordDocument, ...]:
        """The documents of the record of a conversation's patient, newest first.

        Raises:
            PortalError: They are not held and the portal does not answer.
        """

        async def ask(port: PortalPort, patient: str) -> tuple[RecordDocument, ...]:
            return tuple([replace(document, portal=key.portal) for document in await port.documents(patient)])

        return await self._of_patient("documents", key, ask)

    async def appointments(self, key: Key) -> tuple[Appointment, ...]:
        """Coming appointments of a conversation's patient, soonest first."""
        now = self.clock()
        return await self._of_patient("appointments", key, lambda port, patient: port.appointments(patient, now))

    async def download(self, key: Key, attachment: Attachment) -> bytes:
        """The bytes of an attachment, checked against its size and hash.

        Raises:
            PortalError: The portal does not answer, or gave something else.
        """
        address = attachment.url or attachment.reference
        data = await self._ask(key.portal, lambda port: port.download(address))
        from client.record import verify  # loads the HTTP client, which by now is there

        verify(attachment, data)
        return data

    async def save_attachment(self, key: Key, attachment: Attachment, folder: Path) -> Path:
        """Writes an attachment into a folder under a safe name of our making.

        Returns:
            Where it is; never over a file that was there.

        Raises:
            PortalError: The portal does not answer, or gave something else.
            SaveError: The folder is missing or cannot be written.
        """
        data = await self.download(key, attachment)
        kind = content_type(attachment.title, data, attachment.content_type)
        name = safe_name(attachment.title, kind, "vedlegg")
        return await asyncio.to_thread(files.save_new, folder, name, data)

    async def _moved(self, *keys: Key) -> None:
        """Lets what was just queued or saved leave, and shows it; what is done is done, and waits for neither.

        The reader shows it, so that whatever is read after this finds it laid over the lists.
        """
        self._office.nudge(keys[0].portal if keys else None)
        with suppress(RuntimeError):  # the session is being closed: nobody looks any more
            self._reader.submit(self._office.show, keys)

    async def _of_patient(
        self, what: str, key: Key, ask: Callable[[PortalPort, str], Coroutine[Any, Any, tuple[T, ...]]]
    ) -> tuple[T, ...]:
        """Something of a conversation's patient, as told a short while ago or now."""
        held = await self._read(self._store.cache.conversation, key)
        if held is None or held.patient is None:
            return ()
        patient = held.patient.reference
        told = self._told.get((what, key.portal, patient))
        if told is None or time.monotonic() - told[0] > REMEMBERED:
            told = time.monotonic(), await self._ask(key.portal, lambda port: ask(port, patient))
            self._told[what, key.portal, patient] = told
        given: tuple[T, ...] = told[1]
        return given

    async def _ask(self, portal: str, work: Callable[[PortalPort], Coroutine[Any, Any, T]]) -> T:
        await asyncio.to_thread(self._office.wait)
        try:
            return await asyncio.wrap_future(self._office.call(portal, work))
        except RuntimeError as error:  # the portals are not open yet, or no longer
            raise Unreachable(str(error)) from error

    async def _read(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._reader, partial(work, *args, **kwargs))

    async def _write(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._writer, partial(work, *args, **kwargs))
