"""Outgoing entries as rows of `work.db`; every function works in the transaction that is open."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from sqlcipher3 import dbapi2

from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Outgoing, Sending
from workbench.dialogue.work import Verb
from workbench.store.encoding import (
    dump_attachments,
    dump_change,
    from_micros,
    load_attachments,
    load_change,
    maybe_moment,
    to_micros,
)
from workbench.store.files import files_of
from workbench.store.journal import note_down

COLUMNS: Final = (
    "id, portal, thread, author, verb, patient, queued, state, text, documents, change, basis, reason, detail, "
    "attempts, settled"
)


def insert(cursor: dbapi2.Cursor, entry: Outgoing) -> None:
    """Add an entry behind all others."""
    cursor.execute(
        """INSERT INTO outgoing (id, portal, thread, author, verb, patient, queued, state, text, documents,
                                 change, basis)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        (
            entry.id,
            *entry.key,
            entry.author,
            entry.verb.value,
            entry.patient,
            to_micros(entry.queued),
            entry.state.value,
            entry.text,
            dump_attachments(entry.documents),
            dump_change(entry.change),
            entry.basis,
        ),
    )
    note_down(cursor, entry.queued, "queued", entry.id, entry.state)


def release(cursor: dbapi2.Cursor, outgoing_id: str) -> None:
    """Delete an entry; its files belong to nothing for now."""
    cursor.execute("UPDATE file SET outgoing = NULL WHERE outgoing = ?", (outgoing_id,))
    cursor.execute("DELETE FROM outgoing WHERE id = ?", (outgoing_id,))


def get(cursor: dbapi2.Cursor, outgoing_id: str) -> Outgoing | None:
    """One entry, or None."""
    row = cursor.execute(f"SELECT {COLUMNS} FROM outgoing WHERE id = ?", (outgoing_id,)).fetchone()  # noqa: S608
    return None if row is None else outgoing_of(cursor, row)


def outgoing_of(cursor: dbapi2.Cursor, row: tuple[Any, ...]) -> Outgoing:
    """The value of a row of `COLUMNS`, with its files."""
    (row_id, portal, thread, author, verb, patient, queued, state, text, documents, change, basis, *rest) = row
    reason, detail, attempts, settled = rest
    return Outgoing(
        row_id,
        Key(portal, thread),
        author,
        Verb(verb),
        patient,
        from_micros(queued),
        Sending(state),
        text,
        files_of(cursor, "outgoing", row_id),
        load_attachments(documents),
        load_change(change),
        basis,
        reason,
        detail,
        attempts,
        maybe_moment(settled),
    )


def marks(values: Collection[object]) -> str:
    """As many question marks as there are values."""
    return ", ".join("?" * len(values))


def select(cursor: dbapi2.Cursor, where: str, values: Sequence[str]) -> tuple[Outgoing, ...]:
    """Entries that meet a condition, oldest first."""
    rows = cursor.execute(f"SELECT {COLUMNS} FROM outgoing {where} ORDER BY seq", values).fetchall()  # noqa: S608
    return tuple(outgoing_of(cursor, row) for row in rows)


def move(
    cursor: dbapi2.Cursor,
    outgoing_id: str,
    before: Collection[Sending],
    after: Sending,
    now: datetime,
    **changes: str,
) -> bool:
    """Take an entry to a state if it is in one of some others; tells whether it was."""
    columns = {"state": after.value, "settled": to_micros(now), **changes}
    cursor.execute(
        f"UPDATE outgoing SET {', '.join(f'{name} = ?' for name in columns)} "  # noqa: S608
        f"WHERE id = ? AND state IN ({marks(before)})",
        [*columns.values(), outgoing_id, *(state.value for state in before)],
    )
    return bool(cursor.rowcount)
