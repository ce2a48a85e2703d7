"""What the word index cannot answer of a search: words side by side, and who wrote."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, Final

from sqlcipher3 import dbapi2

from workbench.dialogue.fold import called, fold, words_of
from workbench.store.said import said_in

TEXTS: Final = f"""
    SELECT hit.id, thread.title FROM hit JOIN thread USING (id)
    UNION ALL
    SELECT hit.id, patient.name || ' ' || patient.national FROM hit JOIN thread USING (id)
    JOIN patient ON patient.portal = thread.portal AND patient.reference = thread.patient
    UNION ALL
    SELECT thread, text FROM ({said_in("SELECT id FROM hit")})
"""  # noqa: S608
"""All texts of the conversations in `hit` that the word index was made of."""


def keep_phrase(cursor: dbapi2.Cursor, phrase: str) -> None:
    """Leave in `hit` only conversations of which one text holds the words side by side."""
    wanted = words_of(phrase)
    if not wanted:
        return
    plain = re.compile(r"\b" + r"[\W_]+".join(wanted) + r"\b")
    kept = {row_id for row_id, text in cursor.execute(TEXTS) if _holds(text, wanted, plain)}
    cursor.execute("DELETE FROM hit WHERE id NOT IN (SELECT value FROM json_each(?))", (json.dumps(list(kept)),))


def _holds(text: str, wanted: tuple[str, ...], plain: re.Pattern[str]) -> bool:
    folded = fold(text)
    if folded.isascii():  # nearly all are, once folded, and this is ten times as fast
        return plain.search(folded) is not None
    words, size = words_of(text), len(wanted)
    return any(words[at : at + size] == wanted for at, word in enumerate(words) if word == wanted[0])


def senders(cursor: dbapi2.Cursor, wanted: Sequence[str]) -> tuple[str, list[Any]]:
    """A SELECT of the conversations that somebody of a name wrote in, with its values.

    Args:
        cursor: Inside a reading transaction.
        wanted: Folded words, each the beginning of a word of the name.
    """
    found = [
        (portal, reference)
        for table in ("party", "patient")
        for portal, reference, name in cursor.execute(f"SELECT portal, reference, name FROM {table}")  # noqa: S608
        if called(name, wanted)
    ]
    who = json.dumps(found)
    return (
        """SELECT coalesce(thread.home, thread.id) FROM json_each(?) AS who
           JOIN post ON post.portal = who.value ->> 0 AND post.sender = who.value ->> 1
           JOIN thread ON thread.id = post.thread
           UNION
           SELECT remark.thread FROM json_each(?) AS who
           JOIN remark ON remark.portal = who.value ->> 0 AND remark.author = who.value ->> 1""",
        [who, who],
    )
