"""A query and a row's place, told in words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from tests.hostile import Hostile, commanding, hostile
from tests.widgets.rows import NOW, item
from widgets.query_words import query_words
from widgets.why_lines import why_lines
from workbench import language
from workbench.dialogue.queue import Query, Total, Whose, standard_queues
from workbench.dialogue.span import Happening, Span
from workbench.dialogue.work import ACTIVE, OPEN, Priority, State

ALL = frozenset(State)
DAY = (datetime(2026, 3, 23, tzinfo=UTC), datetime(2026, 3, 24, tzinfo=UTC))


@pytest.fixture(autouse=True)
def _english() -> None:
    language.use("en")


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (Query(ALL), "everything"),
        (Query(OPEN), "open"),
        (Query(ALL, words="blod "), "«blod»"),
        (Query(ALL, phrases=("vondt i brystet",), patient_name="sol", sender="kari"), None),
        (Query(ACTIVE, whose=Whose.NOBODY, pool="resept"), "open · unclaimed · team Resept"),
        (Query(frozenset({State.NEW, State.DONE}), category="reseptfornyelse"), "new / done · prescription renewal"),
        (Query(ALL, flagged=True, unread=True, portal="Vest"), "red flag · unread · portal Vest"),
        (Query(ACTIVE, due_before=NOW), "open · due before 14:02"),
        (Query(ALL, since=datetime(2026, 3, 24, tzinfo=UTC), before=datetime(2026, 3, 25, tzinfo=UTC)), "today"),
        (Query(ALL, since=datetime(2026, 3, 1, tzinfo=UTC)), "1/3 –"),
        (Query(ALL, before=datetime(2026, 3, 1, tzinfo=UTC)), "– 28/2"),
        (Query(ALL, drafts=True), "with a draft"),
        (Query(ALL, stuck=True), "in the outbox, needs you"),
        (Query(ALL, during=(Span(Happening.WAITS),)), "waits for an answer"),
        (
            Query(ALL, during=(Span(Happening.WAITS, NOW - timedelta(hours=4), NOW - timedelta(hours=1)),)),
            "waits since 10:02 or later · waits since before 13:02",
        ),
        (Query(ALL, during=(Span(Happening.LATE, *DAY),)), "answered too late yesterday"),
        (Query(ALL, during=(Span(Happening.CAME, *DAY), Span(Happening.DONE))), "came in yesterday · done"),
    ],
)
def test_a_query_describes_itself(query: Query, words: str | None) -> None:
    said = query_words(query, NOW)
    assert said == (words or "“vondt i brystet” · patient sol · from kari")


def test_every_standard_queue_says_something_else() -> None:
    queues = standard_queues(("resept",), NOW, categories=("annet",), guard=NOW + timedelta(days=3))
    said = [query_words(queue.query, NOW) for queue in queues]
    assert len(set(said)) == len(said), said


def test_why_names_each_thing_that_places_a_row() -> None:
    row = item(
        1,
        flag="chest",
        flag_words="klemmende smerter",
        priority=Priority.URGENT,
        due=NOW + timedelta(days=1),
        whose=Whose.NOBODY,
        state=State.NEW,
        pool="resept",
    )
    said = why_lines(row, Query(OPEN, whose=Whose.NOBODY), 4, Total(31), NOW).plain
    for part in (
        "Solberg Ingrid 79", "5 of 31", "«klemmende smerter»", "“chest”", "set by staff: urgent", "due tomorrow",
        "the patient wrote last, 2 h ago", "unclaimed", "team Resept", "open · unclaimed", "the same for everybody",
    ):  # fmt: skip
        assert part in said, part


def test_why_tells_since_when_a_patient_waits_who_wrote_once_more() -> None:
    latest = item(1).latest
    said = why_lines(item(1, asked=latest - timedelta(days=3)), Query(), 0, Total(1), NOW).plain
    assert "the patient has waited for 3 d, and wrote last 2 h ago" in said
    assert "the patient wrote last, 2 h ago" in why_lines(item(1, asked=latest), Query(), 0, Total(1), NOW).plain


def test_no_flag_is_never_called_safe() -> None:
    said = why_lines(item(1), Query(), 0, Total(1), NOW).plain
    assert "no promise that it can wait" in said


def test_a_snoozed_row_says_when_it_comes_back() -> None:
    row = item(1, state=State.SNOOZED, wakes=NOW + timedelta(days=1))
    assert "comes back tomorrow 14:02, or when the patient writes" in why_lines(row, Query(), 0, Total(1), NOW).plain
    assert (
        "comes back when the patient writes" in why_lines(item(1, state=State.SNOOZED), Query(), 0, Total(1), NOW).plain
    )


@pytest.mark.parametrize("one", hostile(), ids=lambda one: one.id)
def test_hostile_text_is_only_text(one: Hostile) -> None:
    row = item(1, flag=one.text, flag_words=one.text, patient_name=one.text, owner_name=one.text, pool=one.text)
    query = Query(ALL, words=one.text, pool=one.text, category=one.text, portal=one.text, phrases=(one.text,))
    assert not commanding(why_lines(row, query, 0, Total(1), NOW).plain.replace("\n", " "))
