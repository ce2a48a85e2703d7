"""Sends messages and notes: created on condition of our identifier, so that trying again makes no second one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import ValidationError

from client import errors, models, outgoing
from client.mapping import dialogue
from client.mapping.batch import batch
from client.mapping.context import Context
from client.rest import Resource, Rest
from workbench.dialogue.attachment import Attachment
from workbench.dialogue.held import Batch, HeldPost
from workbench.dialogue.people import Me, outside


class Sending:
    """The writing half of a portal's dialogues."""

    def __init__(self, rest: Rest, context: Context) -> None:
        self._rest = rest
        self._context = context

    async def message(
        self,
        client_id: str,
        thread: str,
        readers: Sequence[str],
        me: Me,
        text: str,
        attachments: Sequence[Attachment],
        sent: datetime,
        *,
        patient: str,
        receipt: bool,
    ) -> HeldPost:
        """See `PortalPort.send_message`."""
        header = await self._rest.read("Communication", thread)
        try:
            made = outgoing.message(
                header, self._context, client_id, readers, me, text, attachments, sent, patient=patient, receipt=receipt
            )
        except ValidationError:
            raise errors.Refused("The conversation's header is not readable.") from None
        return self._post(await self._create(made, client_id))

    async def note(
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
        own = self._context.conventions
        name = f"notes-{thread}"
        header = await self._create(outgoing.side_thread(own, name, thread, task, me), name)
        held = batch([header], self._context)
        if len(held.threads) != 1 or not self._staff_only(header):
            raise errors.Refused("The side thread for notes names a patient; nothing was written in it.")
        made = outgoing.note(own, client_id, held.threads[0].stamp.id, me, text, attachments, sent)
        return held + Batch(posts=(self._post(await self._create(made, client_id)),))

    def _staff_only(self, side: Resource) -> bool:
        """Whether a side thread is one, as the portal holds it: about nobody, and read by nobody but staff.

        Who is named in a way that cannot be followed, or stands in a group, may be a patient.
        """
        wire = models.Communication.model_validate(side)
        people = [each for each in (wire.sender, *wire.recipient) if each]
        named = self._context.parties(people)
        internal = dialogue.sort_of(wire, self._context) is dialogue.Sort.SIDE_THREAD
        return internal and not wire.subject and not any(outside(who) or who.startswith("Group/") for who in named)

    async def _create(self, made: Resource, name: str) -> Resource:
        return await self._rest.create(made, unless=f"{self._context.conventions.client_id_system}|{name}")

    def _post(self, made: Resource) -> HeldPost:
        posts = batch([made], self._context).posts
        if not posts:
            raise errors.NotFhir("The portal made something else of the message.", may_have_happened=True)
        return posts[0]
