"""A file of any earlier layout is brought to this one, step by step, and a step that fails leaves the one before."""

from __future__ import annotations

import threading
from datetime import timedelta
from functools import partial
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from tests.store.made import KEY, ME, PORTAL, START, open_store
from workbench.dialogue.queue import order_of
from workbench.dialogue.refusals import SendError
from workbench.dialogue.site import Site
from workbench.dialogue.work import Priority
from workbench.store import cache_schema, work_schema
from workbench.store.cipher import WORK, connect, private_file, private_folder
from workbench.store.database import Database
from workbench.store.encoding import to_micros
from workbench.store.errors import NewerVersion
from workbench.store.migrations import Step, migrate
from workbench.store.restating import due_for_judging
from workbench.store.rows import index_names


def database(folder: Path, name: str = "x.db") -> Database:
    path = folder / name
    private_file(path, create=True)
    return Database(partial(connect, path, KEY, WORK), path)


def layout(opened: Database) -> int:
    with opened.read() as cursor:
        return int(cursor.execute("PRAGMA user_version").fetchone()[0])


def schema(opened: Database) -> list[str]:
    with opened.read() as cursor:
        return [row[0] for row in cursor.execute("SELECT sql FROM sqlite_master WHERE sql <> '' ORDER BY name")]


@pytest.mark.parametrize("steps", [work_schema.STEPS, cache_schema.STEPS], ids=["work", "cache"])
def test_every_layout_leads_to_the_newest(tmp_path: Path, steps: tuple[Step, ...]) -> None:
    fresh = database(tmp_path, "fresh.db")
    migrate(fresh, steps)
    for start in range(len(steps) + 1):
        old = database(tmp_path, f"{start}.db")
        migrate(old, steps[:start])
        assert layout(old) == start
        migrate(old, steps)
        assert layout(old) == len(steps)
        assert schema(old) == schema(fresh)
        old.close()
    fresh.close()


def test_a_cache_that_does_not_know_who_began_a_conversation_takes_everything_anew(tmp_path: Path) -> None:
    old = database(tmp_path, "cache.db")
    migrate(old, cache_schema.STEPS[:1])
    with old.write() as cursor:
        cursor.execute(
            "INSERT INTO thread (portal, ref, version, updated) VALUES (1, 't', '3', 0), (1, 'u', NULL, NULL)"
        )
        cursor.execute("INSERT INTO mark VALUES (1, 'Communication', 0)")
    migrate(old, cache_schema.STEPS)
    with old.read() as cursor:
        assert cursor.execute("SELECT version, sender FROM thread ORDER BY ref").fetchall() == [("", ""), (None, "")]
        assert cursor.execute("SELECT count(*) FROM mark").fetchone() == (0,)
    old.close()


def test_a_cache_that_does_not_know_receipts_takes_staff_s_messages_anew(tmp_path: Path) -> None:
    old = database(tmp_path, "cache.db")
    migrate(old, cache_schema.STEPS[:4])
    columns = "portal, ref, version, updated, thread, sender, sent, side, internal, recipients, patient, attachments"
    with old.write() as cursor:
        for side in range(3):
            cursor.execute(
                f"INSERT INTO post ({columns}, files, state, client_id, unreadable, text) "
                "VALUES (1, ?, '3', 0, 1, '', 0, ?, 0, '', '', '', 0, 'sent', '', 0, '')",
                (f"m{side}", side),
            )
        cursor.execute("INSERT INTO mark VALUES (1, 'Communication', 0), (1, 'Task', 0)")
    migrate(old, cache_schema.STEPS[:5])
    with old.read() as cursor:
        assert cursor.execute("SELECT version FROM post ORDER BY ref").fetchall() == [("3",), ("",), ("3",)]
        assert cursor.execute("SELECT stream FROM mark").fetchall() == [("Task",)]
    old.close()


def test_a_cache_that_does_not_know_what_staff_wrote_on_tasks_takes_tasks_anew(tmp_path: Path) -> None:
    old = database(tmp_path, "cache.db")
    migrate(old, cache_schema.STEPS[:10])
    with old.write() as cursor:
        cursor.execute(
            """INSERT INTO task (portal, ref, version, updated, thread, state, owner, pool, priority, category)
               VALUES (1, 't', '3', 0, 1, 0, '', '', 3, '')"""
        )
        cursor.execute("INSERT INTO mark VALUES (1, 'Communication', 0), (1, 'Task', 0)")
    migrate(old, cache_schema.STEPS[:11])
    with old.read() as cursor:
        assert cursor.execute("SELECT version FROM task").fetchall() == [("",)]
        assert cursor.execute("SELECT stream FROM mark").fetchall() == [("Communication",)]
    old.close()


