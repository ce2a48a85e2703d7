"""What a verb may be done to among many, and that nothing urgent goes along unseen."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.widgets.rows import NOW, item
from workbench.dialogue.bulk import LeftOut, meant, plan, still, why_left_out
from workbench.dialogue.key import Key
from workbench.dialogue.queue import Whose, standard_queues
from workbench.dialogue.work import TURNS, Change, Priority, State, Verb

LATER = Change(Verb.SNOOZE, until=NOW + timedelta(days=1))
PATIENTS, OURS = (Change(Verb.NEXT, state=state) for state in (State.WAITING_PATIENT, State.NEW))


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
        (Change(Verb.RELEASE), {}, None),
        (Change(Verb.RELEASE), {"flag": "chest"}, None),
        (Change(Verb.RELEASE), {"whose": Whose.NOBODY}, LeftOut.NO_CHANGE),
        (Change(Verb.RELEASE), {"whose": Whose.COLLEAGUE}, LeftOut.TAKEN),
        (Change(Verb.RELEASE), {"state": State.DONE}, LeftOut.CLOSED),
        (Change(Verb.REOPEN), {"state": State.DONE}, None),
        (Change(Verb.REOPEN), {}, LeftOut.NO_CHANGE),
        (Change(Verb.REOPEN), {"state": State.DONE, "whose": Whose.COLLEAGUE}, LeftOut.TAKEN),
        (Change(Verb.REOPEN), {"state": State.DONE, "into": "Emne"}, LeftOut.MERGED),
        (Change(Verb.WAKE), {"state": State.SNOOZED}, None),
        (Change(Verb.WAKE), {"state": State.SNOOZED, "flag": "chest"}, None),
        (Change(Verb.WAKE), {}, LeftOut.NO_CHANGE),
        (Change(Verb.WAKE), {"state": State.SNOOZED, "whose": Whose.COLLEAGUE}, LeftOut.TAKEN),
        (LATER, {}, None),
        (LATER, {"flag": "chest"}, LeftOut.FLAGGED),
        (Change(Verb.SNOOZE, until=NOW + timedelta(hours=1)), {"flag": "chest"}, None),
        (Change(Verb.SNOOZE), {"flag": "chest"}, LeftOut.FLAGGED),
        (Change(Verb.SNOOZE, until=NOW), {}, LeftOut.PAST),
        (Change(Verb.HAND_OVER, pool="resept"), {"whose": Whose.COLLEAGUE, "flag": "chest"}, None),
        (Change(Verb.PRIORITY, priority=Priority.ROUTINE), {}, LeftOut.NO_CHANGE),
        (Change(Verb.PRIORITY, priority=Priority.STAT), {"flag": "chest"}, None),
        (Change(Verb.CATEGORY, category="e-kontakt"), {}, LeftOut.NO_CHANGE),
        (PATIENTS, {}, None),
        (PATIENTS, {"state": State.WAITING_PATIENT}, LeftOut.NO_CHANGE),
        (OURS, {}, LeftOut.NO_CHANGE),
        (OURS, {"state": State.NEW, "whose": Whose.NOBODY}, LeftOut.NO_CHANGE),
        (OURS, {"state": State.ESCALATED}, None),
        (OURS, {"state": State.WAITING_PATIENT}, None),
        (PATIENTS, {"flag": "chest"}, LeftOut.FLAGGED),
        (PATIENTS, {"flag": "chest", "from_patient": False}, None),
        (Change(Verb.NEXT, state=State.WAITING_COLLEAGUE), {"flag": "chest"}, None),
    ],
)
def test_what_is_left_out(change: Change, row: dict[str, object], reason: LeftOut | None) -> None:
    assert why_left_out(change, item(1, **row), NOW) is reason


@pytest.mark.parametrize("state", TURNS)
@pytest.mark.parametrize("whose", [Whose.ME, Whose.NOBODY])
def test_whoever_has_the_turn_a_flag_without_an_answer_stays_among_the_flags(state: State, whose: Whose) -> None:
    row = item(1, flag="chest", whose=whose, state=State.ESCALATED)
    flagged = next(queue.query for queue in standard_queues((), NOW) if queue.name == "flagged")
    planned = plan(Change(Verb.NEXT, state=state), [row], NOW)
    assert all(flagged.matches(replace(each, state=state)) for each in planned.to)
    assert planned.to or planned.left_out == ((row, LeftOut.FLAGGED),)


@pytest.mark.parametrize(
    ("verb", "so", "other"),
    [
        (Verb.CLAIM, {"whose": Whose.ME}, Verb.RELEASE),
        (Verb.DONE, {"state": State.DONE}, Verb.REOPEN),
        (Verb.SNOOZE, {"state": State.SNOOZED}, Verb.WAKE),
        (Verb.PRIORITY, {}, Verb.PRIORITY),
    ],
)
def test_a_key_takes_away_again_only_where_all_that_is_selected_stands_so(
    verb: Verb, so: dict[str, object], other: Verb
) -> None:
    plain = item(9, whose=Whose.NOBODY, state=State.NEW)
    assert meant(verb, [item(1, **so), item(2, **so)]) is other
    assert meant(verb, [item(1, **so), plain]) is verb
    assert meant(verb, [plain]) is verb
    assert meant(verb, []) is verb


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


def test_what_is_not_as_it_was_shown_is_left_out_when_it_is_done() -> None:
    shown = [item(n) for n in range(1, 8)]
    agreed = plan(Change(Verb.DONE), shown, NOW)
    now = {
        row.key: row
        for row in (
            item(1, unread=True, preview="seen elsewhere"),
            item(2, flag="chest"),
            item(3, whose=Whose.COLLEAGUE),
            item(4, state=State.DONE),
            item(5, priority=Priority.STAT),
            item(6),
        )
    }
    stands = still(agreed, now, [shown[5].key], NOW)
    assert stands.to == (shown[0],)
    assert [(row.key.thread, why) for row, why in stands.left_out] == [
        ("t2", LeftOut.FLAGGED),
        ("t3", LeftOut.TAKEN),
        ("t4", LeftOut.NO_CHANGE),
        ("t5", LeftOut.CHANGED),
        ("t6", LeftOut.CHANGED),
        ("t7", LeftOut.CHANGED),
    ]
