"""A disk that fails at the n-th call of a kind, once or from then on until it is mended."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.proofs.vfs import abi
from tests.proofs.vfs.shim import Call

NAMES: Final = ("create", "mkdir", "link", "rename", "unlink")


@dataclass(frozen=True, slots=True)
class Fault:
    """A way in which a disk fails."""

    name: str
    code: int
    """What it answers."""
    ops: tuple[str, ...]
    """To which calls."""


FAULTS: Final = (
    Fault("full", abi.FULL, ("write", "create", "mkdir", "link", "rename")),
    Fault("write", abi.IOERR_WRITE, ("write",)),
    Fault("sync", abi.IOERR_FSYNC, ("sync", "fsync", "dir-sync")),
    Fault("read", abi.IOERR_READ, ("read",)),
    Fault("read-only", abi.READONLY, ("write", "truncate", "delete", *NAMES)),
    Fault("open", abi.CANTOPEN, ("open", "create")),
    Fault("truncate", abi.IOERR_TRUNCATE, ("truncate",)),
    Fault("size", abi.IOERR_FSTAT, ("size",)),
    Fault("delete", abi.IOERR_DELETE, ("delete", "unlink")),
    Fault("access", abi.IOERR_ACCESS, ("access",)),
    Fault("lock", abi.IOERR_LOCK, ("lock",)),
    Fault("index", abi.IOERR_SHMMAP, ("shm-map",)),
    Fault("index-lock", abi.IOERR_SHMLOCK, ("shm-lock",)),
)


class Failing:
    """A watcher that fails calls in one folder."""

    def __init__(self, folder: Path, fault: Fault, at: int, *, lasting: bool) -> None:
        """Prepares a failing disk.

        Args:
            folder: Where it fails; elsewhere it is well.
            fault: How.
            at: Which call of that kind is the first to fail, from 1; 0 for none.
            lasting: Whether those after it fail as well, until it is mended.
        """
        self._folder = f"{folder}/"
        self._fault = fault
        self._at = at
        self._lasting = lasting
        self._asleep = 0
        self.counts: Counter[str] = Counter()
        """Calls of that kind so far."""
        self.hits = 0
        """Calls that failed."""
        self.mended = False

    def before(self, call: Call) -> int:
        if self._asleep or self.mended or call.op not in self._fault.ops or not call.path.startswith(self._folder):
            return 0
        self.counts[call.op] += 1
        count = self.counts.total()
        if not self._at or count < self._at or (count > self._at and not self._lasting):
            return 0
        self.hits += 1
        return self._fault.code

    def after(self, call: Call) -> None:
        """Nothing to remember."""

    def mend(self) -> None:
        """The disk is well from now on."""
        self.mended = True

    @contextmanager
    def asleep(self) -> Iterator[None]:
        """For a look at what is there: nothing fails, and nothing counts."""
        self._asleep += 1
        try:
            yield
        finally:
            self._asleep -= 1
