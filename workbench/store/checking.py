"""Compares what is held with what a portal says, for what no list of changes tells: deletions, older editions."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from sqlcipher3 import dbapi2

from workbench.dialogue.held import Batch, HeldPost, HeldTask, HeldThread
from workbench.store.apply_dialogue import PATIENT_SIDE
from workbench.store.applying import HEADER
from workbench.store.database import Database
from workbench.store.encoding import to_micros
from workbench.store.journal import Clock

WORK: Final = "Task/"
TABLES: Final = (("thread", HEADER), ("post", HEADER), ("task", WORK))
"""What is compared, with what its references begin with. A thread without a version has not been read yet."""
_OF_THREAD: Final = """
    SELECT 0, id, ?2 || ref, version FROM thread WHERE id = ?1 AND version IS NOT NULL
    UNION ALL SELECT 1, id, ?2 || ref, version FROM post WHERE thread = ?1
    UNION ALL SELECT 2, id, ?3 || ref, version FROM task WHERE thread = ?1
    ORDER BY 1, 2"""


class Checks:
    """Implements `sync.ports.ChecksPort` on the cache's two connections."""

    def __init__(self, writer: Database, reader: Database, clock: Clock) -> None:
        self._writer = writer
        self._reader = reader
        self._clock = clock

    def silence(self, portal: str) -> timedelta | None:
        """How long ago the portal last answered a pull; None before the first time."""
        with self._reader.read() as cursor:
            row = cursor.execute("SELECT heard FROM portal WHERE name = ? AND heard IS NOT NULL", (portal,)).fetchone()
        return None if row is None else timedelta(microseconds=max(0, to_micros(self._clock()) - row[0]))

    def held(self, portal: str, references: Sequence[str]) -> tuple[str, ...]:
        """Which Communications and Tasks of some are held."""
        found: set[str] = set()
        with self._reader.read() as cursor:
            for table, begins in TABLES:
                refs = [each.removeprefix(begins) for each in references if each.startswith(begins)]
                found.update(begins + ref for ref, _, _ in _editions(cursor, table, portal, refs))
        return tuple(each for each in references if each in found)

    def headless(self, portal: str) -> int:
        """How many headers the portal has not given, or gives no more, under which the patient's side wrote.

        So it is with one that was taken back before they wrote.
        """
        with self._reader.read() as cursor:
            row = cursor.execute(
                """SELECT (SELECT count(*) FROM thread INDEXED BY thread_headless
                           WHERE version IS NULL AND portal = (SELECT id FROM portal WHERE name = ?1)
                             AND EXISTS (SELECT 1 FROM post WHERE thread = thread.id AND side = ?2))
                        + (SELECT count(*) FROM thread INDEXED BY thread_retracted
                           WHERE retracted AND portal = (SELECT id FROM portal WHERE name = ?1)
                             AND EXISTS (SELECT 1 FROM post
                                         WHERE thread = thread.id AND side = ?2 AND at > thread.updated))""",
                (portal, PATIENT_SIDE),
            ).fetchone()
            return int(row[0])

    def otherwise(self, portal: str, told: Mapping[str, str]) -> tuple[str, ...]:
        """Which Communications and Tasks are held in another version than one that is told, by reference."""
        found: list[str] = []
        with self._reader.read() as cursor:
            for table, begins in TABLES:
                versions = {each.removeprefix(begins): one for each, one in told.items() if each.startswith(begins)}
                editions = _editions(cursor, table, portal, versions)
                found += [begins + ref for ref, version, _ in editions if version != versions[ref]]
        return tuple(found)

    def later(self, portal: str, batch: Batch) -> tuple[str, ...]:
        """References of what of a batch is held in a later edition."""
        found: list[str] = []
        given: tuple[Sequence[HeldThread | HeldPost | HeldTask], ...] = (batch.threads, batch.posts, batch.tasks)
        with self._reader.read() as cursor:
            for (table, begins), values in zip(TABLES, given, strict=True):
                told = {value.stamp.id: value.stamp for value in values}
                for ref, version, updated in _editions(cursor, table, portal, told):
                    if to_micros(told[ref].updated) < updated and (told[ref].version != version or not version):
                        found.append(begins + ref)
        return tuple(found)

    def unsaid(self, portal: str, thread: str, batch: Batch) -> tuple[str, ...]:
        """References of messages and Tasks that are held of a conversation and are not in a batch."""
        told = {HEADER + post.stamp.id for post in batch.posts} | {WORK + task.stamp.id for task in batch.tasks}
        with self._reader.read() as cursor:
            row = cursor.execute(
                "SELECT thread.id FROM thread JOIN portal ON portal.id = thread.portal WHERE name = ? AND ref = ?",
                (portal, thread),
            ).fetchone()
            rows = [] if row is None else _of_thread(cursor, row[0])
        return tuple(reference for kind, _, reference, _ in rows if kind and reference not in told)

    def unheard(self, portal: str, thread: str, known: Collection[str]) -> bool:
        """Whether a message of the patient's is held of a conversation that is not among some, by their ids."""
        with self._reader.read() as cursor:
            rows = cursor.execute(
                """SELECT post.ref FROM post JOIN thread ON thread.id = post.thread
                   JOIN portal ON portal.id = thread.portal WHERE name = ? AND thread.ref = ? AND side = ?""",
                (portal, thread, PATIENT_SIDE),
            ).fetchall()
        return any(ref not in known for (ref,) in rows)

    def chunk(self, portal: str, place: str, limit: int) -> tuple[str, Mapping[str, str]]:
        """Versions of what is held behind a place, by reference, and the place after them."""
        found: dict[str, str] = {}
        at: list[int] = json.loads(place) if place else [1 << 62, -1, -1]
        with self._reader.read() as cursor:
            while len(found) < limit:
                for kind, row, reference, version in _of_thread(cursor, at[0]):
                    if [kind, row] > at[1:] and len(found) < limit:
                        found[reference] = version
                        at = [at[0], kind, row]
                if len(found) >= limit:
                    break
                following = cursor.execute(
                    """SELECT thread.id FROM thread JOIN portal ON portal.id = thread.portal
                       WHERE name = ? AND thread.id < ? ORDER BY thread.id DESC LIMIT 1""",
                    (portal, at[0]),
                ).fetchone()
                if following is None:
                    break
                at = [following[0], -1, -1]
        return json.dumps(at), found

    def place(self, portal: str) -> str:
        """Where a walk over all that is held goes on; empty when none is under way."""
        with self._reader.read() as cursor:
            row = cursor.execute("SELECT place FROM portal WHERE name = ?", (portal,)).fetchone()
        return "" if row is None else str(row[0])

    def keep_place(self, portal: str, place: str) -> None:
        """Remember where it goes on."""
        with self._writer.write() as cursor:
            cursor.execute("UPDATE portal SET place = ? WHERE name = ?", (place, portal))

    def rewind(self, portal: str, stream: str, mark: datetime) -> None:
        """Set a resume point back."""
        with self._writer.write() as cursor:
            cursor.execute(
                "UPDATE mark SET at = ? WHERE stream = ? AND portal IN (SELECT id FROM portal WHERE name = ?)",
                (to_micros(mark), stream, portal),
            )


def _of_thread(cursor: dbapi2.Cursor, thread: int) -> list[tuple[int, int, str, str]]:
    """All that is held of a thread, in a fixed order: its header, its posts, its Tasks."""
    return list(cursor.execute(_OF_THREAD, (thread, HEADER, WORK)))


def _editions(cursor: dbapi2.Cursor, table: str, portal: str, refs: Iterable[str]) -> list[tuple[str, str, int]]:
    """Id, version and time of what is held of some."""
    listed = list(refs)
    if not listed:
        return []
    rows = cursor.execute(
        f"SELECT ref, version, updated FROM {table} JOIN portal ON portal.id = {table}.portal "  # noqa: S608
        "WHERE name = ? AND ref IN (SELECT value FROM json_each(?)) AND version IS NOT NULL",
        (portal, json.dumps(listed)),
    )
    return list(rows)
