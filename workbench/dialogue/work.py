"""The work item: who has a conversation, how much it hurries, and what one may do with it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from workbench.dialogue.people import Party


class Priority(StrEnum):
    """FHIR request priorities, least urgent first."""

    ROUTINE = "routine"
    URGENT = "urgent"
    ASAP = "asap"
    STAT = "stat"

    @property
    def rank(self) -> int:
        """0 for the most urgent, 3 for routine: the first part of a queue's order."""
        return 3 - list(Priority).index(self)


class State(StrEnum):
    """Where the work stands."""

    NEW = "new"
    CLAIMED = "claimed"
    WAITING_PATIENT = "waiting-patient"
    WAITING_COLLEAGUE = "waiting-colleague"
    ESCALATED = "escalated"
    DONE = "done"


OPEN = frozenset(State) - {State.DONE}
ACTIVE = OPEN - {State.WAITING_PATIENT}


@dataclass(frozen=True, slots=True)
class WorkItem:
    """The portal's Task on a conversation, with what is still on its way laid over it."""

    id: str = ""
    """Task id; empty when the portal has none yet (one is made the first time somebody acts)."""
    version: str = ""
    state: State = State.NEW
    owner: Party | None = None
    pool: str = ""
    """Code of the team it lies with; empty when none."""
    priority: Priority = Priority.ROUTINE
    due: datetime | None = None
    category: str = ""
    pending: bool = False
    """Something shown here has not yet been confirmed by the portal."""
    holder: str | None = None
    """Reference of who has it on the portal, empty for nobody, where something is laid over; None where nothing is."""


class Verb(StrEnum):
    """What can be done to a conversation; each travels through the outbox."""

    CLAIM = "claim"
    RELEASE = "release"
    HAND_OVER = "hand-over"
    DONE = "done"
    REOPEN = "reopen"
    PRIORITY = "priority"
    CATEGORY = "category"
    REPLY = "reply"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Change:
    """One verb with what it needs, as it is put in the outbox."""

    verb: Verb
    owner: str = ""
    """HAND_OVER to a person: `Practitioner/id`; CLAIM: who claims."""
    owner_name: str = ""
    pool: str = ""
    """HAND_OVER to a team: its code."""
    priority: Priority | None = None
    category: str = ""
    note: str = ""
    """Reason given at hand-over; staff only."""
