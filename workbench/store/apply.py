"""Take a batch of what a portal holds into the cache, in the transaction that is open.

Nothing is replaced by an older edition of itself; what names something that has not been read yet is kept
under a thread without a version until its header comes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from sqlcipher3 import dbapi2

from workbench.dialogue.conversation import MessageState
from workbench.dialogue.held import Batch, HeldParty, HeldPatient, HeldPost, HeldTask, HeldThread, Stamp
from workbench.dialogue.work import State
from workbench.store.encoding import dump_attachments, dump_list, maybe_micros, to_micros

REFERENCE: Final = re.compile(r"[A-Z][A-Za-z]+/[A-Za-z0-9.-]{1,64}")
"""A literal reference on the same portal (https://hl7.org/fhir/R4/references.html); others cannot be asked for."""
STATES: Final = list(State)
HEADER: Final = "Communication/"
NO_MESSAGE, STAFF_SIDE, PATIENT_SIDE = 0, 1, 2
"""What a post counts as (`post.side`)."""

Held = TypeVar("Held", HeldThread, HeldPost, HeldTask, HeldPatient, HeldParty)


@dataclass(slots=True)
class Applying:
    """One batch on its way into the cache."""

    cursor: dbapi2.Cursor
    portal: int
    touched: set[int] = field(default_factory=set)
    """Threads of which anything changed."""
    worded: set[int] = field(default_factory=set)
    """Threads whose words changed."""
    wanted: set[str] = field(default_factory=set)
    """References that were named."""

    def touch(self, threads: Iterable[int], *, words: bool = False) -> None:
        """Remember threads of which something changed."""
        listed = tuple(threads)
        self.touched.update(listed)
        if words:
            self.worded.update(listed)


def take_in(work: Applying, batch: Batch) -> None:
    """Write what is new in a batch; afterwards `work` tells which threads changed and what was named."""
    _threads(work, batch.threads)
    _posts(work, batch.posts)
    _tasks(work, batch.tasks)
    _patients(work, batch.patients)
    _parties(work, batch.parties)
    _gone(work, batch.gone)
    _to_home(work)
    _want(work)


def side_of(post: HeldPost) -> int:
    """Whether a post counts as a message, and from which side."""
    if post.internal or post.state in (MessageState.RETRACTED, MessageState.DRAFT):
        return NO_MESSAGE
    return PATIENT_SIDE if post.sender.startswith(("Patient/", "RelatedPerson/")) else STAFF_SIDE


def _newest(values: Sequence[Held]) -> dict[str, Held]:
    """The newest edition of each resource in a batch, by its name."""
    found: dict[str, Held] = {}
    for value in values:
        name = _name(value)
        if name not in found or value.stamp.updated >= found[name].stamp.updated:
            found[name] = value
    return found


def _name(value: HeldThread | HeldPost | HeldTask | HeldPatient | HeldParty) -> str:
    if isinstance(value, HeldPatient):
        return value.patient.reference
    return value.party.reference if isinstance(value, HeldParty) else value.stamp.id


def _news(work: Applying, table: str, name: str, extra: str, values: Sequence[Held]) -> tuple[list[Held], list[Any]]:
    """What of some values is newer than what is held, and the `extra` column of the rows it will replace."""
    newest = _newest(values)
    if not newest:
        return [], []
    rows = work.cursor.execute(
        f"SELECT {name}, version, updated, {extra} FROM {table} "  # noqa: S608
        f"WHERE portal = ? AND {name} IN (SELECT value FROM json_each(?))",
        (work.portal, json.dumps(list(newest))),
    )
    replaced = []
    for key, version, updated, value in rows.fetchall():
        if version is not None and not _newer(newest[key].stamp, version, updated):
            del newest[key]
        else:
            replaced.append(value)
    return list(newest.values()), replaced


def _newer(stamp: Stamp, version: str, updated: int) -> bool:
    moment = to_micros(stamp.updated)
    return moment > updated or (moment == updated and stamp.version != version)


def thread_ids(work: Applying, refs: Iterable[str]) -> dict[str, int]:
    """The row numbers of headers, by their ids; those that are not known get a row without a version."""
    wanted = set(refs)
    if not wanted:
        return {}
    question = "SELECT ref, id FROM thread WHERE portal = ? AND ref IN (SELECT value FROM json_each(?))"
    found = dict(work.cursor.execute(question, (work.portal, json.dumps(list(wanted)))).fetchall())
    if new := wanted - found.keys():
        work.cursor.executemany("INSERT INTO thread (portal, ref) VALUES (?, ?)", [(work.portal, ref) for ref in new])
        found.update(work.cursor.execute(question, (work.portal, json.dumps(list(new)))).fetchall())
        work.wanted.update(HEADER + ref for ref in new)
    return found


def _threads(work: Applying, values: Sequence[HeldThread]) -> None:
    news, _ = _news(work, "thread", "ref", "id", values)
    if not news:
        return
    ids = thread_ids(work, [thread.stamp.id for thread in news])
    homes = _homes(work, news)
    work.cursor.executemany(
        """UPDATE thread SET version = ?, updated = ?, title = ?, internal = ?, patient = ?, recipients = ?,
               categories = ?, about = ?, task = ?, home = ?, closed = ?, retracted = ?, started = ? WHERE id = ?""",
        [
            (
                thread.stamp.version,
                to_micros(thread.stamp.updated),
                thread.title,
                thread.internal,
                thread.patient,
                dump_list(thread.recipients),
                dump_list(thread.categories),
                thread.about,
                thread.task,
                homes.get(thread.stamp.id),
                thread.closed,
                thread.retracted,
                maybe_micros(thread.started),
                ids[thread.stamp.id],
            )
            for thread in news
        ],
    )
    for thread in news:
        work.wanted.update((thread.patient, *thread.recipients))
    work.touch(ids.values(), words=True)
    _known(work, [HEADER + thread.stamp.id for thread in news])


def _homes(work: Applying, threads: Sequence[HeldThread]) -> dict[str, int]:
    """For side threads: the row number of the conversation each is about, where that can be told."""
    inner = [thread for thread in threads if thread.internal]
    about = thread_ids(work, [thread.about for thread in inner if thread.about])
    tasks = [thread.task for thread in inner if thread.task and not thread.about]
    by_task = dict(
        work.cursor.execute(
            "SELECT ref, thread FROM task WHERE portal = ? AND ref IN (SELECT value FROM json_each(?))",
            (work.portal, json.dumps(tasks)),
        ).fetchall()
        if tasks
        else ()
    )
    found = {thread.stamp.id: about.get(thread.about) or by_task.get(thread.task) for thread in inner}
    return {ref: home for ref, home in found.items() if home is not None}


def _posts(work: Applying, values: Sequence[HeldPost]) -> None:
    news, replaced = _news(work, "post", "ref", "thread", values)
    if not news:
        return
    ids = thread_ids(work, {post.parent for post in news})
    work.cursor.executemany(
        """INSERT INTO post (portal, ref, version, updated, thread, sender, sent, side, internal, recipients, patient,
                             attachments, files, state, client_id, unreadable, text)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET version = excluded.version, updated = excluded.updated, thread = excluded.thread,
               sender = excluded.sender, sent = excluded.sent, side = excluded.side, internal = excluded.internal,
               recipients = excluded.recipients, patient = excluded.patient, attachments = excluded.attachments,
               files = excluded.files, state = excluded.state, client_id = excluded.client_id,
               unreadable = excluded.unreadable, text = excluded.text""",
        [_post_row(work.portal, ids[post.parent], post) for post in news],
    )
    for post in news:
        work.wanted.update((post.sender, post.patient))
    work.touch(ids.values(), words=True)
    work.touch(replaced, words=True)
    _adopt(work, [*ids, *(post.stamp.id for post in news)])
    _known(work, [HEADER + post.stamp.id for post in news])


def _post_row(portal: int, thread: int, post: HeldPost) -> tuple[object, ...]:
    return (
        portal,
        post.stamp.id,
        post.stamp.version,
        to_micros(post.stamp.updated),
        thread,
        post.sender,
        to_micros(post.sent),
        side_of(post),
        post.internal,
        dump_list(post.recipients),
        post.patient,
        dump_attachments(post.attachments),
        len(post.attachments),
        post.state.value,
        post.client_id,
        post.unreadable,
        post.text,
    )


def _adopt(work: Applying, refs: Sequence[str]) -> None:
    """Move what answers a message rather than its header (a nested `partOf`) to that message's thread."""
    rows = work.cursor.execute(
        """SELECT shell.id, post.thread FROM thread AS shell
           JOIN post ON post.portal = shell.portal AND post.ref = shell.ref AND post.thread <> shell.id
           WHERE shell.portal = ? AND shell.ref IN (SELECT value FROM json_each(?)) AND shell.version IS NULL""",
        (work.portal, json.dumps(refs)),
    ).fetchall()
    for shell, home in rows:
        work.cursor.execute("UPDATE post SET thread = ? WHERE thread = ?", (home, shell))
        work.touch((shell, home), words=True)


def _tasks(work: Applying, values: Sequence[HeldTask]) -> None:
    news, replaced = _news(work, "task", "ref", "thread", values)
    if not news:
        return
    ids = thread_ids(work, {task.thread for task in news})
    work.cursor.executemany(
        """INSERT INTO task (portal, ref, version, updated, thread, state, owner, pool, priority, due, category,
                             authored)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET version = excluded.version, updated = excluded.updated, thread = excluded.thread,
               state = excluded.state, owner = excluded.owner, pool = excluded.pool, priority = excluded.priority,
               due = excluded.due, category = excluded.category, authored = excluded.authored""",
        [_task_row(work.portal, ids[task.thread], task) for task in news],
    )
    work.wanted.update(task.owner for task in news)
    work.touch(ids.values())
    work.touch(replaced)
    _settle_homes(work, [task.stamp.id for task in news])


def _task_row(portal: int, thread: int, task: HeldTask) -> tuple[object, ...]:
    return (
        portal,
        task.stamp.id,
        task.stamp.version,
        to_micros(task.stamp.updated),
        thread,
        STATES.index(task.state),
        task.owner,
        task.pool,
        task.priority.rank,
        maybe_micros(task.due),
        task.category,
        maybe_micros(task.authored),
    )


def _settle_homes(work: Applying, tasks: Sequence[str]) -> None:
    """Tell side threads that are based on these Tasks whose they are."""
    rows = work.cursor.execute(
        """SELECT side.id, task.thread FROM thread AS side
           JOIN task ON task.portal = side.portal AND task.ref = side.task
           WHERE side.portal = ? AND side.task IN (SELECT value FROM json_each(?))
             AND side.task <> '' AND side.home IS NULL AND side.internal""",
        (work.portal, json.dumps(tasks)),
    ).fetchall()
    for side, home in rows:
        work.cursor.execute("UPDATE thread SET home = ? WHERE id = ?", (home, side))
        work.touch((side, home), words=True)


def _patients(work: Applying, values: Sequence[HeldPatient]) -> None:
    news, _ = _news(work, "patient", "reference", "0", values)
    if not news:
        return
    work.cursor.executemany(
        "INSERT OR REPLACE INTO patient VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                work.portal,
                held.patient.reference,
                held.stamp.version,
                to_micros(held.stamp.updated),
                held.patient.name,
                held.patient.birth,
                held.patient.national_id,
                held.patient.gender,
                held.patient.language,
                held.patient.confidential,
                held.patient.deceased,
                held.patient.phone,
            )
            for held in news
        ],
    )
    _known(work, [held.patient.reference for held in news])
    work.touch(_threads_of(work, [held.patient.reference for held in news]), words=True)


