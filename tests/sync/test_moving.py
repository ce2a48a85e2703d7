"""A message that is moved to another conversation."""

from __future__ import annotations

import pytest

from tests.sync.served import CHEST, Served, Server, Sit
from workbench.dialogue.work import State


@pytest.fixture
def at(sit: Sit) -> Served:
    """At two conversations, of which the other one, `g`, is done."""
    server = Server()
    server.dialogue()
    server.header("g")
    server.post("k", "Takk", "g")
    server.task("u", "g", status="completed")
    server.post("x", CHEST)
    served = sit(server)
    served.sync()
    assert served.item("g").state is State.DONE
    return served


def test_what_a_patient_wrote_is_news_where_it_is_moved_to(at: Served) -> None:
    at.server.post("x", CHEST, "g", sent=at.server.store.current("Communication/x")["sent"])
    at.sync()
    assert CHEST not in at.texts("h")
    assert CHEST in at.texts("g")
    assert at.item("h").flag == ""
    assert (at.item("g").flag, at.item("g").state) == ("chest", State.NEW)


def test_what_answers_a_message_is_no_news_whenever_it_is_read_again(at: Served) -> None:
    sent = at.server.store.current("Communication/k")["sent"]
    at.server.post("n", "Og mer", "k", sent=sent)
    at.sync()
    at.server.task("u", "g", status="completed", executionPeriod={"end": "2030-01-01"})
    at.sync()
    assert at.item("g").state is State.DONE
    at.server.post("n", "Og mer", "k", sent=sent, received=sent)
    at.sync()
    assert at.item("g").state is State.DONE
