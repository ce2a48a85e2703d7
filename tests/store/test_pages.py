"""A page that is not whole is never taken for an empty one: SQLCipher gives zeros for it, and fails at the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from tests.store.made import KEY, PORTAL, key, open_store, post, thread
from workbench.dialogue.conversation import Message
from workbench.dialogue.held import Batch
from workbench.dialogue.outgoing import Draft, Kind
from workbench.store.cipher import CACHE_READER, connect
from workbench.store.database import Database
from workbench.store.errors import Damaged, DamagedCache, StoreError
from workbench.store.look import _asked, look
from workbench.store.store import Store

LONG = " ".join(str(number) for number in range(4_000))
PAGE = 4096


def filled(folder: Path) -> Path:
    """A closed store with long words in a draft and in a message."""
    store = open_store(folder)
    store.drafts.save(Draft(key("t"), "me", Kind.REPLY, LONG))
    store.cache.apply(PORTAL, Batch((thread("t"),), (post("m", "t", LONG),)))
    store.close()
    return folder


def harmed(path: Path) -> Iterator[int]:
    """Changes a byte of each page in turn, and mends it again; the first page is the header's."""
    whole = path.read_bytes()
    for page in range(1, len(whole) // PAGE):
        changed = bytearray(whole)
        changed[page * PAGE + 100] ^= 1
        path.write_bytes(changed)
        yield page
    path.write_bytes(whole)


def given(ask: Callable[[], str]) -> str:
    """What is given, or the word of the refusal."""
    try:
        return ask()
    except StoreError as error:
        return error.word


def asked_twice(path: Path, question: str, before: str = "") -> set[str]:
    """What a question is answered with, asked twice over a connection, after a change when there is one."""
    try:
        database = Database(partial(connect, path, KEY, CACHE_READER), path)
    except StoreError as error:
        return {error.word}

    def change() -> str:
        with database.write() as cursor:
            cursor.execute(before)
        return LONG

    def ask() -> str:
        with database.read() as cursor:
            return str(cursor.execute(question).fetchone()[0])

    found = {given(change)} if before else set()
    found |= {given(ask), given(ask)}
    database.close()
    return found


@pytest.mark.parametrize(("name", "table"), [("work.db", "draft"), ("cache.db", "post")])
def test_no_words_are_read_from_a_page_that_is_not_whole(tmp_path: Path, name: str, table: str) -> None:
    path = filled(tmp_path) / name
    found = [asked_twice(path, f"SELECT text FROM {table}") for _page in harmed(path)]
    assert set().union(*found) == {LONG, Damaged.word}


def test_nothing_is_written_that_was_read_from_such_a_page(tmp_path: Path) -> None:
    path = filled(tmp_path) / "work.db"
    copy = "UPDATE draft SET documents = (SELECT text FROM draft)"
    found = set()
    for _page in harmed(path):
        found |= asked_twice(path, "SELECT documents FROM draft", copy) - {""}
        for log in path.parent.glob("work.db-*"):
            log.unlink()
    assert found == {LONG, Damaged.word}


def test_a_look_gives_nothing_out_that_was_read_from_such_a_page(tmp_path: Path) -> None:
    path = filled(tmp_path) / "work.db"

    def words(connection: dbapi2.Connection) -> str:
        return str(connection.execute("SELECT text FROM draft").fetchone()[0])

    found = {given(lambda: _asked(path, KEY, words)) for _page in harmed(path)}
    assert found == {LONG, Damaged.word}


def test_a_look_at_a_store_finds_it_before_it_is_used(tmp_path: Path) -> None:
    folder = filled(tmp_path)
    pages = []
    for page in harmed(folder / "work.db"):
        try:
            look(folder / "work.db", KEY, 99, 0)
        except StoreError:
            continue
        pages.append(page)
        store = open_store(folder)
        (draft,) = store.drafts.list()
        store.close()
        assert draft.text == LONG, page
    assert len(pages) < 5, "only pages that nothing is kept on may pass"


def test_a_message_is_shown_whole_or_not_at_all(tmp_path: Path) -> None:
    folder = filled(tmp_path)

    def shown(store: Store) -> str:
        conversation = store.cache.conversation(key("t"))
        if conversation is None:
            return "made anew" if store.cache.was_damaged else "lost"
        (entry,) = conversation.entries
        assert isinstance(entry, Message)
        return entry.text

    for page in harmed(folder / "cache.db"):
        copy = folder.parent / f"copy-{page}"
        copy.mkdir()
        for file in folder.iterdir():
            if file.is_file():
                (copy / file.name).write_bytes(file.read_bytes())
        store = open_store(copy)
        assert given(partial(shown, store)) in (LONG, DamagedCache.word, "made anew"), page
        store.close()
