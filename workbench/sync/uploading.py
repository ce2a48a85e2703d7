"""Brings the files of a message to the portal before the message itself; each is written down and not sent again."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Mapping

from client.errors import Gone, NotFound, NotOffered, PortalError
from workbench.dialogue.attachment import Attachment
from workbench.dialogue.outgoing import LocalFile, Outgoing
from workbench.sync.ports import OutboxPort, PortalPort


async def attached(
    portal: PortalPort, outbox: OutboxPort, item: Outgoing, steps: Mapping[str, str]
) -> tuple[Attachment, ...]:
    """What travels with a message, by its address on the portal: files that are there by now, and documents.

    Args:
        portal: Where it goes.
        outbox: Where it lies.
        item: The message or note.
        steps: What was done for it so far, as `OutboxPort.steps` tells it.

    Raises:
        PortalError: A file could not be brought there; nothing points to it, so it reached nobody.
    """
    return (*[await _uploaded(portal, outbox, item, file, steps) for file in item.files], *item.documents)


async def _uploaded(
    portal: PortalPort, outbox: OutboxPort, item: Outgoing, file: LocalFile, steps: Mapping[str, str]
) -> Attachment:
    data = outbox.file_bytes(file.id)
    url = steps.get(file.id, "")
    if not url:
        try:
            url = await portal.upload(data, file.content_type)
        except (NotFound, Gone) as error:  # it is files that the portal does not take; the conversation is there
            raise NotOffered(error.text, status=error.status) from error
        except PortalError as error:
            error.may_have_happened = False
            raise
        outbox.progress(item.id, file.id, url)
    sha1 = b64encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()
    return Attachment(file.name, file.content_type, len(data), url, sha1=sha1)
