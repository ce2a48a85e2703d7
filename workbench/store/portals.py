"""The number by which each portal goes in the cache."""

from __future__ import annotations

from sqlcipher3 import dbapi2


def numbered(cursor: dbapi2.Cursor, name: str) -> int:
    """A portal's number, given to it when it is first named."""
    cursor.execute("INSERT INTO portal (name) VALUES (?) ON CONFLICT DO NOTHING", (name,))
    return number_of(cursor, name)


def number_of(cursor: dbapi2.Cursor, name: str) -> int:
    """A portal's number; -1, which no row has, for one that is not known."""
    row = cursor.execute("SELECT id FROM portal WHERE name = ?", (name,)).fetchone()
    return -1 if row is None else int(row[0])
