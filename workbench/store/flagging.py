"""Red flags of conversations: read from the patient's words once, and only where somebody may still act on them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlcipher3 import dbapi2

from workbench.dialogue.site import NO_FLAG, Flag, Site

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
    first sync of years does not read what has long been done. Where no message has a flag, the title may: many
    patients say what it is about there and no more than “please call” below.

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
    return found | _flags_of_titles(cursor, site, {row_id: talks[row_id] for row_id in talks.keys() - found.keys()})


def _flags_of_titles(cursor: dbapi2.Cursor, site: Site, talks: Mapping[int, Talk]) -> dict[int, Flag]:
    """The flags of titles under which the patient's side began a conversation, as long as those words count."""
    rows = cursor.execute(
        """SELECT thread.id, title, first.at FROM thread JOIN post AS first ON first.id = (
               SELECT id FROM post WHERE post.thread = thread.id AND side <> 0 ORDER BY at, id LIMIT 1)
           WHERE thread.id IN (SELECT value FROM json_each(?)) AND title <> '' AND first.side = 2""",
        (json.dumps(list(talks)),),
    ).fetchall()
    told = {thread: site.flag_of(title) for thread, title, sent in rows if talks[thread].counts(sent)}
    return {thread: flag for thread, flag in told.items() if flag != NO_FLAG}
