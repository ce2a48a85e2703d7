"""Red flags of conversations: read from the patient's words once, and only where somebody may still act on them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlcipher3 import dbapi2

from workbench.dialogue.site import Flag, Site

STAYS: Final = 14 * 24 * 3600 * 1_000_000
"""Microseconds before the last message for which a flag stays although the message has been answered."""


@dataclass(frozen=True, slots=True)
class Talk:
    """When a conversation's messages came, in microseconds since 1970."""

    latest: int
    unanswered: int | None
    """The patient's first message since staff last wrote; None when staff have the last word."""

    def counts(self, sent: int) -> bool:
        """Whether a message can still flag its conversation."""
        return sent >= self.latest - STAYS or (self.unanswered is not None and sent >= self.unanswered)


def flags_of(cursor: dbapi2.Cursor, site: Site, talks: Mapping[int, Talk]) -> dict[int, Flag]:
    """The newest flag of each of some open conversations, those without one left out.

    A message's text is read by the rules the first time it is asked for (`post.flag` is NULL until then), so that a
    first sync of years does not read what has long been done.

    Args:
        cursor: Inside a writing transaction.
        site: Its rules.
        talks: The conversations, by number.
    """
    rows = cursor.execute(
        """SELECT thread, id, at, flag, flag_words, CASE WHEN flag IS NULL THEN text END FROM post
           WHERE thread IN (SELECT value FROM json_each(?)) AND side = 2 ORDER BY at DESC, id DESC""",
        (json.dumps(list(talks)),),
    ).fetchall()
    found: dict[int, Flag] = {}
    read: list[tuple[str, str, int]] = []
    for thread, post, sent, flag, words, text in rows:
        if thread in found or not talks[thread].counts(sent):
            continue
        if flag is None:
            flag, words = site.flag_of(text)
            read.append((flag, words, post))
        if flag:
            found[thread] = (flag, words)
    cursor.executemany("UPDATE post SET flag = ?, flag_words = ? WHERE id = ?", read)
    return found
