"""A kept store is used again only when it is whole and of today's kind."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.kept import LAYOUT, Shelf, copied
from tests.bench.measures import rare
from tests.bench.peers.mail import mailbox
from tests.bench.stores import HITS, RARE, SEED, Held, opened
from tests.terminal.harness import ROOT

MESSAGES = 100


def marked(held: Held) -> Path:
    """A file in a store's folder that is gone when the store is filled anew."""
    mark = held.home / "mark"
    mark.touch()
    return mark


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path)


def test_a_whole_store_is_used_again(shelf: Shelf) -> None:
    held = shelf.store(MESSAGES)
    mark = marked(held)
    assert shelf.store(MESSAGES) == held
    assert mark.exists()
    assert held.messages >= MESSAGES


@pytest.mark.parametrize("other", [{"seed": SEED + 1}, {"layout": LAYOUT - 1}])
def test_a_store_of_another_kind_is_filled_anew(shelf: Shelf, other: dict[str, int]) -> None:
    held = shelf.store(MESSAGES)
    mark = marked(held)
    note = shelf.folder / f"messages-{MESSAGES}.json"
    note.write_text(json.dumps(json.loads(note.read_text()) | other))
    assert shelf.store(MESSAGES) == held
    assert not mark.exists()


def test_a_store_whose_filling_was_stopped_is_filled_anew(shelf: Shelf) -> None:
    many = 5_000
    command = [
        sys.executable,
        "-m",
        "tests.bench",
        "--fill-only",
        "--messages",
        str(many),
        "--stores",
        str(shelf.folder),
    ]
    with subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) as filling:
        assert filling.stderr is not None
        assert "a store with" in filling.stderr.readline()
        while not list(shelf.folder.rglob("cache.db")):
            assert filling.poll() is None
        filling.kill()
    assert not list(shelf.folder.glob("*.json"))
    (home,) = shelf.folder.iterdir()
    mark = marked(Held(home, 0, 0))
    held = shelf.store(many)
    assert not mark.exists()
    assert held.messages >= many


def test_a_rare_word_is_in_as_many_messages_of_every_store_and_mailbox(shelf: Shelf, tmp_path: Path) -> None:
    for messages in (MESSAGES, 3 * MESSAGES):
        box = mailbox(tmp_path / "box", messages)
        files = [path.read_text() for path in (box.mail / "INBOX" / "cur").iterdir()]
        assert len(files) == messages
        for word in RARE:
            assert sum(word in text for text in files) == HITS


def test_words_come_again_when_more_are_asked_for_than_there_are() -> None:
    assert rare(len(RARE) + 1) == [*RARE, RARE[0]]


def test_a_copy_is_a_store_of_its_own(shelf: Shelf, tmp_path: Path) -> None:
    held = shelf.store(MESSAGES)
    other = copied(held, tmp_path / "copies" / "one")
    mark = marked(other)
    assert not (held.home / mark.name).exists()
    assert (other.conversations, other.messages) == (held.conversations, held.messages)


def test_what_is_held_has_been_judged(shelf: Shelf) -> None:
    store = opened(shelf.store(MESSAGES).home)
    try:
        assert store.cache.judge() is None
    finally:
        store.close()
