"""Documents and appointments of the patient's record, and files."""

from __future__ import annotations

import hashlib
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, TypeVar

from pydantic import ValidationError

from client import errors, models
from client.answers import said
from client.http import Answer
from client.json import JsonError, parse
from client.mapping import record
from client.mapping.context import Context
from client.rest import Resource, Rest
from workbench.dialogue.attachment import Attachment
from workbench.dialogue.contents import named_type
from workbench.dialogue.held import Appointment, RecordDocument

T = TypeVar("T")


class Record:
    """What a portal holds of the record, for reading."""

    def __init__(self, rest: Rest, context: Context) -> None:
        self._rest = rest
        self._context = context

    async def documents(self, patient: str) -> tuple[RecordDocument, ...]:
        """See `PortalPort.documents`."""
        params = [("patient", patient), ("status", "current"), ("_sort", "-date"), ("_count", "100")]
        found = await self._rest.find("DocumentReference", params, private=True)
        documents = _mapped(
            (each for each in found.resources if each.get("status", "current") == "current"),
            lambda raw: record.document(models.DocumentReference.model_validate(raw), self._context),
        )
        return tuple(each for each in documents if each.patient == patient)

    async def appointments(self, patient: str, since: datetime) -> tuple[Appointment, ...]:
        """See `PortalPort.appointments`."""
        params = [("patient", patient), ("date", f"ge{since:%Y-%m-%d}"), ("_sort", "date"), ("_count", "50")]
        found = await self._rest.find("Appointment", params, private=True)
        appointments = _mapped(
            found.resources, lambda raw: record.appointment(models.Appointment.model_validate(raw), self._context)
        )
        return tuple(each for each in appointments if each.patient == patient)

    async def upload(self, data: bytes, content_type: str) -> str:
        """See `PortalPort.upload`."""
        return "Binary/" + await self._rest.upload(data, content_type or "application/octet-stream")

    async def download(self, url: str) -> bytes:
        """See `PortalPort.download`."""
        path, _, place = url.partition("#")
        kind, _, identity = path.partition("/")
        if kind == "DocumentReference" or (kind == "Communication" and place):
            return await self._embedded(kind, identity, place)
        answer = await self._rest.download(path)
        wrapped = _resource(answer)
        if wrapped.get("resourceType") == "OperationOutcome":
            raise errors.NotFound(said(wrapped), status=answer.status)
        data = _unpacked(wrapped.get("data")) if wrapped.get("resourceType") == "Binary" else answer.data
        if not data:
            raise errors.Incomplete("The portal answered without the file.", status=answer.status)
        return data

    async def _embedded(self, kind: str, identity: str, place: str) -> bytes:
        """A file in a resource, or the one it points to; `place` is `payload-N` or `content-N`."""
        raw = await self._rest.read(kind, identity)
        attachment = _attachment(raw, "payload" if kind == "Communication" else "content", place)
        if attachment.get("data"):
            return _unpacked(attachment["data"])
        address = attachment.get("url")
        if not isinstance(address, str) or not address:
            raise errors.NotFound("The portal holds no file for this.")
        if address.partition("/")[0] in ("DocumentReference", "Communication"):
            raise errors.Foreign("The file's address leads to another resource.")
        return await self.download(address)


def verify(attachment: Attachment, data: bytes) -> None:
    """Compare what was fetched with what the portal said of it.

    Raises:
        Incomplete: Its size or SHA-1 is another, or it is a web page, such as a network's to sign in on, and was to be
            something else.
    """
    kind = attachment.content_type or named_type(attachment.title)
    if kind and "html" not in kind and _web_page(data):
        raise errors.Incomplete("A web page came instead of the file.")
    if attachment.size is not None and attachment.size != len(data):
        raise errors.Incomplete("The file has another size than the portal said.")
    if attachment.sha1 and not _is_hash(attachment.sha1, data):
        raise errors.Incomplete("The file is another than the portal said.")


def _is_hash(told: str, data: bytes) -> bool:
    """Whether a portal's hash is that of a file: a SHA-1 in base64, or as others write it.

    FHIR's own example (http://hl7.org/fhir/R4/documentreference-example.json.html) has it in hexadecimal, and that in
    base64; what comes from XDS is hexadecimal alone.
    """
    digest = hashlib.sha1(data, usedforsecurity=False)
    hexadecimal = digest.hexdigest()
    packed = (b64encode(each).decode() for each in (digest.digest(), hexadecimal.encode()))
    return told in packed or told.lower() == hexadecimal


def _resource(answer: Answer) -> Resource:
    """The resource that an answer is; empty where it is a file. Some portals call their resources plain JSON."""
    if answer.json is not None or answer.content_type != "application/json":
        return answer.json or {}
    try:
        value = parse(answer.data)
    except JsonError:
        return {}
    return value if isinstance(value, dict) else {}


def _web_page(data: bytes) -> bool:
    return data[:200].lstrip().lower().startswith((b"<!doctype html", b"<html"))


def _mapped(resources: Iterable[Resource], read: Callable[[Resource], T]) -> Iterable[T]:
    for raw in resources:
        try:
            yield read(raw)
        except ValidationError:
            continue


def _attachment(raw: Resource, element: str, place: str) -> dict[str, Any]:
    listed = raw.get(element)
    parts = [each for each in listed if each is not None] if isinstance(listed, list) else []
    at = place.partition("-")[2] or "0"
    if not at.isdigit() or int(at) >= len(parts) or not isinstance(parts[int(at)], dict):
        raise errors.NotFound("The portal holds no such file.")
    found = parts[int(at)].get("contentAttachment" if element == "payload" else "attachment")
    return found if isinstance(found, dict) else {}


def _unpacked(data: object) -> bytes:
    """The bytes of FHIR's base64, which may hold white space, as where it was broken into lines."""
    try:
        return b64decode("".join(data.split()) if isinstance(data, str) else "", validate=True)
    except (NotBase64, ValueError):
        raise errors.NotFhir("The file is not packed as FHIR has it.") from None
