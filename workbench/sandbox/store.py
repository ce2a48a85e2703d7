"""Where the resources live: one SQLite file, one connection, one lock.

A change takes effect inside :meth:`Store.transaction`, wholly or not at all. Ids and times come from the seed, the
clock and the number of versions so far, so that the same requests give the same answers.
"""

import hashlib
import sqlite3
import threading
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workbench.sandbox import dates, schema
from workbench.sandbox.elements import RESOURCES
from workbench.sandbox.index import indexers
from workbench.sandbox.load import Chunk, dumps, whole

Resource = Mapping[str, Any]
Clock = Callable[[], datetime]

PAGES = 20_000
"""Next links that are remembered; older ones are gone."""


BUSY = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})


class Unusable(Exception):  # noqa: N818 - it says what the file is
    """The file is there but cannot be continued with; the message is one sentence."""


class InUse(Unusable):
    """Another portal has the file."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a resource."""

    kind: str
    id: str
    rid: int
    seq: int
    number: int
    """1, 2, 3 ...: what `meta.versionId` says."""
    method: str
    """The HTTP method that made it."""
    updated: int
    """Milliseconds since 1970."""
    body: str
    """The resource as JSON; empty when this version is its deletion."""

    @property
    def is_deleted(self) -> bool:
        """Whether the resource is gone."""
        return not self.body


class _Systems(dict[str, int]):
    """The numbers of the code systems; one that is new gets the next, and is written down."""

    def __init__(self, db: sqlite3.Connection) -> None:
        super().__init__(db.execute("SELECT uri, number FROM system").fetchall())
        self.setdefault("", 0)
        self._db = db

    def __missing__(self, uri: str) -> int:
        number = self[uri] = len(self)
        self._db.execute("INSERT INTO system VALUES (?, ?)", (number, uri))
        return number


