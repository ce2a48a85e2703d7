"""What a verb may be done to among many, and that nothing urgent goes along unseen."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.widgets.rows import NOW, item
from workbench.dialogue.bulk import LeftOut, plan, why_left_out
from workbench.dialogue.key import Key
from workbench.dialogue.queue import Whose
from workbench.dialogue.work import Change, Priority, State, Verb

LATER = Change(Verb.SNOOZE, until=NOW + timedelta(days=1))


@pytest.mark.parametrize(
    ("change", "row", "reason"),
    [
        (Change(Verb.DONE), {}, None),
        (Change(Verb.DONE), {"flag": "chest"}, LeftOut.FLAGGED),
        (Change(Verb.DONE), {"category": "e-konsultasjon"}, LeftOut.UNANSWERED),
        (Change(Verb.DONE), {"category": "e-konsultasjon", "from_patient": False}, None),
        (Change(Verb.DONE), {"state": State.DONE}, LeftOut.NO_CHANGE),
        (Change(Verb.DONE), {"whose": Whose.COLLEAGUE}, LeftOut.TAKEN),
        (Change(Verb.CLAIM), {"whose": Whose.COLLEAGUE}, LeftOut.TAKEN),
        (Change(Verb.CLAIM), {"whose": Whose.ME}, LeftOut.NO_CHANGE),
        (Change(Verb.CLAIM), {"whose": Whose.NOBODY}, None),
        (Change(Verb.CLAIM), {"state": State.DONE}, LeftOut.CLOSED),
        (LATER, {}, None),
        (LATER, {"flag": "chest"}, LeftOut.FLAGGED),
        (Change(Verb.SNOOZE, until=NOW + timedelta(hours=1)), {"flag": "chest"}, None),
        (Change(Verb.SNOOZE), {"flag": "chest"}, LeftOut.FLAGGED),
        (Change(Verb.HAND_OVER, pool="resept"), {"whose": Whose.COLLEAGUE, "flag": "chest"}, None),
        (Change(Verb.PRIORITY, priority=Priority.ROUTINE), {}, LeftOut.NO_CHANGE),
        (Change(Verb.PRIORITY, priority=Priority.STAT), {"flag": "chest"}, None),
        (Change(Verb.CATEGORY, category="e-kontakt"), {}, LeftOut.NO_CHANGE),
    ],
)
def test_what_is_left_out(change: Change, row: dict[str, object], reason: LeftOut | None) -> None:
    assert why_left_out(change, item(1, **row), NOW) is reason


def test_every_row_is_done_or_told_and_patients_are_counted_once() -> None:
    rows = [
        item(1),
        item(2, patient="Patient/1"),
        item(3, patient=""),
        item(4, patient="Patient/1", key=Key("other", "t4")),
        item(5, flag="chest"),
    ]
    planned = plan(Change(Verb.DONE), rows, NOW)
    assert [*planned.to, *(row for row, _ in planned.left_out)] == rows
    assert planned.patients == 3
    handed = plan(Change(Verb.HAND_OVER, owner="Practitioner/x"), rows, NOW, portal="demo")
    assert [(row.key.thread, why) for row, why in handed.left_out] == [("t4", LeftOut.OTHER_PORTAL)]
