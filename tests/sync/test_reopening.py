"""Words of the patient's that are new are seen, whatever was done before and whenever they say they were written."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.contract.world import OWN, concept
from tests.sync.served import CHEST, ME, Server, Sit, iso
from workbench.dialogue.work import State


def done(server: Server, past: datetime) -> None:
    answered = concept(OWN.business_system, "answered")
    owner = {"reference": ME.reference}
    server.task(status="completed", businessStatus=answered, owner=owner, changed=past + timedelta(hours=1))


def test_what_the_patient_adds_to_a_message_of_a_finished_conversation_opens_it(sit: Sit) -> None:
    server, past = Server(), datetime.now(UTC) - timedelta(hours=2)
    server.header()
    server.post("m", "Hei", sent=iso(past))["meta"]["lastUpdated"] = iso(past)
    done(server, past)
    served = sit(server)
    served.sync()
    assert served.item().state is State.DONE
    server.post("m", CHEST, sent=iso(past))
    served.sync()
    assert (served.item().state, served.item().flag) == (State.CLAIMED, "chest")


@pytest.mark.parametrize("sent", ["when it was begun", "never told", "when the portal had it"])
def test_a_draft_of_the_patients_that_is_sent_after_it_was_finished_opens_it(sit: Sit, sent: str) -> None:
    server, past = Server(), datetime.now(UTC) - timedelta(hours=2)
    server.header()
    began = iso(past) if sent == "when it was begun" else None
    server.post("m", CHEST, status="preparation", sent=began)["meta"]["lastUpdated"] = iso(past)
    done(server, past)
    served = sit(server)
    served.sync()
    assert served.item().state is State.DONE
    made = server.post("m", CHEST, sent=began)
    if sent == "when the portal had it":
        made["sent"] = made["meta"]["lastUpdated"]
    served.sync()
    assert (served.item().state, served.item().flag) == (State.CLAIMED, "chest")


def test_a_receipt_of_having_been_read_opens_nothing(sit: Sit) -> None:
    server, past = Server(), datetime.now(UTC) - timedelta(hours=2)
    server.header()
    server.post("m", "Hei", sent=iso(past))["meta"]["lastUpdated"] = iso(past)
    done(server, past)
    served = sit(server)
    served.sync()
    server.post("m", "Hei", sent=iso(past), status="completed")
    served.sync()
    assert served.item().state is State.DONE


@pytest.mark.parametrize("ahead", [0, 2], ids=["one transaction", "a telephone two seconds earlier"])
def test_a_new_conversation_whose_header_is_completed_is_not_done(sit: Sit, ahead: int) -> None:
    """Many write `completed` on every Communication, and HAPI's transactions give all they make one lastUpdated."""
    server = Server()
    served = sit(server)
    served.sync()
    made = server.header(status="completed")["meta"]["lastUpdated"]
    sent = iso(datetime.fromisoformat(made) - timedelta(seconds=ahead))
    server.post("m", CHEST, sent=sent, status="completed")["meta"]["lastUpdated"] = made
    served.sync()
    assert (served.item().state, served.item().flag) == (State.NEW, "chest")


def test_a_day_without_a_time_opens_nothing_again_when_the_message_is_marked_as_read(sit: Sit) -> None:
    ten = (datetime.now().astimezone() - timedelta(days=1)).replace(hour=10, minute=0, second=0, microsecond=0)
    server, day = Server(), ten.date().isoformat()
    server.header()
    server.post("m", "Hei", sent=day)["meta"]["lastUpdated"] = iso(ten)
    answered = concept(OWN.business_system, "answered")
    server.task(
        status="completed", businessStatus=answered, owner={"reference": ME.reference}, changed=ten + timedelta(hours=1)
    )
    served = sit(server)
    served.sync()
    assert served.item().state is State.DONE
    server.post("m", "Hei", sent=day, status="completed", received=iso(datetime.now(UTC)))
    served.sync()
    assert served.item().state is State.DONE
