"""Bring a file to this program's layout, one numbered step at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sqlcipher3 import dbapi2

from workbench.store.database import Database
from workbench.store.errors import NewerVersion

Step = Callable[[dbapi2.Cursor], None]
"""Takes the layout from one number to the next, inside a transaction it must not end."""


def migrate(database: Database, steps: Sequence[Step]) -> None:
    """Run the steps that the file has not had. Step n leaves layout n; 0 is an empty file.

    Each step and its number (`PRAGMA user_version`, kept in the file's first page) are one transaction, so a
    crash leaves a layout that some step starts from.

    Raises:
        NewerVersion: The file's number is beyond the last step; it was not changed.
    """
    while True:
        with database.read() as cursor:
            found = _layout(cursor)
        if found > len(steps):
            raise NewerVersion(found, len(steps), database.path)
        if found == len(steps):
            return
        with database.write() as cursor:
            # Another process may have taken the step while this one waited for the file.
            if _layout(cursor) == found:
                steps[found](cursor)
                cursor.execute(f"PRAGMA user_version = {found + 1}")


def _layout(cursor: dbapi2.Cursor) -> int:
    return int(cursor.execute("PRAGMA user_version").fetchone()[0])


def run_all(cursor: dbapi2.Cursor, statements: Sequence[str]) -> None:
    """Execute statements in order, inside the transaction that is open (`executescript` would end it)."""
    for statement in statements:
        cursor.execute(statement)
