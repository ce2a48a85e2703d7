"""How a shift stands, in figures: each with the query that lists exactly the conversations behind it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, Protocol

from workbench.dialogue.moments import Moments
from workbench.dialogue.queue import Query, Queue, Whose
from workbench.dialogue.span import TICK, Happening, Span
from workbench.dialogue.spread import Spread
from workbench.dialogue.work import ACTIVE, FLAGGED, OPEN, State

BANDS: Final = ("under_4_hours", "today", "1_working_day", "2_to_5_working_days", "over_5_working_days")
"""For how long somebody has waited, shortest first."""
HANDOVER: Final = ("flagged", "overdue", "due", "mine", "colleague", "drafts", "stuck")
"""What the next shift must know, most urgent first."""
EVERYTHING: Final = Queue("open", Query(OPEN))
"""All that is open, as a queue: how everything stands together."""


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
class Took:
    """How long something took in some conversations, in hours in which the office is open."""

    of: Figure
    median: timedelta | None
    """In half of them it took no longer; None where there is none."""


@dataclass(frozen=True, slots=True)
class Oldest:
    """Who has waited longest."""

    since: datetime
    behind: Figure
    """More than one where several began to wait in the same moment."""


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
    first: Took
    """Their first words were answered: how long that took."""
    done: Took
    """Was done, and still is: how long that took since their first words, or since it began where they wrote none."""


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
    days: tuple[Day, ...]
    """The last days, oldest first; the last one is not over yet."""
    whatever: bool
    """The days tell also of what is no longer open; else of nothing but what is in the queue now."""


@dataclass(frozen=True, slots=True)
class Overview:
    """How everything stands."""

    at: datetime
    """To the minute; overdue and ages are told as of then."""
    loads: tuple[Load, ...]
    """`EVERYTHING` first, then the queues."""

    @property
    def days(self) -> tuple[Day, ...]:
        """What happened on the last days in all conversations."""
        return self.loads[0].days


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


Longest = tuple[datetime, int] | None
"""Since when the one waits who has waited longest, and how many have since that moment; None where none waits."""


class Counts(Protocol):
    """Counts conversations, and what happened in them on the days of some moments."""

    def count(self, query: Query) -> int:
        """How many conversations a query holds."""
        ...

    def longest(self, query: Query) -> Longest:
        """Who of a query's patients has waited longest."""
        ...

    def happened(self, query: Query, what: Happening, day: int) -> int:
        """In how many of a query's conversations something happened on a day, by its place among the days."""
        ...

    def took(self, query: Query, what: Happening, day: int) -> Sequence[float]:
        """In how many seconds of open hours each of these was answered first, or done."""
        ...


def overview_of(queues: Iterable[Queue], at: Moments, counts: Counts) -> Overview:
    """How some queues stand, and what happened on the last days.

    Args:
        queues: Without words, phrases or names.
        at: When.
        counts: Counts what is held.
    """
    return Overview(at.now, tuple(_load(queue, at, counts) for queue in (EVERYTHING, *queues)))


def _load(queue: Queue, at: Moments, counts: Counts) -> Load:
    def figure(query: Query) -> Figure:
        return Figure(counts.count(query), query)

    asked = queue.query
    in_time = oldest = None
    if asked.states & ACTIVE:
        active = replace(asked, states=asked.states & ACTIVE)
        due = at.now if active.due_before is None else min(at.now, active.due_before)
        in_time = Share(figure(active), figure(replace(active, due_before=due)))
    unanswered = replace(asked, states=asked.states & OPEN)
    if unanswered.states and (found := counts.longest(unanswered)) is not None:
        since, many = found
        waits = Span(Happening.WAITS, before=since + TICK)
        oldest = Oldest(since, Figure(many, replace(unanswered, during=(waits,))))
    bands = [replace(unanswered, during=(band,)) for band in at.bands()] if unanswered.states else []
    ever = whatever_became(asked)
    days = tuple(_day(ever or asked, place, at, counts) for place in range(len(at.days) - 1))
    return Load(queue.name, figure(asked), in_time, oldest, tuple(map(figure, bands)), days, ever is not None)


def whatever_became(query: Query) -> Query | None:
    """What is somebody's, a team's, of a type or of all, whatever became of it.

    Returns:
        None for a queue that asks how things stand, by state, deadline, flag or that nobody has it: what was in it
        before, nobody can tell.
    """
    stands = query.due_before is not None or query.flagged or query.whose is Whose.NOBODY
    return None if stands or not query.states >= ACTIVE else replace(query, states=frozenset(State))


def _day(query: Query, place: int, at: Moments, counts: Counts) -> Day:
    """What happened on the day of a place in a query's conversations."""
    since, before = at.days[place], at.days[place + 1]

    def figure(what: Happening, query: Query = query) -> Figure:
        span = Span(what, since, before)
        return Figure(counts.happened(query, what, place), replace(query, during=(*query.during, span)))

    def took(what: Happening, query: Query = query) -> Took:
        seconds = Spread.of(counts.took(query, what, place)).median
        return Took(figure(what, query), None if seconds is None else timedelta(seconds=seconds))

    return Day(
        since.date(),
        figure(Happening.CAME),
        figure(Happening.WROTE),
        Share(figure(Happening.ANSWERED), figure(Happening.LATE)),
        took(Happening.FIRST),
        took(Happening.DONE, replace(query, states=query.states & {State.DONE})),
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
