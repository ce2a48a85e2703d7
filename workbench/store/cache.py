"""What the portals hold, for sync to write and for the screen to read, each on a connection of its own."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlcipher3 import dbapi2

from workbench.dialogue.conversation import Conversation
from workbench.dialogue.held import Batch
from workbench.dialogue.key import Key
from workbench.dialogue.moments import Moments
from workbench.dialogue.overlay import Overlay
from workbench.dialogue.overview import Overview, overview_of
from workbench.dialogue.people import Patient
from workbench.dialogue.queue import Item, Page, Query, Queue, Total
from workbench.dialogue.site import Site
from workbench.dialogue.work import State
from workbench.store import reading
from workbench.store.apply import take_in
from workbench.store.applying import Applying
from workbench.store.checking import Checks
from workbench.store.database import Database
from workbench.store.encoding import maybe_moment, to_micros
from workbench.store.journal import Clock
from workbench.store.overlay import Laid
from workbench.store.overview import Counting
from workbench.store.portals import Addresses, number_of, numbered
from workbench.store.presences import anybody_gone, gone, present, take_presences
from workbench.store.queues import Queues
from workbench.store.restating import due_for_judging, judge_some
from workbench.store.rows import STATES, index_names, index_words, refresh, refresh_all, set_me
from workbench.store.staff import Staff

ASK_AGAIN: Final = timedelta(days=1)
"""How long a reference that the portal did not give is not asked for again."""


class Cache:
    """What the portals hold. Any thread may call it; writing and reading do not wait for each other."""

    def __init__(self, writer: Database, reader: Database, clock: Clock, site: Site) -> None:
        self._writer = writer
        self._reader = reader
        self._clock = clock
        self._site = site
        self.checks = Checks(writer, reader, clock)
        """What is held, compared with what a portal says."""
        self.staff = Staff(writer, reader)
        self.addresses = Addresses(writer, reader)
        self._laid = Laid()
        self._queues = Queues(self._laid)
        self.was_damaged = False
        """What was held was found damaged and thrown away: it is empty until a sync has filled it again."""
        reader.on_each_connection(self._laid.prepare)

    # For sync (`sync.ports.CachePort`).

    def resume_point(self, portal: str, stream: str) -> datetime | None:
        """Up to where a stream of a portal has been read."""
        with self._reader.read() as cursor:
            row = cursor.execute(
                "SELECT at FROM mark JOIN portal ON portal.id = mark.portal WHERE name = ? AND stream = ?",
                (portal, stream),
            ).fetchone()
        return maybe_moment(None if row is None else row[0])

    def apply(
        self,
        portal: str,
        batch: Batch,
        stream: str | None = None,
        mark: datetime | None = None,
        *,
        truth: bool = False,
    ) -> frozenset[Key]:
        """Take in what a portal told, with the point to resume from, in one transaction.

        Args:
            portal: The portal's name.
            batch: What it told.
            stream: The stream it came from, when it was pulled.
            mark: Up to where the stream has now been read; an earlier one than is kept changes nothing.
            truth: It replaces even a later edition of itself.

        Returns:
            The conversations whose row or content changed.
        """
        with self._writer.write() as cursor:
            work = Applying(cursor, numbered(cursor, portal), truth)
            take_in(work, batch)
            if work.touched:
                refresh(cursor, work.portal, work.touched, self._site, self._clock())
            if work.worded:
                index_words(cursor, work.worded)
            if work.named:
                index_names(cursor, work.named)
            met = take_presences(work, batch.presences, self._clock())
            if stream is not None:
                self._mark(cursor, work.portal, stream, mark)
            return _keys(cursor, work.touched | work.named) | met

    def caught_up(self, portal: str) -> None:
        """Remember that a portal has been read to its end: what comes to light from now on is news."""
        with self._writer.write() as cursor:
            cursor.execute("UPDATE portal SET caught = 1 WHERE name = ? AND NOT caught", (portal,))

    def wake(self) -> frozenset[Key]:
        """Bring back what was snoozed until now, and note who has gone; returns which conversations that concerns."""
        now = self._clock()
        with self._reader.read() as cursor:
            due = cursor.execute("SELECT id, portal FROM item WHERE wakes <= ?", (to_micros(now),)).fetchall()
            nothing = not due and not anybody_gone(cursor, now)
        if nothing:
            return frozenset()
        with self._writer.write() as cursor:
            refresh_all(cursor, due, self._site, now)
            return _keys(cursor, [row_id for row_id, _ in due]) | gone(cursor, now)

    def judge(self) -> frozenset[Key] | None:
        """Judge some more of what is held by the site's rules; returns what was judged, None when all has been."""
        with self._reader.read() as cursor:
            after = due_for_judging(cursor, self._site)
        if after is None:
            return None
        with self._writer.write() as cursor:
            return _keys(cursor, judge_some(cursor, self._site, after, self._clock()))

    def missing(self, portal: str, limit: int) -> tuple[str, ...]:
        """References that something names and that are not held, at most `limit`."""
        before = to_micros(self._clock() - ASK_AGAIN)
        with self._reader.read() as cursor:
            rows = cursor.execute(
                """SELECT reference FROM wanted JOIN portal ON portal.id = wanted.portal
                   WHERE name = ? AND tried < ? LIMIT ?""",
                (portal, before, limit),
            )
            return tuple(reference for (reference,) in rows)

    def note_missing(self, portal: str, references: Sequence[str]) -> None:
        """Remember that the portal does not give these, so that they are not asked for again today."""
        now = to_micros(self._clock())
        with self._writer.write() as cursor:
            number = numbered(cursor, portal)
            cursor.executemany(
                "UPDATE wanted SET tried = ? WHERE portal = ? AND reference = ?",
                [(now, number, reference) for reference in references],
            )

    def basis(self, key: Key) -> str:
        """`Conversation.basis` as it is now; empty when the conversation is not held."""
        found = self.conversation(key)
        return "" if found is None else found.basis

    # For the screen.

    def counts(self, queries: Sequence[Query]) -> tuple[Total, ...]:
        """How many conversations each query holds."""
        with self._reader.read() as cursor:
            return self._queues.counts(cursor, queries)

    def page(self, query: Query, offset: int, limit: int) -> Page:
        """A stretch of a queue; of a search `searching.MOST` rows at most: its total says whether there are more."""
        with self._reader.read() as cursor:
            page = self._queues.page(cursor, query, offset, limit)
            there = present(cursor, self._clock())
        items = [replace(item, present=there[item.key]) if item.key in there else item for item in page.items]
        return replace(page, items=tuple(items)) if there else page

    def locate(self, query: Query, key: Key) -> int | None:
        """Position of a conversation in a queue, from 0; None when it is not in it."""
        with self._reader.read() as cursor:
            return self._queues.locate(cursor, query, key)

    def keys(self, query: Query, limit: int) -> tuple[Key, ...]:
        """What a query holds, by name, from its top."""
        with self._reader.read() as cursor:
            return self._queues.keys(cursor, query, limit)

    def rows(self, keys: Collection[Key]) -> dict[Key, Item]:
        """The rows of some conversations, in the order of every queue; those that are not held are left out."""
        with self._reader.read() as cursor:
            return self._queues.rows(cursor, keys)

    def overview(self, queues: Sequence[Queue], at: Moments) -> Overview:
        """How queues stand at some moments, and what happened on the days before.

        Args:
            queues: Without words, phrases or names.
            at: When.
        """
        with self._counting(at, queues) as counting:
            return overview_of(queues, at, counting)

    def figures(self, queries: Sequence[Query], at: Moments) -> tuple[int, ...]:
        """How many conversations each query holds, like `counts`, where most ask for what is open at some moments."""
        with self._counting(at) as counting:
            return tuple(map(counting.count, queries))

    @contextmanager
    def _counting(self, at: Moments, queues: Sequence[Queue] = ()) -> Iterator[Counting]:
        with self._reader.read() as cursor:
            self._laid.generation(cursor)
            others = partial(self._queues.counts, cursor)
            yield Counting(cursor, queues, at, lambda query: others((query,))[0], laid=self._laid.any)

    def conversation(self, key: Key) -> Conversation | None:
        """A conversation with its messages and notes, oldest first, without what is in the outbox."""
        with self._reader.read() as cursor:
            now = self._clock()
            found = reading.conversation(cursor, key, self._laid, now)
            there = present(cursor, now).get(key, ())
        return replace(found, present=there) if found is not None and there else found

    def flagged(self, key: Key) -> bool:
        """Whether a rule found an urgent symptom in a conversation that is still to be taken as one."""
        with self._reader.read() as cursor:
            question = """SELECT 1 FROM thread JOIN portal ON portal.id = thread.portal
                JOIN item ON item.id = thread.id WHERE name = ? AND thread.ref = ? AND flag <> ''"""
            return cursor.execute(question, key).fetchone() is not None

    def patient(self, portal: str, reference: str) -> Patient | None:
        """A patient, or None when the portal has not told."""
        with self._reader.read() as cursor:
            return reading.patient_of(cursor, number_of(cursor, portal), reference)

    def names(self, portal: str, references: Collection[str]) -> dict[str, str]:
        """What people are called, by reference; those whom the portal has not told are left out."""
        with self._reader.read() as cursor:
            found = reading.parties(cursor, number_of(cursor, portal), references)
        return {reference: party.name for reference, party in found.items() if party.name}

    def pools(self) -> tuple[str, ...]:
        """Codes of the teams that hold any conversation, in alphabetical order."""
        with self._reader.read() as cursor:
            rows = cursor.execute("SELECT DISTINCT pool FROM tally WHERE n > 0 AND pool <> '' ORDER BY pool")
            return tuple(pool for (pool,) in rows)

    def categories(self) -> tuple[str, ...]:
        """Codes of the types of message that any open conversation has, in alphabetical order."""
        with self._reader.read() as cursor:
            rows = cursor.execute(
                "SELECT DISTINCT category FROM tally WHERE n > 0 AND category <> '' AND state <> ? ORDER BY category",
                (STATES.index(State.DONE),),
            )
            return tuple(category for (category,) in rows)

    def age(self, portal: str) -> datetime | None:
        """When the portal last answered a pull; None before the first."""
        with self._reader.read() as cursor:
            row = cursor.execute("SELECT heard FROM portal WHERE name = ?", (portal,)).fetchone()
        return maybe_moment(None if row is None else row[0])

    def set_overlay(self, over: Mapping[Key, Overlay]) -> None:
        """Lay what is on its way over all that is read from now on."""
        with self._reader.read():
            self._laid.set(over)

    def mark_seen(self, key: Key) -> bool:
        """Remember that somebody has looked at a conversation; returns whether it was unread."""
        with self._writer.write() as cursor:
            row = cursor.execute(
                """SELECT item.id, latest, unread FROM thread JOIN portal ON portal.id = thread.portal
                   JOIN item ON item.id = thread.id WHERE name = ? AND thread.ref = ?""",
                key,
            ).fetchone()
            if row is None or not row[2]:
                return False
            cursor.execute("INSERT OR REPLACE INTO seen VALUES (?, ?)", row[:2])
            cursor.execute("UPDATE item SET unread = 0 WHERE id = ?", row[:1])
            return True

    def me(self, portal: str, reference: str) -> bool:
        """Tell who acts on a portal; returns whether that changed whose anything is."""
        with self._writer.write() as cursor:
            return set_me(cursor, numbered(cursor, portal), reference)

    def holds(self, client_ids: Collection[str]) -> frozenset[str]:
        """Which of our own identifiers are on messages or notes that are held."""
        with self._reader.read() as cursor:
            rows = cursor.execute(
                """SELECT client_id FROM post
                   WHERE client_id IN (SELECT value FROM json_each(?)) AND client_id <> ''""",
                (json.dumps(list(client_ids)),),
            )
            return frozenset(client_id for (client_id,) in rows)

    def examine(self) -> None:
        """Read every page and check it.

        Raises:
            DamagedCache: It is not whole.
        """
        self._writer.examine()

    def close(self) -> None:
        """Close both connections."""
        self._reader.close()
        self._writer.close()

    def _mark(self, cursor: dbapi2.Cursor, portal: int, stream: str, mark: datetime | None) -> None:
        cursor.execute("UPDATE portal SET heard = ? WHERE id = ?", (to_micros(self._clock()), portal))
        if mark is not None:
            cursor.execute(
                "INSERT INTO mark VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET at = max(at, excluded.at)",
                (portal, stream, to_micros(mark)),
            )


def _keys(cursor: dbapi2.Cursor, threads: Collection[int]) -> frozenset[Key]:
    rows = cursor.execute(
        """SELECT portal.name, thread.ref FROM thread JOIN portal ON portal.id = thread.portal
           WHERE thread.id IN (SELECT value FROM json_each(?)) AND NOT internal""",
        (json.dumps(list(threads)),),
    )
    return frozenset(Key(*row) for row in rows)
