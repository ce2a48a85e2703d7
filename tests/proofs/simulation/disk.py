"""A store's connections with a disk that fails and a power switch, at any statement."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from sqlcipher3 import dbapi2

from workbench.store.database import Database
from workbench.store.store import Store

FAILURES = {13: "database or disk is full", 10: "disk I/O error", 8: "attempt to write a readonly database"}
"""SQLite's codes of a disk that takes nothing, with its words."""


class Crash(BaseException):
    """The process has been killed: nothing it does from here on happens."""


@dataclass
class Disk:
    """What one process's disk does, statement by statement."""

    dice: Random
    failing: float = 0.0
    """How likely a statement fails."""
    crashing: float = 0.0
    """How likely the process dies before or after a commit."""
    dead: bool = False
    told: list[str] = field(default_factory=list)

    def before(self, sql: str) -> None:
        """Raises what keeps a statement from being carried out."""
        if self.dead:
            raise Crash
        commits = sql == "COMMIT"
        if commits and self.dice.random() < self.crashing / 2:
            self.die("before a commit")
        if self.failing and (commits or sql.startswith("BEGIN I")) and self.dice.random() < self.failing:
            code = self.dice.choice(sorted(FAILURES))
            self.told.append(f"disk {code} at {sql}")
            error = dbapi2.OperationalError(FAILURES[code])
            error.sqlite_errorcode = code
            raise error

    def after(self, sql: str) -> None:
        """Raises what happens right after a statement."""
        if sql == "COMMIT" and self.dice.random() < self.crashing / 2:
            self.die("after a commit")

    def die(self, when: str) -> None:
        """Ends the process here and now."""
        self.dead = True
        self.told.append(f"killed {when}")
        raise Crash


class _Cursor:
    def __init__(self, cursor: dbapi2.Cursor, disk: Disk) -> None:
        self._cursor, self._disk = cursor, disk

    def execute(self, sql: str, *values: Any) -> _Cursor:
        self._disk.before(sql)
        self._cursor.execute(sql, *values)
        self._disk.after(sql)
        return self

    def executemany(self, sql: str, values: Iterable[Any]) -> _Cursor:
        self._disk.before(sql)
        self._cursor.executemany(sql, values)
        return self

    def __iter__(self) -> Iterator[Any]:
        return iter(self._cursor)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._cursor, name)


class _Connection:
    def __init__(self, connection: dbapi2.Connection, disk: Disk) -> None:
        self._connection, self._disk = connection, disk

    def cursor(self) -> _Cursor:
        return _Cursor(self._connection.cursor(), self._disk)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def wire_up(store: Store, disk: Disk) -> None:
    """Puts a store on a disk."""
    for database in (store._work, store.cache._writer, store.cache._reader):
        _wrap(database, disk)


def _wrap(database: Database, disk: Disk) -> None:
    connect = database._connect
    database._connection = _Connection(database._connection, disk)
    database._connect = lambda: _Connection(connect(), disk)
