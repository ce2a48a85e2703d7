"""The power goes at any moment: whatever the store had acknowledged is there when it is opened again.

A session is recorded on a watched disk, in a process of its own. Then the disk is put together as it may have been
after each change in the record, and the real store is opened on it.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final
from uuid import UUID

from tests.proofs import keyring_fake
from tests.proofs.acts import ME, acts
from tests.proofs.held import NOTHING, Held, held
from tests.proofs.verdict import Verdict
from tests.proofs.vfs.child import in_child
from tests.proofs.vfs.disk import Disk
from tests.proofs.vfs.recorder import Kept, Recorder, Said
from tests.proofs.vfs.shim import Call, Shim
from tests.proofs.vfs.system import watched_system
from tests.store.made import START, key
from workbench.dialogue.outgoing import Draft, Kind
from workbench.store.errors import StoreError
from workbench.store.keys import keyring_key
from workbench.store.store import Store

ACTS: Final = 45
"""Acts between two openings of the store in a recorded session."""
CHECKPOINT: Final = 12
"""Pages in the log after which they are taken over, so that it happens many times in a session."""
LATER: Final = timedelta(hours=1)
"""How long after the cut the store is opened: the dead sender's lease is over."""
SESSIONS: Final = 8
"""Sessions that the states of a long run come from, at most."""
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
    trace: list[Call | Said | Kept] = field(default_factory=list)
    ended: datetime = START


def prove(runs: int, seed: int) -> Verdict:
    """Tries so many states of the disk."""
    return cut(runs, seed)


