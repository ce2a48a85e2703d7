"""Communications: headers of threads, and what is written in them."""

import re
from dataclasses import replace
from datetime import datetime
from enum import Enum

from client import models
from client.dates import moment
from client.mapping.context import LONG_AGO, Context, codes, stamp, unreadable, words
from workbench.dialogue.attachment import Attachment
from workbench.dialogue.conversation import MessageState
from workbench.dialogue.held import HeldPost, HeldThread
from workbench.dialogue.people import outside
from workbench.dialogue.readers import PATIENT_SIDE

_BINARY = re.compile(r"Binary/([A-Za-z0-9\-.]{1,64})(?:/.*)?")
_STORED = re.compile(
    r"https?://.*/(?:binary|storage)/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?:/.*)?", re.IGNORECASE
)
"""Where Medplum lets a file be fetched for an hour: a UUID names one file wherever it stands, a number does not."""
_STATES = {
    "preparation": MessageState.DRAFT,
    "completed": MessageState.READ,
    "entered-in-error": MessageState.RETRACTED,
    "not-done": MessageState.RETRACTED,
    "stopped": MessageState.RETRACTED,
}
_CLOSED = ("completed", "stopped", "not-done", "entered-in-error")


class Sort(Enum):
    """What a Communication is in a dialogue."""

    THREAD = "thread"
    SIDE_THREAD = "side thread"
    POST = "post"
    ASTRAY = "astray"
    """Part of something that is named in a way which cannot be followed."""
    OTHER = "other"
    """None of ours: a reminder, a letter."""


def sort_of(resource: models.Communication, context: Context) -> Sort:
    """Tell headers from what is written in them, by the portal's conventions."""
    own = context.conventions
    kinds = codes(resource.category, own.kind_system)
    if context.first(resource.part_of, "Communication"):
        return Sort.POST
    if resource.part_of and not context.references(resource.part_of):
        return Sort.ASTRAY
    if resource.part_of or (own.threads == "unmarked" and resource.payload):
        return Sort.OTHER
    if own.kind_internal in kinds:
        return Sort.OTHER if resource.payload else Sort.SIDE_THREAD
    if own.kind_thread in kinds or (own.threads != "marked" and not resource.payload):
        return Sort.THREAD
    return Sort.OTHER


def thread(resource: models.Communication, context: Context, *, internal: bool) -> HeldThread:
    """Map a header."""
    return HeldThread(
        stamp=stamp(resource),
        title=words(resource.topic),
        internal=internal,
        patient=_patient(resource, context),
        recipients=context.parties(resource.recipient),
        sender=context.party(resource.sender),
        categories=categories(resource, context),
        about=context.first(resource.about, "Communication") if internal else "",
        task=context.first(resource.based_on, "Task") if internal else "",
        closed=resource.status in _CLOSED,
        retracted=resource.status == "entered-in-error",
        started=moment(resource.sent),
    )


def post(resource: models.Communication, context: Context) -> HeldPost:
    """Map a message or a note."""
    edition = stamp(resource)
    kinds = codes(resource.category, context.conventions.kind_system)
    sender = context.party(resource.sender)
    return HeldPost(
        stamp=edition,
        parent=context.first(resource.part_of, "Communication"),
        sender=sender,
        sent=_said_at(resource.sent, max(edition.updated, LONG_AGO), theirs=outside(sender)),
        text="\n\n".join(each.text for each in resource.payload if each.text),
        # A patient writes no notes: their words are never hidden as one.
        internal=context.conventions.kind_internal in kinds and not sender.startswith(PATIENT_SIDE),
        recipients=context.parties(resource.recipient),
        patient=_patient(resource, context),
        attachments=_attachments(resource, context),
        state=_STATES.get(resource.status, MessageState.READ if resource.received else MessageState.SENT),
        client_id=context.client_id(resource.identifier),
        unreadable=unreadable(resource) or any(each.modifiers or each.unknown for each in resource.payload),
        receipt=context.conventions.kind_receipt in kinds and not outside(sender),
    )


def _said_at(told: str | None, had: datetime, *, theirs: bool) -> datetime:
    """When something was said; where the portal names no moment, when it had it.

    What the patient's side said on a day without a time counts as late on it as can be: else it would stand before what
    staff did that day, and be taken for answered or done.
    """
    first, last = moment(told), moment(told, end=True)
    if first is None or last is None:
        return first or had
    if first == last or not theirs:
        return first
    return min(last, had) if had > first else last


def first_words(resource: models.Communication, context: Context) -> HeldPost:
    """Map what a header says itself: its first message."""
    return replace(post(resource, context), parent=resource.id)


def categories(resource: models.Communication, context: Context) -> tuple[str, ...]:
    """Codes of the subject matter: the portal's own first, what is not known behind them as it is."""
    own = context.conventions
    known = codes(resource.category, own.category_system)
    others = [
        next((coding.code for coding in concept.coding if coding.code), "") or concept.text
        for concept in resource.category
        if not any(coding.system in (own.category_system, own.kind_system) for coding in concept.coding)
    ]
    return tuple(dict.fromkeys(code for code in (*known, *others) if code))


def attachment(wire: models.Attachment, inline: str, context: Context) -> Attachment:
    """Map a file.

    Args:
        wire: As the portal gave it.
        inline: Address to fetch it by when it lies in the resource itself.
        context: The portal.
    """
    size = wire.size
    if wire.data and size is None:
        packed = "".join(wire.data.split())
        size = len(packed) * 3 // 4 - packed[-2:].count("=")
    return Attachment(
        title=wire.title,
        content_type=wire.content_type,
        size=size,
        url=inline if wire.data else _address(wire.url, context) if wire.url else "",
        sha1=wire.hash,
    )


def _address(url: str, context: Context) -> str:
    """`Binary/id` where the address names one of this portal, since signed addresses expire within the hour.

    A file of the same number on another server is another patient's.
    """
    path = context.base.relative(url).partition("?")[0].partition("#")[0]
    match = _BINARY.fullmatch(path) or _STORED.fullmatch(path)
    return f"Binary/{match[1]}" if match else url


def _attachments(resource: models.Communication, context: Context) -> tuple[Attachment, ...]:
    found = []
    for place, part in enumerate(resource.payload):
        if part.attachment:
            found.append(attachment(part.attachment, f"Communication/{resource.id}#payload-{place}", context))
        elif part.reference:
            found.append(_referenced(part.reference, context))
    return tuple(found)


def _referenced(wire: models.Reference, context: Context) -> Attachment:
    reference = context.reference(wire)
    if reference.startswith("DocumentReference/"):
        return Attachment(wire.display or reference, reference=reference)
    return Attachment(" ".join(filter(None, (wire.display, wire.reference))))


def _patient(resource: models.Communication, context: Context) -> str:
    subject = context.reference(resource.subject)
    return subject if subject.startswith("Patient/") else ""
