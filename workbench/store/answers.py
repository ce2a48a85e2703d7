"""Tell from a conversation's messages when the patient was answered, and when that had been due."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlcipher3 import dbapi2

from workbench.dialogue.site import Site
from workbench.store.encoding import from_micros, maybe_micros

STAFF = 1
"""A message from staff (`post.side`)."""
NEVER = -1
Turn = tuple[int, int]
"""When the patient's side began to wait, and when they were answered; `NEVER` for what has not been."""


def keep_answers(cursor: dbapi2.Cursor, threads: str, promised: Mapping[int, tuple[Any, Any]], site: Site) -> None:
    """Write the answers of some conversations anew; what is no conversation has none.

    Args:
        cursor: Inside a writing transaction.
        threads: Numbers of the threads, as JSON.
        promised: For each that is a conversation, its category, and the deadline that its row names.
        site: When an answer is due where the portal names no deadline.
    """
    question = "SELECT thread, at, asked, due FROM answer WHERE thread IN (SELECT value FROM json_each(?))"
    there = set(cursor.execute(question, (threads,)))
    said = cursor.execute(
        """SELECT thread, at, side FROM post
           WHERE thread IN (SELECT value FROM json_each(?)) AND side IN (1, 2) ORDER BY thread, at, id""",
        (threads,),
    ).fetchall()
    wanted = {row for thread, turns in _turns(said) for row in _answers(thread, turns, promised.get(thread), site)}
    gone = [row[:2] for row in there - wanted]
    cursor.executemany("DELETE FROM answer WHERE thread = ? AND at = ?", gone)
    cursor.executemany("INSERT OR REPLACE INTO answer VALUES (?, ?, ?, ?)", list(wanted - there))


def _turns(said: Iterable[tuple[int, int, int]]) -> Iterator[tuple[int, list[Turn]]]:
    """Each thread's turns, oldest first: whatever the patient's side says before it is answered is one."""
    for thread, posts in groupby(said, itemgetter(0)):
        turns: list[Turn] = []
        for _thread, sent, side in posts:
            waits = bool(turns) and turns[-1][1] == NEVER
            if side != STAFF and not waits:
                turns.append((sent, NEVER))
            elif side == STAFF and waits:
                turns[-1] = (turns[-1][0], sent)
        yield thread, turns


def _answers(thread: int, turns: list[Turn], promised: tuple[Any, Any] | None, site: Site) -> Iterator[tuple[Any, ...]]:
    """Rows of the table. The deadline a row names is the last turn's, the site's terms are for the others."""
    if promised is None:
        return
    category, named = promised
    before = NEVER
    for asked, at in turns:
        if at in (NEVER, before):  # two turns that end in one moment are one answer
            continue
        due = named if named is not None and named >= asked and asked == turns[-1][0] else None
        if due is None:
            due = maybe_micros(site.due_of(from_micros(asked), category))
        yield thread, at, asked, due
        before = at