class Store:
    """The resources, their history and their index."""

    def __init__(self, path: Path | None, clock: Clock, seed: int) -> None:
        """Open a file, or make it.

        Args:
            path: the database file; None for one in memory.
            clock: tells the time, with a time zone.
            seed: what ids are derived from when the file is new.

        Raises:
            Unusable: the file is in use, is damaged, or is of another version of the program.
        """
        self._lock = threading.RLock()
        self._made: list[Version] = []
        """What the transaction that is open has written."""
        self._watchers: list[Callable[[Sequence[Version]], None]] = []
        self._clock = clock
        try:
            self._db = sqlite3.connect(path or ":memory:", isolation_level=None, check_same_thread=False, timeout=1)
            self._prepare()
        except sqlite3.DatabaseError as error:
            kind = InUse if getattr(error, "sqlite_errorcode", 0) & 0xFF in BUSY else Unusable
            raise kind(f"the portal's data in {path} cannot be used: {error}") from error
        if self.recall("schema") != schema.fingerprint():
            self._db.close()
            raise Unusable(f"the portal's data in {path} is of another version of this program; choose another folder")
        if self.recall("seed") is None:
            self.remember("seed", str(seed))
        self._seed = self.recall("seed")
        self._systems = _Systems(self._db)
        self._seq = self._updated = 0
        self._reload()

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside happens wholly or, when an exception leaves it, not at all. Nests."""
        with self._lock:
            nested = self._db.in_transaction
            before = len(self._made) if nested else 0
            del self._made[before:]
            self._db.execute("SAVEPOINT step" if nested else "BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._db.execute("ROLLBACK TO step" if nested else "ROLLBACK")
                if nested:
                    self._db.execute("RELEASE step")
                del self._made[before:]
                self._reload()
                raise
            self._db.execute("RELEASE step" if nested else "COMMIT")
            if not nested and self._made:
                made, self._made = tuple(self._made), []
                for watcher in self._watchers:
                    watcher(made)

    def watch(self, watcher: Callable[[Sequence[Version]], None]) -> None:
        """Has somebody told of every version once it is there, on whichever thread made it; must return at once."""
        self._watchers.append(watcher)

    def recall(self, name: str) -> str | None:
        """A setting that was remembered."""
        rows = self.select("SELECT value FROM setting WHERE name = ?", (name,))
        return rows[0][0] if rows else None

    def remember(self, name: str, value: str) -> None:
        """Keep a setting with the data."""
        with self._lock:
            self._db.execute("INSERT OR REPLACE INTO setting VALUES (?, ?)", (name, value))

    def select(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The rows of a query."""
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def system(self, uri: str) -> int:
        """The number of a code system in the index; -1 when no resource uses it."""
        return self._systems.get(uri, -1)

    def next_id(self, ahead: int = 0) -> str:
        """An id for the next resource, or for the one `ahead` after it: the same after the same requests."""
        digest = hashlib.blake2b(f"{self._seed}/{self._seq + 1 + ahead}".encode(), digest_size=16).digest()
        return str(uuid.UUID(bytes=digest, version=4))

    def now(self) -> datetime:
        """The time by the store's clock, in UTC."""
        return self._clock().astimezone(UTC)

    def read(self, kind: str, id_: str) -> Version | None:
        """The current version of a resource, which may be its deletion; None when it never was."""
        joined = "JOIN version v ON v.seq = r.seq WHERE r.id = ?"
        told = "r.rid, v.seq, v.number, v.method, v.updated, v.body"
        rows = self.select(f'SELECT {told} FROM "{kind}" r {joined}', (id_,)) or self.select(  # noqa: S608
            f"SELECT {told} FROM deleted r {joined} AND r.type = ?",  # noqa: S608
            (id_, kind),
        )
        return Version(kind, id_, *rows[0]) if rows else None

    def history(self, version: Version) -> list[Version]:
        """All versions of a resource, newest first."""
        rows = self.select(
            "WITH RECURSIVE past AS (SELECT * FROM version WHERE seq = ? UNION ALL"
            " SELECT v.* FROM version v JOIN past ON v.seq = past.previous)"
            " SELECT seq, number, method, updated, body FROM past ORDER BY number DESC",
            (version.seq,),
        )
        return [Version(version.kind, version.id, version.rid, *row) for row in rows]

    def history_of(self, kind: str, since: int, after: Sequence[object], limit: int) -> list[Version]:
        """Versions of all resources of a type, deletions included, newest first.

        Args:
            kind: the type.
            since: milliseconds since 1970; what was made at that moment or later.
            after: `updated` and `seq` of the version before the first one wanted; empty for the newest.
            limit: so many at most.
        """
        # From the end of each resource's chain backwards. The first page lies within the newest ends; others may not.
        ends = limit if not after else -1
        rows = self.select(
            "WITH RECURSIVE past (id, rid, seq, previous, number, method, updated, body) AS ("  # noqa: S608
            f' SELECT r.id, r.rid, v.* FROM (SELECT * FROM "{kind}" WHERE updated >= ?1 ORDER BY updated DESC LIMIT ?6)'
            "  r JOIN version v ON v.seq = r.seq"
            " UNION ALL SELECT d.id, d.rid, v.* FROM deleted d JOIN version v ON v.seq = d.seq"
            "  WHERE d.type = ?2 AND v.updated >= ?1"
            " UNION ALL SELECT past.id, past.rid, v.* FROM past JOIN version v ON v.seq = past.previous"
            "  WHERE v.updated >= ?1)"
            " SELECT id, rid, seq, number, method, updated, body FROM past"
            " WHERE ?3 IS NULL OR (updated, seq) < (?3, ?4) ORDER BY updated DESC, seq DESC LIMIT ?5",
            (since, kind, *(after or (None, None)), limit, ends),
        )
        return [Version(kind, *row) for row in rows]

    def write(self, resource: Resource, before: Version | None, method: str) -> Version:
        """Store a resource as the version after `before`, or as a new one.

        Args:
            resource: complete, with its id; `meta.versionId` and `meta.lastUpdated` are set here.
            before: its current version.
            method: the HTTP method.
        """
        kind, id_ = resource["resourceType"], resource["id"]
        seq, updated = self._tick()
        number = before.number + 1 if before else 1
        stored = whole(resource, number, dates.instant(updated))
        made = Version(kind, id_, before.rid if before else seq, seq, number, method, updated, dumps(stored))
        with self.transaction():
            self._append(made, before)
            self._clear(made)
            marks = ",".join("?" * schema.width(kind))
            row, terms = indexers()[kind].index(stored)
            self._db.execute(f'INSERT INTO "{kind}" VALUES ({marks})', (made.rid, id_, seq, updated, *row))  # noqa: S608
            numbered = [(made.rid, param, value, self._systems[system]) for param, value, system in terms]
            self._db.executemany("INSERT INTO term VALUES (?, ?, ?, ?)", numbered)
        return made

    def delete(self, before: Version) -> Version:
        """Delete a resource; its history stays."""
        seq, updated = self._tick()
        gone = Version(before.kind, before.id, before.rid, seq, before.number + 1, "DELETE", updated, "")
        with self.transaction():
            self._append(gone, before)
            self._clear(gone)
            self._db.execute("INSERT INTO deleted VALUES (?, ?, ?, ?)", (gone.kind, gone.id, gone.rid, seq))
        return gone

    def load(self, chunks: Iterable[Chunk]) -> None:
        """Fill an empty store, quickly: without a journal, so a crash meanwhile ruins the file."""
        with self._lock:
            self._db.execute("PRAGMA journal_mode = OFF")
            self._db.execute("PRAGMA synchronous = OFF")
            with self.transaction():
                for statement in schema.indexes():
                    self._db.execute(f'DROP INDEX "{statement.split(chr(34))[1]}"')
                for chunk in chunks:
                    for table, rows in chunk.items():
                        if rows:
                            marks = ",".join("?" * len(rows[0]))
                            self._db.executemany(f'INSERT INTO "{table}" VALUES ({marks})', rows)  # noqa: S608
                for statement in schema.indexes():
                    self._db.execute(statement)
            if self._db.execute("PRAGMA journal_mode = WAL").fetchone() != ("wal",):
                self._db.execute("PRAGMA journal_mode = MEMORY")  # in memory; without a journal nothing can be undone
            self._db.execute("PRAGMA synchronous = NORMAL")
            self._reload()

    def keep_page(self, asked: str) -> str:
        """Remember where a search goes on.

        Returns:
            A token that cannot be guessed.
        """
        token = uuid.uuid4().hex + uuid.uuid4().hex
        with self.transaction():
            made = self._db.execute("INSERT INTO page (token, asked) VALUES (?, ?)", (token, asked)).lastrowid or 0
            self._db.execute("DELETE FROM page WHERE number <= ?", (made - PAGES,))
        return token

    def page(self, token: str) -> str | None:
        """What was remembered under a token; None when it is unknown or too old."""
        rows = self.select("SELECT asked FROM page WHERE token = ?", (token,))
        return rows[0][0] if rows else None

    def _prepare(self) -> None:
        for pragma in (
            "page_size = 16384",
            "locking_mode = EXCLUSIVE",
            "journal_mode = WAL",
            "synchronous = NORMAL",
            "cache_size = -131072",
        ):
            self._db.execute(f"PRAGMA {pragma}")
        self._db.execute("BEGIN IMMEDIATE")
        if not self._db.execute("SELECT 1 FROM sqlite_master WHERE name = 'setting'").fetchone():
            for statement in (*schema.tables(), *schema.indexes()):
                self._db.execute(statement)
            self._db.execute("INSERT INTO setting VALUES ('schema', ?)", (schema.fingerprint(),))
        self._db.execute("COMMIT")

    def _reload(self) -> None:
        self._systems = _Systems(self._db)
        last = self.select("SELECT seq, updated FROM version ORDER BY seq DESC LIMIT 1")
        self._seq, self._updated = last[0] if last else (0, 0)
        for kind in RESOURCES:
            newest = self.select(f'SELECT max(updated) FROM "{kind}"')[0][0]  # noqa: S608
            self._updated = max(self._updated, newest or 0)

    def _tick(self) -> tuple[int, int]:
        """The number and the time of the next version: each later than any before it."""
        self._seq += 1
        self._updated = max(self._updated + 1, dates.milliseconds(self._clock()))
        return self._seq, self._updated

    def _append(self, made: Version, before: Version | None) -> None:
        row = (made.seq, before.seq if before else None, made.number, made.method, made.updated, made.body)
        self._db.execute("INSERT INTO version VALUES (?, ?, ?, ?, ?, ?)", row)
        self._made.append(made)

    def _clear(self, made: Version) -> None:
        if made.number > 1:
            self._db.execute(f'DELETE FROM "{made.kind}" WHERE rid = ?', (made.rid,))  # noqa: S608
            self._db.execute("DELETE FROM term WHERE rid = ?", (made.rid,))
