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
        """0 for the most urgent, 3 for routine."""
        return 3 - list(Priority).index(self)


class State(StrEnum):
    """Where the work stands."""

    NEW = "new"
    CLAIMED = "claimed"
    WAITING_PATIENT = "waiting-patient"
    WAITING_COLLEAGUE = "waiting-colleague"
    ESCALATED = "escalated"
    DONE = "done"
    SNOOZED = "snoozed"


OPEN = frozenset(State) - {State.DONE}
AWAKE = OPEN - {State.SNOOZED}
ACTIVE = AWAKE - {State.WAITING_PATIENT}
"""What is for the site to act on: nothing else can be overdue."""
FLAGGED = ACTIVE | {State.SNOOZED}
"""Where something stands among the red flags, if it has one."""
TURNS = (State.NEW, State.WAITING_PATIENT, State.WAITING_COLLEAGUE)
"""Whose turn something can be said to be: ours, the patient's, a colleague's."""


def ours(*, owned: bool) -> State:
    """How something stands whose turn is ours: somebody has it, or nobody does yet."""
    return State.CLAIMED if owned else State.NEW


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
    until: datetime | None = None
    """Until when it is snoozed; None where it is not, or until the patient writes."""
    remark: str = ""
    """What staff wrote last on the work item itself, unless staff have answered after that; text from outside."""


class Verb(StrEnum):
    """What can be done to a conversation; each travels through the outbox."""

    CLAIM = "claim"
    RELEASE = "release"
    HAND_OVER = "hand-over"
    DONE = "done"
    REOPEN = "reopen"
    PRIORITY = "priority"
    CATEGORY = "category"
    SNOOZE = "snooze"
    WAKE = "wake"
    NEXT = "next"
    """Whose turn it is: the patient's, a colleague's or ours."""
    REPLY = "reply"
    NOTE = "note"
    MERGE = "merge"
    """Its words are read in another conversation from now on, and it is done."""
    SPLIT = "split"
    """Takes a merge apart: it stands by itself again, and the turn is ours."""
    LINK = "link"
    UNLINK = "unlink"
    RECEIPT = "receipt"
    """Words to the patient that the message has come; no answer, so everything stays as it stands."""


WORDS = frozenset({Verb.REPLY, Verb.NOTE, Verb.RECEIPT})
"""What is created on a portal as words of somebody's; everything else changes a Task."""


TYING = frozenset({Verb.MERGE, Verb.SPLIT, Verb.LINK, Verb.UNLINK})
"""Verbs that concern two conversations of one patient: that of the Task and `Change.other`."""
ASIDE = (Verb.PRIORITY, Verb.CATEGORY)
"""Verbs that say nothing of whose turn it is."""


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
    """Reason given at hand-over or snooze; staff only."""
    until: datetime | None = None
    """SNOOZE: when it comes back of itself; None for until the patient writes."""
    state: State | None = None
    """NEXT: whom it waits for, of `TURNS`; NEW means us. PRIORITY, CATEGORY: NEW where the turn was seen to be ours, as
    after new words of the patient: then the Task must not go on saying otherwise once it is changed."""
    back: bool = False
    """It takes another verb back: `state` and `until` tell how it stood before; for CLAIM, RELEASE and HAND_OVER
    `owner` tells who had it, for HAND_OVER `pool` where it lay; what is empty then was empty."""
    other: str = ""
    """MERGE, SPLIT, LINK, UNLINK: id of the other header on the same portal, for a merge of the one that is kept.
    DONE: `tie.ANY` where it was merged into what it is not read in, and nothing is to say so any more."""

    @property
    def restores(self) -> State | None:
        """How it stood before, where it takes back what moved that."""
        return self.state if self.back and self.verb not in ASIDE else None

    @property
    def snoozes(self) -> bool:
        """Whether it puts something out of sight for a while."""
        return self.verb is Verb.SNOOZE or self.state is State.SNOOZED

    @property
    def hides_flags(self) -> bool:
        """Whether a red flag stands among the red flags no more once the turn is as it says."""
        return self.verb is Verb.NEXT and self.state is not None and self.state not in FLAGGED

    @property
    def finishes(self) -> bool:
        """Whether nothing is to be done any more after it."""
        merges = self.verb is Verb.MERGE and not self.restores
        return self.verb is Verb.DONE or self.state is State.DONE or merges
