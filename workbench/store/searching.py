"""Find conversations by words, or by patient: the whole answer in the queue's order, up to a limit."""

from __future__ import annotations

from itertools import combinations
from typing import Any, Final

from sqlcipher3 import dbapi2

from workbench.dialogue.born import with_born_words
from workbench.dialogue.fold import begins, words_of
from workbench.dialogue.queue import BEGINNING as BEGINNING_OF_NAME
from workbench.dialogue.queue import Query
from workbench.store.phrases import keep_phrase, senders

MOST: Final = 1_000
"""Conversations a search answers with, for speed. Where there are more, its total says that it is cut."""
COMMON: Final = 4_000
"""Hits from which on the lists are walked in order and asked for hits, instead of the hits being sorted.

To sort, each hit's row is read; to walk, the more hits there are the sooner enough are found. Of 369,000 conversations
both cost the same, some 30 ms, at so many hits; the walk is shorter in a smaller store.
"""
BEGINNING: Final = 3
"""Letters the last word needs to stand for all words that begin with it: two begin half of all messages."""
NAMES: Final = 4
"""Words of one search that are looked for among patients' names; it costs a question for each set of them."""


def terms(typed: str, beginning: int) -> list[str]:
    """What somebody typed as FTS5 terms: words, the last one as a beginning while it is being typed.

    Args:
        typed: What somebody typed.
        beginning: Letters the last word needs for that.
    """
    quoted = [f'"{word}"' for word in words_of(typed)]
    if begins(typed, beginning):
        quoted[-1] += " *"
    return quoted


def collect(cursor: dbapi2.Cursor, query: Query) -> int | None:
    """Put the conversations that hold what a query asks for in words into the table `hit`.

    Each word stands in the conversation, or in its patient's name, number or birth date.

    Args:
        cursor: Inside a reading transaction of the connection that has that table.
        query: What somebody asked; all but words, phrases and names is left aside.

    Returns:
        How many there are, None when nothing was asked that is a word.
    """
    quoted = [term for phrase in query.phrases for term in terms(phrase + " ", BEGINNING)]
    said = bool(quoted or words_of(query.words))
    named, wrote = terms(with_born_words(query.patient_name), BEGINNING_OF_NAME), words_of(query.sender)
    if not (said or named or wrote):
        return None
    cursor.execute("DELETE FROM hit")
    if said:
        for words in dict.fromkeys((query.words, with_born_words(query.words))):
            _add_said(cursor, quoted + terms(words, BEGINNING), quoted + terms(words, BEGINNING_OF_NAME))
    if named:
        _narrow(cursor, "SELECT rowid FROM names WHERE names MATCH ?", [" ".join(named)], first=not said)
    if wrote:
        _narrow(cursor, *senders(cursor, wrote), first=not (said or named))
    for phrase in query.phrases:
        keep_phrase(cursor, phrase)
    return int(cursor.execute("SELECT count(*) FROM hit").fetchone()[0])


def _narrow(cursor: dbapi2.Cursor, sql: str, values: list[Any], *, first: bool) -> None:
    """Leave in `hit` only what a SELECT gives too; the first SELECT fills it."""
    cursor.execute(
        f"INSERT OR IGNORE INTO hit {sql}" if first else f"DELETE FROM hit WHERE id NOT IN ({sql})",  # noqa: S608
        values,
    )


def _add_said(cursor: dbapi2.Cursor, said: list[str], called: list[str]) -> None:
    """Add to `hit` what holds all words, each in what was said or in the patient's name."""
    cursor.execute("INSERT OR IGNORE INTO hit SELECT rowid FROM words WHERE words MATCH ?", (" ".join(said),))
    question = "SELECT 1 FROM names WHERE names MATCH ? LIMIT 1"
    places = [place for place, word in enumerate(called) if cursor.execute(question, (word,)).fetchone()][:NAMES]
    for size in range(1, len(places) + 1):
        for some in combinations(places, size):
            named = [called[place] for place in some]
            rest = [word for place, word in enumerate(said) if place not in some]
            _add_named(cursor, " ".join(named), " ".join(rest))


def _add_named(cursor: dbapi2.Cursor, named: str, rest: str) -> None:
    """Add to `hit` the conversations of patients of a name that hold all other words."""
    theirs = "SELECT rowid FROM names WHERE names MATCH ?"
    if not rest:
        cursor.execute(f"INSERT OR IGNORE INTO hit {theirs}", (named,))
    else:
        cursor.execute(
            f"INSERT OR IGNORE INTO hit {theirs} INTERSECT SELECT rowid FROM words WHERE words MATCH ?",  # noqa: S608
            (named, rest),
        )


def few(
    cursor: dbapi2.Cursor, condition: tuple[str, list[Any]], *, hits: bool, laid: bool, most: int
) -> list[tuple[int, int]]:
    """The places of what meets a condition, sorted: for when it is few.

    Args:
        cursor: Inside a reading transaction.
        condition: The query, words aside, as SQL with its values.
        hits: Whether only what stands in `hit` counts.
        laid: Whether anything is laid over.
        most: Places at most, -1 for all.

    Returns:
        Places: order and number.
    """
    where, values = condition
    among = "hit CROSS JOIN {} USING (id)" if hits else "{}"
    beneath = " AND id NOT IN (SELECT id FROM laid)" if laid else ""
    parts = [f"SELECT ord, id FROM {among.format('item')} WHERE {where}{beneath}"]  # noqa: S608
    if laid:
        parts.append(f"SELECT ord, id FROM {among.format('laid')} WHERE {where}")  # noqa: S608
    rows = cursor.execute(
        f"SELECT * FROM ({' UNION ALL '.join(parts)}) ORDER BY 1, 2 LIMIT {most}",  # noqa: S608
        values * len(parts),
    )
    return [(int(order), int(row_id)) for order, row_id in rows]
