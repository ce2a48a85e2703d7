"""A portal that names days without times hides no word of the patient's behind what staff did that day."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.contract.world import OWN
from tests.sync.served import CHEST, ME, Served, iso
from workbench.dialogue.conversation import Message
from workbench.dialogue.work import State

DAY = datetime(2026, 3, 24).astimezone()
AT_TEN = DAY + timedelta(hours=10)


def says(served: Served, name: str, who: str, sent: str, hour: int) -> None:
    """A message that the portal has had since some hour of the day."""
    made = served.server.post(name, CHEST if name == "c" else name, sender={"reference": who}, sent=sent)
    made["meta"]["lastUpdated"] = iso(DAY + timedelta(hours=hour))


@pytest.mark.parametrize(
    "task",
    [
        {"status": "completed", "executionPeriod": {"end": AT_TEN.isoformat()}},
        {
            "status": "accepted",
            "owner": {"reference": ME.reference},
            "businessStatus": {"coding": [{"system": OWN.business_system, "code": "waiting-patient"}]},
        },
    ],
    ids=["done", "answered"],
)
@pytest.mark.parametrize("read_later", [False, True])
def test_words_of_the_same_day_open_what_was_done(served: Served, task: dict[str, Any], read_later: bool) -> None:
    served.server.header()
    says(served, "a", "Patient/ola", "2026-03-24", 8)
    says(served, "b", ME.reference, AT_TEN.isoformat(), 10)
    says(served, "c", "Patient/ola", "2026-03-24", 50 if read_later else 12)
    served.server.task(changed=AT_TEN, **task)
    served.sync()
    assert served.item().state in (State.NEW, State.CLAIMED)
    assert (served.item().flag, served.item().from_patient) == ("chest", True)
    shown = served.conversation().entries[-1]
    assert isinstance(shown, Message)
    assert shown.text == CHEST
    assert shown.sent.astimezone().date() == DAY.date()


def test_a_deadline_that_is_a_day_is_over_when_the_day_is(served: Served) -> None:
    served.server.dialogue(restriction={"period": {"end": "2026-03-24"}})
    served.sync()
    due = served.item().due
    assert due
    assert due.astimezone().isoformat()[:19] == "2026-03-24T23:59:59"
