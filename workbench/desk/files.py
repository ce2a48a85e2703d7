"""Files on the user's disk: read for attaching, written when an attachment is saved."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from workbench.dialogue.contents import content_type
from workbench.dialogue.filenames import numbered
from workbench.dialogue.refusals import AttachError, AttachWord, SaveError, SaveWord

MB = 1024 * 1024
LARGEST = 25 * MB
"""Bytes of one attached file."""
MOST_NUMBERS = 1000
"""Names tried in a folder that has them already."""


def read_for_attaching(path: Path) -> tuple[str, str, bytes]:
    """A file's name, content type and bytes.

    Raises:
        AttachError: It is missing, unreadable, a folder, a device, empty or too large.
    """
    try:
        # A pipe would be waited for; opened this way it is not.
        opened = os.open(path.expanduser(), os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except (FileNotFoundError, NotADirectoryError):
        raise AttachError(AttachWord.MISSING, str(path)) from None
    except IsADirectoryError:
        raise AttachError(AttachWord.FOLDER, str(path)) from None
    except (OSError, ValueError, RuntimeError):
        raise AttachError(AttachWord.UNREADABLE, str(path)) from None
    try:
        found = os.fstat(opened)
        if not stat.S_ISREG(found.st_mode):
            raise AttachError(AttachWord.FOLDER if stat.S_ISDIR(found.st_mode) else AttachWord.SPECIAL, str(path))
        with os.fdopen(opened, "rb", closefd=False) as file:
            data = file.read(LARGEST + 1)
    except OSError:
        raise AttachError(AttachWord.UNREADABLE, str(path)) from None
    finally:
        os.close(opened)
    if not data:
        raise AttachError(AttachWord.EMPTY, str(path))
    if len(data) > LARGEST:
        size = max(found.st_size, len(data))  # it may have grown since it was opened
        raise AttachError(AttachWord.TOO_LARGE, str(path), size=-(-size // MB), most=LARGEST // MB)
    return path.name, content_type(path.name, data), data


def save_new(folder: Path, name: str, data: bytes) -> Path:
    """Writes a new file that only the user may read; never over one that is there, and whole or not at all.

    Args:
        folder: Where to; it must exist.
        name: A safe name (`dialogue.filenames.safe_name`); a number is put in where it is taken.
        data: What to write.

    Raises:
        SaveError: The folder is missing or cannot be written.
    """
    try:
        folder = folder.expanduser()
        there = folder.is_dir()
    except (OSError, RuntimeError):  # it may not be looked at, or is said to be in the home of nobody
        there = False
    if not there:
        raise SaveError(SaveWord.NO_FOLDER, str(folder))
    for number in range(1, MOST_NUMBERS):
        path = folder / (name if number == 1 else numbered(name, number))
        try:
            opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
        except FileExistsError:
            continue
        except (OSError, ValueError) as error:
            raise SaveError(SaveWord.UNWRITABLE, str(path)) from error
        try:
            with os.fdopen(opened, "wb") as file:
                file.write(data)
        except OSError as error:
            path.unlink(missing_ok=True)
            raise SaveError(SaveWord.UNWRITABLE, str(path)) from error
        return path
    raise SaveError(SaveWord.UNWRITABLE, str(folder / name))
