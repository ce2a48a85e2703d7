"""What may be on a disk after the power went: what was put there for sure, and any part of the rest.

A file's content is safe with its own sync, its name with that of its folder. Of what is not safe each write may have
arrived or not, whole or by sectors of 512 bytes, each change of a name too; a folder's changes of one name keep
their order. What a write does not touch it does not harm (SQLite's `POWERSAFE_OVERWRITE`, which it takes for granted
on this system).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from random import Random
from typing import Final

from tests.proofs.vfs.abi import DIRECTORY_SYNCED
from tests.proofs.vfs.shim import Call

SECTOR: Final = 512
ALL_BELOW: Final = 6
"""Up to so many unsafe changes every subset is tried."""
RESIZED = ("write", "truncate")


@dataclass
class _File:
    safe: bytearray = field(default_factory=bytearray)
    unsafe: list[Call] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Name:
    """A change of names that is not safe yet."""

    call: Call
    file: int


Choice = tuple[bool, ...]
"""Which of the unsafe changes arrived, in their order."""


class Disk:
    """The disk as the calls up to some moment have left it."""

    def __init__(self, root: Path, holds: Mapping[str, bytes | None]) -> None:
        """Begin with what is safe.

        Args:
            root: The folder that is the disk.
            holds: Files by path; folders are None.
        """
        self._files: dict[int, _File] = {}
        self._now: dict[str, int] = {}
        self._safe: dict[str, int] = {}
        self._names: list[_Name] = []
        self._fresh: set[str] = set()
        self._folders: set[int] = set()
        self._count = 0
        self.root = root
        self.index: list[bytes] = [b""]
        """The heads that the log's index has had; any of them may be on disk."""
        for path, data in holds.items():
            self._now[path] = self._safe[path] = self._new(data or b"")
            if data is None:
                self._folders.add(self._count)

    def _new(self, data: bytes = b"") -> int:
        self._count += 1
        self._files[self._count] = _File(bytearray(data))
        return self._count

    def take(self, call: Call) -> None:
        """One call more has been done."""
        match call.op:
            case "index":
                self.index.append(call.data)
            case "open" | "create":
                if call.path not in self._now:
                    self._rename(call, self._new())
                if call.flags & DIRECTORY_SYNCED:
                    self._fresh.add(call.path)
            case "write" | "truncate":
                self._files[self._now[call.path]].unsafe.append(call)
            case "sync" | "fsync":
                self._settle(self._files[self._now[call.path]])
                if call.path in self._fresh:
                    self._fresh.discard(call.path)
                    self._settle_names(str(Path(call.path).parent))
            case "dir-sync":
                self._settle_names(call.path)
            case "delete":
                self._rename(call, self._now[call.path])
                if call.flags:
                    self._settle_names(str(Path(call.path).parent))
            case "mkdir":
                self._rename(call, self._new())
                self._folders.add(self._count)
            case "link" | "rename" | "unlink":
                self._rename(call, self._now[call.path])
            case _:
                raise ValueError(call.op)

    def _rename(self, call: Call, file: int) -> None:
        self._names.append(_Name(call, file))
        _apply_name(self._now, self._names[-1])

    def _settle(self, file: _File) -> None:
        for call in file.unsafe:
            _apply(file.safe, call)
        file.unsafe.clear()

    def _settle_names(self, folder: str) -> None:
        left = []
        for name in self._names:
            if str(Path(name.call.other or name.call.path).parent) == folder:
                _apply_name(self._safe, name)
            else:
                left.append(name)
        self._names = left

    def _unsafe(self) -> list[tuple[int, Call]]:
        named = set(self._now.values()) | set(self._safe.values()) | {name.file for name in self._names}
        return [(number, call) for number in sorted(named) for call in self._files[number].unsafe]

    @property
    def unsafe(self) -> int:
        """How many changes are not on disk for sure."""
        return len(self._unsafe()) + len(self._names)

    def choices(self, most: int, rng: Random) -> list[tuple[Choice, bool]]:
        """So many subsets of what is unsafe, each with whether its writes are torn.

        Every subset when there are as few, else some of them, with nothing and everything among the likely ones.
        """
        count = self.unsafe
        if count <= ALL_BELOW and most >= 2**count:
            every = [(choice, False) for choice in product((False, True), repeat=count)]
            return every + self._some(most - len(every), count, rng)
        return self._some(most, count, rng)

    def _some(self, most: int, count: int, rng: Random) -> list[tuple[Choice, bool]]:
        given = []
        for _ in range(most):
            likely = rng.choice((0.0, 0.2, 0.5, 0.8, 1.0))
            torn = likely > 0 and rng.random() < 0.7
            given.append((tuple(rng.random() < likely for _ in range(count)), torn))
        return given

    def state(self, choice: Choice, torn: bool, rng: Random) -> dict[str, bytes | None]:
        """The files by path as the power has left them; folders are None."""
        unsafe = self._unsafe()
        came = dict(zip(range(len(unsafe)), choice, strict=False))
        files: dict[int, bytearray] = {number: bytearray(file.safe) for number, file in self._files.items()}
        for place, (number, call) in enumerate(unsafe):
            if came[place]:
                _apply(files[number], call, rng if torn else None)
            elif torn and call.op == "write" and rng.random() < 0.3 and len(files[number]) < call.at + len(call.data):
                files[number].extend(bytes(call.at + len(call.data) - len(files[number])))  # the room and not the words
        names = dict(self._safe)
        for name, arrived in zip(self._names, choice[len(unsafe) :], strict=True):
            if arrived:
                _apply_name(names, name)
        held = {path: None if number in self._folders else bytes(files[number]) for path, number in names.items()}
        return {path: data for path, data in held.items() if self._reachable(path, names)}

    def _reachable(self, path: str, names: dict[str, int]) -> bool:
        above = Path(path).parent
        return above == self.root or (str(above) in names and self._reachable(str(above), names))


def _apply(data: bytearray, call: Call, torn: Random | None = None) -> None:
    if call.op == "truncate":
        if call.at < len(data):
            del data[call.at :]
        return
    end = call.at + len(call.data)
    if len(data) < end:
        data.extend(bytes(end - len(data)))
    at = call.at
    while at < end:
        to = min(end, (at // SECTOR + 1) * SECTOR)
        if torn is None or torn.random() < 0.6:
            data[at:to] = call.data[at - call.at : to - call.at]
        at = to


def _apply_name(names: dict[str, int], name: _Name) -> None:
    call = name.call
    if call.op in ("delete", "unlink"):
        names.pop(call.path, None)
    elif call.op == "link":
        names[call.other] = name.file
    elif call.op == "rename":
        names.pop(call.path, None)
        names[call.other] = name.file
    else:
        names[call.path] = name.file
