"""What a portal holds, one value a resource, as the client maps it and the store keeps it.

References are `Type/id` on the portal they came from; times are aware.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from workbench.dialogue.attachment import Attachment
from workbench.dialogue.conversation import MessageState
from workbench.dialogue.people import Party, Patient
from workbench.dialogue.presence import Doing
from workbench.dialogue.tie import Tie
from workbench.dialogue.work import Priority, State


@dataclass(frozen=True, slots=True)
class Stamp:
    """Which edition of a resource something was read from."""

    id: str
    version: str
    """Opaque: a number on some portals, a UUID on others."""
    updated: datetime
    """The portal's `meta.lastUpdated`."""


@dataclass(frozen=True, slots=True)
class HeldThread:
    """A header Communication: of a dialogue with a patient, or of a staff-only side thread."""

    stamp: Stamp
    title: str
    internal: bool
    """A side thread for notes; its children are never messages."""
    patient: str = ""
    recipients: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    about: str = ""
    """For a side thread: id of the header it is about, empty when only `task` is known."""
    task: str = ""
    """For a side thread: id of the Task it is based on."""
    closed: bool = False
    retracted: bool = False
    started: datetime | None = None
    sender: str = ""
    """Who began it, empty when the portal does not say."""


@dataclass(frozen=True, slots=True)
class HeldPost:
    """A child Communication: a message or a note, as its parent is one or the other."""

    stamp: Stamp
    parent: str
    """Id of its header."""
    sender: str
    sent: datetime
    text: str
    internal: bool = False
    """It says of itself that it is a note. A note in a patient's thread is still never shown as a message."""
    recipients: tuple[str, ...] = ()
    patient: str = ""
    """Its own subject, empty when it names none."""
    attachments: tuple[Attachment, ...] = ()
    state: MessageState = MessageState.SENT
    client_id: str = ""
    unreadable: bool = False
    receipt: bool = False
    """Staff say in it that the patient's message has come: it answers nothing."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What somebody of staff wrote on a Task itself, mostly why it was handed over or put off."""

    author: str
    """Reference of who wrote it, empty when the portal names nobody who can be followed."""
    at: datetime
    text: str
    name: str = ""
    """What the portal calls the author, where it gives a name instead of a reference."""


@dataclass(frozen=True, slots=True)
class HeldTask:
    """The Task whose focus is a conversation."""

    stamp: Stamp
    thread: str
    """Id of the header in focus."""
    state: State
    owner: str = ""
    pool: str = ""
    priority: Priority = Priority.ROUTINE
    due: datetime | None = None
    category: str = ""
    authored: datetime | None = None
    until: datetime | None = None
    """When it comes back of itself, where it is snoozed."""
    notes: tuple[Remark, ...] = ()
    """What staff wrote on it, in the portal's order."""
    ended: str = ""
    """When the portal says that it was finished, as it wrote it: another one means that it was finished anew."""
    stood: datetime | None = None
    """Since when it has stood as finished; None where that is not known, or it does not."""
    ties: frozenset[Tie] = frozenset()
    """To which other conversations it says this one is tied: what a portal says, true or not."""


@dataclass(frozen=True, slots=True)
class HeldPresence:
    """A colleague's word of where they are: a Task of its own kind, of which each has one."""

    stamp: Stamp
    who: str
    """Reference of the colleague."""
    thread: str
    """Id of the header they are at."""
    doing: Doing
    left: timedelta
    """For how long from when it was read it holds; nothing when they have gone."""


@dataclass(frozen=True, slots=True)
class HeldPatient:
    """A Patient."""

    stamp: Stamp
    patient: Patient


@dataclass(frozen=True, slots=True)
class HeldParty:
    """A Practitioner, RelatedPerson, Organization, CareTeam or other party."""

    stamp: Stamp
    party: Party
    patient: str = ""
    """For a RelatedPerson: whose."""
    pools: tuple[str, ...] = ()
    """For a Practitioner, when read through the roles: codes of the teams."""
    over: bool = False
    """For a RelatedPerson, when it was read: they act for the patient no more."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Some of what a portal holds, applied to the cache in one transaction."""

    threads: tuple[HeldThread, ...] = ()
    posts: tuple[HeldPost, ...] = ()
    tasks: tuple[HeldTask, ...] = ()
    patients: tuple[HeldPatient, ...] = ()
    parties: tuple[HeldParty, ...] = ()
    presences: tuple[HeldPresence, ...] = ()
    gone: tuple[str, ...] = ()
    """References (`Type/id`) the portal says are deleted."""
    set_aside: tuple[str, ...] = ()
    """Names of resources that could not be read and were left out: a name each time the same."""
    missing: int = 0
    """How many more the portal said it has, and did not give: its word alone."""

    def __add__(self, other: Batch) -> Batch:
        """Both batches as one, this one's values first."""
        return Batch(
            self.threads + other.threads,
            self.posts + other.posts,
            self.tasks + other.tasks,
            self.patients + other.patients,
            self.parties + other.parties,
            self.presences + other.presences,
            self.gone + other.gone,
            self.set_aside + other.set_aside,
            self.missing + other.missing,
        )


Stream = Literal["Task", "Communication"]
"""The two kinds of resource that are pulled by when they last changed."""
Trail = Literal["Task", "Communication", "Task deletions", "Communication deletions"]
"""What a resume point is kept of: what changed of a kind, and what was deleted of it."""


@dataclass(frozen=True, slots=True)
class PulledPage:
    """One page of what changed on the portal."""

    batch: Batch
    next: str | None
    """Opaque address of the next page, to be handed back as it is; None after the last."""
    latest: datetime | None
    """The greatest `meta.lastUpdated` on the page, None when the page was empty."""
    count: int
    """Entries on the page, those set aside included."""
    incomplete: bool = False
    """The last page, although the portal said that it holds more."""
    now: datetime | None = None
    """The time by the portal's own clock when it answered, None where it does not say."""


@dataclass(frozen=True, slots=True)
class DeletedPage:
    """One page of the history of a kind: what was deleted, and which version of what else is the newest there."""

    gone: tuple[str, ...]
    """References of what was deleted at some time; some of it may have been made again since."""
    next: str | None
    """As in `PulledPage`."""
    latest: datetime | None
    """When the newest entry that says so happened; None when none does."""
    told: Mapping[str, str] = field(default_factory=dict)
    """Newest version on this page of each resource that was not deleted, by reference, where the portal says it."""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody one can hand over to."""

    reference: str
    name: str
    title: str
    pools: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Pool:
    """A team one can hand over to."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class Directory:
    """Who works at the site, as the portal's PractitionerRoles tell."""

    colleagues: tuple[Colleague, ...] = ()
    pools: tuple[Pool, ...] = ()
    site: str = ""


@dataclass(frozen=True, slots=True)
class RecordDocument:
    """A document of the patient's record (DocumentReference)."""

    reference: str
    patient: str
    title: str
    type_code: str = ""
    """Code of 2.16.578.1.12.4.1.1.9602 where the portal gives one."""
    type_text: str = ""
    written: datetime | None = None
    author: str = ""
    attachment: Attachment | None = None
    restricted: bool = False
    """Its security label is stricter than normal."""
    final: bool = True
    portal: str = ""
    """The portal it lies on: references are that portal's own."""


@dataclass(frozen=True, slots=True)
class Appointment:
    """An appointment of the patient."""

    reference: str
    patient: str
    start: datetime | None
    text: str
    status: str
