"""Judge and index again what is held, in small steps, when a site's rules or the spelling of words have changed."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from sqlcipher3 import dbapi2

from workbench.dialogue.fold import EDITION
from workbench.dialogue.site import Site
from workbench.store.rows import index_names, index_words, refresh_all

STEP: Final = 200
"""Conversations of one step: a transaction of some tens of milliseconds, which a sync can wait for."""


def due_for_judging(cursor: dbapi2.Cursor, site: Site) -> int | None:
    """The conversation to go on after, None when all were judged by these rules.

    Args:
        cursor: Inside a reading transaction.
        site: The rules of today.
    """
    row = cursor.execute("SELECT told, next FROM site").fetchone()
    if row is None or row[0] != _name(site):
        return 0
    return None if row[1] is None else int(row[1])


def judge_some(cursor: dbapi2.Cursor, site: Site, after: int, now: datetime) -> list[int]:
    """Judge the next conversations, and remember how far it has come.

    Args:
        cursor: Inside a writing transaction.
        site: The rules of today.
        after: Number of the last conversation that has been judged.
        now: The time, for what is snoozed.

    Returns:
        Numbers of those that were judged now.
    """
    rows = cursor.execute("SELECT id, portal FROM thread WHERE id > ? ORDER BY id LIMIT ?", (after, STEP)).fetchall()
    cursor.executemany(
        "UPDATE post SET flag = NULL WHERE thread = ? AND flag IS NOT NULL", [(thread,) for thread, _ in rows]
    )
    refresh_all(cursor, rows, site, now)
    numbers = [thread for thread, _ in rows]
    index_words(cursor, numbers)
    index_names(cursor, numbers)
    following = rows[-1][0] if len(rows) == STEP else None
    cursor.execute("INSERT OR REPLACE INTO site VALUES (1, ?, ?)", (_name(site), following))
    return numbers


def _name(site: Site) -> str:
    return f"{site.name} {EDITION}"
