"""Where in a conversation what was searched for stands: the newest text that holds it."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Final

from sqlcipher3 import dbapi2

from workbench.dialogue.context import Match, match_in
from workbench.dialogue.fold import begins, words_of
from workbench.dialogue.queue import Query
from workbench.store.said import said_in

TEXTS: Final = f"{said_in('SELECT value FROM json_each(?1)')} ORDER BY sent DESC"  # noqa: S608


def contexts(cursor: dbapi2.Cursor, query: Query, rows: Collection[int]) -> dict[int, Match]:
    """The place that a search found, for those rows where it is not the patient's name or the title alone.

    Args:
        cursor: Inside a reading transaction.
        query: The search.
        rows: Numbers of conversations.
    """
    quoted = [word for phrase in query.phrases for word in words_of(phrase)]
    wanted, begun = [*quoted, *words_of(query.words)], begins(query.words)
    found: dict[int, Match] = {}
    if not wanted:
        return found
    for row_id, text, _sent, _id in cursor.execute(TEXTS, (json.dumps(list(rows)),)):
        if row_id not in found and (match := match_in(text, wanted, begun=begun)):
            found[row_id] = match
    return found
