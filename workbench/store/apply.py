"""Take a batch of what a portal holds into the cache, in the transaction that is open.

Nothing is replaced by an older edition of itself, unless that is known to be the portal's word of today.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Final

from workbench.dialogue.held import Batch
from workbench.store.apply_dialogue import take_posts, take_tasks, take_threads
from workbench.store.apply_people import take_parties, take_patients, threads_of
from workbench.store.applying import Applying, known
from workbench.store.remarks import forget_remarks
from workbench.store.ties import forget_ties, touch_tied

REFERENCE: Final = re.compile(r"[A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64}")
"""A literal reference on the same portal (https://hl7.org/fhir/R4/references.html); others cannot be asked for."""


def take_in(work: Applying, batch: Batch) -> None:
    """Write what is new in a batch; afterwards `work` tells which threads changed and what was named."""
    take_threads(work, batch.threads)
    take_posts(work, batch.posts)
    take_tasks(work, batch.tasks)
    take_patients(work, batch.patients)
    take_parties(work, batch.parties)
    _gone(work, batch.gone)
    _to_home(work)
    touch_tied(work)
    _want(work)


def _gone(work: Applying, references: Sequence[str]) -> None:
    """Forget what the portal says is deleted."""
    for reference in references:
        kind, _, ref = reference.partition("/")
        if kind == "Communication":
            _gone_communication(work, ref)
        elif kind == "Task":
            rows = work.cursor.execute(
                "DELETE FROM task WHERE portal = ? AND ref = ? RETURNING thread", (work.portal, ref)
            ).fetchall()
            work.touch(row[0] for row in rows)
            forget_ties(work, [ref])
            forget_remarks(work, [ref])
        elif kind == "Patient":
            work.named.update(threads_of(work, [reference]))
            work.cursor.execute("DELETE FROM patient WHERE portal = ? AND reference = ?", (work.portal, reference))
        else:
            work.cursor.execute("DELETE FROM party WHERE portal = ? AND reference = ?", (work.portal, reference))
    work.wanted.difference_update(references)
    known(work, references)


def _gone_communication(work: Applying, ref: str) -> None:
    rows = work.cursor.execute(
        "DELETE FROM post WHERE portal = ? AND ref = ? RETURNING thread", (work.portal, ref)
    ).fetchall()
    work.touch((row[0] for row in rows), words=True)
    rows = work.cursor.execute(
        "SELECT id, home FROM thread WHERE portal = ? AND ref = ? AND version IS NOT NULL", (work.portal, ref)
    ).fetchall()
    for thread, home in rows:
        work.touch([thread] if home is None else [thread, home], words=True)
        work.named.add(thread)
        work.cursor.execute("UPDATE thread SET version = NULL, updated = NULL, home = NULL WHERE id = ?", (thread,))
        work.cursor.execute("DELETE FROM post WHERE thread = ?", (thread,))


def _to_home(work: Applying) -> None:
    """What changed in a side thread changed in the conversation it is about."""
    for group in (work.touched, work.worded):
        rows = work.cursor.execute(
            "SELECT home FROM thread WHERE id IN (SELECT value FROM json_each(?)) AND home IS NOT NULL",
            (json.dumps(list(group)),),
        ).fetchall()
        group.update(row[0] for row in rows)


def _want(work: Applying) -> None:
    """Note what was named and is not held, so that it can be asked for."""
    references = [reference for reference in work.wanted if REFERENCE.fullmatch(reference)]
    if not references:
        return
    work.cursor.execute(
        """INSERT OR IGNORE INTO wanted (portal, reference)
           SELECT ?1, value FROM json_each(?2) WHERE CASE
               WHEN value LIKE 'Communication/%' THEN EXISTS (
                   SELECT 1 FROM thread WHERE portal = ?1 AND ref = substr(value, 15) AND version IS NULL
                   AND NOT EXISTS (SELECT 1 FROM post WHERE portal = ?1 AND ref = substr(value, 15)))
               WHEN value LIKE 'Patient/%' THEN NOT EXISTS (
                   SELECT 1 FROM patient WHERE portal = ?1 AND reference = value)
               ELSE NOT EXISTS (SELECT 1 FROM party WHERE portal = ?1 AND reference = value) END""",
        (work.portal, json.dumps(references)),
    )
