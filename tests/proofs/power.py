"""The power goes at any moment: whatever the store had acknowledged is there when it is opened again.

A session is recorded on a watched disk, in a process of its own. Then the disk is put together as it may have been
after each change in the record, and the real store is opened on it.
"""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Final

from tests.proofs import keyring_fake
from tests.proofs.held import Held
from tests.proofs.recorded import Record, Swallow, record
from tests.proofs.reopen import reopened
from tests.proofs.verdict import Verdict
from tests.proofs.vfs.child import in_child
from tests.proofs.vfs.disk import ALL_BELOW, Choice, Disk
from tests.proofs.vfs.recorder import Kept, Said
from tests.proofs.vfs.shim import Call
from workbench.store.errors import StoreError

LATER: Final = timedelta(hours=1)
"""How long after the cut the store is opened: the dead sender's lease is over."""
SESSIONS: Final = 8
"""Sessions that the states of a long run come from, at most; every other one begins with an older layout."""


def prove(runs: int, seed: int, *, first: bool = False) -> Verdict:
    """Tries so many states of the disk; or stops at the first that goes wrong."""
    return cut(runs, seed, first=first)


def cut(runs: int, seed: int, swallow: Swallow = lambda _: False, *, first: bool = False) -> Verdict:
    """Tries so many states of a disk.

    Args:
        runs: How many.
        seed: Throws session and states.
        swallow: Which calls the disk says it has done and has not.
        first: Stop at the first state that goes wrong.
    """
    verdict = Verdict("power", 0, seed)
    sessions = max(1, min(SESSIONS, runs // 150))
    for number in range(sessions):
        share = runs // sessions + (number < runs % sessions)
        with scratch() as folder:
            written = in_child(
                lambda: record(folder / "disk", seed + number, swallow, older=number % 2 == 1)  # noqa: B023
            )
            verdict += _Trial(written, folder / "after", Random(seed + number), seed).run(share, first=first)
        if first and not verdict.holds:
            break
    return verdict


@contextmanager
def scratch() -> Iterator[Path]:
    """A folder of our own, in memory where there is room."""
    memory = Path("/dev/shm")
    folder = tempfile.mkdtemp(prefix="proof-", dir=memory if memory.is_dir() else None)
    try:
        yield Path(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class _Trial:
    """One record, and the states that its disk may have been left in."""

    def __init__(self, written: Record, after: Path, rng: Random, seed: int) -> None:
        self._record = written
        self._after = after
        self._rng = rng
        self._seed = seed
        self._said = [written.before, *(event.holds for event in written.trace if isinstance(event, Said))]

    def run(self, runs: int, *, first: bool = False) -> Verdict:
        """Tries so many states, or as many as it takes until the first goes wrong."""
        plan = self._plan(runs)
        disk = Disk(self._record.root, self._record.holds)
        verdict = Verdict("power", 0, self._seed)
        at = 0
        ring: dict[str, str] = {}
        for moment, event in enumerate([*self._record.trace, None]):
            for choice, torn in disk.choices(plan[moment], self._rng):
                place = (
                    f"seed {self._seed}: after {moment} of {len(self._record.trace)}, {_short(choice)}{torn * ' torn'}"
                )
                _lay(disk.state(choice, torn, self._rng), self._record.root, self._after)
                _lay_index(disk, self._after / "home" / "store", self._rng)
                verdict += self._open(self._said[at : at + 2], ring, place)
                if first and not verdict.holds:
                    return verdict
            if isinstance(event, Said):
                at += 1
            elif isinstance(event, Kept):
                ring = event.holds
            elif event is not None:
                disk.take(event)
        return verdict

    def _plan(self, runs: int) -> Counter[int]:
        """How many states to try before each event: every subset at some moments, one at others."""
        disk = Disk(self._record.root, self._record.holds)
        unsafe = {}
        for moment, event in enumerate(self._record.trace):
            if isinstance(event, Call):
                disk.take(event)
                if event.op != "index":
                    unsafe[moment + 1] = disk.unsafe
        plan: Counter[int] = Counter()
        moments = self._rng.sample(sorted(unsafe), len(unsafe))
        for moment in moments:
            if plan.total() + 2 ** unsafe[moment] > runs / 2:
                break
            if unsafe[moment] <= ALL_BELOW:
                plan[moment] += 2 ** unsafe[moment]
        left = runs - plan.total()
        spread = [moments[place % len(moments)] for place in range(left)]
        return plan + Counter(spread)

    def _open(self, may_be: list[Held], ring: dict[str, str], place: str) -> Verdict:
        """Opens the store as the next start of the program does, and looks whether all is there."""
        one = Verdict("power", 1, 0)
        keyring_fake.use(holds=ring)
        whole = self._rng.random() < 0.3
        try:
            found, fault = reopened(self._after / "home" / "store", self._record.ended + LATER, whole=whole)
        except StoreError as error:
            return replace(one, unreadable=1, notes=(f"{place}: {error.word}: {error}",))
        except Exception as error:  # noqa: BLE001 - a crash is what is looked for
            return replace(one, unreadable=1, notes=(f"{place}: {type(error).__name__}: {error}",))
        if fault:
            return replace(one, unreadable=1, notes=(f"{place}: {fault}",))
        if found not in [each.reopened() for each in may_be]:
            return replace(one, lost=1, notes=(f"{place}: {_difference(found, may_be[0].reopened())}",))
        return one


def _short(choice: Choice) -> str:
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


def _difference(found: Held, expected: Held) -> str:
    for name in ("drafts", "outbox"):
        there, wanted = getattr(found, name), getattr(expected, name)
        missing = [each for each in wanted if each not in there]
        if missing:
            return f"{name}: {len(missing)} of {len(wanted)} are not as acknowledged, first {str(missing[0])[:90]}"
    return "there is more than was asked for"
