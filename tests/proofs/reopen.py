"""Opens a store as the next start of the program does, and looks whether it is sound."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any
from uuid import UUID

from tests.proofs.acts import ME
from tests.proofs.held import Held, held
from tests.proofs.recorded import WITHIN, Clock
from tests.store.made import key
from workbench.dialogue.outgoing import Draft, Kind
from workbench.dialogue.queue import Query
from workbench.store.keys import keyring_key
from workbench.store.store import Store
from workbench.store.witness import KeyringWitness


def reopened(folder: Path, now: datetime, *, whole: bool) -> tuple[Held, str]:
    """What the store in a folder holds, and what is wrong with it.

    Args:
        folder: Where it is; its key lies in the keyring.
        now: The time it is opened.
        whole: Look at every page too, and whether one can go on with it.

    Raises:
        StoreError: It does not open.
    """
    clock = Clock(now)
    dice = Random(1)
    secret = keyring_key(folder)

    def opened() -> Store:
        witness = KeyringWitness(folder)
        store = Store.open(folder, secret, clock=clock, uuid=lambda: UUID(int=dice.getrandbits(128)), witness=witness)
        if whole:
            store.attest()
            witness.finish(WITHIN)
        return store

    store = opened()
    try:
        found = held(store)
        store.cache.counts([Query()])
        fault = _unsound(store) if whole else ""
    finally:
        store.close()
    if whole and not fault:
        store = opened()
        store.drafts.save(Draft(key("after"), ME, Kind.NOTE, "it goes on"))
        store.close()
        store = opened()
        again = store.drafts.get(key("after"), ME, Kind.NOTE)
        fault = "" if again is not None and again.text == "it goes on" else "what was saved afterwards is not there"
        store.close()
    return found, fault


def _unsound(store: Store) -> str:
    for database in (store._work, store.cache._writer):
        database._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        with database.read() as cursor:
            for question in ("PRAGMA integrity_check", "PRAGMA cipher_integrity_check", "PRAGMA foreign_key_check"):
                found: list[Any] = cursor.execute(question).fetchall()
                if found not in ([], [("ok",)]):
                    return f"{database.path.name}: {found[:3]}"
    return ""
