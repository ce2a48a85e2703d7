"""Nobody reads an answer who acts for the patient no more."""

from __future__ import annotations

import pytest

from tests.sync.served import Resource, Served, Server, Sit
from workbench.dialogue.outgoing import Outgoing, Reason, Sending

MOTHER = {"reference": "RelatedPerson/mor"}
PATIENT = {"reference": "Patient/ola"}
KARI = {"reference": "Practitioner/kari"}


def mother(server: Server, **more: object) -> None:
    own: Resource = {"resourceType": "RelatedPerson", "patient": PATIENT, "name": [{"text": "Mor"}]}
    server.puts(own | more, "mor")


def answered(sit: Sit, server: Server, reader: Resource) -> tuple[Served, Outgoing]:
    """What the mother wrote is answered, in a conversation that somebody began and reads."""
    server.header(sender=reader, recipient=[reader, KARI])
    server.post("m", "Hei", sender=MOTHER)
    server.task()
    served = sit(server)
    served.sync()
    return served, served.reply("Svar")


@pytest.mark.parametrize(
    "more",
    [{"active": False}, {"period": {"end": "2020-01-01"}}, {"period": {"start": "2010", "end": "2025"}}],
    ids=str,
)
def test_a_reply_that_somebody_would_read_whose_right_has_ended_stops(sit: Sit, more: Resource) -> None:
    server = Server()
    mother(server)
    served, out = answered(sit, server, MOTHER)
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
    served, out = answered(sit, server, MOTHER)
    served.sync()
    assert served.entry(out).state is Sending.SENT


def test_who_only_wrote_earlier_is_no_hindrance(sit: Sit) -> None:
    server = Server()
    mother(server, active=False)
    served, out = answered(sit, server, PATIENT)
    served.sync()
    assert served.entry(out).state is Sending.SENT
