"""How a shift stands, in figures: each with the query that lists exactly the conversations behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from workbench.dialogue.office import DAY, Office
from workbench.dialogue.queue import Query, Queue, Whose
from workbench.dialogue.span import TICK, Happening, Span
from workbench.dialogue.work import ACTIVE, FLAGGED, OPEN, State

DAYS: Final = 14
"""Days that are told of, today among them."""
FRESH: Final = timedelta(hours=4)
BANDS: Final = ("under_4_hours", "today", "1_working_day", "2_to_5_working_days", "over_5_working_days")
"""For how long somebody has waited, shortest first."""
HANDOVER: Final = ("flagged", "overdue", "due", "mine", "colleague", "drafts", "stuck")
"""What the next shift must know, most urgent first."""


@dataclass(frozen=True, slots=True)
class Figure:
    """How many conversations, and which."""

    n: int
    query: Query


@dataclass(frozen=True, slots=True)
class Share:
    """What part of some conversations is within its deadline."""

    of: Figure
    late: Figure
    """Those of them that are not."""

    @property
    def value(self) -> float | None:
        """Between 0 and 1; None where there is nothing to be a part of."""
        return None if self.of.n == 0 else (self.of.n - self.late.n) / self.of.n

    @property
    def percent(self) -> int | None:
        """In whole percent, rounded down: 100 means all, and only then."""
        return None if self.of.n == 0 else 100 * (self.of.n - self.late.n) // self.of.n


@dataclass(frozen=True, slots=True)
class Oldest:
    """Who has waited longest."""

    since: datetime
    behind: Figure
    """More than one where several began to wait in the same moment."""


@dataclass(frozen=True, slots=True)
class Load:
    """How one queue stands. `None` where a thing cannot be: what is done is not overdue."""

    name: str
    """The queue's."""
    held: Figure
    in_time: Share | None
    """Of what is for the site to act on, what is not overdue; what has no deadline is in time."""
    oldest: Oldest | None
    """Of the patients who wait for an answer; None where none does."""
    waits: tuple[Figure, ...]
    """How many patients have waited how long, one for each of `BANDS`; none where nobody can wait."""


@dataclass(frozen=True, slots=True)
class Day:
    """What happened on one day, in conversations: one in which it happened twice counts once."""

    day: date
    came: Figure
    """The patient's side wrote for the first time."""
    wrote: Figure
    """The patient's side wrote, for the first time or again."""
    answered: Share
    """What the patient's side had written was answered; of that, what was so in time."""
    done: Figure
    """Was done, and still is."""


@dataclass(frozen=True, slots=True)
class Overview:
    """How everything stands."""

    at: datetime
    """To the minute; overdue and ages are told as of then."""
    loads: tuple[Load, ...]
    days: tuple[Day, ...]
    """The last `DAYS`, oldest first; the last one is not over yet."""


@dataclass(frozen=True, slots=True)
class HandoverLine:
    """One thing the next shift must know."""

    name: str
    """One of `HANDOVER`."""
    figure: Figure


@dataclass(frozen=True, slots=True)
class Handover:
    """What the next shift must know."""

    at: datetime
    until: datetime
    """Just after the next working day ends, before which what is `due` falls due."""
    lines: tuple[HandoverLine, ...]
    elsewhere: int = 0
    """Drafts, and things in the outbox that need somebody, whose conversation is not held: no query lists them."""


@dataclass(frozen=True, slots=True)
class Moments:
    """Between which moments is counted."""

    now: datetime
    edges: tuple[datetime, ...]
    """Where one of `BANDS` ends and the next begins, newest first."""
    days: tuple[datetime, ...]
    """When the last `DAYS` days began, and when the last of them ends."""
    until: datetime
    """Just after the next working day ends: what falls due as the office closes is before it."""

    def bands(self) -> Iterator[Span]:
        """Since when those of each of `BANDS` have waited."""
        for before, since in pairwise((None, *self.edges, None)):
            yield Span(Happening.WAITS, since, before)


