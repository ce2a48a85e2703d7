"""Look at a `work.db` before it is opened for use: read only, so that one that is refused stays byte for byte."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final, TypeVar

from sqlcipher3 import dbapi2

from workbench.store.cipher import glance
from workbench.store.database import sound, translated
from workbench.store.errors import Damaged, Full, NewerVersion, Older, StoreError
from workbench.store.generation import number_in
from workbench.store.log import cut_short

WHOLE_UP_TO: Final = 8 * 1024 * 1024
"""Bytes up to which every page is read at each opening (2.5 ms a MB, measured); beyond, all but the copied files,
whose every page is checked when it is used, and by `workbench doctor`."""
T = TypeVar("T")


def look(path: Path, key: bytes, layouts: int, remembered: int) -> None:
    """Check that a file is whole, of a known layout, and no older than its witness says.

    Args:
        path: The file; it is there.
        key: 32 raw bytes.
        layouts: The last layout that is known.
        remembered: What the witness remembers.

    Raises:
        WrongKey, Damaged, NewerVersion, Older, Locked, Full: It is not; nothing was changed.
    """
    try:
        cut = cut_short(path)
    except OSError as error:
        raise Full(f"its log cannot be read ({error.strerror})", path) from error
    if cut:
        raise Damaged("its log is not whole", path)
    if remembered:
        _check_age(path, key, remembered)

    def check(connection: dbapi2.Connection) -> None:
        found = int(connection.execute("PRAGMA user_version").fetchone()[0])
        if found > layouts:
            raise NewerVersion(found, layouts, path)
        if number_in(connection) < remembered:
            raise Older(path)
        _check_pages(connection, path)

    _looked(path, key, check)


def _looked(path: Path, key: bytes, check: Callable[[dbapi2.Connection], None]) -> None:
    """A file without a log is looked at without making one; another process may begin one meanwhile."""
    if not _has_log(path):
        try:
            _asked(path, key, check, log=False)
        except StoreError:
            if not _has_log(path):
                raise
        else:
            return
    _asked(path, key, check)


def _has_log(path: Path) -> bool:
    log = path.with_name(path.name + "-wal")
    return log.exists() and log.stat().st_size > 0


def _check_age(path: Path, key: bytes, remembered: int) -> None:
    """The number in the file itself, beneath any log: a newer log does not make an older file newer."""
    try:
        number = _asked(path, key, number_in, log=False)
    except Older:
        raise
    except StoreError:
        return  # another process, or a power cut, is in the midst of taking the log over: the log will tell
    if number < remembered:
        raise Older(path)


def _check_pages(connection: dbapi2.Connection, path: Path) -> None:
    parts = [""]
    if path.stat().st_size > WHOLE_UP_TO:
        names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'chunk'").fetchall()
        parts = [f"({name})" for (name,) in names]
    for part in parts:
        if connection.execute(f"PRAGMA quick_check{part}").fetchall() != [("ok",)]:
            raise Damaged("its pages do not fit together", path)


def _asked(path: Path, key: bytes, ask: Callable[[dbapi2.Connection], T], *, log: bool = True) -> T:
    connection = glance(path, key, log=log)
    try:
        with translated(path):
            told = ask(connection)
            if not sound(connection):
                raise Damaged("it is not whole", path)
            return told
    finally:
        connection.close()
