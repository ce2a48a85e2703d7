"""Writes down, in order, all that would have to be on the disk, and when the store said that something was."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from tests.proofs.vfs.abi import OPEN_CREATE
from tests.proofs.vfs.shim import SWALLOW, Call

CHANGES: Final = frozenset(
    {"open", "delete", "write", "truncate", "sync", "create", "fsync", "dir-sync", "mkdir", "link", "rename", "unlink"}
)
INDEX_HEAD: Final = 136
"""Bytes at the start of a log's index that say how far the log goes (https://www.sqlite.org/walformat.html)."""


@dataclass(frozen=True, slots=True)
class Said:
    """The store said that something is on disk."""

    what: str
    holds: Any
    """All that it then held."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Something outside the disk, such as a keyring, holds this from now on."""

    holds: dict[str, str]


@dataclass
class Recorder:
    """A watcher that lets everything happen."""

    folder: Path
    swallow: Callable[[Call], bool] = lambda _: False
    """Which calls are answered with success and not done: a disk that lies, or a program that leaves them out."""
    trace: list[Call | Said | Kept] = field(default_factory=list)
    _written: dict[str, bytes] = field(default_factory=dict)
    """What the program has written outside SQLite, by path, as last looked at."""
    _index: bytes = b""

    def before(self, call: Call) -> int:
        if self.swallow(call):
            return SWALLOW
        if call.op in ("fsync", "link", "rename", "dir-sync"):
            self._catch_up()
        return 0

    def after(self, call: Call) -> None:
        if call.op not in CHANGES or not call.path.startswith(str(self.folder)):
            return
        if call.op == "open" and not call.flags & OPEN_CREATE:
            return
        if call.op == "create":
            self._written[call.path] = b""
        elif call.op == "rename" and call.path in self._written:
            self._written[call.other] = self._written.pop(call.path)
        elif call.op == "unlink" or call.op in ("open", "write"):
            self._written.pop(call.path, None)
        self.trace.append(call)
        self._look_at_index()

    def said(self, what: str, holds: Any) -> None:
        """The store has returned."""
        self._catch_up()
        self._look_at_index()
        self.trace.append(Said(what, holds))

    def kept(self, holds: dict[str, str]) -> None:
        """The keyring has returned."""
        self.trace.append(Kept(dict(holds)))

    def _catch_up(self) -> None:
        for path, before in list(self._written.items()):
            now = Path(path).read_bytes() if Path(path).exists() else before
            if now != before:
                self._written[path] = now
                self.trace.append(Call("write", path, 0, now))

    def _look_at_index(self) -> None:
        """The index of the log is mapped memory: the system may put it on disk whenever it likes."""
        path = self.folder / "work.db-shm"
        try:
            with path.open("rb") as file:
                now = file.read(INDEX_HEAD)
        except OSError:
            now = b""
        if now != self._index:
            self._index = now
            self.trace.append(Call("index", str(path), 0, now))
