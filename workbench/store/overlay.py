"""What is on its way, laid over the lists when they are read: a table of the reader's connection, in memory only."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlcipher3 import dbapi2

from workbench.dialogue.key import Key
from workbench.dialogue.overlay import Overlay, lay
from workbench.dialogue.queue import Item
from workbench.store.encoding import from_micros, maybe_moment
from workbench.store.rows import PRIORITIES, STATES, WHOSE

TABLES = (
    """CREATE TEMP TABLE laid (
        id INTEGER PRIMARY KEY, portal INTEGER, ord INTEGER, state INTEGER, whose INTEGER, pool TEXT, patient TEXT
    )""",
    "CREATE INDEX temp.laid_order ON laid (ord, id)",
    "CREATE TEMP TABLE hit (id INTEGER PRIMARY KEY)",
)
ITEMS = """
    SELECT i.id, portal.name, i.ref, i.title, i.patient, coalesce(p.name, ''), coalesce(p.birth, ''),
           coalesce(w.name, wp.name, ''), i.state, i.whose, coalesce(o.name, ''), i.pool, i.priority, i.category,
           i.due, i.latest, i.from_patient, i.preview, i.unread, i.attachments, i.ord, portal.me
    FROM item AS i JOIN portal ON portal.id = i.portal
    LEFT JOIN patient AS p ON p.portal = i.portal AND p.reference = i.patient
    LEFT JOIN party AS w ON w.portal = i.portal AND w.reference = i.writer
    LEFT JOIN patient AS wp ON wp.portal = i.portal AND wp.reference = i.writer
    LEFT JOIN party AS o ON o.portal = i.portal AND o.reference = i.owner
"""


class Laid:
    """The overlay of one reading connection. Its methods run inside a reading transaction."""

    def __init__(self) -> None:
        self._over: Mapping[Key, Overlay] = {}
        self._change = 0
        self._written: tuple[int, int] | None = None
        self.any = False
        """Whether anything is laid over a conversation that is held."""

    def prepare(self, connection: dbapi2.Connection) -> None:
        """Make the table on a connection that has none; what it held is laid again when it is next read."""
        for statement in TABLES:
            connection.execute(statement)
        self._written = None

    def set(self, over: Mapping[Key, Overlay]) -> None:
        """Replace what is on its way."""
        self._over = dict(over)
        self._change += 1

    def generation(self, cursor: dbapi2.Cursor) -> tuple[int, int]:
        """Names what can be read now: it changes when anyone commits and when the overlay changes.

        The table is written anew first when that is so, as the rows beneath may have changed.
        """
        (version,) = cursor.execute("PRAGMA data_version").fetchone()
        now = (version, self._change)
        if now != self._written:
            self._write(cursor)
            self._written = now
        return now

    def over(self, key: Key) -> Overlay | None:
        """What is on its way in one conversation."""
        return self._over.get(key)

    def items(self, cursor: dbapi2.Cursor, ids: Iterable[int]) -> dict[int, Item]:
        """The rows of some conversations as they are to be shown."""
        rows = cursor.execute(f"{ITEMS} WHERE i.id IN (SELECT value FROM json_each(?))", (json.dumps(list(ids)),))  # noqa: S608
        return {row[0]: self._shown(row) for row in rows.fetchall()}

    def _shown(self, row: tuple[Any, ...]) -> Item:
        item = _item(row)
        over = self._over.get(item.key)
        return item if over is None else lay(item, over, row[-1])

    def _write(self, cursor: dbapi2.Cursor) -> None:
        cursor.execute("DELETE FROM laid")
        moved = [key for key, over in self._over.items() if over.moves]
        ids = cursor.execute(
            """SELECT item.id FROM json_each(?) AS each
               JOIN portal ON portal.name = each.value ->> 0
               JOIN thread ON thread.portal = portal.id AND thread.ref = each.value ->> 1
               JOIN item ON item.id = thread.id""",
            (json.dumps(moved),),
        ).fetchall()
        portals = dict(cursor.execute("SELECT name, id FROM portal").fetchall())
        for row_id, item in self.items(cursor, (row[0] for row in ids)).items():
            place = (STATES.index(item.state), WHOSE.index(item.whose))
            cursor.execute(
                "INSERT INTO laid VALUES (?, ?, ?, ?, ?, ?, ?)",
                (row_id, portals[item.key.portal], item.order, *place, item.pool, item.patient),
            )
        self.any = bool(ids)


def _item(row: tuple[Any, ...]) -> Item:
    (_, portal, ref, title, patient, name, birth, writer, state, whose, owner, pool, priority, category, *rest) = row
    due, latest, from_patient, preview, unread, attachments, order, _ = rest
    return Item(
        Key(portal, ref),
        title,
        patient,
        name,
        birth,
        writer,
        STATES[state],
        WHOSE[whose],
        owner,
        pool,
        PRIORITIES[priority],
        category,
        maybe_moment(due),
        from_micros(latest),
        bool(from_patient),
        preview,
        bool(unread),
        attachments,
        order=order,
    )
