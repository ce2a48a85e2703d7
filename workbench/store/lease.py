"""One process at a time sends: a row that names who, and until when without a renewal."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from sqlcipher3 import dbapi2

from workbench.store.encoding import to_micros

NAME: Final = "sender"
LASTS: Final = timedelta(seconds=30)


def take(cursor: dbapi2.Cursor, owner: str, now: datetime) -> bool:
    """Take or renew the lease, in the transaction that is open; False when another holds it."""
    cursor.execute(
        """INSERT INTO lease VALUES (?, ?, ?)
           ON CONFLICT DO UPDATE SET owner = excluded.owner, until = excluded.until
           WHERE owner = excluded.owner OR until <= ?""",
        (NAME, owner, to_micros(now + LASTS), to_micros(now)),
    )
    return bool(cursor.rowcount)


def give_back(cursor: dbapi2.Cursor, owner: str) -> None:
    """End the lease if this owner holds it."""
    cursor.execute("DELETE FROM lease WHERE name = ? AND owner = ?", (NAME, owner))


def clear(cursor: dbapi2.Cursor) -> None:
    """End the lease whoever holds it."""
    cursor.execute("DELETE FROM lease WHERE name = ?", (NAME,))


def holder(cursor: dbapi2.Cursor, now: datetime) -> str:
    """Who holds the lease now, empty when nobody does."""
    row = cursor.execute("SELECT owner FROM lease WHERE name = ? AND until > ?", (NAME, to_micros(now))).fetchone()
    return "" if row is None else str(row[0])


def last(cursor: dbapi2.Cursor) -> str:
    """Who holds it, or let it run out, as where the clock leapt ahead; empty when it was given back."""
    row = cursor.execute("SELECT owner FROM lease WHERE name = ?", (NAME,)).fetchone()
    return "" if row is None else str(row[0])
