"""Drafts are kept as they were, and only go when somebody says so."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import pytest

from tests import hostile
from tests.store.made import Clock, key, open_store, photo, save
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Draft, Kind
from workbench.store.errors import Damaged, NotNow
from workbench.store.files import CHUNK, LARGEST
from workbench.store.store import Store


def draft(name: str = "t", text: str = "Hei", author: str = "me", kind: Kind = Kind.REPLY) -> Draft:
    return Draft(key(name), author, kind, text)


def test_a_draft_comes_back_whole_after_the_program_ended(tmp_path: Path) -> None:
    clock = Clock()
    store = open_store(tmp_path, clock=clock)
    file = store.files.add("bilde å.jpg", "image/jpeg", b"\xff\xd8 bytes")
    written = replace(draft(text="Hei Åse\n\tlinje\r\n 👩‍⚕️"), files=(file,), documents=(photo(), photo("b")))
    saved = save(store, written).saved
    assert saved == clock.now
    store.close()
    store = open_store(tmp_path)
    assert store.drafts.get(key("t"), "me", Kind.REPLY) == replace(written, saved=saved)
    assert store.files.read(file.id) == b"\xff\xd8 bytes"
    assert store.drafts.keys() == {key("t")}
    store.close()


def test_a_draft_belongs_to_one_conversation_author_and_kind(store: Store) -> None:
    several = [
        draft(text="1"),
        draft(text="2", kind=Kind.NOTE),
        draft(text="3", author="other"),
        draft("u", text="4"),
        replace(draft(text="5"), key=Key("annen", "t")),
    ]
    for each in several:
        save(store, each)
    for each in several:
        found = store.drafts.get(each.key, each.author, each.kind)
        assert found is not None
        assert found.text == each.text
    assert sorted(each.text for each in store.drafts.list()) == ["1", "2", "3", "4", "5"]
    mine = store.drafts.get(key("t"), "me", Kind.REPLY)
    assert mine is not None
    assert store.drafts.discard(mine)
    assert not store.drafts.discard(mine)
    assert sorted(each.text for each in store.drafts.list()) == ["2", "3", "4", "5"]


def test_an_emptied_draft_is_kept_until_it_is_discarded(store: Store) -> None:
    save(store, draft(text="x"))
    save(store, draft(text=""))
    found = store.drafts.get(key("t"), "me", Kind.REPLY)
    assert found is not None
    assert found.text == ""


def test_two_windows_lose_none_of_each_others_words(store: Store) -> None:
    begun = store.drafts.save(draft(text="Hei"))
    mine = store.drafts.save(replace(begun, text="Hei. Ta to tabletter."))
    theirs = store.drafts.save(replace(begun, text="Hei. Kom i morgen."))
    assert theirs.text == "Hei. Kom i morgen.\n\nHei. Ta to tabletter."
    assert store.drafts.get(mine.key, "me", Kind.REPLY) == theirs
    assert store.drafts.save(replace(theirs, text="Ferdig")).text == "Ferdig"  # what was joined may be taken out


def test_a_window_throws_away_only_what_it_has_seen(store: Store) -> None:
    mine = store.drafts.save(draft(text="Hei"))
    theirs = store.drafts.save(replace(mine, text="Hei igjen"))
    assert not store.drafts.discard(mine)
    assert store.drafts.get(mine.key, "me", Kind.REPLY) == theirs
    assert store.drafts.discard(theirs)


def test_hostile_words_come_back_as_they_were(store: Store) -> None:
    lines = hostile.hostile()
    assert len(lines) > 50
    for line in lines:
        save(store, draft(line.id, line.text))
    for line in lines:
        found = store.drafts.get(key(line.id), "me", Kind.REPLY)
        assert found is not None
        assert found.text == line.text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"), line.id


def test_nul_and_lone_surrogates_cost_no_words(store: Store) -> None:
    save(store, draft(text="før\x00etter \ud800 slutt " + json.loads('"\\udfff"')))
    found = store.drafts.get(key("t"), "me", Kind.REPLY)
    assert found is not None
    assert found.text == "før\x00etter \ufffd slutt \ufffd"


def test_saving_costs_the_same_after_many_saves_and_takes_long_texts(store: Store) -> None:
    def spent(text: str, times: int) -> float:
        began = time.perf_counter()
        for turn in range(times):
            save(store, draft(text=text + str(turn)))
        return (time.perf_counter() - began) / times

    spent("kort", 20)
    first = spent("kort", 100)
    spent("x" * 200_000, 20)
    assert spent("kort", 100) < 5 * first + 0.005
    assert len(store.drafts.list()) == 1


def test_a_file_belongs_to_its_draft_and_is_given_back_only_whole(store: Store) -> None:
    data = bytes(range(256)) * (CHUNK // 100)
    file = store.files.add("../../etc/passwd", "application/pdf", data)
    assert (file.name, file.size) == ("../../etc/passwd", len(data))
    assert UUID(file.id)
    assert store.files.read(file.id) == data
    save(store, replace(draft(), files=(file,)))
    with store.drafts._database.write() as cursor:
        cursor.execute("UPDATE chunk SET data = x'00' WHERE file = ? AND place = 0", (file.id,))
    with pytest.raises(Damaged):
        store.files.read(file.id)
    with pytest.raises(NotNow):
        store.files.read("no such file")


def test_a_file_taken_off_can_be_put_back_for_a_day(store: Store, clock: Clock) -> None:
    one, two = (store.files.add(name, "text/plain", name.encode()) for name in ("a", "b"))
    save(store, replace(draft(), files=(one, two)))
    save(store, replace(draft(), files=(two,)))
    clock.pass_(hours=23)
    assert store.files.purge() == 0
    save(store, replace(draft(), files=(two, one)))
    found = store.drafts.get(key("t"), "me", Kind.REPLY)
    assert found is not None
    assert found.files == (two, one)
    save(store, draft())
    clock.pass_(days=2)
    assert store.files.purge() == 2
    with pytest.raises(NotNow):
        save(store, replace(draft(text="later"), files=(one,)))
    found = store.drafts.get(key("t"), "me", Kind.REPLY)
    assert found is not None
    assert found.text == "Hei"


def test_a_file_that_is_too_large_is_refused(store: Store) -> None:
    with pytest.raises(NotNow):
        store.files.add("film.mp4", "video/mp4", b"\0" * (LARGEST + 1))
    file = store.files.add("film.mp4", "video/mp4", b"\0" * LARGEST)
    assert len(store.files.read(file.id)) == LARGEST
