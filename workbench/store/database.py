"""One connection to one encrypted file, shared by threads: transactions, and SQLite's errors in our words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import RLock

from sqlcipher3 import dbapi2

from workbench.store.errors import Damaged, DamagedCache, Full, Locked, NotNow, StoreError

Kinds = Mapping[int, tuple[type[StoreError], str]]
KINDS: Kinds = {
    3: (Full, "it may not be used"),
    5: (Locked, "another process is using it"),
    6: (Locked, "another process is using it"),
    7: (Full, "no memory left"),
    8: (Full, "it may not be written"),
    9: (NotNow, "the reading was stopped"),
    10: (Full, "the disk failed"),
    11: (Damaged, "it is not whole"),
    13: (Full, "the disk is full"),
    14: (Full, "it cannot be opened"),
    15: (Locked, "another process is using it"),
    22: (Full, "the disk cannot hold a file this large"),
    26: (Damaged, "it is not whole"),
}
"""SQLite's primary result codes (https://www.sqlite.org/rescode.html) that come from outside the program."""


DAMAGED = 11
LASTING = frozenset({10, DAMAGED, 26})
"""Failures that a connection does not get over: of the disk, and of what was read from it."""


@contextmanager
def translated(path: Path, kinds: Kinds = KINDS) -> Iterator[None]:
    """Turn what SQLite raises inside into a `StoreError`; a mistake in our own SQL stays as it is.

    Args:
        path: The file to name in the error.
        kinds: Which error each result code becomes.

    Raises:
        StoreError: Its subclass for the result code.
    """
    try:
        yield
    except dbapi2.Error as error:
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        if code not in kinds:
            raise
        kind, says = kinds[code]
        raise kind(says, path) from error


def sound(connection: dbapi2.Connection) -> bool:
    """Whether all pages that were read over a connection were whole.

    For a page whose seal is broken SQLCipher gives zeros, and fails only when it is asked for the next one: what was
    read last may be nothing but zeros, without an error.
    """
    return bool(connection.execute("PRAGMA cipher_status").fetchone() == ("1",))


def sign_of_damage(path: Path) -> Path:
    """The empty file that stands beside a file which was found to be damaged and can be made anew."""
    return path.with_name(path.name + "-damaged")


def _nothing(_connection: dbapi2.Connection) -> None:
    return


class Database:
    """A connection behind a lock. Every block runs in one transaction and under the lock.

    SQLCipher never lets go of an error that it once met, so a disk that failed for a moment would be damaged for as
    long as the program runs: after a failure of the disk the next block is on a connection of its own.
    """

    def __init__(self, connect: Callable[[], dbapi2.Connection], path: Path, damaged: type[Damaged] = Damaged) -> None:
        """Open a file.

        Args:
            connect: Makes a connection in autocommit mode; may raise a `StoreError`.
            path: The file.
            damaged: What to raise when it is found not to be whole.
        """
        self.path = path
        self._connect = connect
        self._connection = connect()
        self._prepare: Callable[[dbapi2.Connection], None] = _nothing
        self._doubtful = False
        self._harms = 0
        self._changed_before = 0
        self._kinds = {code: (damaged if kind is Damaged else kind, says) for code, (kind, says) in KINDS.items()}
        self._lock = RLock()
        self._open = True

    @contextmanager
    def write(self) -> Iterator[dbapi2.Cursor]:
        """A transaction that is committed when the block ends well and undone when it does not.

        Raises:
            StoreError: The block or its commit failed; nothing of it was kept.
        """
        with self._block("BEGIN IMMEDIATE") as cursor:
            yield cursor

    @contextmanager
    def read(self) -> Iterator[dbapi2.Cursor]:
        """A transaction that sees one state of the file throughout."""
        with self._block("BEGIN") as cursor:
            yield cursor

    @contextmanager
    def _block(self, begin: str) -> Iterator[dbapi2.Cursor]:
        with self._watched():
            if not self._open:
                raise Locked("the store is closed", self.path)
            cursor = self._connection.cursor()
            cursor.execute(begin)
            try:
                yield cursor
                self._vouch()
                cursor.execute("COMMIT")
            except BaseException:
                self._undo()
                raise

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """Alone, on a connection that is well, with what goes wrong in our words and remembered."""
        with self._lock:
            try:
                with translated(self.path, self._kinds):
                    self._renew()
                    yield
            except StoreError as error:
                code = getattr(error.__cause__, "sqlite_errorcode", 0) & 0xFF
                self._doubtful = self._doubtful or code in LASTING
                self._harmed(error)
                raise

    def _vouch(self) -> None:
        """Nothing is given out, or written, that was read from a page which is not whole."""
        if not sound(self._connection):
            self._doubtful = True
            raise self._damage()

    def _damage(self) -> StoreError:
        return self._kinds[DAMAGED][0]("it is not whole", self.path)

    def _renew(self) -> None:
        """Take a new connection in the place of one that has met an error."""
        if not (self._doubtful and self._open):
            return
        fresh = self._connect()
        try:
            self._prepare(fresh)
        except BaseException:
            fresh.close()
            raise
        old, self._connection, self._doubtful = self._connection, fresh, False
        self._changed_before += old.total_changes
        with suppress(dbapi2.Error):
            old.close()

    def _harmed(self, error: StoreError) -> None:
        """Leave a sign beside a file that can be made anew, when a second connection finds it damaged as well."""
        if isinstance(error, DamagedCache):
            self._harms += 1
            if self._harms > 1:
                with suppress(OSError):
                    sign_of_damage(self.path).touch(mode=0o600)

    def on_each_connection(self, prepare: Callable[[dbapi2.Connection], None]) -> None:
        """Have something done on the connection now, and on each one that will take its place."""
        with self._watched():
            prepare(self._connection)
            self._prepare = prepare

    def _undo(self) -> None:
        """Roll back; SQLite may have done so by itself on a disk error."""
        if self._connection.in_transaction:
            self._connection.rollback()

    @property
    def is_open(self) -> bool:
        """Whether it has not been closed."""
        return self._open

    @property
    def changes(self) -> int:
        """How many rows were changed over this connection; it only rises."""
        return self._changed_before + int(self._connection.total_changes)

    def take_log_over(self) -> bool:
        """Bring all that is in the log into the file itself; False when another process is in the way.

        Raises:
            StoreError: The disk failed; the log holds what it did.
        """
        with self._watched():
            if not self._open:
                return False
            busy, _, _ = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            return not busy

    def examine(self) -> None:
        """Read every page, check its seal, and check that the pages fit together.

        Raises:
            Damaged: Not so.
        """
        questions = ["PRAGMA integrity_check"]
        if self.take_log_over():  # a page that the log replaces need not be whole
            questions.append("PRAGMA cipher_integrity_check")
        with self.read() as cursor:
            for question in questions:
                if cursor.execute(question).fetchall() not in ([], [("ok",)]):
                    raise self._damage()

    def close(self) -> None:
        """Close the connection; a second call does nothing."""
        with self._lock, translated(self.path):
            if self._open:
                self._open = False
                self._connection.close()
