"""Unsent words. One row a draft: saving costs the same however long one has been writing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlcipher3 import dbapi2

from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Draft, Kind
from workbench.store.aside import thread_at
from workbench.store.database import Database
from workbench.store.encoding import dump_attachments, from_micros, load_attachments, storable, to_micros
from workbench.store.files import files_of, hand_files
from workbench.store.journal import Clock, note_down

LAST = "(SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'outgoing')"
"""Number of what was last put in the outbox: a count, as a clock may be set back between two windows."""
_Row = tuple[int, str, str, str, str, str, str, int, str, int]
COLUMNS = f"id, portal, thread, author, kind, text, documents, saved, patient, coalesce(began, {LAST})"


class Drafts:
    """The drafts. Only the user's own act (`discard`), or queueing what it holds, removes one."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    def get(self, key: Key, author: str, kind: Kind) -> Draft | None:
        """The draft of one author in one conversation, or None."""
        with self._database.read() as cursor:
            return find(cursor, key, author, kind)

    def save(self, draft: Draft) -> Draft:
        """Keep a draft. What another window has written there since this one last looked stands below it.

        Returns:
            The draft as it is on disk now: when this returns, the disk has it.

        Raises:
            StoreError: It is not saved; what was saved before is untouched.
        """
        now = self._clock()
        with self._database.write() as cursor:
            there = find(cursor, draft.key, draft.author, draft.kind)
            if there is not None and _elsewhere(draft, there):
                draft = joined(draft, there)
            began = put(cursor, draft, now)
        return replace(draft, saved=now, began=began)

    def discard(self, draft: Draft) -> bool:
        """Delete a draft because the user said so; what another window has written there since stays.

        Returns:
            Whether there was one, and it is gone.
        """
        with self._database.write() as cursor:
            there = find(cursor, draft.key, draft.author, draft.kind)
            if there is None or _elsewhere(draft, there):
                return False
            remove(cursor, draft)
            note_down(cursor, self._clock(), "draft-discarded", "/".join(draft.key), draft.kind.value)
            return True

    def adopt(self, portal: str, author: str) -> int:
        """Give an author what was written on a portal while nobody acted; it stands below what is there already.

        Returns:
            How many drafts were given.
        """
        with self._database.write() as cursor:
            rows = cursor.execute(f"SELECT {COLUMNS} FROM draft WHERE portal = ? AND author = ''", (portal,)).fetchall()  # noqa: S608
            for row in rows:
                _hand(cursor, row, replace(_draft(cursor, row), author=author), self._clock())
            return len(rows)

    def move(self, portal: str, before: str, now: str) -> None:
        """Take the drafts of a portal out of their conversations: where it lies now those are of other patients.

        What was taken out when it lay there once stands in its conversation again.

        Args:
            portal: Its name.
            before: Where it lay.
            now: Where it lies.
        """
        with self._database.write() as cursor:
            rows = cursor.execute(f"SELECT {COLUMNS} FROM draft WHERE portal = ?", (portal,)).fetchall()  # noqa: S608
            for row in sorted(rows, key=lambda row: " " in row[2]):  # room is made before anything comes back
                if (thread := thread_at(row[2], before, now)) != row[2]:
                    _hand(cursor, row, replace(_draft(cursor, row), key=Key(portal, thread)), self._clock())

    def list(self) -> tuple[Draft, ...]:
        """All drafts, last saved first."""
        with self._database.read() as cursor:
            rows = cursor.execute(f"SELECT {COLUMNS} FROM draft ORDER BY saved DESC").fetchall()  # noqa: S608
            return tuple(_draft(cursor, row) for row in rows)

    def keys(self) -> frozenset[Key]:
        """The conversations that have a draft."""
        with self._database.read() as cursor:
            return frozenset(Key(*row) for row in cursor.execute("SELECT portal, thread FROM draft"))


