"""What may be put off, and until when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from workbench.dialogue.refusals import SendWord
from workbench.dialogue.snoozing import in_time, why_not_snooze
from workbench.dialogue.work import Change, Verb

HERE = timezone(timedelta(hours=2))
NOW = datetime(2026, 6, 2, 14, 30, tzinfo=HERE)
PAST, FLAGGED = SendWord.SNOOZE_PAST, SendWord.SNOOZE_FLAGGED


@pytest.mark.parametrize(
    ("until", "plain", "flagged"),
    [
        (NOW - timedelta(seconds=1), PAST, PAST),
        (NOW, PAST, PAST),
        (NOW + timedelta(seconds=1), None, None),
        (datetime(2026, 6, 2, 23, 59, 59, tzinfo=HERE), None, None),
        (datetime(2026, 6, 2, 21, 59, 59, tzinfo=UTC), None, None),
        (datetime(2026, 6, 2, 22, 0, tzinfo=UTC), None, FLAGGED),
        (datetime(2026, 6, 3, tzinfo=HERE), None, FLAGGED),
        (NOW + timedelta(days=30), None, FLAGGED),
        (None, None, FLAGGED),
    ],
)
def test_a_red_flag_is_put_off_until_the_day_ends_and_no_further(
    until: datetime | None, plain: SendWord | None, flagged: SendWord | None
) -> None:
    assert why_not_snooze(until, NOW, flagged=False) is plain
    assert why_not_snooze(until, NOW, flagged=True) is flagged


def test_a_snooze_that_has_ended_is_its_end() -> None:
    snooze = Change(Verb.SNOOZE, until=NOW, note="prøvesvar")
    assert in_time(snooze, NOW - timedelta(seconds=1)) == snooze
    assert in_time(snooze, NOW) == Change(Verb.WAKE, note="prøvesvar")
    for other in (Change(Verb.SNOOZE), Change(Verb.DONE, until=NOW)):
        assert in_time(other, NOW) == other
