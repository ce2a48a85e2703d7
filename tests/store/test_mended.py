"""A disk that failed for a moment and is well again: the store that is open goes on, and a new one is made whole."""

from __future__ import annotations

import os
from pathlib import Path
from random import Random

import pytest

from tests.proofs.vfs.abi import FULL, IOERR_READ
from tests.proofs.vfs.child import in_child
from tests.proofs.vfs.faults import Failing, Fault
from tests.proofs.vfs.shim import Shim
from tests.store.made import PORTAL, key, open_store, random_batch
from workbench.dialogue.outgoing import Draft, Kind
from workbench.dialogue.queue import Query
from workbench.store.errors import StoreError

pytestmark = pytest.mark.skipif(os.name != "posix", reason="a process that is forked")


def test_a_read_that_failed_once_does_not_spoil_the_open_store(tmp_path: Path) -> None:
    def work() -> tuple[int, int, str]:
        disk = Failing(tmp_path, Fault("read", IOERR_READ, ("read",)), 1, lasting=True)
        Shim(disk).register()
        with disk.asleep():
            store = open_store(tmp_path / "store")
            store.drafts.save(Draft(key("t"), "me", Kind.REPLY, "x" * 200_000))
            store.cache.apply(PORTAL, random_batch(Random(1), 30))
            for database in (store._work, store.cache._reader):
                database._connection.execute("PRAGMA shrink_memory")
        failed = 0
        for ask in (store.drafts.list, lambda: store.cache.page(Query(), 0, 50)):
            try:
                ask()
            except StoreError:
                failed += 1
        disk.mend()
        total = store.cache.page(Query(), 0, 50).total
        (draft,) = store.drafts.list()
        store.close()
        return failed, total, draft.text[:1]

    failed, total, text = in_child(work)
    assert failed
    assert total > 0
    assert text == "x"


def test_a_store_that_was_made_on_a_full_disk_is_made_again(tmp_path: Path) -> None:
    """A disk that was full while the new file was put together once left a `work.db` that was not whole."""

    def work(at: int) -> str:
        folder = tmp_path / str(at)
        disk = Failing(folder, Fault("full", FULL, ("write",)), at, lasting=False)
        Shim(disk).register()
        try:
            open_store(folder).close()
        except StoreError as error:
            word = error.word
        else:
            word = ""
        disk.mend()
        store = open_store(folder)
        store.drafts.save(Draft(key("t"), "me", Kind.REPLY, "x"))
        store.close()
        return word

    words = [in_child(lambda: work(at)) for at in range(1, 60, 2)]  # noqa: B023 - done at once
    assert set(words) <= {"full", ""}
    assert "full" in words
