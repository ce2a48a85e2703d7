"""Work out the list rows and the word index of the conversations that changed, in the transaction that is open."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlcipher3 import dbapi2

from workbench.dialogue.born import born_words
from workbench.dialogue.fold import indexed
from workbench.dialogue.held import HeldTask, Stamp
from workbench.dialogue.overlay import whose_is
from workbench.dialogue.people import TAIL
from workbench.dialogue.queue import Whose, order_of
from workbench.dialogue.site import NO_FLAG, Flag, Site
from workbench.dialogue.standing import Standing, preview_of, standing, title_of
from workbench.dialogue.work import ACTIVE, Priority, State
from workbench.store.answers import keep_answers
from workbench.store.deadlines import Owed, earliest, merged_under
from workbench.store.encoding import from_micros, load_list, maybe_micros, maybe_moment, to_micros
from workbench.store.flagging import Talk, flags_of
from workbench.store.said import said_in
from workbench.store.ties import astray

STATES: Final = list(State)
WHOSE: Final = list(Whose)
PRIORITIES: Final = {priority.rank: priority for priority in Priority}
INDEXED: Final = 1_000_000
"""Characters of a conversation that the word index holds; what came last goes first."""

FACTS: Final = """
    SELECT t.id, t.ref, t.title, t.patient, t.categories, t.closed, t.updated, coalesce(t.started, t.updated),
           t.files, s.id, s.at, substr(s.text, 1, 400), s.unreadable,
           p.id, p.at, substr(p.text, 1, 400), p.unreadable, p.sender, seen.sent,
           (SELECT min(at) FROM post WHERE thread = t.id AND side = 2 AND at > coalesce(s.at, -1)) AS unanswered
    FROM (
        SELECT thread.*,
            (SELECT id FROM post WHERE thread = thread.id AND side = 1 ORDER BY at DESC, id DESC LIMIT 1) AS staff,
            (SELECT id FROM post WHERE thread = thread.id AND side = 2 ORDER BY at DESC, id DESC LIMIT 1) AS theirs,
            (SELECT total(files) FROM post WHERE thread = thread.id AND side IN (1, 2)) AS files
        FROM thread
        WHERE id IN (SELECT value FROM json_each(?)) AND version IS NOT NULL AND NOT internal AND NOT retracted
    ) AS t
    LEFT JOIN post AS s ON s.id = t.staff
    LEFT JOIN post AS p ON p.id = t.theirs
    LEFT JOIN seen ON seen.thread = t.id
"""
COLUMNS: Final = (
    "id, portal, ref, ord, state, whose, pool, owner, priority, category, due, latest, patient, writer, from_patient, "
    "unread, attachments, title, preview, flag, flag_words, settled, wakes, asked, own_due, due_of"
)
CATEGORY, OWN_DUE = (COLUMNS.split(", ").index(name) for name in ("category", "own_due"))
UPSERT: Final = f"""INSERT INTO item ({COLUMNS}) VALUES ({", ".join("?" * len(COLUMNS.split(",")))})
    ON CONFLICT DO UPDATE SET {", ".join(f"{name} = excluded.{name}" for name in COLUMNS.split(", ")[1:])}"""  # noqa: S608


def refresh(cursor: dbapi2.Cursor, portal: int, threads: Collection[int], site: Site, now: datetime) -> None:
    """Write the list rows of some threads anew; one that is no conversation has none.

    Args:
        cursor: Inside a writing transaction.
        portal: The portal's number.
        threads: Numbers of the threads.
        site: What is urgent, and when an answer is due.
        now: The time, for what is snoozed.
    """
    merged = merged_under(cursor, portal, threads)
    threads = {*threads, *(each for under in merged.values() for each in under)}
    listed = json.dumps(list(threads))
    (me,) = cursor.execute("SELECT me FROM portal WHERE id = ?", (portal,)).fetchone()
    tasks = _tasks(cursor, listed)
    facts = cursor.execute(FACTS, (listed,)).fetchall()
    there = {
        row[0]: row
        for row in cursor.execute(
            f"SELECT {COLUMNS} FROM item WHERE id IN (SELECT value FROM json_each(?))",  # noqa: S608
            (listed,),
        )
    }
    lost = astray(cursor, portal, listed)
    tolds = [_told(fact, tasks.get(fact[0], ()), now, lost=fact[0] in lost) for fact in facts]
    talks = {told.row_id: Talk(told.latest, told.unanswered) for told in tolds if told.stands.state is not State.DONE}
    flags = flags_of(cursor, site, talks)
    owed = {told.row_id: _owed(told, site) for told in tolds}
    dues = {row_id: (owed[row_id].own, *earliest(owed, row_id, merged.get(row_id, ()))) for row_id in owed}
    rows = [_row(portal, me, told, flags.get(told.row_id, NO_FLAG), dues[told.row_id]) for told in tolds]
    cursor.executemany(UPSERT, [row for row in rows if there.pop(row[0], None) != row])
    gone = there.keys() - {row[0] for row in rows}
    cursor.executemany("DELETE FROM item WHERE id = ?", [(row_id,) for row_id in gone])
    keep_answers(cursor, listed, {row[0]: (row[CATEGORY], row[OWN_DUE]) for row in rows}, site)


def refresh_all(cursor: dbapi2.Cursor, threads: Collection[tuple[int, int]], site: Site, now: datetime) -> None:
    """The same for threads of several portals, each with its portal's number."""
    for portal in {portal for _, portal in threads}:
        refresh(cursor, portal, [thread for thread, of in threads if of == portal], site, now)


