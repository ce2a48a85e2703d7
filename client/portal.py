"""One portal, as sync and the session know it: every call in the dialogue's own words."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Self

from client.checking import Checking
from client.conventions import Conventions
from client.http import Http
from client.mapping.context import Context
from client.presence import Presences
from client.reading import PAGE, Reading
from client.record import Record
from client.rest import Offered, Rest
from client.sending import Sending
from client.staff import Staff
from client.tasks import Tasks
from workbench.dialogue.attachment import Attachment
from workbench.dialogue.held import (
    Appointment,
    Batch,
    DeletedPage,
    Directory,
    HeldPost,
    HeldTask,
    PulledPage,
    RecordDocument,
    Stream,
)
from workbench.dialogue.people import Me
from workbench.dialogue.presence import Doing
from workbench.dialogue.work import Change

if TYPE_CHECKING:
    from client.live import Pace


class Portal:
    """Implements `PortalPort` over FHIR R4. Use it as an async context manager, or call `close()`.

    Every call raises `client.errors.PortalError` and nothing else when the portal or the way to it fails.
    """

    def __init__(
        self,
        name: str,
        http: Http,
        conventions: Conventions | None = None,
        page: int = PAGE,
        pace: Pace | None = None,
        give_way: Callable[[], None] = lambda: None,
    ) -> None:
        """Prepare, without connecting.

        Args:
            name: The portal's name in the configuration.
            http: The connection; closed with the portal.
            conventions: The portal's codes.
            page: Resources asked for on a page of what changed.
            pace: Of the line for live updates.
            give_way: Called between two resources of an answer; may wait for what hurries more.
        """
        self._name = name
        self._http = http
        context = Context(conventions or Conventions(), http.base, give_way, lambda: http.clock() + http.offset)
        self._rest = Rest(http)
        self._pace = pace
        self._reading = Reading(self._rest, context, page)
        self._checking = Checking(self._rest, context, page)
        self._tasks = Tasks(self._rest, context)
        self._sending = Sending(self._rest, context)
        self._record = Record(self._rest, context)
        self._staff = Staff(self._rest, context, name)
        self._presences = Presences(self._rest, context)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close every connection."""
        await self._http.aclose()

    @property
    def name(self) -> str:
        """The portal's name in the configuration."""
        return self._name

    async def offered(self) -> Offered:
        """What the portal says it can do; `NotFhir` when it is no FHIR R4 server."""
        return await self._rest.offered()

    async def changes(self, stream: Stream, since: datetime | None, page: str | None) -> PulledPage:
        """See `PortalPort.changes`."""
        return await self._reading.changes(stream, since, page)

    async def deletions(self, stream: Stream, since: datetime | None, page: str | None) -> DeletedPage | None:
        """See `PortalPort.deletions`."""
        return await self._checking.deletions(stream, since, page)

    async def versions(self, references: Sequence[str]) -> Mapping[str, str]:
        """See `PortalPort.versions`."""
        return await self._checking.versions(references)

    async def read(self, reference: str) -> Batch:
        """See `PortalPort.read`."""
        return await self._checking.read(reference)

    def listen(self) -> AsyncIterator[None]:
        """See `PortalPort.listen`."""
        from client.live import Live  # loads the WebSocket library, which nobody needs before the first picture

        return Live(self._rest, self._pace).listen()

    async def fetch(self, references: Sequence[str]) -> Batch:
        """See `PortalPort.fetch`."""
        return await self._reading.fetch(references)

    async def thread(self, thread: str) -> Batch:
        """See `PortalPort.thread`."""
        return await self._reading.thread(thread)

    async def find(self, client_id: str) -> HeldPost | None:
        """See `PortalPort.find`."""
        return await self._reading.find(client_id)

    async def heeds_identifiers(self) -> bool:
        """See `PortalPort.heeds_identifiers`; False while it does not tell."""
        return await self._rest.heeds_conditions()

    async def task_of(self, thread: str) -> HeldTask | None:
        """See `PortalPort.task_of`."""
        return await self._tasks.of(thread)

    async def ensure_task(self, thread: str, patient: str, category: str) -> HeldTask:
        """See `PortalPort.ensure_task`."""
        return await self._tasks.ensure(thread, patient, category)

    async def change_task(self, task: HeldTask, change: Change, me: Me, *, when: datetime) -> HeldTask:
        """See `PortalPort.change_task`."""
        return await self._tasks.change(task, change, me, when)

    async def answer_task(self, task: HeldTask, message: str, me: Me) -> HeldTask:
        """See `PortalPort.answer_task`."""
        return await self._tasks.answer(task, message, me)

    async def tell_presence(self, me: Me, thread: str, doing: Doing | None) -> None:
        """See `PortalPort.tell_presence`."""
        await self._presences.tell(me, thread, doing)

    async def send_message(
        self,
        client_id: str,
        thread: str,
        readers: Sequence[str],
        me: Me,
        text: str,
        attachments: Sequence[Attachment],
        sent: datetime,
        *,
        patient: str = "",
        receipt: bool = False,
    ) -> HeldPost:
        """See `PortalPort.send_message`."""
        return await self._sending.message(
            client_id, thread, readers, me, text, attachments, sent, patient=patient, receipt=receipt
        )

    async def send_note(
        self,
        client_id: str,
        thread: str,
        task: str,
        me: Me,
        text: str,
        attachments: Sequence[Attachment],
        sent: datetime,
    ) -> Batch:
        """See `PortalPort.send_note`."""
        return await self._sending.note(client_id, thread, task, me, text, attachments, sent)

    async def upload(self, data: bytes, content_type: str) -> str:
        """See `PortalPort.upload`."""
        return await self._record.upload(data, content_type)

    async def download(self, url: str) -> bytes:
        """See `PortalPort.download`; compare what comes with `client.record.verify`."""
        return await self._record.download(url)

    async def documents(self, patient: str) -> tuple[RecordDocument, ...]:
        """See `PortalPort.documents`."""
        return await self._record.documents(patient)

    async def appointments(self, patient: str, since: datetime) -> tuple[Appointment, ...]:
        """See `PortalPort.appointments`."""
        return await self._record.appointments(patient, since)

    async def directory(self) -> Directory:
        """See `PortalPort.directory`."""
        return await self._staff.directory()

    async def practitioners(self) -> tuple[Me, ...]:
        """Everybody one could act as, by name, for a choice on screen."""
        return await self._staff.practitioners()

    async def staff_member(self, reference: str) -> Me | None:
        """Who a `Practitioner/id` is; None when the portal has no such practitioner."""
        return await self._staff.member(reference)
