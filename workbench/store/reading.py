"""Read one conversation, the people in it, and who works at the site."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlcipher3 import dbapi2

from workbench.dialogue.basis import Seen, patients_among
from workbench.dialogue.conversation import Conversation, Merged, Message, MessageState, Note
from workbench.dialogue.held import HeldTask
from workbench.dialogue.key import Key
from workbench.dialogue.overlay import lay_work
from workbench.dialogue.people import Party, PartyKind, Patient, kind_of
from workbench.dialogue.queue import Item
from workbench.dialogue.readers import readers
from workbench.dialogue.standing import Standing, preview_of, standing, title_of
from workbench.dialogue.tie import Tied, TieKind, above, linked, under
from workbench.dialogue.work import State, WorkItem
from workbench.store.apply_dialogue import PATIENT_SIDE, RECEIPT, STAFF_SIDE
from workbench.store.encoding import from_micros, load_attachments, load_list, maybe_moment
from workbench.store.overlay import Laid
from workbench.store.remarks import RemarkRow, note_of, remarks_of
from workbench.store.rows import task_of
from workbench.store.ties import Around

POSTS = """
    SELECT ref, sender, sent, internal, recipients, patient, attachments, state, client_id, unreadable, text, thread,
           side, at
    FROM post WHERE thread IN (SELECT value FROM json_each(?)) ORDER BY sent, id
"""


def conversation(cursor: dbapi2.Cursor, key: Key, laid: Laid, now: datetime) -> Conversation | None:
    """A conversation with its messages and notes, oldest first, and the work item with what is on its way.

    What was merged into it comes with its own messages and notes.

    Args:
        cursor: Inside a reading transaction.
        key: Which one.
        laid: What is on its way; what is in the outbox itself is not among the entries.
        now: The time, for what is snoozed.

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
    posts = _posts(cursor, row_id)
    remarks = remarks_of(cursor, row_id)
    tasks = _tasks(cursor, row_id, key.thread)
    tied = laid.around(cursor, key.portal, [key.thread])
    joined = [tied.rows[ref] for ref in under(tied.edges, key.thread)]
    merged = {of: (_posts(cursor, of), remarks_of(cursor, of)) for of in joined}
    reached = readers(sender, load_list(recipients), patient)
    named = {patient, *reached, *_named(posts, remarks), *(task.owner for task in tasks)}
    known = parties(cursor, portal, named.union(*(_named(*each) for each in merged.values())))
    entries = _entries(posts, remarks, row_id, known)
    words = [entry for entry in entries if isinstance(entry, Message) and _counts(entry)]
    theirs = [entry for entry in words if entry.sender.outside]
    stands = standing(
        tasks,
        categories=load_list(categories),
        closed=bool(closed),
        header_changed=from_micros(updated),
        patient_wrote=maybe_moment(max((post[-1] for post in posts if post[12] == PATIENT_SIDE), default=None)),
        now=now,
        astray=key.thread in tied.astray,
    )
    near = laid.items(cursor, tied.rows.values())
    work = _work(stands, known, _standing_remark(posts, remarks))
    if row_id in near and near[row_id].due_from:
        work = replace(work, due=near[row_id].due)
    found = Conversation(
        key,
        title_of(title, preview_of(words[-1].text) if words else ""),
        patient_of(cursor, portal, patient),
        load_list(categories),
        work,
        tuple(known[reference] for reference in reached),
        theirs[-1].sender if theirs else None,
        entries,
        _is_mixed(cursor, portal, patient, reached, {row_id: posts, **{of: each for of, (each, _) in merged.items()}}),
        bool(closed or retracted),
        merged=tuple(
            _merged(near[of], above(tied.edges, near[of].key.thread)[0], _entries(*each, of, known))
            for of, each in sorted(merged.items())
            if of in near
        ),
        into=_tied(key.thread, tied, near, above(tied.edges, key.thread)),
        linked=_tied(key.thread, tied, near, linked(tied.edges, key.thread)),
        astray=key.thread in tied.astray,
        flag_words=_flag_words(cursor, (row_id, *sorted(merged))),
    )
    found = replace(found, basis=Seen.of(found).written())
    over = laid.over(key)
    return found if over is None else replace(found, work=lay_work(found.work, over))


def _posts(cursor: dbapi2.Cursor, row_id: int) -> list[tuple[Any, ...]]:
    """Messages of a conversation, and notes on it, oldest first."""
    sides = [side for (side,) in cursor.execute("SELECT id FROM thread WHERE home = ?", (row_id,))]
    return list(cursor.execute(POSTS, (json.dumps([row_id, *sides]),)).fetchall())


