"""What is on its way to the portal: each entry moves between its states by a guarded change, and never twice.

`queued -> sending -> sent`, and from `sending` also `unknown` (no answer came) or `needs-you`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from sqlcipher3 import dbapi2

from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import ALL_THE_SAME, Draft, Kind, Outgoing, Reason, Receipt, Sending
from workbench.dialogue.receipts import covered
from workbench.dialogue.refusals import SendError, SendWord
from workbench.dialogue.work import WORDS, Change, Verb
from workbench.store.aside import thread_at
from workbench.store.database import Database
from workbench.store.doubt import Ticks, may_be_there
from workbench.store.drafts import bring_back, remove_sent
from workbench.store.encoding import storable
from workbench.store.files import Files, Mint, hand_files
from workbench.store.journal import Clock, note_down
from workbench.store.outbox_sender import SendersSide, note_step
from workbench.store.outgoing_rows import get, insert, move, release, select

KINDS: Final = {Verb.REPLY: Kind.REPLY, Verb.NOTE: Kind.NOTE}


class Outbox(SendersSide):
    """The outbox: here for who fills it and looks at it, in `SendersSide` for who empties it."""

    def __init__(self, database: Database, files: Files, clock: Clock, mint: Mint, ticks: Ticks | None = None) -> None:
        super().__init__(database, files, clock, ticks)
        self._mint = mint

    def queue_draft(self, draft: Draft, *, patient: str, basis: str, claim: Change | None = None) -> Outgoing:
        """Send a draft on its way. One transaction mints the identifier, fixes the words and removes the draft.

        Args:
            draft: What stands in the composer; its text is what is sent, saved before or not.
            patient: Reference of the patient on the screen; empty when the thread has none.
            basis: `Conversation.basis` as it was read.
            claim: A claim that goes before it, queued with it or not at all.

        Raises:
            SendError: It was queued already, from here or from another window; nothing was queued. What was queued up
                to its value `up_to` is told by that, once: with that beginning the draft may be sent.
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
            if (up_to := queued_since(cursor, draft, verb)) is not None:
                raise SendError(SendWord.ALREADY_SENT, up_to=up_to)
            if claim is not None:
                insert(cursor, self._verb(draft.key, draft.author, claim, patient, basis))
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
        entry = self._verb(key, author, change, patient, basis)
        with self._database.write() as cursor:
            insert(cursor, entry)
        return entry

    def queue_changes(self, changes: Iterable[tuple[Key, str, Change, str, str]]) -> tuple[Outgoing, ...]:
        """Send verbs on many conversations on their way, all of them or none.

        Args:
            changes: For each, what `queue_change` is given, in its order.
        """
        entries = tuple(self._verb(*each) for each in changes)
        with self._database.write() as cursor:
            for entry in entries:
                insert(cursor, entry)
        return entries

    def queue_receipt(
        self, key: Key, author: str, text: str, words: Collection[str], *, patient: str, basis: str
    ) -> Outgoing:
        """Send on its way that the patient's message has come. Minted and fixed as a reply is; it was no draft.

        Args:
            key: The conversation.
            author: Reference of who says so.
            text: What it says.
            words: Ids of the patient's messages that it is for.
            patient: Reference of the patient on the screen.
            basis: `Conversation.basis` as it was read.

        Raises:
            SendError: One is on its way, or has been given for these words, from here or from another window.
        """
        identity, said = str(self._mint()), storable(text)
        entry = Outgoing(identity, key, author, Verb.RECEIPT, patient, self._clock(), text=said, basis=basis)
        with self._database.write() as cursor:
            earlier = select(cursor, "WHERE portal = ? AND thread = ? AND verb = 'receipt'", key)
            on_its_way = any(one.state not in (Sending.NEEDS_YOU, Sending.SENT) for one in earlier)
            if on_its_way or covered(words, earlier):
                raise SendError(SendWord.RECEIPTED)
            insert(cursor, entry)
        return entry

    def _verb(self, key: Key, author: str, change: Change, patient: str, basis: str) -> Outgoing:
        return Outgoing(str(self._mint()), key, author, change.verb, patient, self._clock(), change=change, basis=basis)

    def cancel(self, outgoing_id: str) -> bool:
        """Take back what has not left: words that were a draft become it again, in the same transaction.

        Works while it is queued, and when it needs the user for a reason that leaves no doubt that the portal
        did not take it. Not after a try that went without an answer, until that can come to pass no more and was looked
        for in vain: words that were taken back would leave again under another identifier, and be there twice.

        Returns:
            Whether it was taken back; False when it is under way, sent, in doubt or unknown here.
        """
        now = self._clock()
        with self._database.write() as cursor:
            entry = get(cursor, outgoing_id)
            sure = entry is not None and (
                entry.state is Sending.QUEUED or (entry.state is Sending.NEEDS_YOU and entry.reason != Reason.AMBIGUOUS)
            )
            if entry is None or not sure or (entry.verb in WORDS and outgoing_id in may_be_there(cursor)):
                return False
            release(cursor, entry.id)
            if entry.verb in KINDS:
                kind = KINDS[entry.verb]
                words = entry.text, entry.files, entry.documents
                bring_back(cursor, Draft(entry.key, entry.author, kind, *words, patient=entry.patient), now)
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
        before = {Sending.NEEDS_YOU, Sending.UNKNOWN}
        now = self._clock()
        with self._database.write() as cursor:
            entry = get(cursor, outgoing_id)
            if entry is not None and entry.reason == Reason.NOT_ALL_READ:
                note_step(cursor, outgoing_id, ALL_THE_SAME, "1")
            done = move(cursor, outgoing_id, before, Sending.QUEUED, now, basis=basis, reason="", detail="")
            if done:
                note_down(cursor, now, "retried", outgoing_id, Sending.QUEUED)
            return done

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

    def move(self, portal: str, before: str, now: str) -> None:
        """Take the entries of a portal out of their conversations, and bring them back, as `Drafts.move` does.

        Taken back, their words would stand in another patient's conversation.

        Args:
            portal: Its name.
            before: Where it lay.
            now: Where it lies.
        """
        with self._database.write() as cursor:
            threads = cursor.execute("SELECT DISTINCT thread FROM outgoing WHERE portal = ?", (portal,)).fetchall()
            for (thread,) in sorted(threads, key=lambda row: " " in row[0]):  # room is made before anything comes back
                there = thread_at(thread, before, now)
                cursor.execute(
                    "UPDATE outgoing SET thread = ? WHERE portal = ? AND thread = ?", (there, portal, thread)
                )

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

    def receipts(self, limit: int) -> tuple[Receipt, ...]:
        """What arrived last, newest first, at most so many."""
        with self._database.read() as cursor:
            last = cursor.execute(
                "SELECT id FROM outgoing WHERE state = 'sent' ORDER BY settled DESC, seq DESC LIMIT ?", (limit,)
            ).fetchall()
            # The step holds 1 when the Task was told, and the portal's refusal when it was not.
            untold = dict(
                cursor.execute("SELECT outgoing, value FROM step WHERE step = 'answered' AND value <> '1'").fetchall()
            )
            sent = [get(cursor, row_id) for (row_id,) in last]
        return tuple(Receipt(entry, untold.get(entry.id, "")) for entry in sent if entry is not None)

    def counts(self) -> dict[Sending, int]:
        """How many entries are in each state; every state is there."""
        with self._database.read() as cursor:
            found = dict(cursor.execute("SELECT state, count(*) FROM outgoing GROUP BY state").fetchall())
        return {state: found.get(state.value, 0) for state in Sending}


def queued_since(cursor: dbapi2.Cursor, draft: Draft, verb: Verb) -> int | None:
    """Up to which place another window has sent this draft since it was begun, whatever was written in it since.

    A draft that is gone because another window threw it away was not: the words on this screen may still be sent.
    """
    (up_to,) = cursor.execute(
        "SELECT max(seq) FROM outgoing WHERE portal = ? AND thread = ? AND author = ? AND verb = ? AND seq > ?",
        (*draft.key, draft.author, verb.value, draft.began),
    ).fetchone()
    return None if up_to is None else int(up_to)  # nothing is greater than NULL: of a draft never kept nothing is told
