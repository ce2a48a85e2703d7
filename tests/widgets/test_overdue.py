"""What is overdue is so everywhere alike: in the row, in why it is here, above the conversation, and in the counts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.widgets.rows import NOW, item
from widgets.banner import banner_content
from widgets.handover_lines import handover_lines
from widgets.row import Look, row_lines
from widgets.why_lines import why_lines
from workbench import language
from workbench.dialogue.conversation import Conversation
from workbench.dialogue.overview import Figure, Handover, HandoverLine
from workbench.dialogue.queue import Query, Total, standard_queues
from workbench.dialogue.work import State, WorkItem


@pytest.mark.parametrize("state", list(State))
def test_what_is_told_as_overdue_is_what_the_queue_counts(state: State) -> None:
    language.use("en")
    late = NOW - timedelta(days=1)
    row = item(1, state=state, due=late)
    counted = next(queue.query for queue in standard_queues((), NOW) if queue.name == "overdue").matches(row)

    for width in (24, 40, 60, 120):
        second = row_lines(row, width, NOW)[1]
        assert ("overdue" in "".join(piece.text for piece in second)) is counted
        assert (Look.ALERT in [piece.look for piece in second]) is counted
    why = why_lines(row, Query(), 0, Total(1), NOW).plain
    assert ("Deadline: overdue" in why) is counted
    assert ("does not count as overdue" in why) is not counted
    banner = banner_content(Conversation(row.key, "", None, (), WorkItem(state=state, due=late)), NOW, 100).plain
    assert ("overdue since" in banner) is counted
    line = HandoverLine("stuck", Figure(1, Query()))
    told = handover_lines(line, Handover(NOW, NOW, (line,)), (row,), 100).plain
    assert ("overdue" in told) is counted


def test_the_day_stays_where_the_patient_is_waited_for() -> None:
    language.use("en")
    row = item(1, state=State.WAITING_PATIENT, due=NOW - timedelta(days=1))
    assert "due yesterday" in "".join(piece.text for piece in row_lines(row, 60, NOW)[1])
    assert "waiting for the patient" in why_lines(row, Query(), 0, Total(1), NOW).plain
