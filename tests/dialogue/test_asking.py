"""A line somebody typed, as a query: in any of the languages, whole or as far as it has come."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from tests import hostile
from workbench.dialogue.asking import Vocabulary, asked
from workbench.dialogue.queue import Query, Whose
from workbench.dialogue.work import ACTIVE, OPEN, State

NOW = datetime(2026, 3, 24, 14, 2, 30, tzinfo=UTC)
MINUTE = NOW.replace(second=0)
SITE = Vocabulary(
    {"resept": "Reseptteamet", "time": "Timebestilling"},
    {"reseptfornyelse": "fornyelse av resept", "e-kontakt": "e-kontakt"},
)
ALL = Query(frozenset(State))


def day(year: int, month: int, day: int) -> datetime:
    return datetime(year, month, day, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "narrowed"),
    [
        ("", {}),
        ("blod trykk", {"words": "blod trykk"}),
        ("blodtrykk ", {"words": "blodtrykk "}),
        ('"vondt i brystet"', {"phrases": ("vondt i brystet",)}),
        ('"vondt i  bry', {"phrases": ("vondt i bry",)}),
        ('natt "vondt i brystet" "i dag"', {"words": "natt ", "phrases": ("vondt i brystet", "i dag")}),
        ("pasient:solberg", {"patient_name": "solberg"}),
        ('PATIENT:"ingrid solberg" hei', {"patient_name": "ingrid solberg", "words": "hei"}),
        ("hei fra:kari", {"sender": "kari", "words": "hei "}),
        ("frå:kari", {"sender": "kari"}),
        ("from:kari", {"sender": "kari"}),
        ("eier:kari", {"owner": "kari"}),
        ('owner:"Kari Nord" hei', {"owner": "Kari Nord", "words": "hei"}),
        ("eigar:ås eier:meg", {"owner": "ås", "whose": Whose.ME}),
        ("OWNER:Me", {"whose": Whose.ME}),
        ("eier:ingen er:ferdig", {"whose": Whose.NOBODY, "states": frozenset({State.DONE})}),
        ("owner:none", {"whose": Whose.NOBODY}),
        ("eier:meg er:tatt", {"whose": Whose.ME, "claimed": True, "states": OPEN}),
        ("is:claimed", {"claimed": True, "states": OPEN}),
        ("er:teken", {"claimed": True, "states": OPEN}),
        ("eier:", {}),
        ("team:resept", {"pool": "resept"}),
        ("team:timeb", {"pool": "time"}),
        ("team:ukjent", {"pool": "ukjent"}),
        ("type:fornyelse", {"category": "reseptfornyelse"}),
        ("kategori:e-kontakt", {"category": "e-kontakt"}),
        ("portal:Vest", {"portal": "Vest"}),
        ("er:hastesignal", {"flagged": True}),
        ("is:flagged er:ulest", {"flagged": True, "unread": True}),
        ("er:åpen", {"states": OPEN}),
        ("er:ferdig", {"states": frozenset({State.DONE})}),
        ("is:overdue", {"states": ACTIVE, "due_before": MINUTE}),
        ("er:mine", {"whose": Whose.ME}),
        ("er:ledig", {"states": OPEN, "whose": Whose.NOBODY}),
        ("er:ulese", {"unread": True}),
        ("dato:2026-03-24", {"since": day(2026, 3, 24), "before": day(2026, 3, 25)}),
        ("date:2026-12", {"since": day(2026, 12, 1), "before": day(2027, 1, 1)}),
        ("dato:2024-02", {"since": day(2024, 2, 1), "before": day(2024, 3, 1)}),
        ("dato:2025", {"since": day(2025, 1, 1), "before": day(2026, 1, 1)}),
        ("etter:2026-03-01 før:2026-03-10", {"since": day(2026, 3, 1), "before": day(2026, 3, 10)}),
        ('dato:"i går"', {"since": day(2026, 3, 23), "before": day(2026, 3, 24)}),
        ("dato:idag", {"since": day(2026, 3, 24), "before": day(2026, 3, 25)}),
        ("pasient:", {}),
        ("kl 14:30 ring", {"words": "kl 14:30 ring"}),
        ("http://et.sted", {"words": "http://et.sted"}),
        ("rart:felt", {"words": "rart:felt"}),
    ],
)
def test_a_line_is_understood(line: str, narrowed: dict[str, object]) -> None:
    found = asked(line, NOW, SITE)
    assert found.query == replace(ALL, **narrowed)  # type: ignore[arg-type]
    assert found.not_understood == ()


@pytest.mark.parametrize(
    "line", ["dato:2026-13", "dato:tull", "etter:2026-02-30", "er:u", "er:tull", "dato:9999", "eier:??"]
)
def test_a_value_that_means_nothing_is_told_and_narrows_nothing(line: str) -> None:
    found = asked(f"hei {line}", NOW, SITE)
    assert found.not_understood == (line,)
    assert found.query == replace(ALL, words="hei ")


def test_a_line_means_the_same_later_but_for_what_is_now() -> None:
    """A query names moments: asked again tomorrow, yesterday's query is what it was."""
    query = asked("er:overdue dato:idag team:resept", NOW, SITE).query
    later = asked("er:overdue dato:idag team:resept", NOW + timedelta(days=1), SITE).query
    assert query.due_before == MINUTE
    assert later.due_before == MINUTE + timedelta(days=1)
    assert later.since == day(2026, 3, 25)
    assert replace(later, due_before=query.due_before, since=query.since, before=query.before) == query


def test_whatever_is_typed_is_a_query() -> None:
    seed = 20260324
    rng = Random(seed)
    pieces = [one.text for one in hostile.hostile()] + ['"', ":", "er:", "dato:", " ", "a", "pasient:", "2026-02-31"]
    for turn in range(3000):
        line = "".join(rng.choices(pieces, k=rng.randrange(1, 6)))[:2000]
        found = asked(line, NOW, SITE)
        assert isinstance(found.query, Query), f"seed {seed}, turn {turn}"
