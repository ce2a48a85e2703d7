"""Which conversations of one patient are tied together, as their Tasks tell and as far as that is to be believed."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Final, NamedTuple

from sqlcipher3 import dbapi2

from workbench.dialogue.held import HeldTask
from workbench.dialogue.tie import Edge, TieKind, without_circles
from workbench.store.applying import Applying

KINDS: Final = list(TieKind)
Pending = Sequence[tuple[Edge, bool]]
"""Ties that are on their way, in order: each with whether it comes or goes."""
OF_REFS: Final = "SELECT value FROM json_each(?2)"
NEAR: Final = f"""
    SELECT thread.ref, kind, other FROM thread JOIN tie ON tie.thread = thread.id
    WHERE thread.portal = ?1 AND thread.ref IN ({OF_REFS})
    UNION
    SELECT thread.ref, kind, other FROM tie JOIN thread ON thread.id = tie.thread
    WHERE tie.portal = ?1 AND tie.other IN ({OF_REFS})
"""  # noqa: S608
HEADS: Final = f"""
    SELECT ref, id, patient FROM thread
    WHERE portal = ?1 AND ref IN ({OF_REFS}) AND version IS NOT NULL AND NOT internal AND NOT retracted
        AND patient <> ''
"""  # noqa: S608


class Around(NamedTuple):
    """What is tied to some conversations."""

    edges: frozenset[Edge] = frozenset()
    """Ties between conversations of one patient that are held."""
    rows: dict[str, int] = {}
    """Numbers of the conversations they name, by id."""
    astray: frozenset[str] = frozenset()
    """What says that it was merged, and is merged into nothing that it could be read in."""


def around(cursor: dbapi2.Cursor, portal: int, refs: Collection[str], pending: Pending = ()) -> Around:
    """What is tied to some conversations, directly or by merges of merges.

    A tie counts only where both conversations are held and name the same patient, and where it leads to no circle.

    Args:
        cursor: Inside a transaction.
        portal: The portal's number.
        refs: Ids of the conversations.
        pending: What is on its way on that portal.
    """
    if not pending and cursor.execute("SELECT 1 FROM tie LIMIT 1").fetchone() is None:
        return Around()
    told = _told(cursor, portal, refs, pending)
    if not told:
        return Around()
    ends = {end for edge in told for end in edge.ends}
    heads = {ref: (row_id, patient) for ref, row_id, patient in cursor.execute(HEADS, (portal, json.dumps(list(ends))))}
    sound = without_circles(edge for edge in told if len({heads.get(end, (0, end))[1] for end in edge.ends}) == 1)
    merged = {edge.thread for edge in told if edge.kind is TieKind.MERGED}
    read = {edge.thread for edge in sound if edge.kind is TieKind.MERGED}
    return Around(sound, {ref: row_id for ref, (row_id, _) in heads.items()}, frozenset(merged - read))


def _told(cursor: dbapi2.Cursor, portal: int, refs: Collection[str], pending: Pending) -> set[Edge]:
    """All that Tasks say, and what is on its way, around some conversations; true or not."""
    coming = [edge for edge, comes in pending if comes]
    found: set[Edge] = set()
    seen: set[str] = set()
    here = set(refs)
    while here:
        rows = cursor.execute(NEAR, (portal, json.dumps(list(here)))).fetchall()
        near = {Edge(thread, KINDS[kind], other) for thread, kind, other in rows}
        near.update(edge for edge in coming if edge.ends & here)
        found |= near
        seen |= here
        here = {end for edge in near if edge.kind is TieKind.MERGED for end in edge.ends} - seen
    for edge, comes in pending:
        if comes and edge.ends & seen:
            found.add(edge)
        elif not comes:
            found.discard(edge)
    return found


def take_ties(work: Applying, tasks: Sequence[HeldTask], threads: dict[str, int]) -> None:
    """Take in what Tasks say of other conversations, in place of what they said before."""
    forget_ties(work, [task.stamp.id for task in tasks])
    told = [
        (work.portal, task.stamp.id, threads[task.thread], KINDS.index(tie.kind), tie.other)
        for task in tasks
        for tie in task.ties
    ]
    work.cursor.executemany("INSERT INTO tie (portal, task, thread, kind, other) VALUES (?, ?, ?, ?, ?)", told)


def forget_ties(work: Applying, tasks: Collection[str]) -> None:
    """Take away what Tasks said of other conversations; these have changed by it."""
    gone = work.cursor.execute(
        "DELETE FROM tie WHERE portal = ? AND task IN (SELECT value FROM json_each(?)) RETURNING other",
        (work.portal, json.dumps(list(tasks))),
    ).fetchall()
    if gone:
        others = json.dumps([other for (other,) in gone])
        rows = work.cursor.execute(
            "SELECT id FROM thread WHERE portal = ? AND ref IN (SELECT value FROM json_each(?))", (work.portal, others)
        )
        work.touch([row_id for (row_id,) in rows.fetchall()])


def touch_tied(work: Applying) -> None:
    """What changed in a conversation changed in all that are tied to it."""
    if not work.touched or work.cursor.execute("SELECT 1 FROM tie LIMIT 1").fetchone() is None:
        return
    rows = work.cursor.execute(
        """WITH RECURSIVE
           edge (one, other) AS (
               SELECT tie.thread, far.id FROM tie JOIN thread AS far ON far.portal = tie.portal AND far.ref = tie.other
               WHERE tie.portal = ?1
           ),
           near (id) AS (
               SELECT value FROM json_each(?2)
               UNION SELECT other FROM edge JOIN near ON edge.one = near.id
               UNION SELECT one FROM edge JOIN near ON edge.other = near.id
           )
           SELECT id FROM near""",
        (work.portal, json.dumps(list(work.touched))),
    ).fetchall()
    work.touch(row_id for (row_id,) in rows)


def astray(cursor: dbapi2.Cursor, portal: int, threads: str) -> frozenset[int]:
    """Of some threads, by number as JSON: which say that they were merged, and are merged into nothing that is read."""
    rows = cursor.execute(
        """SELECT DISTINCT thread.ref, thread.id FROM tie JOIN thread ON thread.id = tie.thread
           WHERE tie.thread IN (SELECT value FROM json_each(?)) AND kind = ?""",
        (threads, KINDS.index(TieKind.MERGED)),
    ).fetchall()
    refs = dict(rows)
    return frozenset(refs[ref] for ref in around(cursor, portal, refs).astray if ref in refs) if refs else frozenset()
