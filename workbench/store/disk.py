"""Names and small files that survive a power cut: content is on disk with a file's sync, a name with its folder's."""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path
from typing import Final
from uuid import uuid4

NOT_OFFERED: Final = frozenset({errno.EINVAL, errno.ENOTSUP, errno.EACCES, errno.EPERM, errno.EISDIR})
"""What file systems answer that put names on disk by themselves, or cannot be asked to."""


def sync_folder(folder: Path) -> None:
    """Put the names in a folder on disk (`fsync` of the folder, as POSIX systems want it; others do it themselves).

    Raises:
        OSError: The disk failed at it.
    """
    if os.name != "posix":
        return
    try:
        opened = os.open(folder, os.O_RDONLY)
    except PermissionError:
        return
    try:
        os.fsync(opened)
    except OSError as error:
        if error.errno not in NOT_OFFERED:
            raise
    finally:
        os.close(opened)


def make_folder(folder: Path) -> None:
    """Make a folder that is closed to others, and those above it, with their names on disk.

    Raises:
        OSError: It cannot be made.
    """
    missing = [each for each in (folder, *folder.parents) if not each.exists()]
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for each in reversed(missing):
        sync_folder(each.parent)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file that only its owner may read, whole or not at all; when this returns it is on disk.

    Raises:
        OSError: It is not written; what was there before is untouched.
    """
    new = path.with_name(f".{path.name}.{uuid4()}")
    try:
        with os.fdopen(os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
        sync_folder(path.parent)
    except BaseException:
        with suppress(OSError):
            new.unlink(missing_ok=True)
        raise
