"""What sync asks of a portal and of the store: the two are passed in, so that a simulation can play either."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from workbench.dialogue.conversation import Attachment, Key
from workbench.dialogue.held import Appointment, Batch, Directory, HeldPost, HeldTask, RecordDocument
from workbench.dialogue.outgoing import Outgoing, Sending
from workbench.dialogue.people import Me
from workbench.dialogue.work import Change

Stream = Literal["Task", "Communication"]
"""The two kinds of resource that are pulled by when they last changed."""


@dataclass(frozen=True, slots=True)
class PulledPage:
    """One page of what changed on the portal."""

    batch: Batch
    next: str | None
    """Opaque address of the next page, to be handed back as it is; None after the last."""
    latest: datetime | None
    """The greatest `meta.lastUpdated` on the page, None when the page was empty."""
    count: int
    """Entries on the page, those set aside included."""


class PortalPort(Protocol):
    """One portal. Every call may raise a `client.errors.PortalError`."""

    @property
    def name(self) -> str: ...

    async def changes(self, stream: Stream, since: datetime | None, page: str | None) -> PulledPage: ...

    async def fetch(self, references: Sequence[str]) -> Batch: ...

    async def thread(self, thread: str) -> Batch: ...

    async def directory(self) -> Directory: ...

    async def task_of(self, thread: str) -> HeldTask | None: ...

    async def ensure_task(self, thread: str, patient: str, category: str) -> HeldTask: ...

    async def change_task(self, task: HeldTask, change: Change, me: Me, *, when: datetime) -> HeldTask: ...

    async def answer_task(self, task: HeldTask, message: str, me: Me) -> HeldTask: ...

    async def upload(self, data: bytes, content_type: str, client_id: str) -> str: ...

    async def send_message(
        self, client_id: str, thread: str, me: Me, text: str, attachments: Sequence[Attachment], sent: datetime
    ) -> HeldPost: ...

    async def send_note(
        self,
        client_id: str,
        thread: str,
        task: str,
        me: Me,
        text: str,
        attachments: Sequence[Attachment],
        sent: datetime,
    ) -> Batch: ...

    async def find(self, client_id: str) -> HeldPost | None: ...

    async def documents(self, patient: str) -> tuple[RecordDocument, ...]: ...

    async def appointments(self, patient: str, since: datetime) -> tuple[Appointment, ...]: ...

    async def download(self, url: str) -> bytes: ...


class CachePort(Protocol):
    """The store's half that holds what the portal told."""

    def resume_point(self, portal: str, stream: Stream) -> datetime | None: ...

    def apply(
        self, portal: str, batch: Batch, stream: Stream | None = None, mark: datetime | None = None
    ) -> frozenset[Key]: ...

    def missing(self, portal: str, limit: int) -> tuple[str, ...]: ...

    def note_missing(self, portal: str, references: Sequence[str]) -> None: ...

    def basis(self, key: Key) -> str: ...


class OutboxPort(Protocol):
    """The store's half that holds what the user made."""

    def due(self, portal: str) -> tuple[Outgoing, ...]: ...

    def all(self) -> tuple[Outgoing, ...]: ...

    def start(self, outgoing_id: str) -> bool: ...

    def progress(self, outgoing_id: str, step: str, value: str) -> None: ...

    def steps(self, outgoing_id: str) -> dict[str, str]: ...

    def settle(self, outgoing_id: str, state: Sending, reason: str = "", detail: str = "") -> None: ...

    def file_bytes(self, file_id: str) -> bytes: ...
