"""Who reads a reply."""

from __future__ import annotations

import pytest

from workbench.dialogue.readers import readers

OLA, FAR, KARI = "Patient/ola", "RelatedPerson/far", "Practitioner/kari"


@pytest.mark.parametrize(
    ("sender", "recipients", "patient", "expected"),
    [
        (KARI, (OLA, FAR, KARI), OLA, (OLA, FAR)),
        (FAR, (KARI,), OLA, (FAR,)),
        (OLA, (OLA, KARI), OLA, (OLA,)),
        (FAR, (OLA,), OLA, (OLA, FAR)),
        (KARI, (), OLA, (OLA,)),
        ("", (), OLA, (OLA,)),
        (FAR, (), OLA, (FAR,)),
        (KARI, ("CareTeam/1",), OLA, ()),
        ("", (), "", ()),
    ],
)
def test_recipients_and_who_began_it_else_the_patient_alone(
    sender: str, recipients: tuple[str, ...], patient: str, expected: tuple[str, ...]
) -> None:
    assert readers(sender, recipients, patient) == expected
