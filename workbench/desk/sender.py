"""The right to send: a lock on a file, which the system takes from a process that dies, and the store's lease."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from workbench.store.outbox import Outbox

NAME = "sender.lock"
"""Beside the store's files; empty, and never deleted, since a lock on a deleted file guards nothing."""

if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> None:
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _lock(file: int) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Sender:
    """One process's claim to be the one that sends from a store.

    Where files can be locked the lock decides, so that after a crash the next one sends at once; the lease in the
    store tells others who it is, and decides alone where files cannot be locked.
    """

    def __init__(self, folder: Path, outbox: Outbox) -> None:
        self._path = folder / NAME
        self._outbox = outbox
        self._file: int | None = None

    def acquire(self, owner: str) -> bool:
        """Becomes or stays the sender; False while another process is.

        Raises:
            StoreError: The store could not be asked.
        """
        try:
            self._take()
        except (BlockingIOError, PermissionError):
            return False
        except OSError:
            return self._outbox.acquire(owner)
        return self._outbox.acquire(owner, alone=True)

    def release(self, owner: str) -> None:
        """Stops being the sender."""
        try:
            self._outbox.release(owner)
        finally:
            if self._file is not None:
                os.close(self._file)
                self._file = None

    def _take(self) -> None:
        if self._file is not None:
            return
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
        try:
            _lock(file)
        except OSError:
            os.close(file)
            raise
        self._file = file
