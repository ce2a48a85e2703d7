"""The number by which each portal goes in the cache, and where portals lay that things are held of or wait for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Final

from sqlcipher3 import dbapi2

from workbench.store.database import Database

BY_THREAD: Final = {"seen": "thread", "answer": "thread", "words": "rowid", "names": "rowid"}
"""Tables whose rows tell of a conversation, and by which column."""
BY_PORTAL: Final = (
    "mark", "wanted", "patient", "party", "post", "task", "tie", "remark", "presence", "item", "thread",
)  # fmt: skip
"""Tables whose rows name their portal; the threads go last, as the others are found by them."""


class Addresses:
    """Where the portals lie. Any thread may call it."""

    def __init__(self, writer: Database, reader: Database) -> None:
        self._writer = writer
        self._reader = reader

    def held(self) -> dict[str, str]:
        """Where each portal lay when it told what is held of it, as far as that was remembered."""
        with self._reader.read() as cursor:
            return dict(cursor.execute("SELECT name, base FROM portal WHERE base <> ''").fetchall())

    def keep(self, bases: Mapping[str, str]) -> None:
        """Remember where they lie."""
        with self._writer.write() as cursor:
            rows = [(base, numbered(cursor, name)) for name, base in bases.items()]
            cursor.executemany("UPDATE portal SET base = ? WHERE id = ?", rows)

    def others(self, names: Collection[str]) -> tuple[str, ...]:
        """Names of which something is held, besides these."""
        with self._reader.read() as cursor:
            rows = cursor.execute(
                "SELECT name FROM portal WHERE EXISTS (SELECT 1 FROM thread WHERE portal = portal.id)"
            ).fetchall()
        return tuple(name for (name,) in rows if name not in names)

    def forget(self, names: Collection[str]) -> None:
        """Forget what is held of some portals, but not where they lay: what waits for them was decided on that."""
        with self._writer.write() as cursor:
            for portal in [number_of(cursor, name) for name in names]:
                for table, column in BY_THREAD.items():
                    cursor.execute(
                        f"DELETE FROM {table} WHERE {column} IN (SELECT id FROM thread WHERE portal = ?)",  # noqa: S608
                        (portal,),
                    )
                for table in BY_PORTAL:
                    cursor.execute(f"DELETE FROM {table} WHERE portal = ?", (portal,))  # noqa: S608
                cursor.execute("UPDATE portal SET heard = NULL, caught = 0, place = '' WHERE id = ?", (portal,))


class Destinations:
    """Where the portals lay that things in the outbox are for: beside them, as what is held may be thrown away."""

    def __init__(self, work: Database) -> None:
        self._work = work

    def held(self) -> dict[str, str]:
        """Where each portal lay when it was last in use, also of those that are not now."""
        with self._work.read() as cursor:
            return dict(cursor.execute("SELECT portal, base FROM destination").fetchall())

    def keep(self, bases: Mapping[str, str]) -> None:
        """Remember where they lie."""
        with self._work.write() as cursor:
            cursor.executemany("INSERT OR REPLACE INTO destination VALUES (?, ?)", list(bases.items()))


def numbered(cursor: dbapi2.Cursor, name: str) -> int:
    """A portal's number, given to it when it is first named."""
    cursor.execute("INSERT INTO portal (name) VALUES (?) ON CONFLICT DO NOTHING", (name,))
    return number_of(cursor, name)


def number_of(cursor: dbapi2.Cursor, name: str) -> int:
    """A portal's number; -1, which no row has, for one that is not known."""
    row = cursor.execute("SELECT id FROM portal WHERE name = ?", (name,)).fetchone()
    return -1 if row is None else int(row[0])
