"""What is on its way to the portal: each entry moves between its states by a guarded change, and never twice.

`queued -> sending -> sent`, and from `sending` also `unknown` (no answer came) or `needs-you`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from typing import Final

from sqlcipher3 import dbapi2

from workbench.dialogue.conversation import Key
from workbench.dialogue.outgoing import Draft, Kind, Outgoing, Reason, Sending
from workbench.dialogue.work import Change, Verb
from workbench.store import lease
from workbench.store.database import Database
from workbench.store.drafts import bring_back, remove_sent
from workbench.store.encoding import storable, to_micros
from workbench.store.errors import NotNow
from workbench.store.files import Files, Mint, hand_files
from workbench.store.journal import Clock, note_down
from workbench.store.outgoing_rows import get, insert, marks, release, select

RECEIPTS_KEPT: Final = timedelta(days=30)
FROM: Final[Mapping[Sending, frozenset[Sending]]] = {
    Sending.QUEUED: frozenset({Sending.SENDING, Sending.UNKNOWN}),
    Sending.SENDING: frozenset({Sending.QUEUED}),
    Sending.SENT: frozenset({Sending.SENDING, Sending.UNKNOWN}),
    Sending.UNKNOWN: frozenset({Sending.SENDING, Sending.UNKNOWN}),
    Sending.NEEDS_YOU: frozenset({Sending.QUEUED, Sending.SENDING, Sending.UNKNOWN}),
}
"""From which states the sender may take an entry to each state."""
FOLLOWS: Final = frozenset({Verb.REPLY, Verb.DONE, Verb.RELEASE, Verb.HAND_OVER})
"""What waits while something before it in its conversation needs the user."""
KINDS: Final = {Verb.REPLY: Kind.REPLY, Verb.NOTE: Kind.NOTE}


class Outbox:
    """The outbox, for the sender (`due` to `file_bytes`) and for who looks at it."""

    def __init__(self, database: Database, files: Files, clock: Clock, mint: Mint) -> None:
        self._database = database
        self._files = files
        self._clock = clock
        self._mint = mint

    # The user's side.

    def queue_draft(self, draft: Draft, *, patient: str, basis: str) -> Outgoing:
        """Send a draft on its way. One transaction mints the identifier, fixes the words and removes the draft.

        Args:
            draft: What stands in the composer; its text is what is sent, saved before or not.
            patient: Reference of the patient on the screen; empty when the thread has none.
            basis: `Conversation.basis` as it was read.

        Raises:
            StoreError: Nothing was queued and the draft is untouched.
        """
        verb = Verb.REPLY if draft.kind is Kind.REPLY else Verb.NOTE
        entry = Outgoing(
            id=str(self._mint()),
            key=draft.key,
            author=draft.author,
            verb=verb,
            patient=patient,
            queued=self._clock(),
            text=storable(draft.text),
            files=draft.files,
            documents=draft.documents,
            basis=basis,
        )
        with self._database.write() as cursor:
            insert(cursor, entry)
            hand_files(cursor, entry.files, draft=None, outgoing=entry.id)
            remove_sent(cursor, draft)
        return entry

    def queue_change(self, key: Key, author: str, change: Change, *, patient: str, basis: str) -> Outgoing:
        """Send a verb on its way: claim, done, hand over and so on.

        Args:
            key: The conversation.
            author: Reference of who acts.
            change: What to do.
            patient: Reference of the patient on the screen.
            basis: The Task's version as it was read.
        """
        entry = Outgoing(
            str(self._mint()), key, author, change.verb, patient, self._clock(), change=change, basis=basis
        )
        with self._database.write() as cursor:
            insert(cursor, entry)
        return entry

    def cancel(self, outgoing_id: str) -> bool:
        """Take back what has not left: its words become the draft again, in the same transaction.

        Works while it is queued, and when it needs the user for a reason that leaves no doubt that the portal
        did not take it.

        Returns:
            Whether it was taken back; False when it is under way, sent, in doubt or unknown here.
        """
        with self._database.write() as cursor:
            entry = get(cursor, outgoing_id)
            sure = entry is not None and (
                entry.state is Sending.QUEUED or (entry.state is Sending.NEEDS_YOU and entry.reason != Reason.AMBIGUOUS)
            )
            if entry is None or not sure:
                return False
            now = self._clock()
            release(cursor, entry.id)
            if entry.verb in KINDS:
                kind = KINDS[entry.verb]
                bring_back(cursor, Draft(entry.key, entry.author, kind, entry.text, entry.files, entry.documents), now)
            note_down(cursor, now, "cancelled", entry.id, entry.state)
            return True

    def retry(self, outgoing_id: str, basis: str) -> bool:
        """Queue again, under the same identifier, what needs the user or is in doubt, now that the user has looked.

        Args:
            outgoing_id: The entry.
            basis: What the user has read now.

        Returns:
            Whether it is queued again.
        """
        return self._move(
            outgoing_id,
            {Sending.NEEDS_YOU, Sending.UNKNOWN},
            Sending.QUEUED,
            "retried",
            basis=basis,
            reason="",
            detail="",
        )

    def discard(self, outgoing_id: str) -> bool:
        """Drop an entry with its words because the user said so. Not while it is under way, and not a receipt."""
        with self._database.write() as cursor:
            entry = get(cursor, outgoing_id)
            if entry is None or entry.state in (Sending.SENDING, Sending.SENT):
                return False
            release(cursor, entry.id)
            cursor.executemany("DELETE FROM file WHERE id = ?", [(file.id,) for file in entry.files])
            note_down(cursor, self._clock(), "discarded", entry.id, entry.state)
            return True

    def get(self, outgoing_id: str) -> Outgoing | None:
        """One entry, receipts included."""
        with self._database.read() as cursor:
            return get(cursor, outgoing_id)

    def entries(self, key: Key) -> tuple[Outgoing, ...]:
        """All of one conversation, receipts included, oldest first."""
        with self._database.read() as cursor:
            return select(cursor, "WHERE portal = ? AND thread = ?", key)

    def all(self) -> tuple[Outgoing, ...]:
        """Everything, receipts included, oldest first."""
        with self._database.read() as cursor:
            return select(cursor, "", ())

    def pending(self) -> tuple[Outgoing, ...]:
        """Everything that is not sent, oldest first: what is laid over what the portal holds."""
        with self._database.read() as cursor:
            return select(cursor, "WHERE state <> 'sent'", ())

    def counts(self) -> dict[Sending, int]:
        """How many entries are in each state; every state is there."""
        with self._database.read() as cursor:
            found = dict(cursor.execute("SELECT state, count(*) FROM outgoing GROUP BY state").fetchall())
        return {state: found.get(state.value, 0) for state in Sending}

    # The sender's side (`sync.ports.OutboxPort`).

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

    def stopped(self, portal: str) -> tuple[Outgoing, ...]:
        """What needs the user, oldest first."""
        with self._database.read() as cursor:
            return select(cursor, "WHERE portal = ? AND state = 'needs-you'", (portal,))

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
            cursor.execute(
                "INSERT INTO step VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET value = excluded.value",
                (outgoing_id, step, value),
            )

    def steps(self, outgoing_id: str) -> dict[str, str]:
        """The steps that are done, with what they gave."""
        with self._database.read() as cursor:
            return dict(cursor.execute("SELECT step, value FROM step WHERE outgoing = ?", (outgoing_id,)).fetchall())

    def settle(self, outgoing_id: str, state: Sending, reason: str = "", detail: str = "") -> None:
        """Say how an attempt ended. `QUEUED` means that it surely did not reach the portal and may go again.

        Raises:
            NotNow: The entry is not in a state from which that can follow; a receipt never changes.
        """
        if not self._move(outgoing_id, FROM[state], state, "settled", reason=reason, detail=storable(detail)):
            raise NotNow(f"the entry cannot become {state.value}")

    def file_bytes(self, file_id: str) -> bytes:
        """The bytes of an attached file."""
        return self._files.read(file_id)

    # The process's side.

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
            new = lease.holder(cursor, now) != owner
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
            words = [row_id for row_id, verb in rows if verb in (Verb.REPLY, Verb.NOTE)]
            known = set(held(words)) if words else set()
            gone = [row_id for row_id, verb in rows if verb not in (Verb.REPLY, Verb.NOTE) or row_id in known]
            for row_id in gone:
                cursor.execute("DELETE FROM file WHERE outgoing = ?", (row_id,))
                cursor.execute("DELETE FROM outgoing WHERE id = ?", (row_id,))
                note_down(cursor, self._clock(), "pruned", row_id)
        return len(gone)

    def _recover(self, cursor: dbapi2.Cursor) -> int:
        rows = cursor.execute("SELECT id FROM outgoing WHERE state = 'sending'").fetchall()
        for (outgoing_id,) in rows:
            cursor.execute("UPDATE outgoing SET state = 'unknown' WHERE id = ?", (outgoing_id,))
            note_down(cursor, self._clock(), "recovered", outgoing_id, Sending.UNKNOWN)
        return len(rows)

    def _move(self, outgoing_id: str, before: Collection[Sending], after: Sending, what: str, **changes: str) -> bool:
        now = self._clock()
        columns = {"state": after.value, "settled": to_micros(now), **changes}
        values = [*columns.values(), outgoing_id, *(state.value for state in before)]
        with self._database.write() as cursor:
            cursor.execute(
                f"UPDATE outgoing SET {', '.join(f'{name} = ?' for name in columns)} "  # noqa: S608
                f"WHERE id = ? AND state IN ({marks(before)})",
                values,
            )
            if cursor.rowcount:
                note_down(cursor, now, what, outgoing_id, after)
            return bool(cursor.rowcount)
