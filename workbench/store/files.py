"""Copies of the files a user attaches, kept in `work.db` so that the originals may go away."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final
from uuid import UUID

from sqlcipher3 import dbapi2

from workbench.dialogue.outgoing import LocalFile
from workbench.store.database import Database
from workbench.store.encoding import storable, to_micros
from workbench.store.errors import Damaged, NotNow
from workbench.store.journal import Clock

LARGEST: Final = 25 * 1024 * 1024
"""Bytes of one file; what mail systems commonly take."""
CHUNK: Final = 256 * 1024
KEPT_UNUSED: Final = timedelta(days=1)
"""How long a file that was taken off a draft can still be put back."""

Mint = Callable[[], UUID]
"""Makes a new identifier."""


class Files:
    """The file copies. Which draft or outgoing entry a copy belongs to is set by those."""

    def __init__(self, database: Database, clock: Clock, mint: Mint) -> None:
        self._database = database
        self._clock = clock
        self._mint = mint

    def add(self, name: str, content_type: str, data: bytes) -> LocalFile:
        """Keep a copy. It belongs to nothing until a draft that names it is saved.

        Raises:
            NotNow: It has more than `LARGEST` bytes.
            StoreError: It could not be kept.
        """
        if len(data) > LARGEST:
            raise NotNow(f"a file may have {LARGEST} bytes, this one has {len(data)}")
        file = LocalFile(str(self._mint()), storable(name), storable(content_type), len(data))
        sha1 = base64.b64encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode()
        with self._database.write() as cursor:
            cursor.execute(
                "INSERT INTO file (id, name, content_type, size, sha1, added) VALUES (?, ?, ?, ?, ?, ?)",
                (file.id, file.name, file.content_type, file.size, sha1, to_micros(self._clock())),
            )
            cursor.executemany(
                "INSERT INTO chunk VALUES (?, ?, ?)",
                ((file.id, at, data[at : at + CHUNK]) for at in range(0, len(data), CHUNK)),
            )
        return file

    def read(self, file_id: str) -> bytes:
        """The bytes that were kept.

        Raises:
            NotNow: There is no such file.
            Damaged: The bytes are not those that were put in.
        """
        with self._database.read() as cursor:
            row = cursor.execute("SELECT sha1 FROM file WHERE id = ?", (file_id,)).fetchone()
            chunks = cursor.execute("SELECT data FROM chunk WHERE file = ? ORDER BY place", (file_id,)).fetchall()
        if row is None:
            raise NotNow("there is no such file")
        data = b"".join(chunk for (chunk,) in chunks)
        if base64.b64encode(hashlib.sha1(data, usedforsecurity=False).digest()).decode() != row[0]:
            raise Damaged("a file copy is not what was put in", self._database.path)
        return data

    def purge(self) -> int:
        """Delete copies that have belonged to nothing for a day; returns how many."""
        before = to_micros(self._clock() - KEPT_UNUSED)
        with self._database.write() as cursor:
            cursor.execute("DELETE FROM file WHERE draft IS NULL AND outgoing IS NULL AND added < ?", (before,))
            return int(cursor.rowcount)


def files_of(cursor: dbapi2.Cursor, owner: str, identifier: int | str) -> tuple[LocalFile, ...]:
    """The copies that belong to a draft or an outgoing entry, in their order.

    Args:
        cursor: Inside a transaction.
        owner: The column that names the owner, `draft` or `outgoing`.
        identifier: The draft's row number or the entry's identifier.
    """
    rows = cursor.execute(
        f"SELECT id, name, content_type, size FROM file WHERE {owner} = ? ORDER BY place",  # noqa: S608
        (identifier,),
    )
    return tuple(LocalFile(*row) for row in rows)


def hand_files(cursor: dbapi2.Cursor, files: Sequence[LocalFile], *, draft: int | None, outgoing: str | None) -> None:
    """Give the listed copies to a draft or an outgoing entry, and take all others from it.

    Raises:
        NotNow: One of them is not held, or belongs to something that was already queued.
    """
    owner, identifier = ("draft", draft) if draft is not None else ("outgoing", outgoing)
    cursor.execute(f"UPDATE file SET {owner} = NULL WHERE {owner} = ?", (identifier,))  # noqa: S608
    for place, file in enumerate(files):
        cursor.execute(
            """UPDATE file SET draft = ?, outgoing = ?, place = ?
               WHERE id = ? AND (outgoing IS NULL OR outgoing = ?)""",
            (draft, outgoing, place, file.id, outgoing),
        )
        if cursor.rowcount != 1:
            raise NotNow("an attached file is no longer held")
