"""The same watcher for what the program asks of the system outside SQLite: names, folders, and putting them on disk."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Final
from unittest.mock import patch

from tests.proofs.vfs import abi
from tests.proofs.vfs.shim import SWALLOW, Call, Watcher

ERRNO: Final = {abi.FULL: errno.ENOSPC, abi.READONLY: errno.EROFS, abi.CANTOPEN: errno.EMFILE}
"""What a failing disk says to a system call, by what SQLite would say; anything else is an I/O error."""


@contextmanager
def watched_system(watcher: Watcher, folder: Path) -> Iterator[None]:
    """Has the watcher decide on calls of `os` that concern a folder.

    Args:
        watcher: Hears of `create`, `fsync`, `dir-sync`, `mkdir`, `link`, `rename`, `unlink`.
        folder: What lies elsewhere is left alone.
    """
    system = _System(watcher, folder)
    with ExitStack() as stack:
        for name in ("open", "fsync", "mkdir", "link", "rename", "replace", "unlink"):
            stack.enter_context(patch.object(os, name, getattr(system, name)))
        yield


class _System:
    def __init__(self, watcher: Watcher, folder: Path) -> None:
        self._watcher = watcher
        self._folder = str(folder)
        self._real = {name: getattr(os, name) for name in ("open", "fsync", "mkdir", "link", "rename", "unlink")}
        self._opened: dict[int, str] = {}

    def _asked(self, call: Call, do: Callable[[], Any]) -> Any:
        if not call.path.startswith(self._folder):
            return do()
        answer = self._watcher.before(call)
        if answer == SWALLOW:
            return None
        if answer:
            number = ERRNO.get(answer, errno.EIO)
            raise OSError(number, os.strerror(number), call.path)
        done = do()
        self._watcher.after(call)
        return done

    def open(self, path: Any, flags: int, *rest: Any, **more: Any) -> int:
        name = os.fspath(path)
        name = name.decode() if isinstance(name, bytes) else str(name)

        def do() -> int:
            return int(self._real["open"](path, flags, *rest, **more))

        makes = flags & os.O_CREAT and not os.path.lexists(name)
        opened = int(self._asked(Call("create", name), do)) if makes else do()
        self._opened[opened] = name
        return opened

    def fsync(self, file: int) -> None:
        name = self._opened.get(file, "")
        self._asked(Call("dir-sync" if Path(name).is_dir() else "fsync", name), lambda: self._real["fsync"](file))

    def mkdir(self, path: Any, *rest: Any, **more: Any) -> None:
        self._asked(Call("mkdir", str(path)), lambda: self._real["mkdir"](path, *rest, **more))

    def link(self, old: Any, new: Any, **more: Any) -> None:
        self._asked(Call("link", str(old), other=str(new)), lambda: self._real["link"](old, new, **more))

    def rename(self, old: Any, new: Any) -> None:
        self._asked(Call("rename", str(old), other=str(new)), lambda: self._real["rename"](old, new))

    replace = rename

    def unlink(self, path: Any, **more: Any) -> None:
        self._asked(Call("unlink", str(path)), lambda: self._real["unlink"](path, **more))
