"""What a portal shows long after the moment it gives it: a transaction took minutes, or its index was behind."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.sync.served import CHEST, Served, Server, Sit
from workbench.sync.resuming import EVERY


def late(server: Server) -> None:
    """A message comes to light ten minutes after the portal says that it came, and others came before it did."""
    server.post("other", "Takk")
    said = {name: told for name, told in server.post("late", CHEST).items() if name not in ("id", "meta")}
    del server.store.editions["Communication/late"], server.store.log[-1]
    server.puts(said, "late", changed=datetime.now(UTC) - timedelta(minutes=10))


@pytest.fixture
def served(served: Served) -> Served:
    """A conversation was read, and then something that was new in it."""
    served.server.dialogue()
    served.sync()
    served.server.post("first", "Hallo")
    served.sync()
    return served


def test_it_comes_within_the_half_hour(served: Served) -> None:
    late(served.server)
    served.sync()
    assert "Takk" in served.texts()
    served.seconds += EVERY
    served.sync()
    assert CHEST in served.texts()
    assert served.item().flag == "chest"


def test_it_comes_at_once_after_a_night(served: Served, sit: Sit) -> None:
    served.close()
    late(served.server)
    again = sit(served.server)
    again.sync()
    assert again.item().flag == "chest"


def test_what_the_first_answer_after_an_outage_lacks_the_second_brings(sit: Sit) -> None:
    server = Server()
    before = datetime.now(UTC) - timedelta(minutes=20)
    server.puts(server.header(), "h", changed=before)
    del server.store.log[-2]
    served = sit(server)
    served.sync()
    served.server.post("other", "Takk")
    served.sync()
    late(server)
    served.sync()
    assert CHEST in served.texts()


def test_it_is_not_looked_for_at_each_round(sit: Sit) -> None:
    server = Server()
    server.dialogue()
    served = sit(server)
    for _ in range(20):
        served.sync()
        served.seconds += 15
    hour_ago = datetime.now(UTC) - timedelta(minutes=30)
    asked = [each for each in served.asked if "_lastUpdated=ge" in each]
    begins = [datetime.fromisoformat(each.partition("_lastUpdated=ge")[2][:27].replace("%3A", ":")) for each in asked]
    assert begins
    assert all(begin.replace(tzinfo=UTC) > hour_ago for begin in begins)