def test_an_order_of_before_is_told_anew(tmp_path: Path) -> None:
    old = database(tmp_path, "cache.db")
    migrate(old, cache_schema.STEPS[:12])
    with old.write() as cursor:
        cursor.execute("INSERT INTO site VALUES (1, 'the same rules', NULL)")
    migrate(old, cache_schema.STEPS)
    with old.read() as cursor:
        assert due_for_judging(cursor, Site("the same rules")) == 0, "all of it is gone through again"
    old.close()


def test_among_equals_stands_first_who_has_waited_longest_also_of_what_is_held(tmp_path: Path) -> None:
    old = database(tmp_path, "cache.db")
    migrate(old, cache_schema.STEPS[:17])
    latest, asked = START + timedelta(hours=5), START
    due = START + timedelta(days=1)
    before, after = (order_of(Priority.ROUTINE, due, since) for since in (latest, asked))
    with old.write() as cursor:
        columns = [row[1] for row in cursor.execute("PRAGMA table_info(item)")]
        for number, waits in ((1, to_micros(asked)), (2, None)):
            values = {"id": number, "ord": before, "latest": to_micros(latest), "asked": waits}
            told = [values.get(name, 0) for name in columns]
            cursor.execute(f"INSERT INTO item VALUES ({','.join('?' * len(told))})", told)
    migrate(old, cache_schema.STEPS)
    with old.read() as cursor:
        assert cursor.execute("SELECT id, ord FROM item ORDER BY id").fetchall() == [(1, after), (2, before)]
    old.close()


def test_a_draft_that_was_begun_by_the_clock_is_not_sent_from_two_windows(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    private_folder(folder)
    old = database(folder, "work.db")
    migrate(old, work_schema.STEPS[:3])
    with old.write() as cursor:
        cursor.execute(
            """INSERT INTO draft (portal, thread, author, kind, text, documents, saved, began)
               VALUES (?, 't', ?, 'reply', 'Hei', '[]', 1, 1795859982019519)""",
            (PORTAL, ME),
        )
    old.close()
    one, two = open_store(folder), open_store(folder)
    (first,), (second,) = one.drafts.list(), two.drafts.list()
    one.outbox.queue_draft(first, patient="Patient/a", basis="b")
    with pytest.raises(SendError):
        two.outbox.queue_draft(second, patient="Patient/a", basis="b")
    one.close()
    two.close()


def test_a_cache_whose_names_stood_among_the_words_gets_an_index_of_names(tmp_path: Path) -> None:
    old = database(tmp_path, "cache.db")
    migrate(old, cache_schema.STEPS[:13])
    with old.write() as cursor:
        cursor.execute("DROP TABLE names")
    migrate(old, cache_schema.STEPS)
    with old.write() as cursor:
        index_names(cursor, [1])
        assert due_for_judging(cursor, Site("any rules")) == 0, "which is filled as all of it is gone through again"
    old.close()


def made(table: str) -> Step:
    def step(cursor: dbapi2.Cursor) -> None:
        cursor.execute(f"CREATE TABLE {table} (x)")

    return step


def broken(cursor: dbapi2.Cursor) -> None:
    cursor.execute("CREATE TABLE half (x)")
    raise ZeroDivisionError


def test_a_step_that_fails_leaves_the_layout_before_it(tmp_path: Path) -> None:
    opened = database(tmp_path)
    with pytest.raises(ZeroDivisionError):
        migrate(opened, [made("a"), broken, made("b")])
    assert layout(opened) == 1
    assert schema(opened) == ["CREATE TABLE a (x)"]
    migrate(opened, [made("a"), made("half"), made("b")])
    assert layout(opened) == 3
    opened.close()


def test_what_a_newer_program_made_is_refused(tmp_path: Path) -> None:
    opened = database(tmp_path)
    migrate(opened, [made("a"), made("b")])
    with pytest.raises(NewerVersion) as caught:
        migrate(opened, [made("a")])
    assert (caught.value.found, caught.value.known) == (2, 1)
    opened.close()


def test_many_may_open_an_empty_file_at_once(tmp_path: Path) -> None:
    """All find it empty; each step is still taken once."""
    opened = [database(tmp_path) for _ in range(4)]
    ready = threading.Barrier(len(opened))
    failed: list[BaseException] = []
    taken: list[str] = []

    def first(cursor: dbapi2.Cursor) -> None:
        cursor.execute("CREATE TABLE a (x)")
        cursor.execute(
            "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n LIMIT 50000) SELECT sum(x) FROM n"
        )
        cursor.fetchall()
        taken.append("a")

    def second(_: dbapi2.Cursor) -> None:
        taken.append("b")

    def take(one: Database) -> None:
        ready.wait()
        try:
            migrate(one, [first, second])
        except BaseException as error:  # noqa: BLE001 - told to the test
            failed.append(error)

    threads = [threading.Thread(target=take, args=(one,)) for one in opened]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert not failed
    assert taken == ["a", "b"]
    for one in opened:
        one.close()