def _threads_of(work: Applying, patients: Sequence[str]) -> list[int]:
    rows = work.cursor.execute(
        """SELECT id FROM thread
           WHERE portal = ? AND patient IN (SELECT value FROM json_each(?)) AND patient <> ''""",
        (work.portal, json.dumps(patients)),
    )
    return [row[0] for row in rows]


def _parties(work: Applying, values: Sequence[HeldParty]) -> None:
    news, _ = _news(work, "party", "reference", "0", values)
    if not news:
        return
    work.cursor.executemany(
        "INSERT OR REPLACE INTO party VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                work.portal,
                held.party.reference,
                held.stamp.version,
                to_micros(held.stamp.updated),
                held.party.name,
                held.party.kind.value,
                held.party.detail,
                held.patient,
                dump_list(held.pools),
            )
            for held in news
        ],
    )
    references = [held.party.reference for held in news]
    _known(work, references)
    for column in ("writer", "owner"):
        rows = work.cursor.execute(
            f"SELECT id FROM item WHERE portal = ? AND {column} <> '' "  # noqa: S608
            f"AND {column} IN (SELECT value FROM json_each(?)) LIMIT 1000",
            (work.portal, json.dumps(references)),
        )
        work.touch([row[0] for row in rows])


def _known(work: Applying, references: Sequence[str]) -> None:
    work.cursor.executemany(
        "DELETE FROM wanted WHERE portal = ? AND reference = ?", [(work.portal, each) for each in references]
    )


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
        elif kind == "Patient":
            work.touch(_threads_of(work, [reference]), words=True)
            work.cursor.execute("DELETE FROM patient WHERE portal = ? AND reference = ?", (work.portal, reference))
        else:
            work.cursor.execute("DELETE FROM party WHERE portal = ? AND reference = ?", (work.portal, reference))
    work.wanted.difference_update(references)
    _known(work, references)


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
