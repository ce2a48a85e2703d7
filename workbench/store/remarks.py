"""What staff wrote on the Tasks of conversations: why they were handed over, or put off."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from sqlcipher3 import dbapi2

from workbench.dialogue.conversation import Note
from workbench.dialogue.held import HeldTask
from workbench.dialogue.people import Party, PartyKind
from workbench.store.applying import Applying
from workbench.store.encoding import from_micros, to_micros


class RemarkRow(NamedTuple):
    """One of them, as it is held."""

    task: str
    author: str
    name: str
    at: int
    """Microseconds since 1970."""
    text: str


def take_remarks(work: Applying, tasks: Sequence[HeldTask], threads: Mapping[str, int]) -> None:
    """Take in what was written on some Tasks, in place of what was held of them."""
    forget_remarks(work, [task.stamp.id for task in tasks])
    told = [
        (work.portal, task.stamp.id, threads[task.thread], note.author, note.name, to_micros(note.at), note.text)
        for task in tasks
        for note in task.notes
    ]
    work.cursor.executemany(
        "INSERT INTO remark (portal, task, thread, author, name, at, text) VALUES (?, ?, ?, ?, ?, ?, ?)", told
    )
    work.wanted.update(author for _, _, _, author, *_ in told)
    work.touch((thread for _, _, thread, *_ in told), words=True)


def forget_remarks(work: Applying, tasks: Collection[str]) -> None:
    """Take away what was written on some Tasks; the words of their conversations have changed by it."""
    gone = work.cursor.execute(
        "DELETE FROM remark WHERE portal = ? AND task IN (SELECT value FROM json_each(?)) RETURNING thread",
        (work.portal, json.dumps(list(tasks))),
    ).fetchall()
    work.touch((thread for (thread,) in gone), words=True)


def remarks_of(cursor: dbapi2.Cursor, thread: int) -> tuple[RemarkRow, ...]:
    """What was written on the Tasks of a conversation, oldest first."""
    rows = cursor.execute("SELECT task, author, name, at, text FROM remark WHERE thread = ? ORDER BY at, id", (thread,))
    return tuple(RemarkRow(*row) for row in rows.fetchall())


def note_of(row: RemarkRow, place: int, known: Mapping[str, Party]) -> Note:
    """One of them as a note, named by its place among those of its conversation."""
    author = known[row.author]
    if row.name and not author.name:
        author = Party(row.author, row.name, PartyKind.STAFF)
    return Note(f"remark/{row.task}/{place}", author, from_micros(row.at), row.text, remark=True)