Count = Callable[[Query], int]
"""How many conversations a query holds."""
Longest = tuple[datetime, int] | None
"""Since when the one waits who has waited longest, and how many have since that moment; None where none waits."""
FindLongest = Callable[[Query], Longest]
"""Of a query's patients."""


def moments(now: datetime, office: Office) -> Moments:
    """The moments of an overview.

    Args:
        now: Aware.
        office: Whose days they are, and which of them are working days.
    """
    zone = ZoneInfo(office.zone)
    local = office.local(now).replace(second=0, microsecond=0)

    def midnight(day: date) -> datetime:
        return datetime.combine(day, time(), zone)

    today = local.date()
    back = _working_days_before(today, office)
    wanted = (local - FRESH, midnight(today), midnight(back[0]), midnight(back[-1]))
    edges: list[datetime] = []
    for edge in wanted:  # just after midnight, what waits since four hours ago waits since yesterday
        edges.append(min([edge, *edges]))
    return Moments(
        local,
        tuple(edges),
        tuple(midnight(today - DAY * back) for back in range(DAYS - 1, -2, -1)),
        office.local(office.closing(office.first_working_day(today + DAY))) + TICK,
    )


def _working_days_before(day: date, office: Office, many: int = 5) -> list[date]:
    found: list[date] = []
    while len(found) < many:
        day -= DAY
        if office.works(day):
            found.append(day)
    return found


def overview_of(queues: Iterable[Queue], at: Moments, count: Count, longest: FindLongest) -> Overview:
    """How some queues stand, and what happened on the last days.

    Args:
        queues: Without words, phrases or names.
        at: When.
        count: Counts conversations.
        longest: Tells who has waited longest.
    """
    return Overview(
        at.now,
        tuple(_load(queue, at, count, longest) for queue in queues),
        tuple(_day(since, before, count) for since, before in pairwise(at.days)),
    )


def _load(queue: Queue, at: Moments, count: Count, longest: FindLongest) -> Load:
    def figure(query: Query) -> Figure:
        return Figure(count(query), query)

    asked = queue.query
    in_time = oldest = None
    if asked.states & ACTIVE:
        active = replace(asked, states=asked.states & ACTIVE)
        due = at.now if active.due_before is None else min(at.now, active.due_before)
        in_time = Share(figure(active), figure(replace(active, due_before=due)))
    unanswered = replace(asked, states=asked.states & OPEN)
    if unanswered.states and (found := longest(unanswered)) is not None:
        since, many = found
        waits = Span(Happening.WAITS, before=since + TICK)
        oldest = Oldest(since, Figure(many, replace(unanswered, during=(waits,))))
    bands = [replace(unanswered, during=(band,)) for band in at.bands()] if unanswered.states else []
    return Load(queue.name, figure(asked), in_time, oldest, tuple(map(figure, bands)))


def _day(since: datetime, before: datetime, count: Count) -> Day:
    def figure(what: Happening, states: frozenset[State] = frozenset(State)) -> Figure:
        query = Query(states, during=(Span(what, since, before),))
        return Figure(count(query), query)

    return Day(
        since.date(),
        figure(Happening.CAME),
        figure(Happening.WROTE),
        Share(figure(Happening.ANSWERED), figure(Happening.LATE)),
        figure(Happening.DONE, frozenset({State.DONE})),
    )


def handover_queries(at: Moments) -> tuple[Query, ...]:
    """What the next shift must know, in the order of `HANDOVER`."""
    everything = frozenset(State)
    return (
        Query(FLAGGED, flagged=True),
        Query(ACTIVE, due_before=at.now),
        Query(ACTIVE, due_before=at.until),
        Query(ACTIVE, whose=Whose.ME),
        Query(frozenset({State.WAITING_COLLEAGUE})),
        Query(everything, drafts=True),
        Query(everything, stuck=True),
    )
