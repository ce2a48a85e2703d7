"""What lies on disk tells nothing, and what does not open is left as it is."""

from __future__ import annotations

import hashlib
import os
import sqlite3
import stat
from pathlib import Path
from random import Random

import pytest
from sqlcipher3 import dbapi2

from tests.store.made import KEY, PORTAL, key, open_store, patient, post, save, thread
from workbench.dialogue.held import Batch
from workbench.dialogue.outgoing import Draft, Kind
from workbench.dialogue.queue import Query
from workbench.store.errors import Damaged, NewerVersion, StoreError, Unsafe, WrongKey
from workbench.store.identity import Identity, check_of, write_identity

MARKER = "Klemmendesmerter"
posix = pytest.mark.skipif(os.name != "posix", reason="permissions as POSIX has them")


def filled(folder: Path) -> None:
    store = open_store(folder)
    save(store, Draft(key("t"), "me", Kind.REPLY, MARKER * 50))
    store.files.add(f"{MARKER}.txt", "text/plain", MARKER.encode() * 5000)
    store.cache.apply(
        PORTAL, Batch((thread("t", title=MARKER),), (post("m", "t", MARKER * 20),), patients=(patient(),))
    )
    store.close()


def fingerprints(folder: Path) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.iterdir()
        if "cache" not in path.name
    }


