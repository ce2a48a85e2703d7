"""A full, failing or read-only disk and a busy file are said in a word, and nothing counts as saved."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from tests.store.made import KEY, PORTAL, key, open_store, post, save, thread
from workbench.dialogue.held import Batch
from workbench.dialogue.outgoing import Draft, Kind
from workbench.dialogue.queue import Query
from workbench.store import cipher, work
from workbench.store.errors import Damaged, Full, Locked, StoreError

ROOT = Path(__file__).parents[2]
posix = pytest.mark.skipif(os.name != "posix", reason="limits as POSIX has them")
GROWING = """
import resource, signal, sys
from pathlib import Path
from tests.store.made import PORTAL, key, open_store, post, save, thread
from workbench.dialogue.held import Batch
from workbench.dialogue.outgoing import Draft, Kind
from workbench.store.errors import StoreError
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
folder, limit = Path(sys.argv[1]), int(sys.argv[2])
store = open_store(folder)
resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
saved, word = 0, ""
for number in range(1, 400):
    try:
        save(store, Draft(key("t"), "me", Kind.REPLY, str(number) + ":" + "x" * 3000 * number))
        saved = number
    except StoreError as error:
        word = error.word
        break
taken, other = 0, ""
for number in range(1, 400):
    try:
        store.cache.apply(PORTAL, Batch((thread(f"t{number}"),), (post(f"m{number}", f"t{number}", "y" * 9000),)))
        taken = number
    except StoreError as error:
        other = error.word
        break
print(saved, word, taken, other)
"""


@posix
@pytest.mark.parametrize("limit", [200_000, 400_000, 700_001])
def test_a_disk_that_takes_no_more_costs_only_what_was_not_acknowledged(tmp_path: Path, limit: int) -> None:
    """The process may write files of so many bytes only; writes beyond fail as on a full disk."""
    done = subprocess.run(
        [sys.executable, "-c", GROWING, str(tmp_path), str(limit)], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stderr == ""
    saved, word, taken, other = done.stdout.split()
    assert (word, other) == ("full", "full")
    store = open_store(tmp_path)
    draft = store.drafts.get(key("t"), "me", Kind.REPLY)
    assert draft is not None
    assert draft.text.split(":")[0] == saved
    assert store.cache.counts([Query()]) == (int(taken),)
    save(store, replace(draft, text="again"))
    store.close()


def test_a_file_that_another_process_holds_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "WORK", replace(cipher.WORK, busy_ms=50))
    store = open_store(tmp_path)
    save(store, Draft(key("t"), "me", Kind.REPLY, "first"))
    other = dbapi2.connect(tmp_path / "work.db", isolation_level=None)
    other.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(Locked) as caught:
        save(store, Draft(key("t"), "me", Kind.REPLY, "second"))
    assert (caught.value.word, caught.value.path) == ("locked", tmp_path / "work.db")
    draft = store.drafts.get(key("t"), "me", Kind.REPLY)
    assert draft is not None
    assert draft.text == "first"
    other.execute("COMMIT")
    other.close()
    save(store, Draft(key("t"), "me", Kind.REPLY, "second"))
    store.close()


@posix
def test_a_folder_that_cannot_be_made_or_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(Full) as caught:
        open_store(tmp_path / "file" / "store")
    assert caught.value.word == "full"


def test_damage_met_while_reading_is_said(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    for number in range(200):
        name = f"t{number}"
        store.cache.apply(PORTAL, Batch((thread(name),), (post(f"m{number}", name, "x" * 3000),)))
    store.close()
    cache = tmp_path / "cache.db"
    data = bytearray(cache.read_bytes())
    for at in range(4096 * 80 + 17, len(data), 4096):  # the layout itself lies before that
        data[at] ^= 0xFF
    cache.write_bytes(data)
    store = open_store(tmp_path)
    with pytest.raises(Damaged):
        _ = [store.cache.conversation(key(f"t{number}")) for number in range(200)]
    store.wipe_cache()
    assert store.cache.counts([Query()]) == (0,)
    store.close()


def test_a_closed_store_says_so(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    store.close()
    store.close()
    with pytest.raises(StoreError):
        store.drafts.list()


def test_a_failed_block_leaves_the_connection_usable(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    database = store.drafts._database

    def fail() -> None:
        with database.write() as cursor:
            cursor.execute("DELETE FROM draft")
            raise ZeroDivisionError

    save(store, Draft(key("t"), "me", Kind.REPLY, "kept"))
    with pytest.raises(ZeroDivisionError):
        fail()
    assert [draft.text for draft in store.drafts.list()] == ["kept"]
    with pytest.raises(dbapi2.OperationalError), database.read() as cursor:
        cursor.execute("SELECT * FROM nowhere")
    save(store, Draft(key("t"), "me", Kind.REPLY, "x"))
    store.close()


def test_many_threads_may_use_one_store(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    failed: list[BaseException] = []

    def work_on(name: str) -> None:
        try:
            for number in range(30):
                save(store, Draft(key(name), "me", Kind.REPLY, str(number)))
                store.cache.apply(PORTAL, Batch((thread(f"{name}{number}"),)))
                store.cache.page(Query(), 0, 10)
                store.outbox.counts()
        except BaseException as error:  # noqa: BLE001 - told to the test
            failed.append(error)

    threads = [threading.Thread(target=work_on, args=(f"t{number}",)) for number in range(6)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert not failed
    assert [draft.text for draft in store.drafts.list()] == ["29"] * 6
    assert store.cache.counts([Query()]) == (180,)
    store.close()


def test_a_file_that_may_not_grow_is_full(tmp_path: Path) -> None:
    """SQLite answers a file at its limit as it answers a disk without room (`SQLITE_FULL`)."""
    store = open_store(tmp_path)
    save(store, Draft(key("t"), "me", Kind.REPLY, "kept"))
    connection = store.drafts._database._connection
    connection.execute(f"PRAGMA max_page_count = {connection.execute('PRAGMA page_count').fetchone()[0] + 2}")
    with pytest.raises(Full) as caught:
        save(store, Draft(key("t"), "me", Kind.REPLY, "x" * 100_000))
    assert caught.value.path == tmp_path / "work.db"
    with pytest.raises(Full):
        store.files.add("a", "b", b"x" * 100_000)
    assert [draft.text for draft in store.drafts.list()] == ["kept"]
    save(store, Draft(key("t"), "me", Kind.REPLY, "short again"))
    assert [draft.text for draft in store.drafts.list()] == ["short again"]
    store.close()
