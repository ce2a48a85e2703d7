"""When the patient's words count as written, so that what is news stands as news whatever moment it names.

Whoever wrote may have a clock that is wrong, or had no network when they wrote. Words that came to the portal after
something of the site's was there stand behind it, whether both are told at once or one after the other: two
workbenches of which one was off for a while must show the same.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from workbench.dialogue.held import HeldPost, HeldTask
from workbench.store.applying import Applying
from workbench.store.encoding import to_micros

BEHIND: Final = """UPDATE post SET at = updated WHERE id IN (
    SELECT post.id FROM portal CROSS JOIN {other} AS other ON other.portal = portal.id
    JOIN post ON post.thread = other.thread
    WHERE portal.id = :portal AND caught
      AND other.ref IN (SELECT value FROM json_each(:new)) AND other.updated > 0
      AND post.side = 2 AND post.version = '1' AND post.at < post.updated
      AND other.updated < post.updated AND {stands} >= post.at)"""
"""Only a first edition tells when words came: a later one has the moment of the change. The portal leads: nothing is
looked at while it is read for the first time."""


def come_late(work: Applying, posts: Sequence[HeldPost]) -> set[str]:
    """Which posts come to light behind what is held of their conversation.

    They are news whatever moment they name: a telephone's clock may be wrong, or it had no network when one wrote. What
    comes while a portal is read for the first time is none.
    """
    rows = work.cursor.execute(
        """SELECT post.value ->> 0 FROM json_each(?2) AS post JOIN portal ON portal.id = ?1 AND caught
           JOIN thread ON thread.portal = ?1 AND thread.ref = post.value ->> 1 AND version IS NOT NULL
           WHERE NOT EXISTS (SELECT 1 FROM post AS held WHERE held.portal = ?1 AND held.ref = post.value ->> 0)
             AND post.value ->> 2 <= max(
               coalesce((SELECT max(at) FROM post WHERE thread = thread.id AND side > 0), 0),
               coalesce((SELECT max(updated) FROM task WHERE task.thread = thread.id), 0),
               CASE WHEN closed THEN thread.updated ELSE 0 END
             )""",
        (work.portal, json.dumps([(post.stamp.id, post.parent, to_micros(post.sent)) for post in posts])),
    )
    return {ref for (ref,) in rows.fetchall()}


def counts_from(post: HeldPost, *, late: bool) -> int:
    """When a post counts as written, so that what is news stands as news.

    At the moment it names, but not after the portal had it, by the portal's clock: whoever wrote, at a telephone or at
    a workstation, may have a clock that is ahead. What comes to light behind what is held counts from when the portal
    had it.
    """
    sent, held = to_micros(post.sent), to_micros(post.stamp.updated)
    if held <= 0:
        return sent  # the portal does not say
    return held if late else min(sent, held)


def stand_behind_posts(work: Applying, new: Sequence[HeldPost]) -> None:
    """Puts words behind the posts, new here, that the portal had before them though they name an earlier moment.

    What was read before a portal had been read to its end stays where it says it belongs: what is new since then, and
    older on the portal than some words, came after that, and so did the words.
    """
    _stand_behind(work, "post", "other.side > 0 AND other.at", [post.stamp.id for post in new])


def stand_behind_tasks(work: Applying, new: Sequence[HeldTask]) -> None:
    """The same with what was done to Tasks: what the patient wrote after that is not done with."""
    _stand_behind(work, "task", "other.updated", [task.stamp.id for task in new])


def _stand_behind(work: Applying, other: str, stands: str, new: Sequence[str]) -> None:
    if not work.truth:  # what a portal gives once more after it was put back is as old as it was
        sql = BEHIND.format(other=other, stands=stands)
        work.cursor.execute(sql, {"portal": work.portal, "new": json.dumps(new)})
