"""A document of the record leaves only with a reply to the patient whose it is, and only while it may be sent."""

from __future__ import annotations

import pytest

from tests.sync.served import ME, Resource, Served, Server, Sit
from workbench.dialogue.attachment import Attachment
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Draft, Kind, Outgoing, Reason, Sending
from workbench.dialogue.remedies import Remedy, remedies

STRICT = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R"}]}


@pytest.fixture
def at(sit: Sit) -> Served:
    """At a conversation of Ola's, whose record has a document, with a reply in which it stands."""
    server = Server()
    server.puts({"resourceType": "Patient", "name": [{"text": "Per Hansen"}]}, "per")
    server.dialogue()
    document(server)
    served = sit(server)
    served.sync()
    return served


def document(server: Server, **more: object) -> None:
    own: Resource = {"resourceType": "DocumentReference", "status": "current", "docStatus": "final"}
    server.puts(own | {"subject": {"reference": "Patient/ola"}, "description": "Epikrise"} | more, "d")


def reply(served: Served) -> Outgoing:
    papers = (Attachment("Epikrise", reference="DocumentReference/d"),)
    draft = served.desk.save_draft(Draft(Key("p", "h"), ME.reference, Kind.REPLY, "Se epikrisen", documents=papers))
    return served.desk.send(draft, served.conversation())


def left(served: Served) -> bool:
    asked = [each for each in served.asked if each.startswith("POST /fhir/Communication?")]
    return bool(asked)


def test_a_document_of_the_patients_leaves(at: Served) -> None:
    out = reply(at)
    at.sync()
    assert at.entry(out).state is Sending.SENT
    assert left(at)


@pytest.mark.parametrize(
    "more",
    [
        {"status": "entered-in-error"},
        {"status": "superseded"},
        {"docStatus": "preliminary"},
        {"securityLabel": [STRICT]},
        {"subject": {"reference": "Patient/per"}},
    ],
    ids=str,
)
def test_one_that_was_taken_back_or_put_under_lock_since_stops_the_reply(at: Served, more: Resource) -> None:
    out = reply(at)
    document(at.server, **more)
    at.sync()
    assert not left(at)
    entry = at.entry(out)
    assert entry.reason == Reason.DOCUMENT
    offered = remedies(entry, at.conversation(), me=ME.reference)
    assert Remedy.EDIT in offered
    assert Remedy.SEND not in offered


def test_a_conversation_that_became_another_patients_takes_no_document_of_the_first(at: Served) -> None:
    per = {"reference": "Patient/per"}
    at.server.header(subject=per, sender=per, recipient=[per, {"reference": "Practitioner/kari"}])
    at.server.post("m", "Hei", subject=per, sender=per)
    at.sync()
    out = reply(at)
    at.sync()
    assert not left(at)
    assert at.entry(out).reason == Reason.DOCUMENT
