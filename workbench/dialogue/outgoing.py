"""What the user made and the portal does not hold yet: drafts and the outbox."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from workbench.dialogue.attachment import Attachment
from workbench.dialogue.key import Key
from workbench.dialogue.people import Party
from workbench.dialogue.work import Change, Verb

LOOKED: Final = "looked"
"""Step that tells that it was looked for on the portal in vain after any earlier try can have come to pass."""
BECAME: Final = "message"
"""Step of a message or note that the portal has: the id it has there."""
ALL_THE_SAME: Final = "all-the-same"
"""Step of a reply that the user sends although not everything in the conversation could be read."""
FOLLOWS: Final = frozenset(
    {Verb.REPLY, Verb.RECEIPT, Verb.DONE, Verb.RELEASE, Verb.HAND_OVER, Verb.SNOOZE, Verb.NEXT, Verb.MERGE}
)
"""What waits while something before it in its conversation needs the user."""


class Kind(StrEnum):
    """The two kinds of text one can write."""

    REPLY = "reply"
    NOTE = "note"


class Sending(StrEnum):
    """How far something in the outbox has come."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    UNKNOWN = "unknown"
    NEEDS_YOU = "needs-you"


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file the user attached: its bytes are kept in the store with the draft, so the original may go away."""

    id: str
    """UUID of the copy in `work.db`."""
    name: str
    content_type: str
    size: int
    """Bytes."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Unsent words. Belongs to one author, conversation and kind, and never moves between them."""

    key: Key
    author: str
    kind: Kind
    text: str
    files: tuple[LocalFile, ...] = ()
    documents: tuple[Attachment, ...] = ()
    saved: datetime | None = None
    """When it was last on disk; None for a draft that has never been saved."""
    began: int | None = field(default=None, compare=False)
    """Number of what was last put in the outbox before it was first on disk, or of what the user has been told of:
    what another window sent of it follows. None for one that was never on disk."""
    patient: str = field(default="", compare=False)
    """Reference of whom it was begun for, since a portal may move a conversation; empty where that is not known."""

    @property
    def empty(self) -> bool:
        """Whether there is nothing in it that anyone could miss."""
        return not (self.text.strip() or self.files or self.documents)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One thing on its way to the portal. Body, patient and conversation are fixed when it is queued."""

    id: str
    """The client identifier (UUID), minted in the transaction that queued it and never again."""
    key: Key
    author: str
    verb: Verb
    patient: str
    """Reference of the patient it is about, as the user saw it when queueing; empty when the thread has none."""
    queued: datetime
    state: Sending = Sending.QUEUED
    text: str = ""
    files: tuple[LocalFile, ...] = ()
    documents: tuple[Attachment, ...] = ()
    change: Change | None = None
    basis: str = ""
    """`Conversation.basis` (messages) or the Task's version (verbs) the user saw when queueing."""
    reason: str = ""
    """Why it needs the user: a word of `Reason`, or what the portal said."""
    detail: str = ""
    """What the portal or the conflict said, for the outbox; text from outside."""
    attempts: int = 0
    settled: datetime | None = None
    """When its state was last told: of a sent one, when it arrived; None before the first try ended."""
    writer: Party | None = None
    """Who put it in the outbox, where that is not who acts now; the store does not keep it."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Something that has arrived on the portal."""

    outgoing: Outgoing
    untold: str = ""
    """For a reply: why the portal did not let its Task be told (`client.errors`); empty when all is well."""


class Reason(StrEnum):
    """Why something in the outbox stopped at *needs you*."""

    REFUSED = "refused"
    CONFLICT = "conflict"
    NEW_ACTIVITY = "new-activity"
    TAKEN = "taken"
    GONE = "gone"
    FORBIDDEN = "forbidden"
    MIXED = "mixed-patients"
    AMBIGUOUS = "ambiguous"
    OTHER_PATIENT = "other-patient"
    """The two conversations to be tied together are not of the same patient."""
    OTHER_READERS = "other-readers"
    """The two conversations to be merged are not read by the same people on the patient's side."""
    NOT_ALL_READ = "not-all-read"
    """There are messages in the conversation that the portal did not give, or that could not be read."""
    READER_LEFT = "reader-left"
    """Somebody who would read it acts for the patient no more."""
    DOCUMENT = "document"
    """A document that travels with it is not one of the patient's that may be sent, or is no longer."""
