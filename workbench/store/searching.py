"""Find conversations by words, or by patient: the whole answer in the queue's order, up to a limit."""

from __future__ import annotations

from typing import Any, Final

from sqlcipher3 import dbapi2

from workbench.dialogue.fold import words_of

MOST: Final = 2_000
"""Conversations a search answers with. A total of this many means: this many or more."""
COMMON: Final = 10_000
"""Hits from which on the lists are walked in order and asked for hits, instead of the hits being sorted."""
PREFIX: Final = 2
"""Letters the last word needs to stand for all words that begin with it."""


def expression(typed: str) -> str:
    """What somebody typed as an FTS5 expression: all words, the last one as a beginning. Empty when it has no words."""
    words = words_of(typed)
    if not words:
        return ""
    terms = [f'"{word}"' for word in words]
    if len(words[-1]) >= PREFIX and not typed[-1:].isspace():
        terms[-1] += " *"
    return " ".join(terms)


def collect(cursor: dbapi2.Cursor, typed: str) -> int | None:
    """Put the conversations that hold some words into the table `hit`.

    Args:
        cursor: Inside a reading transaction of the connection that has that table.
        typed: What somebody typed.

    Returns:
        How many there are, None when nothing was typed that is a word.
    """
    match = expression(typed)
    if not match:
        return None
    cursor.execute("DELETE FROM hit")
    cursor.execute("INSERT INTO hit SELECT rowid FROM words WHERE words MATCH ?", (match,))
    return int(cursor.rowcount)


def few(cursor: dbapi2.Cursor, condition: tuple[str, list[Any]], *, hits: bool, laid: bool) -> list[tuple[int, int]]:
    """The places of what meets a condition, sorted: for when it is few.

    Args:
        cursor: Inside a reading transaction.
        condition: The query, words aside, as SQL with its values.
        hits: Whether only what stands in `hit` counts.
        laid: Whether anything is laid over.

    Returns:
        At most `MOST` places: order and number.
    """
    where, values = condition
    among = "hit CROSS JOIN {} USING (id)" if hits else "{}"
    beneath = " AND id NOT IN (SELECT id FROM laid)" if laid else ""
    parts = [f"SELECT ord, id FROM {among.format('item')} WHERE {where}{beneath}"]  # noqa: S608
    if laid:
        parts.append(f"SELECT ord, id FROM {among.format('laid')} WHERE {where}")  # noqa: S608
    rows = cursor.execute(
        f"SELECT * FROM ({' UNION ALL '.join(parts)}) ORDER BY 1, 2 LIMIT {MOST}",  # noqa: S608
        values * len(parts),
    )
    return [(int(order), int(row_id)) for order, row_id in rows]
