"""Whoever opens a conversation sees its people as the portal has them now: no list of changes tells of people."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sync.served import CHEST, Served

RESTRICTED = {"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R"}]}


@pytest.fixture
def served(served: Served) -> Served:
    served.server.puts(
        {"resourceType": "RelatedPerson", "patient": {"reference": "Patient/ola"}, "name": [{"text": "Mor"}]}, "mor"
    )
    served.server.header(sender={"reference": "RelatedPerson/mor"})
    served.server.post("m", CHEST)
    served.server.task()
    served.sync()
    return served


def opened(served: Served) -> None:
    """The conversation is opened on the screen."""
    served.turn.refresh("h")
    served.sync()


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ({"deceasedBoolean": True}, ("Ola Nordmann", True, False, "")),
        ({"telecom": [{"system": "phone", "value": "99"}]}, ("Ola Nordmann", False, False, "99")),
        ({"name": [{"text": "Ola Vik"}]}, ("Ola Vik", False, False, "")),
        ({"meta": RESTRICTED}, ("Ola Nordmann", False, True, "")),
    ],
)
def test_a_patient_is_shown_as_the_portal_has_them_now(
    served: Served, told: dict[str, Any], shown: tuple[str, bool, bool, str]
) -> None:
    opened(served)
    whole = {"resourceType": "Patient", "name": [{"text": "Ola Nordmann"}], **told}
    made = served.server.puts(whole, "ola")
    made["meta"] |= told.get("meta", {})
    served.seconds += 3600
    opened(served)
    patient = served.conversation().patient
    assert patient is not None
    assert (patient.name, patient.deceased, patient.confidential, patient.phone) == shown


def test_so_is_who_acts_for_them(served: Served) -> None:
    other = {"resourceType": "RelatedPerson", "patient": {"reference": "Patient/per"}, "name": [{"text": "Mor"}]}
    served.server.puts(other, "mor")
    opened(served)
    assert served.conversation().mixed


def test_people_are_not_asked_for_at_every_key(served: Served) -> None:
    opened(served)
    before = len(served.asked)
    for _ in range(5):
        served.seconds += 1
        opened(served)
    people = [each for each in served.asked[before:] if "/Patient" in each or "/RelatedPerson" in each]
    assert people == []
