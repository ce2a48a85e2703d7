"""Builds what is created on a portal. Messages and notes have builders of their own, which share no addressee."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from client import errors, models
from client.conventions import Conventions
from client.dates import instant
from client.mapping import dialogue
from client.mapping.context import Context, codes
from workbench.dialogue.attachment import Attachment
from workbench.dialogue.people import Me
from workbench.dialogue.readers import PATIENT_SIDE
from workbench.dialogue.readers import readers as readers_of

Resource = dict[str, Any]
RESTRICTED = {"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R"}
"""Label of what only staff may read."""


def message(
    header: Resource,
    context: Context,
    client_id: str,
    readers: Sequence[str],
    me: Me,
    text: str,
    attachments: Sequence[Attachment],
    sent: datetime,
    *,
    patient: str = "",
    receipt: bool = False,
) -> Resource:
    """A message in a conversation, to those its header names.

    Args:
        header: The header as the portal holds it, just read.
        context: The portal.
        client_id: UUID.
        readers: References of those on the patient's side who are known to be reached.
        me: The sender.
        text: The words; may be empty when something is attached.
        attachments: With their addresses.
        sent: Aware.
        patient: `Patient/id` whom it is about; empty for whomever the header names.
        receipt: It says that a message has come, and answers nothing.

    Raises:
        Refused: The header is not that of a dialogue with a patient, or names nobody on the patient's side.
        Conflict: The header names others on the patient's side, or is about another patient.
    """
    wire = models.Communication.model_validate(header)
    if dialogue.sort_of(wire, context) is not dialogue.Sort.THREAD or wire.status == "entered-in-error":
        raise errors.Refused("This is not a conversation with a patient.")
    own = context.conventions
    made = _post(own, own.kind_message, client_id, wire.id, me, text, attachments, sent)
    made["category"] += [*([_kind(own, own.kind_receipt)] if receipt else []), *_subject_matter(wire, own)]
    subject = context.reference(wire.subject)
    if patient and subject != patient:
        raise errors.Conflict("The conversation is about another patient by now.")
    if subject:
        made["subject"] = _pointer(subject, wire.subject.display if wire.subject else "")
    made["recipient"] = _recipients(wire, context, readers, me)
    return made


def note(
    own: Conventions,
    client_id: str,
    parent: str,
    me: Me,
    text: str,
    attachments: Sequence[Attachment],
    sent: datetime,
) -> Resource:
    """A note in a side thread (`parent` is its id): it has an author, words, and neither subject nor recipient."""
    made = _post(own, own.kind_internal, client_id, parent, me, text, attachments, sent)
    return _staff_only(made | {"meta": {"security": [RESTRICTED]}})


def side_thread(own: Conventions, name: str, thread: str, task: str, me: Me) -> Resource:
    """The header of a staff-only side thread.

    Args:
        own: The portal's codes.
        name: Value of its identifier.
        thread: Id of the header it is about.
        task: Id of the Task it is based on, may be empty.
        me: Who starts it.
    """
    made = {
        "resourceType": "Communication",
        "meta": {"security": [RESTRICTED]},
        "identifier": [{"system": own.client_id_system, "value": name}],
        "status": "in-progress",
        "category": [_kind(own, own.kind_internal)],
        "about": [{"reference": f"Communication/{thread}"}],
        "sender": _person(me),
    }
    if task:
        made["basedOn"] = [{"reference": f"Task/{task}"}]
    return _staff_only(made)


def _staff_only(made: Resource) -> Resource:
    """Last barrier: a note never goes out with anybody of the patient's side on it."""
    people = [made.get("subject"), made.get("sender"), *made.get("recipient", [])]
    if "subject" in made or any(each and each["reference"].startswith(PATIENT_SIDE) for each in people):
        raise errors.Refused("A note must not name a patient or anybody who acts for one.")
    return made


def _recipients(wire: models.Communication, context: Context, expected: Sequence[str], me: Me) -> list[Resource]:
    """Those of the patient's side who read it by the rule, then everybody else the header names, but me.

    A group is left out: it may be of patients, and whom it holds was shown to nobody.
    """
    outside = readers_of(context.party(wire.sender), context.parties(wire.recipient), context.reference(wire.subject))
    if not outside:
        raise errors.Refused("The conversation names nobody on the patient's side who could read the answer.")
    if set(outside) != set(expected):
        raise errors.Conflict("The conversation has other readers by now.")
    named = [each for each in (*wire.recipient, wire.sender, wire.subject) if each]
    displays = {context.reference(each): each.display for each in reversed(named)}
    people = context.references([*wire.recipient, *([wire.sender] if wire.sender else [])])
    staff = [each for each in people if each != me.reference and not each.startswith((*PATIENT_SIDE, "Group/"))]
    return [_pointer(reference, displays[reference]) for reference in (*outside, *staff)]


def _post(
    own: Conventions,
    kind: str,
    client_id: str,
    parent: str,
    me: Me,
    text: str,
    attachments: Sequence[Attachment],
    sent: datetime,
) -> Resource:
    words = [{"contentString": text}] if text else []
    return {
        "resourceType": "Communication",
        "identifier": [{"system": own.client_id_system, "value": client_id}],
        "partOf": [{"reference": f"Communication/{parent}"}],
        "status": "in-progress",
        "category": [_kind(own, kind)],
        "sender": _person(me),
        "sent": instant(sent),
        "payload": words + [_part(each) for each in attachments],
    }


def _part(attachment: Attachment) -> Resource:
    if attachment.reference:
        display = {"display": attachment.title} if attachment.title else {}
        return {"contentReference": {"reference": attachment.reference} | display}
    fields = {
        "contentType": attachment.content_type,
        "url": attachment.url,
        "size": attachment.size,
        "hash": attachment.sha1,
        "title": attachment.title,
    }
    return {"contentAttachment": {name: value for name, value in fields.items() if value not in ("", None)}}


def _subject_matter(wire: models.Communication, own: Conventions) -> list[Resource]:
    """The header's categories, its kind left out."""
    concepts = [each for each in wire.category if not codes([each], own.kind_system)]
    return [each.model_dump(exclude_defaults=True) for each in concepts]


def _kind(own: Conventions, code: str) -> Resource:
    return {"coding": [{"system": own.kind_system, "code": code}]}


def _person(me: Me) -> Resource:
    return _pointer(me.reference, me.name)


def _pointer(reference: str, display: str) -> Resource:
    return {"reference": reference} | ({"display": display} if display else {})
