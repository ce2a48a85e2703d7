"""How old a `work.db` is: a number in it that only rises, of which a witness outside the file is told.

An older copy that is put in its place (by somebody, by a restored backup, by a folder that is kept in step with
another machine) holds a lower number than its witness: it would send again what has left since. The number is in the
file itself, beneath its log, before the witness hears of it: whatever a crash leaves, the file is never behind.
"""

from __future__ import annotations

from typing import Final, Protocol

from sqlcipher3 import dbapi2

from workbench.store.database import Database

TABLE: Final = "CREATE TABLE generation (number INTEGER NOT NULL)"


class Witness(Protocol):
    """Remembers, outside a store, how old it is."""

    def remembered(self) -> int:
        """The highest number it was told; 0 before the first.

        Raises:
            StoreError: It cannot be asked.
        """

    def remember(self, number: int) -> None:
        """Be told a number; a lower one than before changes nothing. Never raises and never waits long."""

    def finish(self, seconds: float) -> None:
        """Wait so long, at most, until what it was told is kept."""

    @property
    def trouble(self) -> str:
        """Why it did not keep what it was told, in one clause; empty when it did."""


class Nobody:
    """The witness of a store that lives for one run."""

    trouble = ""

    def remembered(self) -> int:
        """Nothing."""
        return 0

    def remember(self, number: int) -> None:
        """Forgotten at once."""

    def finish(self, seconds: float) -> None:
        """Nothing is waited for."""


def number_in(connection: dbapi2.Connection | dbapi2.Cursor) -> int:
    """The number that a file holds; 0 in a file of a layout without one."""
    there = connection.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'generation'").fetchone()
    if there is None:
        return 0
    row = connection.execute("SELECT max(number) FROM generation").fetchone()
    return int(row[0] or 0)


def raise_number(database: Database, least: int = 0) -> int:
    """Give a file a number that is higher than its own and than `least`; returns it when it is on disk.

    Raises:
        StoreError: It has not been given.
    """
    with database.write() as cursor:
        number = max(number_in(cursor), least) + 1
        cursor.execute("DELETE FROM generation")
        cursor.execute("INSERT INTO generation VALUES (?)", (number,))
    return number


def first(cursor: dbapi2.Cursor) -> None:
    """Layout step: the number."""
    cursor.execute(TABLE)
