"""Conversations for a portal, with whatever words a test wants in every place where a portal holds text."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from workbench.sandbox import codes

Resource = dict[str, Any]
BEGUN: Final = datetime(2026, 3, 2, 8, tzinfo=UTC)
TEXT: Final = {"contentType": "text/plain", "data": b64encode(b"Et lite dokument.").decode()}


def conversation(name: str, text: str, place: int = 0, **others: str) -> Iterator[Resource]:
    """A patient's conversation with a message by a relative, a note, a file and a document of the record.

    Args:
        name: Begins the id of every resource, for `Portal.fill`.
        text: What stands in every place that holds text.
        place: Minutes after `BEGUN` at which it was written; the order of conversations in a list.
        others: Other words for one place: `subject`, `patient`, `body`.
    """
    patient, relative, header = f"Patient/{name}-p", f"RelatedPerson/{name}-r", f"Communication/{name}-h"
    sent = (BEGUN + timedelta(minutes=place)).isoformat()
    person = {"family": others.get("patient", text)}
    yield {"resourceType": "Patient", "id": f"{name}-p", "name": [person], "birthDate": "1979-03-12"}
    yield {
        "resourceType": "RelatedPerson",
        "id": f"{name}-r",
        "patient": {"reference": patient},
        "name": [{"text": text}],
        "relationship": [{"text": text}],
    }
    yield {
        "resourceType": "Communication",
        "id": f"{name}-h",
        "status": "in-progress",
        "category": [codes.KINDS["thread"], codes.CATEGORIES["e-kontakt"]],
        "topic": {"text": others.get("subject", text)},
        "subject": {"reference": patient},
        "sender": {"reference": relative},
        "recipient": [{"reference": relative}],
        "sent": sent,
    }
    yield {
        "resourceType": "Communication",
        "id": f"{name}-m",
        "status": "in-progress",
        "category": [codes.KINDS["message"]],
        "partOf": [{"reference": header}],
        "subject": {"reference": patient},
        "sender": {"reference": relative, "display": text},
        "recipient": [{"reference": "Organization/sorenga-legesenter"}],
        "sent": sent,
        "payload": [
            {"contentString": others.get("body", text)},
            {"contentAttachment": {**TEXT, "title": text}},
        ],
    }
    yield {
        "resourceType": "Task",
        "id": f"{name}-t",
        "status": "requested",
        "intent": "order",
        "code": codes.TASKS["respond"],
        "focus": {"reference": header},
        "for": {"reference": patient},
        "authoredOn": sent,
        "performerType": [{"text": text}],
    }
    yield from note(name, text, sent)
    yield {
        "resourceType": "DocumentReference",
        "id": f"{name}-d",
        "status": "current",
        "docStatus": "final",
        "type": {"text": text},
        "subject": {"reference": patient},
        "date": sent,
        "description": text,
        "author": [{"display": text}],
        "content": [{"attachment": {**TEXT, "title": text}}],
    }


def note(name: str, text: str, sent: str) -> Iterator[Resource]:
    """A note beside a conversation, in a thread of staff alone."""
    staff = {"reference": "Practitioner/lise-sekretaer", "display": text}
    yield {
        "resourceType": "Communication",
        "id": f"{name}-sh",
        "status": "in-progress",
        "category": [codes.KINDS["internal"]],
        "about": [{"reference": f"Communication/{name}-h"}],
        "basedOn": [{"reference": f"Task/{name}-t"}],
        "sender": staff,
        "sent": sent,
    }
    yield {
        "resourceType": "Communication",
        "id": f"{name}-sm",
        "status": "in-progress",
        "category": [codes.KINDS["internal"]],
        "partOf": [{"reference": f"Communication/{name}-sh"}],
        "sender": staff,
        "sent": sent,
        "payload": [{"contentString": text}],
    }


def colleague(name: str, text: str) -> Iterator[Resource]:
    """Somebody at the site to hand over to, and a team."""
    yield {"resourceType": "Practitioner", "id": f"{name}-k", "active": True, "name": [{"text": text}]}
    yield {
        "resourceType": "PractitionerRole",
        "id": f"{name}-kr",
        "active": True,
        "practitioner": {"reference": f"Practitioner/{name}-k"},
        "code": [{"coding": [{"system": codes.POOL, "code": f"team-{name}", "display": text}]}, {"text": text}],
    }
