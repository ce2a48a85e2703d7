"""A conversation with its messages and notes, as it is read on the screen."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from workbench.dialogue.attachment import Attachment
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Outgoing
from workbench.dialogue.people import Party, Patient
from workbench.dialogue.presence import Presence
from workbench.dialogue.tie import Tied
from workbench.dialogue.work import WorkItem


class MessageState(StrEnum):
    """How far a message has come, as the portal tells."""

    DRAFT = "draft"
    SENT = "sent"
    READ = "read"
    RETRACTED = "retracted"


@dataclass(frozen=True, slots=True)
class Message:
    """Words between the patient's side and staff."""

    id: str
    sender: Party
    sent: datetime
    """Aware; the portal's `sent`, or `meta.lastUpdated` where that is missing."""
    text: str
    """As stored on the portal, uncleaned: display it only through `for_display`."""
    attachments: tuple[Attachment, ...] = ()
    state: MessageState = MessageState.SENT
    recipients: tuple[Party, ...] = ()
    client_id: str = ""
    """Our own identifier on it, when this workbench made it."""
    unreadable: bool = False
    """It carries a modifier we do not know (FHIR modifierExtension): say so, do not show it as ordinary words."""
    receipt: bool = False
    """Staff say in it that the patient's message has come: it answers nothing."""
    flagged: tuple[tuple[int, int], ...] = ()
    """Where in the text a rule found an urgent symptom: from and to, in characters; in order, none over another."""


@dataclass(frozen=True, slots=True)
class Note:
    """Words for staff only. A type of its own: nothing that takes a note can send it to a patient."""

    id: str
    author: Party
    written: datetime
    text: str
    attachments: tuple[Attachment, ...] = ()
    client_id: str = ""
    retracted: bool = False
    remark: bool = False
    """It stands on the work item itself and in no side thread: why it was handed over, or put off."""


Entry = Message | Note | Outgoing
"""What stands in a timeline: what the portal holds, and what is still on its way."""


@dataclass(frozen=True, slots=True)
class Merged:
    """A conversation that was merged into another, with what was said in it, oldest first."""

    key: Key
    title: str
    """Text from outside."""
    into: str
    """Id of what it was merged into: the conversation it is read in, or another one that was merged into that."""
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Conversation:
    """A header with all that belongs to it, oldest entry first."""

    key: Key
    title: str
    patient: Patient | None
    """None when the portal names no patient, or has not yet told who it is."""
    categories: tuple[str, ...]
    """Codes of the subject matter, known ones first; unknown ones are kept as they are."""
    work: WorkItem
    readers: tuple[Party, ...] = ()
    """Who on the patient's side will read a reply (`dialogue.readers`)."""
    writer: Party | None = None
    """Who wrote last from the patient's side."""
    entries: tuple[Entry, ...] = field(default_factory=tuple)
    mixed: bool = False
    """More than one patient is in this thread, by its messages or by who reads: never reply to it."""
    closed: bool = False
    present: tuple[Presence, ...] = ()
    """Colleagues who are at it just now, those who write first."""
    merged: tuple[Merged, ...] = ()
    """What was merged into it: read with it, and no part of what a reply or a verb here is checked against."""
    into: tuple[Tied, ...] = ()
    """What it was merged into itself: in most cases it is done, unless the patient has written in it since."""
    linked: tuple[Tied, ...] = ()
    astray: bool = False
    """Its Task says that it was merged, and it can be read in no other conversation: so it stands by itself."""
    flag_words: str = ""
    """The patient's words that a red-flag rule found, as its row has them; empty without one. Text from outside."""
    basis: str = ""
    """Names the state that was read (ids and versions of the portal's messages); equal bases mean nothing was added."""
