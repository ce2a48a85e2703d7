"""A reply is read by nobody but those who were shown, and by nobody who is there for another patient."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sync.served import CHEST, ME, Resource, Served
from workbench.dialogue.outgoing import Reason, Sending
from workbench.dialogue.refusals import SendError, SendWord

MOTHER: Resource = {"resourceType": "RelatedPerson", "name": [{"text": "Mor"}]}
OLA, PER = {"patient": {"reference": "Patient/ola"}}, {"patient": {"reference": "Patient/per"}}
AT_MOTHER, AT_PER = {"reference": "RelatedPerson/mor"}, {"reference": "Patient/per"}


@pytest.fixture
def served(served: Served) -> Served:
    served.server.puts({"resourceType": "Patient", "name": [{"text": "Per"}]}, "per")
    return served


def begins(served: Served, header: dict[str, Any], post: dict[str, Any]) -> None:
    """A conversation on Ola, Kari's."""
    served.server.header(**header)
    served.server.post("m", CHEST, **post)
    served.server.task(owner={"reference": ME.reference})
    served.sync()


@pytest.mark.parametrize("other", [AT_MOTHER, AT_PER], ids=["who acts for another", "another patient"])
@pytest.mark.parametrize("where", ["recipient", "began", "wrote"])
def test_no_reply_leaves_where_another_patient_is_named(served: Served, other: dict[str, str], where: str) -> None:
    served.server.puts(MOTHER | PER, "mor")
    headers: dict[str, dict[str, Any]] = {
        "recipient": {"recipient": [{"reference": "Patient/ola"}, other]},
        "began": {"sender": other},
        "wrote": {},
    }
    begins(served, headers[where], {"sender": other} if where == "wrote" else {})
    with pytest.raises(SendError) as caught:
        served.reply("Svar om Ola")
    assert caught.value.word == SendWord.MIXED
    served.sync()
    assert served.server.said("Svar om Ola") == []


def test_who_acts_for_the_patient_is_answered(served: Served) -> None:
    served.server.puts(MOTHER | OLA, "mor")
    begins(served, {"sender": AT_MOTHER, "recipient": [{"reference": "Practitioner/kari"}]}, {"sender": AT_MOTHER})
    assert [reader.name for reader in served.conversation().readers] == ["Mor"]
    out = served.reply("Svar om Ola")
    served.sync()
    assert served.entry(out).state is Sending.SENT
    assert [each["reference"] for each in served.server.said("Svar om Ola")[0]["recipient"]] == ["RelatedPerson/mor"]


def test_a_reply_stops_when_its_reader_acts_for_another_patient_since(served: Served) -> None:
    served.server.puts(MOTHER | OLA, "mor")
    begins(served, {"recipient": [AT_MOTHER]}, {})
    out = served.reply("Svar om Ola")
    served.server.puts(MOTHER | PER, "mor")
    served.sync()
    assert (served.entry(out).state, served.entry(out).reason) == (Sending.NEEDS_YOU, Reason.MIXED)
    assert served.server.said("Svar om Ola") == []
    assert served.conversation().mixed


def test_a_reply_goes_to_no_group_whose_members_nobody_was_shown(served: Served) -> None:
    served.server.puts({"resourceType": "Group", "type": "person", "actual": True, "name": "Pollenallergi"}, "g")
    begins(served, {"recipient": [{"reference": "Patient/ola"}, {"reference": "Group/g"}]}, {})
    out = served.reply("Svar")
    served.sync()
    assert served.entry(out).state is Sending.SENT
    assert [each["reference"] for each in served.server.said("Svar")[0]["recipient"]] == ["Patient/ola"]


def test_a_group_alone_is_not_answered(served: Served) -> None:
    served.server.puts({"resourceType": "Group", "type": "person", "actual": True, "name": "Pollenallergi"}, "g")
    begins(served, {"recipient": [{"reference": "Group/g"}], "sender": {"reference": "Practitioner/lise"}}, {})
    with pytest.raises(SendError) as caught:
        served.reply("Svar")
    assert caught.value.word == SendWord.NO_READER
