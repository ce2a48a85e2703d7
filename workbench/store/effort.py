"""What handling took, kept in the journal: numbers and the names of verbs under a label, and nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from workbench.dialogue.effort import Handled, Taken
from workbench.dialogue.key import Key
from workbench.store.database import Database
from workbench.store.encoding import from_micros, to_micros
from workbench.store.journal import Clock, note_down

WHAT: Final = "handled"
"""How its lines are called in the journal."""
PURPOSE: Final = b"effort"


class EffortLines:
    """The lines of the journal that tell what handling took."""

    def __init__(self, database: Database, clock: Clock, key: bytes) -> None:
        """Prepares them.

        Args:
            database: `work.db`.
            clock: Tells the time, aware.
            key: The store's own, without which no label can be told from another conversation's.
        """
        self._database, self._clock, self._key = database, clock, key

    def label(self, conversation: Key) -> str:
        """A name for a conversation that is the same every time, and that nobody can find it by."""
        told = f"{conversation.portal}/{conversation.thread}".encode()
        return hashlib.blake2b(told, digest_size=8, key=self._key, person=PURPOSE).hexdigest()

    def keep(self, handled: Iterable[Handled]) -> None:
        """Note down what some conversations took, in one transaction.

        Raises:
            StoreError: Nothing was noted down.
        """
        now = self._clock()
        with self._database.write() as cursor:
            for one in handled:
                note_down(cursor, now, WHAT, one.label, _written(one.taken))

    def since(self, begin: datetime | None = None) -> tuple[tuple[datetime, Handled], ...]:
        """What was noted down, oldest first, with when; from a moment on, or all."""
        first = 0 if begin is None else to_micros(begin)
        with self._database.read() as cursor:
            rows = cursor.execute(
                "SELECT at, subject, state FROM journal WHERE what = ? AND at >= ? ORDER BY id", (WHAT, first)
            ).fetchall()
        return tuple((from_micros(at), Handled(label, _read(state))) for at, label, state in rows)


def _written(taken: Taken) -> str:
    return f"{taken.keys} {round(taken.seconds * 1000)} {','.join(taken.verbs)}"


def _read(state: str) -> Taken:
    keys, milliseconds, verbs = state.split(" ")
    return Taken(int(keys), int(milliseconds) / 1000, tuple(verbs.split(",")))
