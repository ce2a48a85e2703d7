"""A note is written nowhere where a patient could read it, whatever the portal makes of its side thread."""

from __future__ import annotations

import pytest
from starlette.responses import Response

from tests.contract import habits
from tests.sync.served import ME, Resource, Served, Server, Sit
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Draft, Kind, Outgoing, Reason, Sending
from workbench.dialogue.work import Change, Verb


class Adds(Server):
    """It adds something to the side threads it makes."""

    def __init__(self, more: Resource) -> None:
        super().__init__()
        self.adds = more
        self.dialogue()

    def resource(self, resource: Resource, status: int, prefer: str) -> Response:
        side = "internal" in habits.codes(resource.get("category")) and "partOf" not in resource
        return super().resource(resource | self.adds if side else resource, status, prefer)


def note(served: Served) -> Outgoing:
    draft = served.desk.save_draft(Draft(Key("p", "h"), ME.reference, Kind.NOTE, "Bare for oss"))
    return served.desk.send(draft, served.conversation())


def noted(sit: Sit, server: Server) -> tuple[Served, Outgoing]:
    """A note is written, and brought to the portal if it may be."""
    served = sit(server)
    served.sync()
    out = note(served)
    served.sync()
    return served, out


@pytest.mark.parametrize(
    "more",
    [
        {"subject": {"reference": "Patient/ola"}},
        {"subject": {"type": "Patient", "identifier": {"value": "12837916753"}}},
        {"subject": {"reference": "https://other.example/fhir/Patient/1"}},
        {"subject": {"reference": "Group/family"}},
        {"recipient": [{"reference": "RelatedPerson/mor"}]},
        {"recipient": [{"identifier": {"value": "12837916753"}}]},
        {"recipient": [{"reference": "Group/family"}]},
        {"sender": {"reference": "Patient/ola"}},
    ],
    ids=str,
)
def test_a_side_thread_that_somebody_of_the_patients_side_may_read_takes_no_note(sit: Sit, more: Resource) -> None:
    served, out = noted(sit, Adds(more))
    assert served.server.said("Bare for oss") == []
    assert served.entry(out).reason == Reason.REFUSED


@pytest.mark.parametrize(
    "more", [{}, {"recipient": [{"reference": "CareTeam/a"}, {"type": "Practitioner", "display": "Lise"}]}], ids=str
)
def test_one_that_staff_alone_read_does(sit: Sit, more: Resource) -> None:
    served, out = noted(sit, Adds(more))
    assert len(served.server.said("Bare for oss")) == 1
    assert served.entry(out).state is Sending.SENT


@pytest.fixture
def at(sit: Sit) -> Served:
    server = Server()
    server.puts({"resourceType": "Patient", "name": [{"text": "Per Hansen"}]}, "per")
    server.dialogue()
    served = sit(server)
    served.sync()
    return served


def of_per(server: Server) -> None:
    """The conversation is another patient's."""
    per = {"reference": "Patient/per"}
    server.header(subject=per, sender=per, recipient=[per])


def test_a_note_is_not_left_in_a_conversation_that_became_another_patients(at: Served) -> None:
    out = note(at)
    of_per(at.server)
    at.sync()
    assert at.server.said("Bare for oss") == []
    assert at.entry(out).reason == Reason.CONFLICT


def test_nor_is_that_one_finished(at: Served) -> None:
    out = at.desk.act(Key("p", "h"), Change(Verb.DONE), at.conversation())
    of_per(at.server)
    at.sync()
    assert at.server.store.current("Task/t")["status"] == "requested"
    assert at.entry(out).reason == Reason.CONFLICT


@pytest.mark.parametrize("deleted", [True, False], ids=["deleted", "made by mistake"])
def test_a_note_is_not_left_in_a_conversation_that_is_gone(at: Served, deleted: bool) -> None:
    out = note(at)
    if deleted:
        at.server.store.delete("Communication/h")
    else:
        at.server.header(status="entered-in-error")
    at.sync()
    assert at.server.said("Bare for oss") == []
    assert at.entry(out).reason == Reason.GONE
