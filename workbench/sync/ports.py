"""What sync asks of a portal and of the store: the two are passed in, so that a simulation can play either."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol

from workbench.dialogue.attachment import Attachment
from workbench.dialogue.held import (
    Appointment,
    Batch,
    DeletedPage,
    Directory,
    HeldPost,
    HeldTask,
    PulledPage,
    RecordDocument,
    Stream,
    Trail,
)
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Outgoing, Sending
from workbench.dialogue.people import Me
from workbench.dialogue.presence import Doing
from workbench.dialogue.work import Change


class PortalPort(Protocol):
    """One portal. Every call may raise a `client.errors.PortalError`."""

    @property
    def name(self) -> str:
        """The portal's name in the configuration."""

    async def changes(self, stream: Stream, since: datetime | None, page: str | None) -> PulledPage:
        """What changed since a moment, oldest first, a page at a time; resources that are not held are only counted.

        Args:
            stream: Which resources.
            since: Aware; what changed at that moment or later. None for all. Not used with a page.
            page: `PulledPage.next` of the page before, as it is; None for the first.

        Raises:
            Foreign: The address of the page leads off the portal; nothing was sent.
        """

    async def deletions(self, stream: Stream, since: datetime | None, page: str | None) -> DeletedPage | None:
        """What was deleted since a moment, newest first, a page at a time.

        Args:
            stream: Which resources.
            since: Aware. None for nothing but when the last change of any sort was, to begin from.
            page: `DeletedPage.next` of the page before, as it is; None for the first.

        Returns:
            A page; None where the portal does not offer the history of a type.
        """

    async def versions(self, references: Sequence[str]) -> Mapping[str, str]:
        """The versions, by `Type/id`, of those resources that a search by id gives.

        What is absent may be gone or may only have been left out: `read` tells. A version is empty where the portal
        does not say it.

        Raises:
            PortalError: It could not be had; nothing is known of any of them.
        """

    async def read(self, reference: str) -> Batch:
        """One resource (`Type/id`) as it is now, read by its own address, which no portal answers from memory.

        Only what the portal says is not there (404, 410) stands in `gone`; one that it refuses to show, or that
        cannot be read, gives an empty batch.
        """

    def listen(self) -> AsyncIterator[None]:
        """Says once that a line is open on which changes are told, and then whenever something may have changed.

        Raises:
            NotOffered: The portal has no such line.
            Foreign: It leads off the portal; nothing was sent.
            PortalError: It could not be opened, or was lost.
        """

    async def fetch(self, references: Sequence[str]) -> Batch:
        """Parties, patients, headers and Tasks by `Type/id`.

        What the portal does not give is absent; what it says was deleted may stand in `gone`.
        """

    async def thread(self, thread: str) -> Batch:
        """A whole conversation as it is now: header, messages, Tasks, side threads with their notes.

        Messages that are not of this conversation are dropped, whatever the portal gives; messages that
        cannot be read are named in `set_aside`, and `missing` tells how many it says it has and does not give.

        Raises:
            NotFound: There is no such header, or none that may be seen.
            Gone: It was deleted.
        """

    async def directory(self) -> Directory:
        """Who works at the site, by the portal's PractitionerRoles; all Practitioners where it has none."""

    async def practitioners(self) -> tuple[Me, ...]:
        """Everybody one could act as, by name."""

    async def staff_member(self, reference: str) -> Me | None:
        """Who a `Practitioner/id` is; None when the portal has no such practitioner."""

    async def task_of(self, thread: str) -> HeldTask | None:
        """The work on a conversation: the open Task that was made last, else the last that is done, else None."""

    async def ensure_task(self, thread: str, patient: str, category: str) -> HeldTask:
        """The open Task of a conversation, made now when it has none; two callers at once make one.

        Args:
            thread: Id of the header.
            patient: `Patient/id`, may be empty.
            category: Code of the subject matter, may be empty.
        """

    async def change_task(self, task: HeldTask, change: Change, me: Me, *, when: datetime) -> HeldTask:
        """Carries out a verb on a Task of one version, by JSON Patch.

        Args:
            task: As it was read.
            change: Any verb but those that send words.
            me: Who acts.
            when: Aware; the time written on a note.

        Returns:
            The Task as the portal holds it now.

        Raises:
            Conflict: It is of another version by now.
            Refused: The portal offers no JSON Patch, or a rule of it says no.
        """

    async def answer_task(self, task: HeldTask, message: str, me: Me) -> HeldTask:
        """Tells a Task which message answers it, and that the patient is waited for; once, however often it is called.

        Args:
            task: Any version of it; it is read again.
            message: Id of the Communication.
            me: Who answered, and who has the work from now on if nobody had.

        Raises:
            Conflict: Somebody changed it at the same moment, more than once.
        """

    async def tell_presence(self, me: Me, thread: str, doing: Doing | None) -> None:
        """Tells colleagues where the user is, in place of what was told before; it is forgotten by itself.

        Args:
            me: The user.
            thread: Id of a conversation's header.
            doing: What they do there; None that they have gone.
        """

    async def upload(self, data: bytes, content_type: str) -> str:
        """Stores a file and returns its address (`Binary/id`). A Binary carries no identifier: twice makes two."""

    async def send_message(
        self,
        client_id: str,
        thread: str,
        readers: Sequence[str],
        me: Me,
        text: str,
        attachments: Sequence[Attachment],
        sent: datetime,
        *,
        patient: str = "",
        receipt: bool = False,
    ) -> HeldPost:
        """Creates a message in a conversation unless one with this identifier is there.

        The header is read first: the message goes to those it names, and nobody else.

        Args:
            client_id: UUID of the message.
            thread: Id of the conversation's header.
            readers: References of those on the patient's side whom the user knows to be reached.
            me: The sender.
            text: The words.
            attachments: Files that were uploaded, and documents of the record.
            sent: Aware.
            patient: `Patient/id` whom it is about; empty for whomever the header names.
            receipt: It says that a message has come, and answers nothing.

        Raises:
            Conflict: The header names others on the patient's side, or another patient; nothing was sent.
            Refused: The header has nobody on the patient's side, or is not a dialogue with a patient.
            PortalError: With `may_have_happened`, `find` tells.
        """

    async def send_note(
        self,
        client_id: str,
        thread: str,
        task: str,
        me: Me,
        text: str,
        attachments: Sequence[Attachment],
        sent: datetime,
    ) -> Batch:
        """Creates a note in the staff-only side thread of a conversation, and that side thread if there is none yet.

        Neither ever names a patient or a RelatedPerson.

        Args:
            client_id: UUID of the note.
            thread: Id of the conversation's header.
            task: Id of its Task, may be empty.
            me: The author.
            text: The words.
            attachments: Files that were uploaded, and documents of the record.
            sent: Aware.

        Returns:
            The side thread and the note.
        """

    async def find(self, client_id: str) -> HeldPost | None:
        """The message or note that carries our identifier, asked of the portal afresh.

        Raises:
            SeveralMatches: More than one does.
        """

    async def heeds_identifiers(self) -> bool:
        """Whether it creates a message on condition of its identifier, so that sending it again is safe at once."""

    async def documents(self, patient: str) -> tuple[RecordDocument, ...]:
        """Current documents of a patient's record (`Patient/id`), newest first.

        Nobody else's, whatever the portal gives.
        """

    async def appointments(self, patient: str, since: datetime) -> tuple[Appointment, ...]:
        """Appointments of a patient from an aware moment's day on, soonest first, cancelled ones included."""

    async def download(self, url: str) -> bytes:
        """The bytes of a file by `Attachment.url`, or of a document by its `reference`.

        Raises:
            Foreign: The address leads off the portal; nothing was sent.
            TooLarge: It is larger than we accept.
        """

    async def close(self) -> None:
        """Close every connection."""