def _hand(cursor: dbapi2.Cursor, row: _Row, to: Draft, now: datetime) -> None:
    """Give a draft another conversation or author; it stands below what is there already."""
    there = find(cursor, to.key, to.author, to.kind)
    if there is None:
        cursor.execute("UPDATE draft SET thread = ?, author = ? WHERE id = ?", (to.key.thread, to.author, row[0]))
    else:
        put(cursor, joined(there, to), now)
        cursor.execute("DELETE FROM draft WHERE id = ?", (row[0],))


def find(cursor: dbapi2.Cursor, key: Key, author: str, kind: Kind) -> Draft | None:
    """The draft as the transaction sees it."""
    row = cursor.execute(
        f"SELECT {COLUMNS} FROM draft WHERE portal = ? AND thread = ? AND author = ? AND kind = ?",  # noqa: S608
        (*key, author, kind.value),
    ).fetchone()
    return None if row is None else _draft(cursor, row)


def put(cursor: dbapi2.Cursor, draft: Draft, now: datetime) -> int:
    """Write a draft over the one that was there, in the transaction that is open; returns when it was begun."""
    row_id, began = cursor.execute(
        f"""INSERT INTO draft (portal, thread, author, kind, text, documents, saved, patient, began)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, coalesce(?, {LAST}))
           ON CONFLICT DO UPDATE SET text = excluded.text, documents = excluded.documents, saved = excluded.saved,
               patient = coalesce(nullif(excluded.patient, ''), patient),
               began = excluded.began
           RETURNING id, began""",  # noqa: S608
        (
            *draft.key,
            draft.author,
            draft.kind.value,
            storable(draft.text),
            dump_attachments(draft.documents),
            to_micros(now),
            draft.patient,
            draft.began,
        ),
    ).fetchone()
    hand_files(cursor, draft.files, draft=row_id, outgoing=None)
    return int(began)


def remove_sent(cursor: dbapi2.Cursor, draft: Draft) -> None:
    """Delete the draft that was just queued, unless another window has saved other words since."""
    there = find(cursor, draft.key, draft.author, draft.kind)
    if there is not None and not _elsewhere(draft, there):
        remove(cursor, draft)


def remove(cursor: dbapi2.Cursor, draft: Draft) -> None:
    """Delete the draft of this conversation, author and kind, whatever it says."""
    cursor.execute(
        "DELETE FROM draft WHERE portal = ? AND thread = ? AND author = ? AND kind = ?",
        (*draft.key, draft.author, draft.kind.value),
    )


def _elsewhere(draft: Draft, there: Draft) -> bool:
    """Whether what is on disk was put there by another window, and is not all in this one's draft."""
    return there.saved != draft.saved and not (
        there.text in draft.text
        and set(there.files) <= set(draft.files)
        and set(there.documents) <= set(draft.documents)
    )


def bring_back(cursor: dbapi2.Cursor, draft: Draft, now: datetime) -> None:
    """Make words a draft again; words written there since stand below them, after a blank line."""
    newer = find(cursor, draft.key, draft.author, draft.kind)
    put(cursor, draft if newer is None else joined(draft, newer), now)


def joined(upper: Draft, lower: Draft) -> Draft:
    """The upper draft with the words of another below its own, after a blank line, and what is attached to either.

    It was begun when the earlier of them was: what was sent of either since is told before both are sent. And for whom
    both were: of two patients neither is the one shown, so that this is told too.
    """
    text = "\n\n".join(part for part in (upper.text, lower.text) if part)
    documents = (*upper.documents, *(each for each in lower.documents if each not in upper.documents))
    files = (*upper.files, *(each for each in lower.files if each not in upper.files))
    began = min((each for each in (upper.began, lower.began) if each is not None), default=None)
    patient = " ".join(sorted({upper.patient, lower.patient} - {""}))
    return replace(upper, text=text, files=files, documents=documents, began=began, patient=patient)


def _draft(cursor: dbapi2.Cursor, row: _Row) -> Draft:
    row_id, portal, thread, author, kind, text, documents, saved, patient, began = row
    return Draft(
        Key(portal, thread),
        author,
        Kind(kind),
        text,
        files_of(cursor, "draft", row_id),
        load_attachments(documents),
        from_micros(saved),
        began,
        patient,
    )
