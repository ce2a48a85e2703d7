"""What is fetched when it is asked for: the patient's record, and the bytes of attachments."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from workbench.desk import files
from workbench.desk.room import Room
from workbench.dialogue.attachment import Attachment
from workbench.dialogue.contents import content_type
from workbench.dialogue.filenames import safe_name
from workbench.dialogue.held import Appointment, RecordDocument
from workbench.dialogue.key import Key

if TYPE_CHECKING:
    from workbench.sync.ports import PortalPort


P = ParamSpec("P")
T = TypeVar("T")
REMEMBERED = 300.0
"""Seconds that a patient's documents and appointments are taken as they were last told."""


class Record(Room):
    """What is fetched when it is asked for: the patient's record, and the bytes of attachments."""

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
