"""The layout of `work.db`: what the user made and the portal does not hold yet."""

from __future__ import annotations

from typing import Final

from sqlcipher3 import dbapi2

from workbench.store import generation
from workbench.store.migrations import Step, run_all

FIRST: Final = (
    """CREATE TABLE draft (
        id INTEGER PRIMARY KEY,
        portal TEXT NOT NULL, thread TEXT NOT NULL, author TEXT NOT NULL, kind TEXT NOT NULL,
        text TEXT NOT NULL, documents TEXT NOT NULL, saved INTEGER NOT NULL,
        UNIQUE (portal, thread, author, kind)
    )""",
    """CREATE TABLE outgoing (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        portal TEXT NOT NULL, thread TEXT NOT NULL, author TEXT NOT NULL, verb TEXT NOT NULL,
        patient TEXT NOT NULL, queued INTEGER NOT NULL, state TEXT NOT NULL,
        text TEXT NOT NULL, documents TEXT NOT NULL, change TEXT NOT NULL, basis TEXT NOT NULL,
        reason TEXT NOT NULL DEFAULT '', detail TEXT NOT NULL DEFAULT '',
        attempts INTEGER NOT NULL DEFAULT 0, settled INTEGER
    )""",
    "CREATE INDEX outgoing_conversation ON outgoing (portal, thread, seq)",
    "CREATE INDEX outgoing_pending ON outgoing (portal, seq) WHERE state <> 'sent'",
    """CREATE TABLE step (
        outgoing TEXT NOT NULL REFERENCES outgoing (id) ON DELETE CASCADE,
        step TEXT NOT NULL, value TEXT NOT NULL,
        PRIMARY KEY (outgoing, step)
    ) WITHOUT ROWID""",
    """CREATE TABLE file (
        id TEXT PRIMARY KEY,
        draft INTEGER REFERENCES draft (id) ON DELETE SET NULL,
        outgoing TEXT REFERENCES outgoing (id) ON DELETE SET NULL,
        place INTEGER NOT NULL DEFAULT 0,
        name TEXT NOT NULL, content_type TEXT NOT NULL, size INTEGER NOT NULL, sha1 TEXT NOT NULL,
        added INTEGER NOT NULL
    )""",
    "CREATE INDEX file_draft ON file (draft) WHERE draft IS NOT NULL",
    "CREATE INDEX file_outgoing ON file (outgoing) WHERE outgoing IS NOT NULL",
    """CREATE TABLE chunk (
        file TEXT NOT NULL REFERENCES file (id) ON DELETE CASCADE,
        place INTEGER NOT NULL, data BLOB NOT NULL,
        PRIMARY KEY (file, place)
    )""",
    """CREATE TABLE journal (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL, what TEXT NOT NULL, subject TEXT NOT NULL, state TEXT NOT NULL
    )""",
    "CREATE TABLE lease (name TEXT PRIMARY KEY, owner TEXT NOT NULL, until INTEGER NOT NULL) WITHOUT ROWID",
)


def first(cursor: dbapi2.Cursor) -> None:
    """Layout 1: drafts, outbox, files, journal, lease."""
    run_all(cursor, FIRST)


def beginnings(cursor: dbapi2.Cursor) -> None:
    """Layout 3: after what in the outbox each draft was begun."""
    cursor.execute("ALTER TABLE draft ADD COLUMN began INTEGER")


def destinations(cursor: dbapi2.Cursor) -> None:
    """Layout 4: where each portal lay for which something was written."""
    run_all(cursor, ("CREATE TABLE destination (portal TEXT PRIMARY KEY, base TEXT NOT NULL) WITHOUT ROWID",))


def counted(cursor: dbapi2.Cursor) -> None:
    """Layout 5: drafts that were begun by the clock, which no count reaches, begin where the outbox is now."""
    run_all(
        cursor,
        (
            """UPDATE draft SET began = NULL
               WHERE began > (SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'outgoing')""",
        ),
    )


def patients(cursor: dbapi2.Cursor) -> None:
    """Layout 6: for whom each draft was begun; of those that are there nobody knows."""
    run_all(cursor, ("ALTER TABLE draft ADD COLUMN patient TEXT NOT NULL DEFAULT ''",))


STEPS: Final[tuple[Step, ...]] = (first, generation.first, beginnings, destinations, counted, patients)
