"""Sessions on the real store, written down call by call, in a process of their own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Final
from uuid import UUID

from tests.proofs import keyring_fake
from tests.proofs.acts import ME, acts
from tests.proofs.held import NOTHING, Held, held
from tests.proofs.vfs.recorder import Kept, Recorder, Said
from tests.proofs.vfs.shim import Call, Shim
from tests.proofs.vfs.system import watched_system
from tests.store.made import START
from workbench.store.cipher import WORK, connect, private_file, private_folder
from workbench.store.database import Database
from workbench.store.keys import keyring_key
from workbench.store.migrations import migrate
from workbench.store.store import Store
from workbench.store.witness import KeyringWitness
from workbench.store.work_schema import STEPS

ACTS: Final = 45
"""Acts between two openings of the store in a recorded session."""
CHECKPOINT: Final = 12
"""Pages in the log after which they are taken over, so that it happens many times in a session."""
WITHIN: Final = 60.0
"""Seconds that a keyring in memory may take."""
Swallow = Callable[[Call], bool]


@dataclass
class Clock:
    """Moves a little at each look."""

    now: datetime = START

    def __call__(self) -> datetime:
        self.now += timedelta(milliseconds=1)
        return self.now


@dataclass
class Record:
    """A session as it was written down."""

    root: Path
    holds: dict[str, bytes | None]
    """What was on the disk before it."""
    before: Held
    """What the store held before it."""
    trace: list[Call | Said | Kept] = field(default_factory=list)
    ended: datetime = START


def record(root: Path, seed: int, swallow: Swallow, *, older: bool) -> Record:
    """Records a session: a store is made, worked with, closed and opened again, and left open at the end.

    Args:
        root: Becomes the disk.
        seed: Throws what is done.
        swallow: Which calls the disk says it has done and has not.
        older: Begin with a store of the first layout instead of none.
    """
    root.mkdir()
    rng = Random(seed)
    recorder = Recorder(root, swallow)
    ring = keyring_fake.use(recorder.kept)
    folder = root / "home" / "store"
    before = _older(folder) if older else NOTHING
    holds = {str(path): None if path.is_dir() else path.read_bytes() for path in root.rglob("*")}
    written = Record(root, holds, before, recorder.trace)
    shim = Shim(recorder)
    shim.register()
    clock = Clock()
    with watched_system(recorder, root):
        for turn in range(3):
            key, witness = keyring_key(folder), KeyringWitness(folder)
            store = Store.open(folder, key, clock=clock, uuid=lambda: UUID(int=rng.getrandbits(128)), witness=witness)
            recorder.said("open", held(store))
            store.attest()
            witness.finish(WITHIN)
            store._work._connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT}")
            for name, act in acts(store, rng, ACTS):
                act()
                recorder.said(name, held(store))
            if turn < 2:
                now = held(store)
                store.close()
                recorder.said("close", now)
    if shim.broken is not None:
        raise shim.broken
    assert ring.asked
    written.ended = clock.now
    return written


def _older(folder: Path) -> Held:
    """A store of the first layout with a draft, as an earlier version of the program left it."""
    key = keyring_key(folder)
    private_folder(folder)
    path = folder / "work.db"
    private_file(path, create=True)
    database = Database(partial(connect, path, key, WORK), path)
    migrate(database, STEPS[:1])
    words = ("nasjonal", "c1", ME, "reply", "fra før")
    with database.write() as cursor:
        cursor.execute(
            "INSERT INTO draft (portal, thread, author, kind, text, documents, saved) VALUES (?, ?, ?, ?, ?, '', 0)",
            words,
        )
    database.close()
    return Held(((*words, (), "()"),))
