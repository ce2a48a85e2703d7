"""A queue is a saved query: an immutable value that view, count and search all use."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple, Self

from workbench.dialogue.context import Match
from workbench.dialogue.fold import begins, called, words_of
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Sending
from workbench.dialogue.presence import Presence
from workbench.dialogue.span import OF_ROWS, TICK, Happening, Span
from workbench.dialogue.work import ACTIVE, AWAKE, FLAGGED, OPEN, Priority, State


class Whose(StrEnum):
    """To whom a conversation belongs, seen from who acts."""

    ME = "me"
    NOBODY = "nobody"
    COLLEAGUE = "colleague"


class InGroup(NamedTuple):
    """Where a row stands among those of its patient, in a list in which these stand together."""

    place: int
    """From 1."""
    size: int

    @property
    def first(self) -> bool:
        """Whether it stands where the patient's rows begin."""
        return self.place == 1

    @property
    def last(self) -> bool:
        """Whether it stands where they end."""
        return self.place == self.size


@dataclass(frozen=True, slots=True)
class Item:
    """One row of a queue: what the list shows of a conversation."""

    key: Key
    title: str
    patient: str
    """Reference of the patient, empty when unknown."""
    patient_name: str
    birth: str
    writer: str
    """Name of who wrote last from the patient's side when that is not the patient; empty otherwise."""
    state: State
    whose: Whose
    owner_name: str
    pool: str
    priority: Priority
    category: str
    due: datetime | None
    latest: datetime
    """Time of the last message, from either side."""
    from_patient: bool
    """Whether the last word is the patient's side's."""
    preview: str
    """Beginning of the last message, one line, at most 200 characters; text from outside."""
    unread: bool = False
    attachments: int = 0
    draft: bool = False
    sending: Sending | None = None
    """The most worrying state of anything of this conversation in the outbox; None when nothing is there."""
    flag: str = ""
    """Name of the rule that found an urgent symptom in what the patient wrote; empty where none did."""
    flag_words: str = ""
    """The words it found; text from outside."""
    settled: datetime | None = None
    """When it was done; None while it is open."""
    wakes: datetime | None = None
    """Until when it is snoozed; None where it is not, or until the patient writes."""
    match: Match | None = None
    """Where what was searched for stands; None outside a search, and where the name or the title alone has it."""
    asked: datetime | None = None
    """Since when the patient's side waits: their first message after our last one; None where the last word is ours."""
    present: tuple[Presence, ...] = ()
    """Colleagues who are at it just now, those who write first."""
    into: str = ""
    """Title of what it was merged into; empty where it was not. Text from outside."""
    joined: int = 0
    """How many conversations were merged into it."""
    linked: int = 0
    """With how many it is linked."""
    group: InGroup | None = None
    """Set where the list is by patient and this patient has more than one row in it."""
    own_due: datetime | None = None
    """Its own deadline; `due` is earlier where that of something that was merged into it is."""
    due_from: str = ""
    """Title of what was merged into it and has the deadline it stands by; empty where that is its own. From outside."""
    order: int = 0
    """Sort key: lower stands higher. Set by `order_of`."""

    @property
    def waits_since(self) -> datetime:
        """Since when somebody waits: who writes once more waits no less. The last message's time where we wrote it."""
        return self.asked or self.latest

    def placed(self) -> Item:
        """The same with the order that follows from all else it says."""
        return replace(self, order=order_of(self.priority, self.due, self.waits_since, flagged=bool(self.flag)))


STUCK: Final = frozenset({Sending.UNKNOWN, Sending.NEEDS_YOU})
"""States of what is in the outbox that it does not leave by itself."""
BEGINNING: Final = 2
"""Letters that the last word of a search needs to stand, while it is being typed, for all names that begin with it."""
SPAN: Final = 100_000_000
"""Each part of an order is below this: minutes since 1970 until the year 2160."""
RANKS: Final = range(5)
"""The first part of an order: what is set as most urgent, red flags, and then each lower priority."""


def order_of(priority: Priority, due: datetime | None, since: datetime, *, flagged: bool = False) -> int:
    """The order of every queue, the same for everyone: priority, then deadline, then the longest waiting.

    One integer so that one index serves all: the rank (`RANKS`), the deadline in minutes since 1970
    (conversations without one stand after those with one), and the minute since which somebody waits.

    Args:
        priority: How much it hurries.
        due: Deadline, aware, or None.
        since: `Item.waits_since`, aware.
        flagged: The patient wrote of an urgent symptom: it stands below nothing but what is set as most urgent, since
            what a person has judged comes before what a rule alone has found.

    Returns:
        A non-negative integer below 2**63; lower stands higher in the list.
    """
    deadline = SPAN - 1 if due is None else minute_of(due)
    return (_rank(priority, flagged=flagged) * SPAN + deadline) * SPAN + minute_of(since)


def _rank(priority: Priority, *, flagged: bool) -> int:
    if priority is Priority.STAT:
        return 0
    return 1 if flagged else priority.rank + 1


