"""Who has conversations, by name: what one of them has, as it stands with what is on its way."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from sqlcipher3 import dbapi2

from workbench.dialogue.fold import called

OWNERS: Final = """
    WITH RECURSIVE owner (portal, reference) AS (
        SELECT id, (SELECT min(owner) FROM item INDEXED BY item_owner WHERE portal = portal.id AND owner <> '')
        FROM portal
        UNION ALL
        SELECT portal, (
            SELECT min(owner) FROM item INDEXED BY item_owner
            WHERE item.portal = owner.portal AND owner <> '' AND owner > owner.reference
        )
        FROM owner WHERE reference IS NOT NULL
    )
    SELECT portal, reference, name FROM owner JOIN party USING (portal, reference)
"""
"""Each who has anything once, from one to the next: the index holds an entry a conversation, of which many are old."""
OWNED: Final = """
    SELECT item.id AS id FROM json_each(?) AS who
    CROSS JOIN item INDEXED BY item_owner
        ON item.portal = who.value ->> 0 AND item.owner = who.value ->> 1 AND item.owner <> ''
    WHERE item.id NOT IN (SELECT id FROM laid)
    UNION ALL
    SELECT value FROM json_each(?)
"""


def collect_owned(cursor: dbapi2.Cursor, wanted: Sequence[str]) -> None:
    """Put the conversations that somebody of a name has into the table `owned`.

    Args:
        cursor: Inside a reading transaction of the connection that has that table.
        wanted: Folded words, each the beginning of a word of the name; at least one.
    """
    cursor.execute("DELETE FROM owned")
    sql, values = _owned(cursor, wanted)
    cursor.execute(f"INSERT INTO owned {sql}", values)


def count_owned(cursor: dbapi2.Cursor, wanted: Sequence[str]) -> int:
    """How many that would be."""
    sql, values = _owned(cursor, wanted)
    return int(cursor.execute(f"SELECT count(*) FROM ({sql})", values).fetchone()[0])  # noqa: S608


def _owned(cursor: dbapi2.Cursor, wanted: Sequence[str]) -> tuple[str, list[Any]]:
    """Their numbers as a SELECT with its values, which the index of owners answers alone."""
    who = [(portal, ref) for portal, ref, name in cursor.execute(OWNERS) if called(name, wanted)]
    laid = [row_id for row_id, name in cursor.execute("SELECT id, owner_name FROM laid") if called(name, wanted)]
    return OWNED, [json.dumps(who), json.dumps(laid)]