class CachePort(Protocol):
    """The store's half that holds what the portal told."""

    @property
    def checks(self) -> ChecksPort:
        """What the portal's word is compared with."""

    def resume_point(self, portal: str, stream: Trail) -> datetime | None:
        """When the last change that was applied of a trail happened, by the portal's clock; None before the first."""

    def apply(
        self,
        portal: str,
        batch: Batch,
        stream: Trail | None = None,
        mark: datetime | None = None,
        *,
        truth: bool = False,
    ) -> frozenset[Key]:
        """Take a batch in, in one transaction with the trail's new resume point; tells which conversations changed.

        Args:
            portal: The portal's name.
            batch: What it told.
            stream: The trail it came from, when it was pulled.
            mark: Up to where the trail has now been read.
            truth: It was read one by one: it replaces even a later edition, as after a portal was put back in time.
        """

    def caught_up(self, portal: str) -> None:
        """Remember that a portal has been read to its end: what comes to light from now on is news."""

    def missing(self, portal: str, limit: int) -> tuple[str, ...]:
        """References that are named by what is held and not held themselves."""

    def note_missing(self, portal: str, references: Sequence[str]) -> None:
        """Remember that the portal does not give these, so that they are not asked for again and again."""

    def basis(self, key: Key) -> str:
        """The conversation's state as it is held, as `Conversation.basis` has it."""