def minute_of(moment: datetime) -> int:
    """Whole minutes since 1970, between 0 and `SPAN` - 1."""
    return min(max(int(moment.timestamp() // 60), 0), SPAN - 1)


@dataclass(frozen=True, slots=True)
class Query:
    """Which conversations a queue holds. `None` or False in a field means that it does not matter.

    It names moments, never "now": asked again later, of what is held then, it means the same.
    """

    states: frozenset[State] = OPEN
    whose: Whose | None = None
    claimed: bool = False
    """Only what somebody has."""
    owner: str = ""
    """Beginnings of words of the name of who has it; empty for anybody or nobody."""
    pool: str | None = None
    portal: str | None = None
    patient: str | None = None
    category: str | None = None
    flagged: bool = False
    """Only where a rule found an urgent symptom."""
    unread: bool = False
    """Only where the patient's last words have not been looked at."""
    due_before: datetime | None = None
    """Only what has a deadline before this."""
    since: datetime | None = None
    """Only where the last message is of this moment or later."""
    before: datetime | None = None
    """Only where the last message is earlier than this."""
    during: tuple[Span, ...] = ()
    """Only where all of these happened."""
    drafts: bool = False
    """Only where unsent words of the user's lie."""
    stuck: bool = False
    """Only where something in the outbox needs somebody."""
    words: str = ""
    """Full-text search, as typed; empty for none."""
    phrases: tuple[str, ...] = ()
    """Words that stand side by side, each phrase somewhere in the conversation."""
    patient_name: str = ""
    """Words of the patient's name or number; empty for anybody's."""
    sender: str = ""
    """Words of the name of somebody who wrote in it; empty for anybody."""
    by_patient: bool = False
    """The same rows in another order: those of one patient together, where the highest of them stands."""

    @property
    def searches(self) -> bool:
        """Whether it asks for words, which only the index can answer."""
        return bool(self.words.strip() or self.phrases or self.patient_name or self.sender)

    @property
    def begun(self) -> bool:
        """Whether the last word stands for those that begin with it: no blank has ended it yet."""
        return begins(self.words, BEGINNING)

    @property
    def looks_back(self) -> bool:
        """Whether it asks for what happened in a conversation that its row does not tell."""
        return any(span.what not in OF_ROWS for span in self.during)

    def matches(self, item: Item) -> bool:
        """Whether a row belongs here, as far as a row tells: words aside, and what only the messages tell."""
        return (
            item.state in self.states
            and self._with_owner(item)
            and self.pool in (None, item.pool)
            and self.portal in (None, item.key.portal)
            and self.patient in (None, item.patient)
            and self.category in (None, item.category)
            and (not self.flagged or bool(item.flag))
            and (not self.unread or item.unread)
            and (not self.drafts or item.draft)
            and (not self.stuck or item.sending in STUCK)
            and self._in_time(item)
        )

    def _with_owner(self, item: Item) -> bool:
        return (
            self.whose in (None, item.whose)
            and not (self.claimed and item.whose is Whose.NOBODY)
            and called(item.owner_name, words_of(self.owner))
        )

    def _in_time(self, item: Item) -> bool:
        return (
            (self.due_before is None or (item.due is not None and item.due < self.due_before))
            and (self.since is None or item.latest >= self.since)
            and (self.before is None or item.latest < self.before)
            and all(
                span.holds(item.asked if span.what is Happening.WAITS else item.settled)
                for span in self.during
                if span.what in OF_ROWS
            )
        )

    def search(self, words: str) -> Query:
        """The same queue narrowed to what holds some words."""
        return replace(self, words=words)


class Total(int):
    """How many conversations a list holds: all there are, unless it is cut."""

    cut: bool
    """The list ends there, and more was found."""

    def __new__(cls, number: int = 0, *, cut: bool = False) -> Self:
        """Takes the number of rows, and whether they are not all."""
        total = super().__new__(cls, number)
        total.cut = cut
        return total


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of a queue, in its order."""

    items: tuple[Item, ...]
    offset: int
    """Place of the first item in the queue, from 0."""
    total: Total
    """How many conversations the queue holds."""


@dataclass(frozen=True, slots=True)
class Queue:
    """A named query. The name is a message id for the fixed ones, the site's own word for a pool."""

    name: str
    """A name of `standard_queues`, `pool:CODE`, `category:CODE` or `view:NAME`."""
    query: Query
    not_understood: tuple[str, ...] = ()
    """Of a saved view, fields whose value means nothing: they narrow nothing, so that it holds more than was meant."""


def standard_queues(
    pools: tuple[str, ...], now: datetime, *, categories: tuple[str, ...] = (), guard: datetime | None = None
) -> tuple[Queue, ...]:
    """The queues of the side bar.

    Args:
        pools: Codes of the site's teams, in the order to show them.
        now: Aware, in the site's zone: what is overdue, and where today began, to the minute.
        categories: Codes of the types of message, in the order to show them.
        guard: Until when, itself included, what falls due is listed before a weekend or holiday; None on other days.

    Returns:
        The fixed ones, then one a pool, then one a type of message.
    """
    minute = now.replace(second=0, microsecond=0)
    today = Span(Happening.DONE, since=minute.replace(hour=0, minute=0))
    fixed = (
        Queue("mine", Query(ACTIVE, whose=Whose.ME)),
        Queue("flagged", Query(FLAGGED, flagged=True)),
        Queue("unclaimed", Query(AWAKE, whose=Whose.NOBODY)),
        Queue("overdue", Query(ACTIVE, due_before=minute)),
        *((Queue("guard", Query(ACTIVE, due_before=guard + TICK)),) if guard else ()),
        Queue("waiting", Query(frozenset({State.WAITING_PATIENT}))),
        Queue("colleague", Query(frozenset({State.WAITING_COLLEAGUE}))),
        Queue("snoozed", Query(frozenset({State.SNOOZED}))),
        Queue("today", Query(frozenset({State.DONE}), during=(today,))),
        Queue("done", Query(frozenset({State.DONE}))),
    )
    return (
        *fixed,
        *(Queue(f"pool:{pool}", Query(ACTIVE, pool=pool)) for pool in pools),
        *(Queue(f"category:{code}", Query(ACTIVE, category=code)) for code in categories),
    )