def _tasks(cursor: dbapi2.Cursor, threads: str) -> dict[int, list[HeldTask]]:
    found: dict[int, list[HeldTask]] = {}
    rows = cursor.execute(
        """SELECT thread, ref, version, updated, state, owner, pool, priority, due, category, authored, until, stood
           FROM task WHERE thread IN (SELECT value FROM json_each(?))""",
        (threads,),
    )
    for thread, *row in rows:
        found.setdefault(thread, []).append(task_of("", row))
    return found


def task_of(thread: str, row: Iterable[Any]) -> HeldTask:
    """The value of a task's row, its columns named as the fields."""
    ref, version, updated, state, owner, pool, priority, due, category, authored, until, stood = row
    return HeldTask(
        Stamp(ref, version, from_micros(updated)),
        thread,
        STATES[state],
        owner,
        pool,
        PRIORITIES[priority],
        maybe_moment(due),
        category,
        maybe_moment(authored),
        maybe_moment(until),
        stood=maybe_moment(stood),
    )


class _Told(NamedTuple):
    """What a conversation's row is made of, times in microseconds since 1970."""

    row_id: int
    ref: str
    title: str
    patient: str
    updated: int
    files: int
    stands: Standing
    from_patient: bool
    latest: int
    unanswered: int | None
    """The patient's first message since staff last wrote."""
    preview: str
    sender: str | None
    seen: int | None
    answered: int | None
    """When staff last wrote."""


def _told(fact: tuple[Any, ...], tasks: Iterable[HeldTask], now: datetime, *, lost: bool) -> _Told:
    (row_id, ref, title, patient, categories, closed, updated, started, files, *posts, unanswered) = fact
    staff, theirs, sender, seen = tuple(posts[0:4]), tuple(posts[4:8]), posts[8], posts[9]
    stands = standing(
        tasks,
        categories=load_list(categories),
        closed=bool(closed),
        header_changed=from_micros(updated),
        patient_wrote=maybe_moment(theirs[1]),
        now=now,
        astray=lost,
    )
    from_patient = theirs[0] is not None and (staff[0] is None or (theirs[1], theirs[0]) > (staff[1], staff[0]))
    last = theirs if from_patient else staff
    latest = started if last[1] is None else last[1]
    preview = "" if last[0] is None or last[3] else preview_of(last[2])
    return _Told(
        row_id,
        ref,
        title,
        patient,
        updated,
        int(files),
        stands,
        from_patient,
        latest,
        unanswered,
        preview,
        sender,
        seen,
        staff[1],
    )


def _owed(told: _Told, site: Site) -> Owed:
    """What a conversation by itself makes of its deadline: the portal's, else one that the site counts."""
    stands, due = told.stands, told.stands.due
    if due is None and told.unanswered is not None:
        due = site.due_of(from_micros(told.unanswered), stands.category)
    own = due if stands.due is not None or stands.state in ACTIVE else None
    stood = stands.task.stood if stands.task else None
    return Owed(own, due, told.answered, maybe_micros(stood))