def test_no_word_stands_on_disk_in_plain_while_open_or_closed(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    save(store, Draft(key("t"), "me", Kind.REPLY, MARKER * 50))
    store.cache.apply(
        PORTAL, Batch((thread("t", title=MARKER),), (post("m", "t", MARKER * 20),), patients=(patient(),))
    )
    assert store.cache.page(Query(words=MARKER), 0, 5).total == 1
    needles = [word.encode(code) for word in (MARKER, MARKER.lower(), "Ingrid") for code in ("utf-8", "utf-16-le")]
    for moment in ("open", "closed"):
        data = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
        assert {"work.db", "cache.db"} <= data.keys()
        if moment == "open":
            assert len(data["cache.db-wal"]) > 4096
        assert not [name for name, held in data.items() for needle in needles if needle in held]
        store.close()


def test_the_files_are_not_plain_sqlite(tmp_path: Path) -> None:
    filled(tmp_path)
    for name in ("work.db", "cache.db"):
        assert not (tmp_path / name).read_bytes().startswith(b"SQLite format 3")
        plain = sqlite3.connect(tmp_path / name)
        with pytest.raises(sqlite3.DatabaseError):
            plain.execute("SELECT * FROM sqlite_master").fetchall()
        plain.close()


def test_a_wrong_key_is_said_and_changes_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    filled(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(WrongKey) as caught:
        open_store(tmp_path, key=b"x" * 32)
    assert caught.value.word == "wrong-key"
    assert caught.value.path == tmp_path / "work.db"
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    assert capfd.readouterr() == ("", "")
    with open_store(tmp_path).drafts._database.read() as cursor:
        assert cursor.execute("SELECT count(*) FROM draft").fetchone() == (1,)


def test_a_key_of_another_length_is_a_wrong_key(tmp_path: Path) -> None:
    with pytest.raises(WrongKey):
        open_store(tmp_path, key=b"short")
    assert not (tmp_path / "work.db").exists()


def test_a_plain_database_is_not_taken_for_ours(tmp_path: Path) -> None:
    plain = sqlite3.connect(tmp_path / "work.db")
    plain.execute("CREATE TABLE draft (text TEXT)")
    plain.commit()
    plain.close()
    before = fingerprints(tmp_path)
    with pytest.raises((WrongKey, Damaged)):
        open_store(tmp_path)
    assert fingerprints(tmp_path) == before


@pytest.mark.parametrize("data", [b"", b"\0" * 4096, b"{}", os.urandom(8192)], ids=["empty", "zeros", "text", "noise"])
def test_a_work_file_that_is_something_else_is_never_replaced(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "work.db").write_bytes(data)
    with pytest.raises((WrongKey, Damaged)):
        open_store(tmp_path)
    assert (tmp_path / "work.db").read_bytes() == data
    assert not (tmp_path / "cache.db").exists()


def test_every_changed_byte_of_the_work_file_is_noticed_or_harmless(tmp_path: Path) -> None:
    filled(tmp_path)
    seed = 20260302
    rng = Random(seed)
    whole = (tmp_path / "work.db").read_bytes()
    noticed = 0
    for turn in range(150):
        at = rng.randrange(len(whole))
        (tmp_path / "work.db").write_bytes(whole[:at] + bytes([whole[at] ^ (1 << rng.randrange(8))]) + whole[at + 1 :])
        before = (tmp_path / "work.db").read_bytes()
        try:
            store = open_store(tmp_path)
        except (WrongKey, Damaged):
            noticed += 1
            assert (tmp_path / "work.db").read_bytes() == before, f"seed {seed}, turn {turn}"
            continue
        try:
            drafts = store.drafts.list()
            assert [draft.text for draft in drafts] == [MARKER * 50], f"seed {seed}, turn {turn}, byte {at}"
        except Damaged:
            noticed += 1
        finally:
            store.close()
    assert noticed > 0


def test_a_damaged_first_page_is_told_apart_from_a_wrong_key(tmp_path: Path) -> None:
    filled(tmp_path)
    write_identity(tmp_path, Identity("0", check_of(KEY)))
    data = bytearray((tmp_path / "work.db").read_bytes())
    data[100] ^= 1
    (tmp_path / "work.db").write_bytes(data)
    with pytest.raises(Damaged):
        open_store(tmp_path)
    with pytest.raises(WrongKey):
        open_store(tmp_path, key=b"y" * 32)


def test_a_work_file_cut_short_anywhere_is_noticed_or_whole(tmp_path: Path) -> None:
    filled(tmp_path)
    whole = (tmp_path / "work.db").read_bytes()
    for size in range(0, len(whole), 4096):
        (tmp_path / "work.db").write_bytes(whole[:size])
        with pytest.raises((WrongKey, Damaged)):
            open_store(tmp_path).drafts.list()
        assert (tmp_path / "work.db").stat().st_size == size


def test_a_journal_without_its_database_is_not_covered_by_a_new_one(tmp_path: Path) -> None:
    (tmp_path / "work.db-wal").write_bytes(b"words that were acknowledged")
    with pytest.raises(Damaged):
        open_store(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["work.db-wal"]


def test_a_newer_work_file_is_refused_untouched(tmp_path: Path) -> None:
    filled(tmp_path)
    connection = dbapi2.connect(tmp_path / "work.db")
    connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    before = fingerprints(tmp_path)
    with pytest.raises(NewerVersion) as caught:
        open_store(tmp_path)
    assert (caught.value.found, caught.value.word) == (99, "newer-version")
    assert fingerprints(tmp_path)["work.db"] == before["work.db"]


@pytest.mark.parametrize("harm", ["noise", "newer", "other-key", "empty"])
def test_a_cache_that_does_not_open_is_made_anew_and_the_drafts_stay(tmp_path: Path, harm: str) -> None:
    filled(tmp_path)
    cache = tmp_path / "cache.db"
    if harm == "noise":
        cache.write_bytes(os.urandom(cache.stat().st_size))
    elif harm == "empty":
        cache.write_bytes(b"")
    else:
        connection = dbapi2.connect(cache)
        connection.execute(f"PRAGMA key = \"x'{KEY.hex()}'\"")
        connection.execute("PRAGMA user_version = 99" if harm == "newer" else f"PRAGMA rekey = \"x'{'77' * 32}'\"")
        connection.close()
    store = open_store(tmp_path)
    assert store.cache.counts([Query()]) == (0,)
    assert [draft.text for draft in store.drafts.list()] == [MARKER * 50]
    store.close()


def test_a_wrong_key_does_not_cost_the_cache(tmp_path: Path) -> None:
    filled(tmp_path)
    with pytest.raises(WrongKey):
        open_store(tmp_path, key=b"z" * 32)
    store = open_store(tmp_path)
    assert store.cache.counts([Query()]) == (1,)
    store.wipe_cache()
    assert store.cache.counts([Query()]) == (0,)
    assert len(store.drafts.list()) == 1
    store.close()


@posix
def test_folder_and_files_are_closed_to_others(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    before = os.umask(0)
    try:
        store = open_store(folder)
        save(store, Draft(key("t"), "me", Kind.REPLY, "x"))
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert len(modes) >= 4
        assert set(modes.values()) == {0o600}
        store.close()
    finally:
        os.umask(before)


@posix
def test_links_are_not_followed(tmp_path: Path) -> None:
    filled(tmp_path / "real")
    (tmp_path / "link").symlink_to(tmp_path / "real")
    with pytest.raises(Unsafe):
        open_store(tmp_path / "link")
    other = tmp_path / "other"
    other.mkdir(mode=0o700)
    (other / "work.db").symlink_to(tmp_path / "real" / "work.db")
    with pytest.raises(Unsafe):
        open_store(other)
    (other / "work.db").unlink()
    (other / "cache.db").symlink_to(tmp_path / "elsewhere.db")
    with pytest.raises(Unsafe):
        open_store(other)
    assert not (tmp_path / "elsewhere.db").exists()


@posix
def test_a_file_where_the_folder_should_be_is_said(tmp_path: Path) -> None:
    (tmp_path / "store").write_text("x")
    with pytest.raises(StoreError) as caught:
        open_store(tmp_path / "store")
    assert caught.value.word in ("unsafe", "full")


@posix
def test_files_that_were_opened_to_others_are_closed_again(tmp_path: Path) -> None:
    filled(tmp_path)
    for path in (tmp_path, *tmp_path.iterdir()):
        path.chmod(0o755)
    open_store(tmp_path).close()
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700


def test_each_commit_of_the_work_file_waits_for_the_disk(tmp_path: Path) -> None:
    """`synchronous`: 2 is FULL, 1 is NORMAL (https://www.sqlite.org/pragma.html#pragma_synchronous)."""
    store = open_store(tmp_path)
    asked = ("synchronous", "secure_delete", "foreign_keys", "journal_mode", "temp_store", "fullfsync")
    found = {}
    for name, database in (("work", store.drafts._database), ("cache", store.cache._writer)):
        with database.read() as cursor:
            found[name] = [cursor.execute(f"PRAGMA {pragma}").fetchone()[0] for pragma in asked]
    assert found == {"work": [2, 1, 1, "wal", 2, 1], "cache": [1, 0, 1, "wal", 2, 0]}
    store.close()