def _flag_words(cursor: dbapi2.Cursor, rows: Sequence[int]) -> str:
    """Words of the first conversation among some that has a red flag; nothing on its way changes a flag."""
    flagged = dict(
        cursor.execute(
            "SELECT id, flag_words FROM item WHERE id IN (SELECT value FROM json_each(?)) AND flag <> ''",
            (json.dumps(rows),),
        ).fetchall()
    )
    return next((flagged[row] for row in rows if row in flagged), "")


def _merged(item: Item, into: str, entries: tuple[Message | Note, ...]) -> Merged:
    return Merged(item.key, item.title, into, entries)


def _tied(thread: str, tied: Around, rows: Mapping[int, Item], refs: Iterable[str]) -> tuple[Tied, ...]:
    """Conversations that one is tied to, in the order of every list."""
    items = [rows[tied.rows[ref]] for ref in refs if tied.rows[ref] in rows]
    says = {edge.other for edge in tied.edges if edge.thread == thread and edge.kind is TieKind.LINKED}
    return tuple(
        Tied(item.key, item.title, item.state, item.latest, item.key.thread in says)
        for item in sorted(items, key=lambda item: (item.order, item.key))
    )


def _tasks(cursor: dbapi2.Cursor, row_id: int, thread: str) -> list[HeldTask]:
    rows = cursor.execute(
        """SELECT ref, version, updated, state, owner, pool, priority, due, category, authored, until, stood
           FROM task WHERE thread = ?""",
        (row_id,),
    )
    return [task_of(thread, row) for row in rows]


def _named(posts: Iterable[tuple[Any, ...]], remarks: Iterable[RemarkRow]) -> set[str]:
    named = {post[1] for post in posts} | {remark.author for remark in remarks}
    for post in posts:
        named.update(load_list(post[4]))
    return named


def _entries(
    posts: Iterable[tuple[Any, ...]], remarks: Iterable[RemarkRow], thread: int, known: Mapping[str, Party]
) -> tuple[Message | Note, ...]:
    """All that was said in a conversation, what staff wrote on its Tasks among it, oldest first."""
    said = [_entry(post, thread, known) for post in posts]
    said += [note_of(remark, place, known) for place, remark in enumerate(remarks)]
    return tuple(sorted(said, key=lambda entry: entry.sent if isinstance(entry, Message) else entry.written))


def _standing_remark(posts: Iterable[tuple[Any, ...]], remarks: Sequence[RemarkRow]) -> str:
    """What was written last on the Tasks, unless staff have answered since: then it is over."""
    answered = max((post[-1] for post in posts if post[12] == STAFF_SIDE), default=0)
    return remarks[-1].text if remarks and remarks[-1].at > answered else ""


def _entry(post: tuple[Any, ...], thread: int, known: Mapping[str, Party]) -> Message | Note:
    ref, sender, sent, internal, recipients, _, attachments, state, client_id, unreadable, text, of, side, _ = post
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
        side == RECEIPT,
    )


def _counts(message: Message) -> bool:
    return not message.receipt and message.state not in (MessageState.RETRACTED, MessageState.DRAFT)


def _work(stands: Standing, known: Mapping[str, Party], remark: str) -> WorkItem:
    task = stands.task
    return WorkItem(
        task.stamp.id if task else "",
        task.stamp.version if task else "",
        stands.state,
        known[stands.owner] if stands.owner else None,
        stands.pool,
        stands.priority,
        stands.due,
        stands.category,
        until=task.until if task and stands.state is State.SNOOZED else None,
        remark=remark,
    )


def _is_mixed(
    cursor: dbapi2.Cursor,
    portal: int,
    patient: str,
    reached: Sequence[str],
    threads: Mapping[int, Sequence[tuple[Any, ...]]],
) -> bool:
    """Whether another patient than the header's is named by the messages, or by who writes or reads or acts for whom.

    Args:
        cursor: Inside a reading transaction.
        portal: Its number.
        patient: Reference of the header's.
        reached: Who reads a reply.
        threads: Row of each conversation that is shown -> its messages, as `POSTS` gives them.
    """
    said = [(post[1], post[5]) for of, posts in threads.items() for post in posts if post[11] == of and not post[3]]
    if len(patients_among(patient, reached, said)) > 1:
        return True
    people = dict.fromkeys((*reached, *(sender for sender, _ in said)))
    relatives = [who for who in people if who.startswith("RelatedPerson/")]
    if not relatives:
        return False
    row = cursor.execute(
        """SELECT 1 FROM party WHERE portal = ? AND reference IN (SELECT value FROM json_each(?))
           AND patient NOT IN ('', ?)""",
        (portal, json.dumps(relatives), patient),
    ).fetchone()
    return row is not None


def parties(cursor: dbapi2.Cursor, portal: int, references: Iterable[str]) -> dict[str, Party]:
    """Who some references are; one that has not been read yet has no name, and the kind its type tells."""
    wanted = set(references) | {""}
    found = {reference: Party(reference, "", kind_of(reference)) for reference in wanted}
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
