"""What the user saw when deciding, and what has come since: the check before anything leaves."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2s

from workbench.dialogue.attachment import Attachment
from workbench.dialogue.conversation import Conversation, Message, MessageState, Note
from workbench.dialogue.held import HeldPost, HeldThread
from workbench.dialogue.readers import readers
from workbench.dialogue.work import Change, Verb


@dataclass(frozen=True, slots=True)
class Seen:
    """The state of a conversation that a reply or a verb was decided on."""

    messages: Mapping[str, str] = field(default_factory=dict)
    """Message id -> fingerprint of what it said. Not its version: that changes when somebody merely reads it."""
    task: str = ""
    """Version of the Task, empty when there was none."""
    owner: str = ""
    """Reference of who had it, empty when nobody did."""
    readers: frozenset[str] = frozenset()
    """References of those on the patient's side who were said to read a reply."""
    notes: frozenset[str] | None = None
    """Ids of the notes that were shown; None where that is not known."""
    stood: Mapping[Verb, tuple[str, ...]] = field(default_factory=dict)
    """At what a verb may find that which it sets: as it was shown, and as the user set it. None where not known."""

    def written(self) -> str:
        """As one line of text, for `Outgoing.basis`."""
        told = {"messages": dict(self.messages), "task": self.task, "owner": self.owner}
        notes = None if self.notes is None else sorted(self.notes)
        return json.dumps(told | {"readers": sorted(self.readers), "notes": notes, "stood": dict(self.stood)})

    @classmethod
    def of(cls, conversation: Conversation) -> Seen:
        """What a conversation as shown lets one see."""
        work, owner = conversation.work, conversation.work.owner
        shown = (entry for entry in conversation.entries if isinstance(entry, Message))
        return cls(
            {entry.id: fingerprint(entry.text, entry.attachments, entry.state) for entry in shown},
            work.version,
            owner.reference if owner else "",
            frozenset(reader.reference for reader in conversation.readers),
            frozenset(entry.id for entry in conversation.entries if isinstance(entry, Note)),
            {
                Verb.PRIORITY: (str(work.priority),),
                Verb.CATEGORY: (work.category,),
                Verb.HAND_OVER: (work.pool,),
            },
        )

    @classmethod
    def read(cls, basis: str) -> Seen:
        """The inverse of `written`; a text of another form is read as having seen nothing."""
        try:
            told = json.loads(basis)
            notes, stood = told.get("notes"), told.get("stood", {})
            return cls(
                dict(told["messages"]),
                str(told["task"]),
                str(told["owner"]),
                frozenset(told["readers"]),
                None if notes is None else frozenset(notes),
                {Verb(verb): tuple(values) for verb, values in stood.items()},
            )
        except (ValueError, KeyError, TypeError):
            return cls()


def what_is_set(change: Change) -> str:
    """What a verb of those in `Seen.stood` sets."""
    return {Verb.PRIORITY: str(change.priority), Verb.CATEGORY: change.category}.get(change.verb, change.pool)


def fingerprint(text: str, attachments: Iterable[Attachment], state: MessageState) -> str:
    """Names what a message says; equal for equal words, attachments and standing.

    Addresses of attachments are left out, since portals sign them anew at each reading.
    """
    said = [text, state is MessageState.RETRACTED]
    said += [[a.title, a.content_type, a.size, a.reference] for a in attachments]
    return blake2s(json.dumps(said).encode(), digest_size=9).hexdigest()


def news(seen: Seen, posts: Iterable[HeldPost], me: str) -> tuple[HeldPost, ...]:
    """The messages of a thread that were not there, or said something else, when the user decided.

    Notes do not count, nor drafts, nor what the user wrote since: two replies in a row may both leave.

    Args:
        seen: What the user decided on.
        posts: The thread's messages as the portal has them now.
        me: Reference of the user.
    """
    return tuple(
        post
        for post in posts
        if not post.internal
        and post.state is not MessageState.DRAFT
        and not (post.sender == me and post.stamp.id not in seen.messages)
        and seen.messages.get(post.stamp.id) != fingerprint(post.text, post.attachments, post.state)
    )


def unseen_notes(seen: Seen, notes: Iterable[HeldPost], me: str) -> tuple[HeldPost, ...]:
    """The notes of colleagues that were not there when the user decided; none where it is not known which were.

    Args:
        seen: What the user decided on.
        notes: The conversation's notes as the portal has them now.
        me: Reference of the user.
    """
    if seen.notes is None:
        return ()
    gone = (MessageState.DRAFT, MessageState.RETRACTED)
    return tuple(
        note for note in notes if note.stamp.id not in seen.notes and note.sender != me and note.state not in gone
    )


def readers_in(header: HeldThread) -> tuple[str, ...]:
    """References of those on the patient's side who will read a reply in a thread."""
    return readers(header.sender, header.recipients, header.patient)


def patients_in(header: HeldThread, posts: Iterable[HeldPost]) -> frozenset[str]:
    """References of all patients that a thread, its readers and its messages name; more than one means it is mixed."""
    return patients_among(header.patient, readers_in(header), ((post.sender, post.patient) for post in posts))


def patients_among(patient: str, readers: Iterable[str], said: Iterable[tuple[str, str]]) -> frozenset[str]:
    """References of all patients that are named in a conversation.

    Args:
        patient: The header's, empty when it names none.
        readers: Who on the patient's side will read a reply.
        said: Sender of each message, and the patient it is about.
    """
    wrote = list(said)
    people = (*readers, *(sender for sender, _ in wrote))
    named = {patient, *(subject for _, subject in wrote), *(who for who in people if who.startswith("Patient/"))}
    return frozenset(named - {""})
