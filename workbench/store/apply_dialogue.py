"""Take in headers, messages, notes and Tasks, in the transaction that is open.

What names something that has not been read yet is kept under a thread without a version until its header comes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Final

from workbench.dialogue.conversation import MessageState
from workbench.dialogue.held import HeldPost, HeldTask, HeldThread
from workbench.dialogue.people import outside
from workbench.dialogue.work import State
from workbench.store.applying import HEADER, Applying, known, news, thread_ids
from workbench.store.encoding import dump_attachments, dump_list, maybe_micros, to_micros
from workbench.store.lateness import come_late, counts_from, stand_behind_posts, stand_behind_tasks
from workbench.store.remarks import take_remarks
from workbench.store.ties import take_ties

STATES: Final = list(State)
NO_MESSAGE, STAFF_SIDE, PATIENT_SIDE, RECEIPT = 0, 1, 2, 3
"""What a post counts as (`post.side`); a receipt is staff's, and is no word in the dialogue."""


def take_threads(work: Applying, values: Sequence[HeldThread]) -> None:
    """Headers, of dialogues and of side threads."""
    new, _ = news(work, "thread", "ref", "id", values)
    if not new:
        return
    ids = thread_ids(work, [thread.stamp.id for thread in new])
    homes = _homes(work, new)
    work.cursor.executemany(
        """UPDATE thread SET version = ?, updated = ?, title = ?, internal = ?, patient = ?, recipients = ?, sender = ?,
               categories = ?, about = ?, task = ?, home = ?, closed = ?, retracted = ?, started = ? WHERE id = ?""",
        [
            (
                thread.stamp.version,
                to_micros(thread.stamp.updated),
                thread.title,
                thread.internal,
                thread.patient,
                dump_list(thread.recipients),
                thread.sender,
                dump_list(thread.categories),
                thread.about,
                thread.task,
                homes.get(thread.stamp.id),
                thread.closed,
                thread.retracted,
                maybe_micros(thread.started),
                ids[thread.stamp.id],
            )
            for thread in new
        ],
    )
    for thread in new:
        work.wanted.update((thread.patient, thread.sender, *thread.recipients))
    work.touch(ids.values(), words=True)
    work.named.update(ids.values())
    known(work, [HEADER + thread.stamp.id for thread in new])


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


def side_of(post: HeldPost) -> int:
    """Whether a post counts as a message, and from which side."""
    if post.internal or post.state in (MessageState.RETRACTED, MessageState.DRAFT):
        return NO_MESSAGE
    if outside(post.sender):
        return PATIENT_SIDE
    return RECEIPT if post.receipt else STAFF_SIDE


def take_posts(work: Applying, values: Sequence[HeldPost]) -> None:
    """Messages and notes."""
    new, replaced = news(work, "post", "ref", "thread", values)
    if not new:
        return
    late = come_late(work, new)
    ids = thread_ids(work, [post.parent for post in new])
    work.cursor.executemany(
        """INSERT INTO post (portal, ref, version, updated, thread, sender, sent, side, internal, recipients, patient,
                             attachments, files, state, client_id, unreadable, text, at)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET version = excluded.version, updated = excluded.updated, thread = excluded.thread,
               sender = excluded.sender,
               -- One without a time of its own has that of its edition, and does not move behind what answers it.
               sent = CASE WHEN excluded.sent = excluded.updated AND post.side > 0 THEN min(post.sent, excluded.sent)
                   ELSE excluded.sent END,
               side = excluded.side, internal = excluded.internal,
               recipients = excluded.recipients, patient = excluded.patient, attachments = excluded.attachments,
               files = excluded.files, state = excluded.state,
               -- A portal may keep no identifiers: what is known to be ours stays so.
               client_id = CASE WHEN excluded.client_id = '' THEN post.client_id ELSE excluded.client_id END,
               unreadable = excluded.unreadable, text = excluded.text,
               -- Words of the patient's side that it did not say before, or not in this conversation, are news since
               -- the portal has them there.
               at = CASE WHEN excluded.side = 2 AND excluded.updated > 0
                   AND (post.side = 0 OR post.text <> excluded.text OR (post.thread <> excluded.thread
                   AND EXISTS (SELECT 1 FROM thread WHERE id = excluded.thread AND version IS NOT NULL)))
                   THEN excluded.updated
                   WHEN post.sent = excluded.sent OR (excluded.sent = excluded.updated
                   AND post.sent < excluded.sent) THEN post.at
                   -- The same words are no news, though a day without a time ends later in a later edition.
                   WHEN post.side = excluded.side AND post.text = excluded.text AND post.at < excluded.at THEN post.at
                   ELSE excluded.at END,
               flag = NULL, flag_words = ''""",
        [_post_row(work.portal, ids[post.parent], post, late=post.stamp.id in late) for post in new],
    )
    stand_behind_posts(work, new)
    for post in new:
        work.wanted.update((post.sender, post.patient))
    work.touch(ids.values(), words=True)
    work.touch(replaced, words=True)
    _adopt(work, [*ids, *(post.stamp.id for post in new)])
    known(work, [HEADER + post.stamp.id for post in new])


