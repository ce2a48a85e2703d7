"""The sender's half of the outbox (`sync.ports.OutboxPort`): what is due, what becomes of it, and who sends."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from typing import Final

from sqlcipher3 import dbapi2

from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import FOLLOWS, Outgoing, Reason, Sending
from workbench.dialogue.work import WORDS, Verb
from workbench.store import lease
from workbench.store.database import Database
from workbench.store.doubt import IN_DOUBT, Moment, Ticks, in_doubt, may_be_there, note_doubt, to_look_for
from workbench.store.encoding import storable, to_micros
from workbench.store.errors import NotNow
from workbench.store.files import Files
from workbench.store.journal import Clock, note_down
from workbench.store.outgoing_rows import marks, move, select

RECEIPTS_KEPT: Final = timedelta(days=30)
FROM: Final[Mapping[Sending, frozenset[Sending]]] = {
    Sending.QUEUED: frozenset({Sending.SENDING, Sending.UNKNOWN}),
    Sending.SENDING: frozenset({Sending.QUEUED}),
    Sending.SENT: frozenset({Sending.SENDING, Sending.UNKNOWN}),
    Sending.UNKNOWN: frozenset({Sending.SENDING, Sending.UNKNOWN}),
    Sending.NEEDS_YOU: frozenset({Sending.QUEUED, Sending.SENDING, Sending.UNKNOWN}),
}
"""From which states the sender may take an entry to each state."""


class SendersSide:
    """What the one that sends does with the outbox."""

    def __init__(self, database: Database, files: Files, clock: Clock, ticks: Ticks | None) -> None:
        self._database = database
        self._files = files
        self._clock = clock
        self._ticks = ticks

    def _moment(self) -> Moment:
        return Moment(self._clock(), None if self._ticks is None else self._ticks())

    def due(self, portal: str) -> tuple[Outgoing, ...]:
        """What may go out, oldest first, with what must be looked for first.

        In each conversation entries go in the order they were queued. One in `unknown` is given, to be settled
        by a search, and holds back those after it, as one in `sending` does. One that needs the user holds back
        what was decided in the belief that it went well (`FOLLOWS`). Notes are held back by nothing.
        """
        with self._database.read() as cursor:
            pending = select(cursor, "WHERE portal = ? AND state <> 'sent'", (portal,))
        busy: set[Key] = set()
        stopped: set[Key] = set()
        given = []
        for entry in pending:
            if entry.state is Sending.NEEDS_YOU:
                stopped |= {entry.key} if entry.verb is not Verb.NOTE else set()
                continue
            held = entry.key in busy or (entry.key in stopped and entry.verb in FOLLOWS)
            if entry.state is not Sending.SENDING and (entry.verb is Verb.NOTE or not held):
                given.append(entry)
            if entry.verb is not Verb.NOTE and (entry.state is not Sending.QUEUED or held):
                busy.add(entry.key)
        return tuple(given)

    def unanswered(self, portal: str) -> tuple[Outgoing, ...]:
        """Replies that have arrived and whose Task has not been told (no step `answered`), oldest first."""
        with self._database.read() as cursor:
            return select(
                cursor,
                """WHERE portal = ? AND state = 'sent' AND verb = 'reply' AND NOT EXISTS (
                       SELECT 1 FROM step WHERE outgoing = outgoing.id AND step = 'answered')""",
                (portal,),
            )

    def start(self, outgoing_id: str) -> bool:
        """Take an entry from queued to sending.

        Returns:
            False when it is not queued any more, or when `due` would hold it back.
        """
        with self._database.write() as cursor:
            cursor.execute(
                f"""UPDATE outgoing SET state = 'sending', attempts = attempts + 1
                    WHERE id = ? AND state = 'queued' AND (verb = 'note' OR NOT EXISTS (
                        SELECT 1 FROM outgoing AS earlier
                        WHERE earlier.portal = outgoing.portal AND earlier.thread = outgoing.thread
                          AND earlier.seq < outgoing.seq AND earlier.verb <> 'note' AND (
                              earlier.state IN ('queued', 'sending', 'unknown')
                              OR earlier.state = 'needs-you' AND outgoing.verb IN ({marks(FOLLOWS)}))))""",  # noqa: S608
                (outgoing_id, *sorted(FOLLOWS)),
            )
            if cursor.rowcount:
                note_down(cursor, self._clock(), "started", outgoing_id, Sending.SENDING)
            return bool(cursor.rowcount)

    def progress(self, outgoing_id: str, step: str, value: str) -> None:
        """Remember that a step of sending is done, so that it is not done again."""
        with self._database.write() as cursor:
            note_step(cursor, outgoing_id, step, value)

    def steps(self, outgoing_id: str) -> dict[str, str]:
        """The steps that are done, with what they gave."""
        with self._database.read() as cursor:
            return dict(cursor.execute("SELECT step, value FROM step WHERE outgoing = ?", (outgoing_id,)).fetchall())

    def settle(self, outgoing_id: str, state: Sending, reason: str = "", detail: str = "") -> None:
        """Say how an attempt ended. `QUEUED` means that it surely did not reach the portal and may go again.

        Raises:
            NotNow: The entry is not in a state from which that can follow; a receipt never changes.
        """
        now = self._clock()
        with self._database.write() as cursor:
            if state is Sending.UNKNOWN:
                note_doubt(cursor, outgoing_id, self._moment())
            if not move(cursor, outgoing_id, FROM[state], state, now, reason=reason, detail=storable(detail)):
                raise NotNow(f"the entry cannot become {state.value}")
            note_down(cursor, now, "settled", outgoing_id, state)

    def in_doubt(self, outgoing_id: str, within: timedelta = IN_DOUBT) -> bool:
        """Whether the portal may still carry out a try that it has not answered, so long after it."""
        with self._database.read() as cursor:
            return in_doubt(cursor, outgoing_id, self._moment(), within)

    def doubtful(self) -> frozenset[str]:
        """Identifiers of all that may arrive still, or have arrived, by a try that the portal has not answered."""
        with self._database.read() as cursor:
            return may_be_there(cursor)

    def to_look_for(self, portal: str) -> tuple[Outgoing, ...]:
        """Words that wait or stopped after a try without an answer, once that can come to pass no more."""
        with self._database.read() as cursor:
            return to_look_for(cursor, portal, self._moment())

    def found(self, outgoing_id: str) -> None:
        """Say that what waits or stopped has arrived by a try of before.

        Raises:
            NotNow: It does neither any more.
        """
        now = self._clock()
        with self._database.write() as cursor:
            before = {Sending.QUEUED, Sending.NEEDS_YOU}
            if not move(cursor, outgoing_id, before, Sending.SENT, now, reason="", detail=""):
                raise NotNow("the entry was not there to be found")
            note_down(cursor, now, "found", outgoing_id, Sending.SENT)

    def file_bytes(self, file_id: str) -> bytes:
        """The bytes of an attached file."""
        return self._files.read(file_id)

    def acquire(self, owner: str, *, alone: bool = False) -> bool:
        """Become the one that sends, or stay so; call it at least every ten seconds while sending.

        What a dead sender left under way becomes `unknown`.

        Args:
            owner: Names the process.
            alone: The caller knows that no other process lives that could send: a lease that one left behind
                counts for nothing, whatever the clock says.

        Returns:
            False while another process is the sender.
        """
        with self._database.write() as cursor:
            now = self._clock()
            new = lease.last(cursor) != owner
            if alone and new:
                lease.clear(cursor)
            if not lease.take(cursor, owner, now):
                return False
            if new:
                self._recover(cursor)
            return True

    def release(self, owner: str) -> None:
        """Stop being the one that sends."""
        with self._database.write() as cursor:
            lease.give_back(cursor, owner)

    def recover(self) -> int:
        """Make `unknown` what a dead process left under way, unless a living one is sending; returns how many."""
        with self._database.write() as cursor:
            return 0 if lease.holder(cursor, self._clock()) else self._recover(cursor)

    def doubt(self) -> int:
        """Make `unknown` all that waits or is under way, as it may have been sent from a newer copy; returns how many.

        Each is then looked for on the portal by its identifier before anything of it leaves.
        """
        with self._database.write() as cursor:
            lease.clear(cursor)
            rows = cursor.execute("SELECT id FROM outgoing WHERE state IN ('queued', 'sending')").fetchall()
            for (outgoing_id,) in rows:
                note_doubt(cursor, outgoing_id, self._moment())
                cursor.execute("UPDATE outgoing SET state = 'unknown' WHERE id = ?", (outgoing_id,))
                note_down(cursor, self._clock(), "doubted", outgoing_id, Sending.UNKNOWN)
            return len(rows)

    def stop(self, portals: Collection[str]) -> None:
        """Let nothing leave for some portals before the user has looked: they are not what they were."""
        now = self._clock()
        with self._database.write() as cursor:
            where = f"WHERE state <> 'sent' AND portal IN ({marks(portals)})"
            for entry in select(cursor, where, tuple(portals)):
                before = FROM[Sending.NEEDS_YOU]
                if move(cursor, entry.id, before, Sending.NEEDS_YOU, now, reason=Reason.CONFLICT.value):
                    note_down(cursor, now, "stopped", entry.id, Sending.NEEDS_YOU)

    def prune(self, held: Callable[[Collection[str]], Collection[str]]) -> int:
        """Forget receipts that are 30 days old and whose message the cache holds.

        Args:
            held: Tells which of some identifiers the cache holds as messages or notes.

        Returns:
            How many were forgotten.
        """
        before = to_micros(self._clock() - RECEIPTS_KEPT)
        with self._database.write() as cursor:
            rows = cursor.execute(
                "SELECT id, verb FROM outgoing WHERE state = 'sent' AND settled < ?", (before,)
            ).fetchall()
            words = [row_id for row_id, verb in rows if verb in WORDS]
            known = set(held(words)) if words else set()
            gone = [row_id for row_id, verb in rows if verb not in WORDS or row_id in known]
            for row_id in gone:
                cursor.execute("DELETE FROM file WHERE outgoing = ?", (row_id,))
                cursor.execute("DELETE FROM outgoing WHERE id = ?", (row_id,))
                note_down(cursor, self._clock(), "pruned", row_id)
        return len(gone)

    def _recover(self, cursor: dbapi2.Cursor) -> int:
        rows = cursor.execute("SELECT id FROM outgoing WHERE state = 'sending'").fetchall()
        for (outgoing_id,) in rows:
            note_doubt(cursor, outgoing_id, self._moment())
            cursor.execute("UPDATE outgoing SET state = 'unknown' WHERE id = ?", (outgoing_id,))
            note_down(cursor, self._clock(), "recovered", outgoing_id, Sending.UNKNOWN)
        return len(rows)


def note_step(cursor: dbapi2.Cursor, outgoing_id: str, step: str, value: str) -> None:
    """Remember a step, in the transaction that is open."""
    cursor.execute(
        "INSERT INTO step VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value", (outgoing_id, step, value)
    )
