"""What happened to what the user made: when, what, which entry, which state. Never a patient's words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sqlcipher3 import dbapi2

from workbench.store.database import Database
from workbench.store.encoding import from_micros, to_micros

Clock = Callable[[], datetime]
"""Tells the time, aware."""


@dataclass(frozen=True, slots=True)
class JournalLine:
    """One thing that happened."""

    at: datetime
    what: str
    """`queued`, `started`, `settled`, `cancelled`, `retried`, `discarded`, `recovered`, `doubted`, `draft-discarded`,
    `pruned`, `handled`."""
    subject: str
    """Identifier of the outgoing entry, `portal/thread` of a draft, or the label of what was handled (`effort`)."""
    state: str


def note_down(cursor: dbapi2.Cursor, at: datetime, what: str, subject: str, state: str = "") -> None:
    """Add a line, in the transaction of what it tells of."""
    cursor.execute(
        "INSERT INTO journal (at, what, subject, state) VALUES (?, ?, ?, ?)", (to_micros(at), what, subject, state)
    )


def read_journal(database: Database, limit: int = 1000) -> tuple[JournalLine, ...]:
    """The newest lines, newest first."""
    with database.read() as cursor:
        rows = cursor.execute("SELECT at, what, subject, state FROM journal ORDER BY id DESC LIMIT ?", (limit,))
        return tuple(JournalLine(from_micros(at), what, subject, state) for at, what, subject, state in rows)