def _row(
    portal: int, me: str, told: _Told, flag: Flag, dues: tuple[datetime | None, datetime | None, int | None]
) -> tuple[Any, ...]:
    stands, task, (own, due, due_of) = told.stands, told.stands.task, dues
    done, snoozed = stands.state is State.DONE, stands.state is State.SNOOZED
    return (
        told.row_id,
        portal,
        told.ref,
        order_of(
            stands.priority,
            due,
            from_micros(told.latest if told.unanswered is None else told.unanswered),
            flagged=flag != NO_FLAG,
        ),
        *_whose_columns(stands, me),
        maybe_micros(due),
        told.latest,
        told.patient,
        "" if told.sender in (None, told.patient) else told.sender,
        int(told.from_patient),
        int(told.from_patient and told.latest > (told.seen or 0)),
        told.files,
        title_of(told.title, told.preview),
        told.preview,
        *flag,
        (to_micros(task.stamp.updated) if task else told.updated) if done else None,
        maybe_micros(task.until) if snoozed and task else None,
        told.unanswered,
        maybe_micros(own),
        due_of,
    )


def _whose_columns(stands: Standing, me: str) -> tuple[object, ...]:
    return (
        STATES.index(stands.state),
        WHOSE.index(whose_is(stands.owner, me)),
        stands.pool,
        stands.owner,
        stands.priority.rank,
        stands.category,
    )


def set_me(cursor: dbapi2.Cursor, portal: int, reference: str) -> bool:
    """Tell who acts on a portal; whose each conversation is follows from it. Returns whether anything changed."""
    (before,) = cursor.execute("SELECT me FROM portal WHERE id = ?", (portal,)).fetchone()
    if before == reference:
        return False
    cursor.execute("UPDATE portal SET me = ? WHERE id = ?", (reference, portal))
    for owner in {before, reference} - {""}:
        whose = WHOSE.index(whose_is(owner, reference))
        cursor.execute(
            "UPDATE item SET whose = ? WHERE portal = ? AND owner = ? AND owner <> ''", (whose, portal, owner)
        )
    return True


def index_words(cursor: dbapi2.Cursor, threads: Collection[int]) -> None:
    """Write the word index of some conversations anew: title, messages, and what staff wrote among themselves."""
    listed = json.dumps(list(threads))
    cursor.executemany("DELETE FROM words WHERE rowid = ?", [(row_id,) for row_id in threads])
    heads = cursor.execute(
        """SELECT id, title FROM thread
           WHERE id IN (SELECT value FROM json_each(?)) AND version IS NOT NULL AND NOT internal AND NOT retracted""",
        (listed,),
    ).fetchall()
    texts: dict[int, list[str]] = {row_id: [title] for row_id, title in heads}
    bodies = cursor.execute(
        f"{said_in('SELECT value FROM json_each(?1)')} ORDER BY sent DESC, id DESC",  # noqa: S608
        (listed,),
    )
    for row_id, text, _sent, _id in bodies:
        if row_id in texts:
            texts[row_id].append(text)
    cursor.executemany(
        "INSERT INTO words (rowid, text) VALUES (?, ?)",
        [(row_id, indexed("\n".join(parts)[:INDEXED])) for row_id, parts in sorted(texts.items())],
    )


def index_names(cursor: dbapi2.Cursor, threads: Collection[int]) -> None:
    """Write the index of names anew for some conversations: what a patient tells on the telephone.

    That is the name, the national number, its last digits as they stand on the screen, and the day of birth.
    """
    rows = cursor.execute(
        """SELECT thread.id, patient.name, patient.national, patient.birth FROM thread
           JOIN patient ON patient.portal = thread.portal AND patient.reference = thread.patient
           WHERE thread.id IN (SELECT value FROM json_each(?))
             AND thread.version IS NOT NULL AND NOT internal AND NOT retracted""",
        (json.dumps(list(threads)),),
    ).fetchall()
    cursor.executemany("DELETE FROM names WHERE rowid = ?", [(row_id,) for row_id in threads])
    told = [
        (row_id, " ".join((name, number, number[-TAIL:], *born_words(birth))))
        for row_id, name, number, birth in sorted(rows)
    ]
    cursor.executemany(
        "INSERT INTO names (rowid, text) VALUES (?, ?)", [(row_id, indexed(text)) for row_id, text in told]
    )
