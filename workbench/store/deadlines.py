"""By when a conversation is to be answered: the earliest deadline of what is read in it."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from sqlcipher3 import dbapi2

from workbench.dialogue.tie import under
from workbench.store.ties import around


class Owed(NamedTuple):
    """What one conversation by itself makes of its deadline, times in microseconds since 1970."""

    own: datetime | None
    """Its own deadline as its row tells it."""
    owed: datetime | None
    """The same, told also where it is done: as it is when it was merged into another."""
    answered: int | None
    """When staff last wrote in it."""
    stood: int | None
    """Since when its Task has stood as finished."""


def merged_under(cursor: dbapi2.Cursor, portal: int, threads: Collection[int]) -> dict[int, frozenset[int]]:
    """What was merged into some conversations, by number; those into which nothing was are left out.

    Args:
        cursor: Inside a transaction.
        portal: The portal's number.
        threads: Numbers of the conversations.
    """
    if cursor.execute("SELECT 1 FROM tie LIMIT 1").fetchone() is None:
        return {}
    listed = json.dumps(list(threads))
    refs = dict(cursor.execute("SELECT id, ref FROM thread WHERE id IN (SELECT value FROM json_each(?))", (listed,)))
    tied = around(cursor, portal, refs.values())
    found = {
        row_id: frozenset(tied.rows[each] for each in under(tied.edges, ref) if each in tied.rows)
        for row_id, ref in refs.items()
    }
    return {row_id: merged for row_id, merged in found.items() if merged}


def earliest(owed: Mapping[int, Owed], row_id: int, merged: Iterable[int]) -> tuple[datetime | None, int | None]:
    """The deadline that a row stands by, and whose it is where that is one that was merged into it.

    An answer that was given after the merge has answered what was merged too.

    Args:
        owed: What each conversation by itself makes of it.
        row_id: The row's number.
        merged: Numbers of what was merged into it.
    """
    mine = owed[row_id]
    found, whose = mine.own, None
    for each in sorted(merged):
        other = owed.get(each)
        if other is None or other.owed is None or _answered(mine, other):
            continue
        if found is None or other.owed < found:
            found, whose = other.owed, each
    return found, whose


def _answered(kept: Owed, merged: Owed) -> bool:
    return kept.answered is not None and merged.stood is not None and kept.answered > merged.stood