def _post_row(portal: int, thread: int, post: HeldPost, *, late: bool) -> tuple[object, ...]:
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
        counts_from(post, late=late),
    )


def _adopt(work: Applying, refs: Sequence[str]) -> None:
    """Move what answers a message rather than its header (a nested `partOf`) to that message's thread.

    Where one answers another that answers a third, each pass moves it at least one step on.
    """
    for _ in refs:
        rows = work.cursor.execute(
            """SELECT shell.id, post.thread FROM thread AS shell
               JOIN post ON post.portal = shell.portal AND post.ref = shell.ref AND post.thread <> shell.id
               WHERE shell.portal = ? AND shell.ref IN (SELECT value FROM json_each(?)) AND shell.version IS NULL
                 AND EXISTS (SELECT 1 FROM post AS child WHERE child.thread = shell.id)""",
            (work.portal, json.dumps(refs)),
        ).fetchall()
        if not rows:
            return
        for shell, home in rows:
            work.cursor.execute("UPDATE post SET thread = ? WHERE thread = ?", (home, shell))
            work.touch((shell, home), words=True)


def take_tasks(work: Applying, values: Sequence[HeldTask]) -> None:
    """The Tasks whose focus is a conversation."""
    new, replaced = news(work, "task", "ref", "thread", values)
    if not new:
        return
    ids = thread_ids(work, [task.thread for task in new])
    work.cursor.executemany(
        """INSERT INTO task (portal, ref, version, updated, thread, state, owner, pool, priority, due, category,
                             authored, until, ended, stood)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET version = excluded.version, updated = excluded.updated, thread = excluded.thread,
               state = excluded.state, owner = excluded.owner, pool = excluded.pool, priority = excluded.priority,
               due = excluded.due, category = excluded.category, authored = excluded.authored,
               until = excluded.until, ended = excluded.ended,
               stood = CASE WHEN task.ended = excluded.ended AND task.owner = excluded.owner
                   AND excluded.stood IS NOT NULL
                   THEN min(coalesce(task.stood, excluded.stood), excluded.stood) ELSE excluded.stood END""",
        [_task_row(work.portal, ids[task.thread], task) for task in new],
    )
    stand_behind_tasks(work, new)
    work.wanted.update(task.owner for task in new)
    work.touch(ids.values())
    work.touch(replaced)
    take_ties(work, new, ids)
    take_remarks(work, new, ids)
    _settle_homes(work, [task.stamp.id for task in new])


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
        maybe_micros(task.until),
        task.ended,
        # What somebody changes in a finished Task, such as its priority, does not finish what the patient wrote since.
        to_micros(task.stamp.updated) if task.state is State.DONE else None,
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
