"""The disk that SQLite is given: a watcher decides on every call before the real disk does it, and hears of it then."""

from __future__ import annotations

import ctypes
from ctypes import addressof, c_void_p, sizeof
from dataclasses import dataclass
from typing import Any, ClassVar, Final, Protocol

from tests.proofs.vfs import abi
from tests.proofs.vfs.abi import FILE_CALLS, IOERR, OK, VFS_CALLS, Head, Methods, Vfs

SWALLOW: Final = -1
"""A watcher's answer: say that it went well, and do nothing."""


@dataclass(frozen=True, slots=True)
class Call:
    """Something that is asked of the disk."""

    op: str
    """`open`, `delete`, `access`, `read`, `write`, `truncate`, `sync`, `size`, `lock`, `shm-map`, `shm-lock`;
    from outside SQLite also `mkdir`, `link`, `rename`."""
    path: str
    at: int = 0
    """Offset of a write; the new size of a truncation."""
    data: bytes = b""
    """What is written."""
    flags: int = 0
    other: str = ""
    """The new name of a `link` or `rename`."""


class Watcher(Protocol):
    """Decides what becomes of calls, and hears of those that were done."""

    def before(self, call: Call) -> int:
        """0 to let it happen, `SWALLOW`, or the result code that it fails with."""

    def after(self, call: Call) -> None:
        """It has happened, and well."""


class Shim:
    """A VFS over the one that was the default. Once registered it stays: only for a process that ends soon."""

    _registered: ClassVar[list[Shim]] = []
    """SQLite calls them as long as the process lives."""

    def __init__(self, watcher: Watcher) -> None:
        self.watcher = watcher
        self.broken: BaseException | None = None
        """A fault of the shim's own; what was found with it counts for nothing."""
        self._library = abi.library()
        self._real_at: int = self._library.sqlite3_vfs_find(None)
        self._real = Vfs.from_address(self._real_at)
        self._open: dict[int, tuple[str, int]] = {}
        self._count = 0
        self._known: dict[int, dict[str, Any]] = {}
        self._kept: list[Any] = []
        self._methods = Methods(iVersion=2)
        for name, kind in FILE_CALLS.items():
            setattr(self._methods, name, self._callback(kind, getattr(self, name, None) or self._pass_on(name)))
        self._plain = Methods.from_buffer_copy(self._methods)
        self._plain.iVersion = 1
        self._vfs = Vfs.from_buffer_copy(self._real)
        self._vfs.szOsFile = sizeof(Head) + self._real.szOsFile
        self._vfs.zName = b"watched"
        self._vfs.pNext = None
        for name, kind in VFS_CALLS.items():
            setattr(self._vfs, name, self._callback(kind, getattr(self, name)))
        self._calls = {name: kind(getattr(self._real, name)) for name, kind in VFS_CALLS.items()}

    def register(self) -> None:
        """Becomes the disk of every database that is opened from now on."""
        assert self._library.sqlite3_vfs_register(addressof(self._vfs), 1) == OK
        self._registered.append(self)

    def _callback(self, kind: Any, method: Any) -> Any:
        def guarded(*arguments: Any) -> Any:
            try:
                return method(*arguments)
            except BaseException as error:  # noqa: BLE001 - nothing may be raised through C
                self.broken = self.broken or error
                return IOERR

        made = kind(guarded)
        self._kept.append(made)
        return ctypes.cast(made, c_void_p).value

    def _asked(self, call: Call, do: Any) -> int:
        answer = self.watcher.before(call)
        if answer == SWALLOW:
            return OK
        if answer:
            return answer
        done: int = do()
        if done == OK:
            self.watcher.after(call)
        return done

    # The file system.

    def xOpen(self, _vfs: int, name: int | None, file: int, flags: int, out: Any) -> int:  # noqa: N802
        path = ctypes.string_at(name).decode() if name else ""
        head = Head.from_address(file)
        head.methods = None

        def do() -> int:
            done: int = self._calls["xOpen"](self._real_at, name, file + sizeof(Head), flags, out)
            if c_void_p.from_address(file + sizeof(Head)).value:
                self._count += 1
                self._open[self._count] = (path, flags)
                shared = Methods.from_address(c_void_p.from_address(file + sizeof(Head)).value or 0).xShmMap
                head.methods, head.number = addressof(self._methods if shared else self._plain), self._count
            return done

        return self._asked(Call("open", path, flags=flags), do)

    def xDelete(self, _vfs: int, name: int, sync: int) -> int:  # noqa: N802
        path = ctypes.string_at(name).decode()
        call = Call("delete", path, flags=sync)
        return self._asked(call, lambda: self._calls["xDelete"](self._real_at, name, sync))

    def xAccess(self, _vfs: int, name: int, flags: int, out: Any) -> int:  # noqa: N802
        call = Call("access", ctypes.string_at(name).decode(), flags=flags)
        return self._asked(call, lambda: self._calls["xAccess"](self._real_at, name, flags, out))

    def xFullPathname(self, _vfs: int, name: int, size: int, out: int) -> int:  # noqa: N802
        done: int = self._calls["xFullPathname"](self._real_at, name, size, out)
        return done

    # A file.

    def _below(self, file: int, name: str) -> tuple[Any, int]:
        real = file + sizeof(Head)
        methods_at: int = c_void_p.from_address(real).value or 0
        if methods_at not in self._known:
            table = Methods.from_address(methods_at)
            self._known[methods_at] = {
                each: kind(at) for each, kind in FILE_CALLS.items() if (at := getattr(table, each)) is not None
            }
        return self._known[methods_at][name], real

    def _pass_on(self, name: str) -> Any:
        def passed(file: int, *arguments: Any) -> Any:
            below, real = self._below(file, name)
            return below(real, *arguments)

        return passed

    def _told(self, op: str, name: str, file: int, *arguments: Any, at: int = 0, data: bytes = b"") -> int:
        path, flags = self._open[Head.from_address(file).number]
        below, real = self._below(file, name)
        return self._asked(Call(op, path, at, data, flags), lambda: below(real, *arguments))

    def xClose(self, file: int) -> int:  # noqa: N802
        self._open.pop(Head.from_address(file).number, None)
        below, real = self._below(file, "xClose")
        done: int = below(real)
        return done

    def xRead(self, file: int, buffer: int, size: int, at: int) -> int:  # noqa: N802
        return self._told("read", "xRead", file, buffer, size, at, at=at)

    def xWrite(self, file: int, buffer: int, size: int, at: int) -> int:  # noqa: N802
        return self._told("write", "xWrite", file, buffer, size, at, at=at, data=ctypes.string_at(buffer, size))

    def xTruncate(self, file: int, size: int) -> int:  # noqa: N802
        return self._told("truncate", "xTruncate", file, size, at=size)

    def xSync(self, file: int, flags: int) -> int:  # noqa: N802
        return self._told("sync", "xSync", file, flags)

    def xFileSize(self, file: int, out: Any) -> int:  # noqa: N802
        return self._told("size", "xFileSize", file, out)

    def xLock(self, file: int, level: int) -> int:  # noqa: N802
        return self._told("lock", "xLock", file, level)

    def xShmMap(self, file: int, page: int, size: int, extend: int, out: Any) -> int:  # noqa: N802
        return self._told("shm-map", "xShmMap", file, page, size, extend, out)

    def xShmLock(self, file: int, at: int, count: int, flags: int) -> int:  # noqa: N802
        if flags & 1:  # letting go does not fail
            below, real = self._below(file, "xShmLock")
            done: int = below(real, at, count, flags)
            return done
        return self._told("shm-lock", "xShmLock", file, at, count, flags)