def cut(runs: int, seed: int, swallow: Swallow = lambda _: False) -> Verdict:
    """Tries so many states of a disk.

    Args:
        runs: How many.
        seed: Throws session and states.
        swallow: Which calls the disk says it has done and has not.
    """
    verdict = Verdict("power", 0, seed)
    sessions = max(1, min(SESSIONS, runs // 500))
    for number in range(sessions):
        with _scratch() as scratch:
            record = in_child(lambda: _session(scratch / "disk", seed + number, swallow))  # noqa: B023 - done at once
            share = runs // sessions + (number < runs % sessions)
            verdict += _try(record, scratch / "after", Random(seed + number), share, seed)  # noqa: S311
    return verdict


@contextmanager
def _scratch() -> Iterator[Path]:
    memory = Path("/dev/shm")  # noqa: S108 - a folder of our own in it
    folder = tempfile.mkdtemp(prefix="power-", dir=memory if memory.is_dir() else None)
    try:
        yield Path(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _session(root: Path, seed: int, swallow: Swallow) -> Record:
    """Records a session: a store is made, worked with, closed and opened again, and left open at the end."""
    root.mkdir()
    rng = Random(seed)  # noqa: S311
    recorder = Recorder(root, swallow)
    shim = Shim(recorder)
    shim.register()
    clock = Clock()
    folder = root / "home" / "store"
    ring = keyring_fake.use(recorder.kept)
    with watched_system(recorder, root):
        for turn in range(3):
            store = Store.open(folder, keyring_key(folder), clock=clock, uuid=lambda: UUID(int=rng.getrandbits(128)))
            store._work._connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT}")
            recorder.said("open", held(store))
            for name, act in acts(store, rng, ACTS):
                act()
                recorder.said(name, held(store))
            if turn < 2:
                store.close()
                recorder.said("close", _last(recorder).reopened())
    if shim.broken is not None:
        raise shim.broken
    assert ring.asked
    return Record(root, recorder.trace, clock.now)


def _last(recorder: Recorder) -> Held:
    return next(event.holds for event in reversed(recorder.trace) if isinstance(event, Said))


def _try(record: Record, after: Path, rng: Random, runs: int, seed: int) -> Verdict:
    """Puts together so many states of one record's disk, evenly over its moments, and opens each."""
    changes = sum(isinstance(event, Call) and event.op != "index" for event in record.trace)
    share = runs / (changes + 1)
    disk = Disk(record.root)
    due, done = 0.0, 0
    verdict = Verdict("power", 0, seed)
    said: list[Held] = [held_ for event in record.trace if isinstance(event, Said) for held_ in [event.holds]]
    at = -1
    rings: list[dict[str, str]] = [{}]
    for moment, event in enumerate([*record.trace, None]):
        if isinstance(event, Said):
            at += 1
            continue
        if isinstance(event, Kept):
            rings.append(event.holds)
            continue
        if event is not None and event.op == "index":
            disk.take(event)
            continue
        due += share
        for choice, torn in disk.choices(int(due) - done, rng) if int(due) > done else ():
            done += 1
            may_be = [said[at] if at >= 0 else NOTHING, *said[at + 1 : at + 2]]
            place = f"seed {seed}: after change {moment} of {len(record.trace)}, {_short(choice)}{' torn' * torn}"
            _lay(disk.state(choice, torn, rng), record.root, after)
            _lay_index(disk, after / "home" / "store", rng)
            verdict += _open(after, may_be, rings[-1], record.ended, place, whole=rng.random() < 0.3)
        done = int(due)
        if event is not None:
            disk.take(event)
    return verdict


def _short(choice: tuple[bool, ...]) -> str:
    return "".join("01"[arrived] for arrived in choice)[:60] or "nothing unsafe"


def _lay(state: dict[str, bytes | None], root: Path, after: Path) -> None:
    if after.exists():
        shutil.rmtree(after)
    after.mkdir()
    for path in sorted(state):
        data = state[path]
        there = after / Path(path).relative_to(root)
        if data is None:
            there.mkdir(mode=0o700)
        else:
            there.write_bytes(data)


def _lay_index(disk: Disk, folder: Path, rng: Random) -> None:
    head = rng.choice(disk.index[-4:])
    if head and folder.is_dir() and rng.random() < 0.6:
        (folder / "work.db-shm").write_bytes(head + bytes(32768 - len(head)))


def _open(after: Path, may_be: list[Held], ring: dict[str, str], now: datetime, place: str, *, whole: bool) -> Verdict:
    """Opens the store as the next start of the program does, and looks whether all is there."""
    one = Verdict("power", 1, 0)
    folder = after / "home" / "store"
    keyring_fake.use(lambda _: None, ring)
    try:
        found, fault = _looked(folder, now + LATER, whole=whole)
    except StoreError as error:
        return one + Verdict("power", 0, 0, unreadable=1, notes=(f"{place}: {error.word}: {error}",))
    except Exception as error:  # noqa: BLE001 - a crash is what is looked for
        return one + Verdict("power", 0, 0, unreadable=1, notes=(f"{place}: {type(error).__name__}: {error}",))
    if fault:
        return one + Verdict("power", 0, 0, unreadable=1, notes=(f"{place}: {fault}",))
    if found not in [each.reopened() for each in may_be]:
        return one + Verdict("power", 0, 0, lost=1, notes=(f"{place}: {_difference(found, may_be[0].reopened())}",))
    return one


def _looked(folder: Path, now: datetime, *, whole: bool) -> tuple[Held, str]:
    clock = Clock(now)
    dice = Random(1)  # noqa: S311
    secret = keyring_key(folder)

    def opened() -> Store:
        return Store.open(folder, secret, clock=clock, uuid=lambda: UUID(int=dice.getrandbits(128)))

    store = opened()
    try:
        found = held(store)
        store.cache.counts([])
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


def _difference(found: Held, expected: Held) -> str:
    for name in ("drafts", "outbox"):
        there, wanted = getattr(found, name), getattr(expected, name)
        missing = [each for each in wanted if each not in there]
        if missing:
            return f"{name}: {len(missing)} of {len(wanted)} are not as acknowledged, first {str(missing[0])[:90]}"
    return "there is more than was asked for"
