"""Of several open Tasks on one conversation the one that hurries is seen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from tests.sync.served import Server, Sit, iso
from workbench.dialogue.work import Priority


def test_the_nearest_deadline_of_several_open_tasks_is_shown(sit: Sit) -> None:
    server = Server()
    server.header()
    server.post("m", "Hei")
    due = iso(datetime.now(UTC) + timedelta(hours=1))
    server.task("t1", priority="stat", restriction={"period": {"end": due}}, authoredOn="2026-01-01T00:00:00Z")
    server.task("t2", authoredOn="2026-01-02T00:00:00Z")
    served = sit(server)
    served.sync()
    assert (served.item().priority, served.item().due is not None) == (Priority.STAT, True)
