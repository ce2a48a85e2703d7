"""A query and a row's place, told in words."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from tests.hostile import Hostile, commanding, hostile
from tests.widgets.rows import NOW, item
from widgets.query_words import query_words
from widgets.why_lines import why_lines
from workbench import language
from workbench.dialogue.queue import Query, Total, Whose, standard_queues
from workbench.dialogue.span import TICK, Happening, Span
from workbench.dialogue.work import ACTIVE, AWAKE, FLAGGED, OPEN, Priority, State

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
        (Query(ALL, words="blod "), "«blod», whole words"),
        (Query(ALL, words="høyt blod"), "«høyt blod»"),
        (Query(ALL, words="b"), "«b», whole words"),
        (Query(ALL, owner="kari"), "owner kari"),
        (Query(OPEN, claimed=True), "has an owner · open"),
        (Query(ALL, patient="Patient/1", portal="Vest"), "all of Patient/1 · portal Vest"),
        (Query(AWAKE), "open except snoozed"),
        (Query(frozenset()), "neither open nor done"),
        (Query(ALL, phrases=("vondt i brystet",), patient_name="sol", sender="kari"), None),
        (
            Query(ACTIVE, whose=Whose.NOBODY, pool="resept"),
            "unclaimed · team Resept · open except waiting for the patient / snoozed",
        ),
        (
            Query(frozenset({State.NEW, State.DONE}), category="reseptfornyelse"),
            "category prescription renewal · new / done",
        ),
        (Query(ALL, flagged=True, unread=True, portal="Vest"), "red flag · unread · portal Vest"),
        (Query(OPEN, due_before=NOW), "due before 14:02 · open"),
        (Query(OPEN, due_before=NOW + TICK), "due by 14:02 · open"),
        (Query(ALL, since=datetime(2026, 3, 24, tzinfo=UTC), before=datetime(2026, 3, 25, tzinfo=UTC)), "today"),
        (Query(ALL, since=datetime(2026, 3, 1, tzinfo=UTC)), "1/3 –"),
        (Query(ALL, before=datetime(2026, 3, 1, tzinfo=UTC)), "– 28/2"),
        (Query(ALL, pool="", category=""), "no team · no category"),
        (Query(ALL, drafts=True), "with a draft"),
        (Query(ALL, stuck=True), "in the outbox, needs you"),
        (Query(ALL, during=(Span(Happening.WAITS),)), "waits for an answer"),
        (
            Query(ALL, during=(Span(Happening.WAITS, NOW - timedelta(hours=4), NOW - timedelta(hours=1)),)),
            "waits since 10:02 or later, waits since before 13:02",
        ),
        (Query(ALL, during=(Span(Happening.WAITS, None, NOW + TICK),)), "waits since 14:02 or before"),
        (Query(ALL, since=NOW, before=NOW + timedelta(hours=1, seconds=7)), "14:02 – 15:02:07"),
        (Query(ALL, during=(Span(Happening.LATE, *DAY),)), "answered too late yesterday"),
        (
            Query(ALL, during=(Span(Happening.CAME, *DAY), Span(Happening.DONE))),
            "came in yesterday · done at some time",
        ),
    ],
)
def test_a_query_describes_itself(query: Query, words: str | None) -> None:
    said = query_words(query, NOW)
    assert said == (words or "“vondt i brystet” · patient sol · from kari")


MOMENTS = (NOW, NOW + TICK, NOW + timedelta(seconds=1), *DAY, DAY[0] + TICK, DAY[1] - timedelta(days=365))
LIMITS = ((None, None), *product((None, *DAY), MOMENTS))
OTHERS: dict[str, tuple[object, ...]] = {
    "states": (frozenset(), OPEN, AWAKE, ACTIVE, FLAGGED, ALL - {State.NEW}, *(frozenset({each}) for each in State)),
    "whose": tuple(Whose),
    "claimed": (True,),
    "owner": ("sol", "resept"),
    "pool": ("", "sol", "resept", "Resept"),
    "portal": ("sol", "resept"),
    "patient": ("sol", "Patient/1"),
    "category": ("", "annet", "annen", "other", "anna", "unread", "red flag", "resept"),
    "flagged": (True,),
    "unread": (True,),
    "due_before": MOMENTS,
    "since": MOMENTS,
    "before": MOMENTS,
    "during": (
        *((Span(what, *limits),) for what, limits in product(Happening, LIMITS)),
        (Span(Happening.WAITS, DAY[0]), Span(Happening.WAITS, None, DAY[1])),
        (Span(Happening.WAITS, *DAY), Span(Happening.WAITS, *DAY)),
    ),
    "drafts": (True,),
    "stuck": (True,),
    "words": ("sol", "sol ", "open", "s"),
    "phrases": (("unread",), ("sol",), ("sol", "sol"), ("sol sol",)),
    "patient_name": ("sol", "resept"),
    "sender": ("sol", "resept"),
    "by_patient": (True,),
}
"""Other values of each field, those among them that are easily called the same."""


@pytest.mark.parametrize("tongue", ["nb", "nn", "en"])
@pytest.mark.parametrize(
    "base", [Query(ALL), Query(), Query(ACTIVE, Whose.ME, pool="time", category="annet", words="blod", since=DAY[0])]
)
def test_queries_that_differ_in_anything_are_told_in_other_words(base: Query, tongue: str) -> None:
    assert OTHERS.keys() == {field.name for field in fields(Query)}, "a new field is told of too"
    language.use(tongue)
    queries = {base} | {replace(base, **{name: value}) for name, values in OTHERS.items() for value in values}  # type: ignore[arg-type]
    told: dict[str, Query] = {}
    for query in queries:
        said = query_words(query, NOW)
        assert said not in told, (said, query, told[said])
        told[said] = query


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
        "the patient wrote last, 2 h ago", "unclaimed", "team Resept", "unclaimed · open", "the same for everybody",
    ):  # fmt: skip
        assert part in said, part


def test_why_names_the_patient_whose_conversations_are_listed() -> None:
    row = item(1)
    assert "List: all of Solberg Ingrid 79\n" in why_lines(row, Query(ALL, patient=row.patient), 0, Total(1), NOW).plain


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
    codes = Query(ALL, pool=one.text, category=one.text, portal=one.text, patient=one.text)
    query = replace(codes, words=one.text, phrases=(one.text,), patient_name=one.text, sender=one.text, owner=one.text)
    assert not commanding(why_lines(row, query, 0, Total(1), NOW).plain.replace("\n", " "))
