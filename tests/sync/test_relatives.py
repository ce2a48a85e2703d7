"""Nobody reads an answer who acts for the patient no more."""

from __future__ import annotations

import pytest

from tests.sync.served import Resource, Server, Sit
from workbench.dialogue.outgoing import Reason, Sending

MOTHER = {"reference": "RelatedPerson/mor"}
PATIENT = {"reference": "Patient/ola"}
KARI = {"reference": "Practitioner/kari"}


def mother(server: Server, **more: object) -> None:
    own: Resource = {"resourceType": "RelatedPerson", "patient": PATIENT, "name": [{"text": "Mor"}]}
    server.puts(own | more, "mor")


@pytest.mark.parametrize(
    "more",
    [{"active": False}, {"period": {"end": "2020-01-01"}}, {"period": {"start": "2010", "end": "2025"}}],
    ids=str,
)
def test_a_reply_that_somebody_would_read_whose_right_has_ended_stops(sit: Sit, more: Resource) -> None:
    server = Server()
    mother(server)
    server.header(sender=MOTHER, recipient=[MOTHER, KARI])
    server.post("m", "Hei", sender=MOTHER)
    server.task()
    served = sit(server)
    served.sync()
    out = served.reply("Svar")
    mother(server, **more)
    served.sync()
    assert server.said("Svar") == []
    assert served.entry(out).reason == Reason.READER_LEFT


@pytest.mark.parametrize(
    "more", [{}, {"active": True}, {"period": {"start": "2010"}}, {"period": {"end": "2999"}}], ids=str
)
def test_one_whose_right_holds_reads_it(sit: Sit, more: Resource) -> None:
    server = Server()
    mother(server, **more)
    server.header(sender=MOTHER, recipient=[MOTHER, KARI])
    server.post("m", "Hei", sender=MOTHER)
    server.task()
    served = sit(server)
    served.sync()
    out = served.reply("Svar")
    served.sync()
    assert served.entry(out).state is Sending.SENT


def test_who_only_wrote_earlier_is_no_hindrance(sit: Sit) -> None:
    server = Server()
    mother(server, active=False)
    server.header(sender=PATIENT, recipient=[PATIENT, KARI])
    server.post("m", "Hei", sender=MOTHER)
    server.task()
    served = sit(server)
    served.sync()
    out = served.reply("Svar")
    served.sync()
    assert served.entry(out).state is Sending.SENT
