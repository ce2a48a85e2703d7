"""A queue is a saved query: an immutable value that view, count and search all use."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Sending
from workbench.dialogue.work import ACTIVE, OPEN, Priority, State


class Whose(StrEnum):
    """To whom a conversation belongs, seen from who acts."""

    ME = "me"
    NOBODY = "nobody"
    COLLEAGUE = "colleague"


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
    order: int = 0
    """Sort key: lower stands higher. Set by `order_of`."""


NO_DEADLINE = 9_999_999_999


def order_of(priority: Priority, due: datetime | None, latest: datetime) -> int:
    """The order of every queue, the same for everyone: priority, then deadline, then the longest waiting.

    One integer so that one index serves all: the priority's rank, the deadline in minutes since 1970
    (conversations without one stand after those with one), and the last message's minute.

    Args:
        priority: How much it hurries.
        due: Deadline, aware, or None.
        latest: Time of the last message, aware.

    Returns:
        A non-negative integer below 2**63; lower stands higher in the list.
    """
    deadline = min(max(int(due.timestamp() // 60), 0), 99_999_999) if due else 99_999_999
    waited = min(max(int(latest.timestamp() // 60), 0), 99_999_999)
    return (priority.rank * 100_000_000 + deadline) * 100_000_000 + waited


@dataclass(frozen=True, slots=True)
class Query:
    """Which conversations a queue holds. `None` in a field means that it does not matter."""

    states: frozenset[State] = OPEN
    whose: Whose | None = None
    pool: str | None = None
    portal: str | None = None
    patient: str | None = None
    words: str = ""
    """Full-text search, as typed; empty for none."""

    def matches(self, item: Item) -> bool:
        """Whether a row belongs here, words aside (those only the index can answer)."""
        return (
            item.state in self.states
            and self.whose in (None, item.whose)
            and self.pool in (None, item.pool)
            and self.portal in (None, item.key.portal)
            and self.patient in (None, item.patient)
        )

    def search(self, words: str) -> Query:
        """The same queue narrowed to what holds some words."""
        return replace(self, words=words)


@dataclass(frozen=True, slots=True)
class Page:
    """A stretch of a queue, in its order."""

    items: tuple[Item, ...]
    offset: int
    """Place of the first item in the queue, from 0."""
    total: int
    """How many conversations the queue holds."""


@dataclass(frozen=True, slots=True)
class Queue:
    """A named query. The name is a message id for the fixed ones, the site's own word for a pool."""

    name: str
    """`mine`, `unclaimed`, `waiting`, `done`, `all`, or `pool:CODE`."""
    query: Query


def standard_queues(pools: tuple[str, ...]) -> tuple[Queue, ...]:
    """The queues of the side bar.

    Args:
        pools: Codes of the site's teams, in the order to show them.

    Returns:
        Mine, unclaimed, waiting for the patient and done, then one a pool.
    """
    return (
        Queue("mine", Query(ACTIVE, whose=Whose.ME)),
        Queue("unclaimed", Query(OPEN, whose=Whose.NOBODY)),
        Queue("waiting", Query(frozenset({State.WAITING_PATIENT}))),
        Queue("done", Query(frozenset({State.DONE}))),
        *(Queue(f"pool:{pool}", Query(ACTIVE, pool=pool)) for pool in pools),
    )
