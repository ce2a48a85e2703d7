"""Open one encrypted file: the key, the checks that it really is encrypted, and the settings each file needs."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlcipher3 import dbapi2

from workbench.store.database import KINDS, Kinds, translated
from workbench.store.disk import make_folder
from workbench.store.errors import Damaged, Full, Locked, Unsafe, WrongKey

KEY_BYTES: Final = 32
PLAIN: Final = b"SQLite format 3\x00"
"""How a file starts that is not encrypted (https://www.sqlite.org/fileformat.html)."""
UNLOCKING: Kinds = {**KINDS, 26: (WrongKey, "it does not open with this key")}
COMPANIONS: Final = ("", "-wal", "-shm", "-journal")
"""What stands beside a database's name for its own files."""


@dataclass(frozen=True, slots=True)
class Settings:
    """How one of the two files is used."""

    durable: bool
    """Each commit waits for the disk, and what is deleted is overwritten."""
    cache_kib: int = 8_000
    """Pages kept in memory, per connection."""
    busy_ms: int = 5_000
    """How long to wait for another process."""


WORK: Final = Settings(durable=True, cache_kib=2_000)
CACHE_WRITER: Final = Settings(durable=False, cache_kib=32_000)
CACHE_READER: Final = Settings(durable=False, cache_kib=16_000)


def private_folder(folder: Path) -> None:
    """Make sure the folder is there, a real one, ours, and closed to everybody else.

    Raises:
        Unsafe: It is a link, not a folder, or belongs to somebody else.
        Full: It cannot be made.
    """
    try:
        make_folder(folder)
        found = folder.lstat()
    except FileExistsError:
        raise Unsafe("there is something else where the folder should be", folder) from None
    except OSError as error:
        raise Full(f"the folder cannot be made ({error.strerror})", folder) from error
    _check_ours(folder, found, stat.S_ISDIR(found.st_mode))
    if stat.S_IMODE(found.st_mode) & 0o077 and os.name == "posix":
        folder.chmod(0o700)


def private_file(path: Path, *, create: bool) -> bool:
    """Check that a database's files are real ones and ours, and close them to everybody else.

    Args:
        path: The database; its companions are looked at too.
        create: Make an empty one, so that SQLite finds it with the right permissions.

    Returns:
        Whether it was there before.

    Raises:
        Unsafe: One of them is a link or belongs to somebody else.
        Full: It cannot be made.
    """
    existed = False
    for companion in COMPANIONS:
        beside = path.with_name(path.name + companion)
        try:
            found = beside.lstat()
        except FileNotFoundError:
            continue
        _check_ours(beside, found, stat.S_ISREG(found.st_mode))
        if stat.S_IMODE(found.st_mode) & 0o077 and os.name == "posix":
            beside.chmod(0o600)
        existed = existed or not companion
    if create and not existed:
        flags = os.O_CREAT | os.O_EXCL | os.O_RDWR | getattr(os, "O_NOFOLLOW", 0)
        try:
            os.close(os.open(path, flags, 0o600))
        except OSError as error:
            raise Full(f"it cannot be made ({error.strerror})", path) from error
    return existed


def _check_ours(path: Path, found: os.stat_result, right_kind: bool) -> None:
    if not right_kind:
        raise Unsafe("it is a link or not what it should be", path)
    if os.name == "posix" and found.st_uid != os.geteuid():
        raise Unsafe("it belongs to somebody else", path)


def connect(path: Path, key: bytes, settings: Settings) -> dbapi2.Connection:
    """Open an existing file (or an empty one, which becomes an encrypted database).

    Args:
        path: The file, already checked by `private_file`.
        key: 32 raw bytes.
        settings: How the file is used.

    Returns:
        A connection in autocommit mode that any thread may use, one at a time.

    Raises:
        WrongKey: The key does not open it. A damaged first page looks the same.
        Damaged: It is not encrypted, or not whole.
        Locked: Another process holds it.
        Full: It cannot be read or written.
    """
    _check_length(path, key)
    with translated(path):
        connection = dbapi2.connect(
            path, isolation_level=None, check_same_thread=False, timeout=settings.busy_ms / 1000, cached_statements=256
        )
    try:
        with translated(path, UNLOCKING):
            _prepare(connection, key, settings)
        _check_encrypted(path)
    except BaseException:
        connection.close()
        raise
    return connection


def glance(path: Path, key: bytes, *, log: bool = True) -> dbapi2.Connection:
    """Open an existing file to read only. Closing it changes neither the file nor its log, whatever it found.

    Args:
        path: The file, already checked by `private_file`.
        key: 32 raw bytes.
        log: Whether what is in the log counts; without it no other process is waited for either.

    Raises:
        StoreError: As `connect` does.
    """
    _check_length(path, key)
    with translated(path):
        connection = dbapi2.connect(
            f"{path.absolute().as_uri()}?{'mode=ro' if log else 'immutable=1'}",
            uri=True,
            isolation_level=None,
            timeout=WORK.busy_ms / 1000,
        )
    try:
        with translated(path, UNLOCKING):
            _unlock(connection, key)
        _check_encrypted(path)
    except BaseException:
        connection.close()
        raise
    return connection


def _check_length(path: Path, key: bytes) -> None:
    if len(key) != KEY_BYTES:
        raise WrongKey("a key has 32 bytes", path)


def _unlock(connection: dbapi2.Connection, key: bytes) -> None:
    # The log goes first: SQLCipher otherwise writes its complaints on the terminal.
    connection.execute("PRAGMA cipher_log_level = NONE")
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    if not connection.execute("PRAGMA cipher_version").fetchone():
        raise Damaged("this SQLite cannot encrypt")
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()


def _prepare(connection: dbapi2.Connection, key: bytes, settings: Settings) -> None:
    _unlock(connection, key)
    connection.execute("PRAGMA temp_store = MEMORY")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute(f"PRAGMA cache_size = -{settings.cache_kib}")
    mode = connection.execute("PRAGMA journal_mode = WAL").fetchone()
    if mode is None or mode[0] != "wal":
        raise Locked("it cannot be put in WAL mode")
    connection.execute(f"PRAGMA synchronous = {'FULL' if settings.durable else 'NORMAL'}")
    connection.execute("PRAGMA journal_size_limit = 67108864")
    # SQLCipher has it on; in a file that only repeats what the portal holds it costs writes for nothing.
    connection.execute(f"PRAGMA secure_delete = {'ON' if settings.durable else 'OFF'}")
    if settings.durable:
        # macOS: plain fsync leaves data in the drive's own cache; elsewhere these do nothing.
        connection.execute("PRAGMA fullfsync = ON")
        connection.execute("PRAGMA checkpoint_fullfsync = ON")


def _check_encrypted(path: Path) -> None:
    with path.open("rb") as file:
        if file.read(len(PLAIN)) == PLAIN:
            raise Damaged("it is not encrypted", path)