class ChecksPort(Protocol):
    """What is held, compared with what a portal says."""

    def silence(self, portal: str) -> timedelta | None:
        """How long ago the portal last answered a pull, by this machine's clock; None before the first time."""

    def held(self, portal: str, references: Sequence[str]) -> tuple[str, ...]:
        """Which Communications and Tasks of some are held."""

    def headless(self, portal: str) -> int:
        """How many headers the portal has not given, or gives no more, under which the patient's side wrote."""

    def otherwise(self, portal: str, told: Mapping[str, str]) -> tuple[str, ...]:
        """Which Communications and Tasks are held in another version than one that is told, by reference."""

    def later(self, portal: str, batch: Batch) -> tuple[str, ...]:
        """What of a batch is held in a later edition: either the batch is stale, or the portal was put back in time."""

    def unheard(self, portal: str, thread: str, known: Collection[str]) -> bool:
        """Whether a message of the patient's is held of a conversation that is not among some, by their ids."""

    def unsaid(self, portal: str, thread: str, batch: Batch) -> tuple[str, ...]:
        """Messages and Tasks that are held of a conversation and are not in a batch that should have all of it."""

    def chunk(self, portal: str, place: str, limit: int) -> tuple[str, Mapping[str, str]]:
        """Versions of what is held behind a place, newest conversations first, about so many; and the place after.

        The empty place is the beginning; nothing is held behind the last.
        """

    def place(self, portal: str) -> str:
        """Where a walk over all that is held goes on; empty when none is under way."""

    def keep_place(self, portal: str, place: str) -> None:
        """Remember it."""

    def rewind(self, portal: str, stream: Trail, mark: datetime) -> None:
        """Set a resume point back: the portal itself has gone back behind it."""


class OutboxPort(Protocol):
    """The store's half that holds what the user made."""

    def due(self, portal: str) -> tuple[Outgoing, ...]:
        """What is queued or unknown for a portal, oldest first."""

    def all(self) -> tuple[Outgoing, ...]:
        """Everything in the outbox, receipts included, oldest first."""

    def unanswered(self, portal: str) -> tuple[Outgoing, ...]:
        """Replies that have arrived and whose Task has not been told (no step `answered`), oldest first."""

    def start(self, outgoing_id: str) -> bool:
        """Mark one as being sent; False when another has it or it is no longer queued."""

    def progress(self, outgoing_id: str, step: str, value: str) -> None:
        """Write down a step that is done."""

    def steps(self, outgoing_id: str) -> dict[str, str]:
        """Steps that are done, with their values."""

    def settle(self, outgoing_id: str, state: Sending, reason: str = "", detail: str = "") -> None:
        """Write down how it stands now."""

    def in_doubt(self, outgoing_id: str, within: timedelta = ...) -> bool:
        """Whether the portal may still carry out a try that it has not answered, so long after it."""

    def to_look_for(self, portal: str) -> tuple[Outgoing, ...]:
        """Words that wait or stopped after a try without an answer, once that can come to pass no more."""

    def found(self, outgoing_id: str) -> None:
        """Say that what waits or stopped has arrived by a try of before."""

    def file_bytes(self, file_id: str) -> bytes:
        """The bytes of an attached file."""
