"""A note is written nowhere where a patient could read it, whatever the portal makes of its side thread."""

from __future__ import annotations

import pytest
from starlette.responses import Response

from tests.contract import habits
from tests.sync.served import ME, Resource, Served, Server, Sit
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Draft, Kind, Outgoing, Reason, Sending


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
    server = Adds(more)
    served = sit(server)
    served.sync()
    out = note(served)
    served.sync()
    assert server.said("Bare for oss") == []
    assert served.entry(out).reason == Reason.REFUSED


@pytest.mark.parametrize(
    "more", [{}, {"recipient": [{"reference": "CareTeam/a"}, {"type": "Practitioner", "display": "Lise"}]}], ids=str
)
def test_one_that_staff_alone_read_does(sit: Sit, more: Resource) -> None:
    server = Adds(more)
    served = sit(server)
    served.sync()
    out = note(served)
    served.sync()
    assert len(server.said("Bare for oss")) == 1
    assert served.entry(out).state is Sending.SENT
