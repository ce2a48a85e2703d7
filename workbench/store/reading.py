"""Read one conversation, the people in it, and who works at the site."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlcipher3 import dbapi2

from workbench.dialogue.basis import Seen
from workbench.dialogue.conversation import Conversation, Message, MessageState, Note
from workbench.dialogue.held import HeldTask
from workbench.dialogue.key import Key
from workbench.dialogue.overlay import Overlay, lay_work
from workbench.dialogue.people import Party, PartyKind, Patient
from workbench.dialogue.readers import readers
from workbench.dialogue.standing import preview_of, standing, title_of
from workbench.dialogue.work import WorkItem
from workbench.store.encoding import from_micros, load_attachments, load_list
from workbench.store.rows import task_of

KINDS: Mapping[str, PartyKind] = {
    "Patient": PartyKind.PATIENT,
    "RelatedPerson": PartyKind.RELATED,
    "Practitioner": PartyKind.STAFF,
    "PractitionerRole": PartyKind.STAFF,
    "Organization": PartyKind.TEAM,
    "CareTeam": PartyKind.TEAM,
    "HealthcareService": PartyKind.TEAM,
    "Device": PartyKind.DEVICE,
}
"""What somebody is by the type in the reference, while the portal has not told more."""
POSTS = """
    SELECT ref, sender, sent, internal, recipients, patient, attachments, state, client_id, unreadable, text, thread
    FROM post WHERE thread IN (SELECT value FROM json_each(?)) ORDER BY sent, id
"""


def conversation(cursor: dbapi2.Cursor, key: Key, over: Overlay | None) -> Conversation | None:
    """A conversation with its messages and notes, oldest first, and the work item with what is on its way.

    Args:
        cursor: Inside a reading transaction.
        key: Which one.
        over: What is on its way there; what is in the outbox itself is not among the entries.

    Returns:
        None when its header has not been read, or it is a side thread.
    """
    head = cursor.execute(
        """SELECT thread.id, thread.portal, title, patient, sender, recipients, categories, closed, retracted, updated
           FROM thread JOIN portal ON portal.id = thread.portal
           WHERE portal.name = ? AND ref = ? AND version IS NOT NULL AND NOT internal""",
        key,
    ).fetchone()
    if head is None:
        return None
    row_id, portal, title, patient, sender, recipients, categories, closed, retracted, updated = head
    sides = [side for (side,) in cursor.execute("SELECT id FROM thread WHERE home = ?", (row_id,))]
    posts = cursor.execute(POSTS, (json.dumps([row_id, *sides]),)).fetchall()
    tasks = _tasks(cursor, row_id, key.thread)
    reached = readers(sender, load_list(recipients), patient)
    known = parties(cursor, portal, {patient, *reached, *_named(posts), *(task.owner for task in tasks)})
    entries = tuple(_entry(post, row_id, known) for post in posts)
    words = [entry for entry in entries if isinstance(entry, Message) and _counts(entry)]
    theirs = [entry for entry in words if entry.sender.outside]
    work = _work(tasks, load_list(categories), bool(closed), updated, theirs, known)
    found = Conversation(
        key,
        title_of(title, preview_of(words[-1].text) if words else ""),
        patient_of(cursor, portal, patient),
        load_list(categories),
        work,
        tuple(known[reference] for reference in reached),
        theirs[-1].sender if theirs else None,
        entries,
        _mixed(posts, row_id, patient),
        bool(closed or retracted),
    )
    found = replace(found, basis=Seen.of(found).written())
    return found if over is None else replace(found, work=lay_work(work, over))


def _tasks(cursor: dbapi2.Cursor, row_id: int, thread: str) -> list[HeldTask]:
    rows = cursor.execute(
        """SELECT ref, version, updated, state, owner, pool, priority, due, category, authored
           FROM task WHERE thread = ?""",
        (row_id,),
    )
    return [task_of(thread, row) for row in rows]


def _named(posts: Iterable[tuple[Any, ...]]) -> set[str]:
    named = {post[1] for post in posts}
    for post in posts:
        named.update(load_list(post[4]))
    return named


def _entry(post: tuple[Any, ...], thread: int, known: Mapping[str, Party]) -> Message | Note:
    ref, sender, sent, internal, recipients, _, attachments, state, client_id, unreadable, text, of = post
    files = load_attachments(attachments)
    if internal or of != thread:
        retracted = state == MessageState.RETRACTED
        return Note(ref, known[sender], from_micros(sent), text, files, client_id, retracted)
    return Message(
        ref,
        known[sender],
        from_micros(sent),
        text,
        files,
        MessageState(state),
        tuple(known[reference] for reference in load_list(recipients)),
        client_id,
        bool(unreadable),
    )


def _counts(message: Message) -> bool:
    return message.state not in (MessageState.RETRACTED, MessageState.DRAFT)


def _work(
    tasks: Iterable[HeldTask],
    categories: tuple[str, ...],
    closed: bool,
    updated: int,
    theirs: list[Message],
    known: Mapping[str, Party],
) -> WorkItem:
    stands = standing(
        tasks,
        categories=categories,
        closed=closed,
        header_changed=from_micros(updated),
        patient_wrote=theirs[-1].sent if theirs else None,
    )
    return WorkItem(
        stands.task.stamp.id if stands.task else "",
        stands.task.stamp.version if stands.task else "",
        stands.state,
        known[stands.owner] if stands.owner else None,
        stands.pool,
        stands.priority,
        stands.due,
        stands.category,
    )


def _mixed(posts: Iterable[tuple[Any, ...]], thread: int, patient: str) -> bool:
    """Whether the messages name another patient than the header does, or wrote as one."""
    named = {patient}
    for post in posts:
        sender, subject, internal, of = post[1], post[5], post[3], post[11]
        if of == thread and not internal:
            named.add(subject)
            named.add(sender if sender.startswith("Patient/") else "")
    return len(named - {""}) > 1


def parties(cursor: dbapi2.Cursor, portal: int, references: Iterable[str]) -> dict[str, Party]:
    """Who some references are; one that has not been read yet has no name, and the kind its type tells."""
    wanted = set(references) | {""}
    found = {
        reference: Party(reference, "", KINDS.get(reference.partition("/")[0], PartyKind.UNKNOWN))
        for reference in wanted
    }
    listed = json.dumps(list(wanted))
    rows = cursor.execute(
        """SELECT reference, name, kind, detail FROM party
           WHERE portal = ?1 AND reference IN (SELECT value FROM json_each(?2))
           UNION ALL
           SELECT reference, name, 'patient', '' FROM patient
           WHERE portal = ?1 AND reference IN (SELECT value FROM json_each(?2))""",
        (portal, listed),
    )
    for reference, name, kind, detail in rows:
        found[reference] = Party(reference, name, PartyKind(kind), detail)
    return found


def patient_of(cursor: dbapi2.Cursor, portal: int, reference: str) -> Patient | None:
    """A patient, or None when the portal has not told."""
    row = cursor.execute(
        """SELECT reference, name, birth, national, gender, language, confidential, deceased, phone
           FROM patient WHERE portal = ? AND reference = ?""",
        (portal, reference),
    ).fetchone()
    if row is None:
        return None
    named, name, birth, national, gender, language, confidential, deceased, phone = row
    return Patient(named, name, birth, national, gender, language, bool(confidential), bool(deceased), phone)
