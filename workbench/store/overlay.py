"""What is on its way, laid over the lists when they are read: a table of the reader's connection, in memory only."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlcipher3 import dbapi2

from workbench.dialogue.key import Key
from workbench.dialogue.overlay import Overlay, lay
from workbench.dialogue.queue import STUCK, Item
from workbench.dialogue.tie import TIES, Edge, TieKind, above, into, linked, under
from workbench.dialogue.work import Verb
from workbench.store.encoding import from_micros, maybe_micros, maybe_moment, to_micros
from workbench.store.portals import number_of
from workbench.store.rows import PRIORITIES, STATES, WHOSE
from workbench.store.ties import Around, Pending, around

TABLES = (
    """CREATE TEMP TABLE laid (
        id INTEGER PRIMARY KEY, portal INTEGER, ord INTEGER, state INTEGER, whose INTEGER, owner_name TEXT, pool TEXT,
        patient TEXT, category TEXT, flag TEXT, unread INTEGER, due INTEGER, latest INTEGER, settled INTEGER,
        asked INTEGER
    )""",
    "CREATE INDEX temp.laid_order ON laid (ord, id)",
    "CREATE TEMP TABLE unsent (id INTEGER PRIMARY KEY, draft INTEGER, stuck INTEGER)",
    "CREATE TEMP TABLE hit (id INTEGER PRIMARY KEY)",
    "CREATE TEMP TABLE owned (id INTEGER PRIMARY KEY)",
)
ITEMS = """
    SELECT i.id, portal.name, i.ref, i.title, i.patient, coalesce(p.name, ''), coalesce(p.birth, ''),
           coalesce(w.name, wp.name, ''), i.state, i.whose, coalesce(o.name, ''), i.pool, i.priority, i.category,
           i.due, i.latest, i.from_patient, i.preview, i.unread, i.attachments, i.flag, i.flag_words, i.settled,
           i.wakes, i.asked, i.ord, i.own_due, CASE WHEN i.due_of IS NULL THEN '' ELSE coalesce(d.title, '') END,
           portal.me
    FROM item AS i JOIN portal ON portal.id = i.portal
    LEFT JOIN patient AS p ON p.portal = i.portal AND p.reference = i.patient
    LEFT JOIN party AS w ON w.portal = i.portal AND w.reference = i.writer
    LEFT JOIN patient AS wp ON wp.portal = i.portal AND wp.reference = i.writer
    LEFT JOIN party AS o ON o.portal = i.portal AND o.reference = i.owner
    LEFT JOIN item AS d ON d.id = i.due_of
"""


class Laid:
    """The overlay of one reading connection. Its methods run inside a reading transaction."""

    def __init__(self) -> None:
        self._over: Mapping[Key, Overlay] = {}
        self._tying: dict[str, list[tuple[Edge, bool]]] = {}
        """Ties that are on their way, by portal."""
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
        self._tying = {}
        for key, laid in over.items():
            for change in laid.tying:
                edge = Edge(key.thread, TIES[change.verb], change.other)
                comes = change.verb in (Verb.MERGE, Verb.LINK)
                self._tying.setdefault(key.portal, []).append((edge, comes))
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
        return self._with_ties(cursor, {row[0]: self._shown(row) for row in rows.fetchall()})

    def around(self, cursor: dbapi2.Cursor, portal: str, threads: Iterable[str]) -> Around:
        """What is tied to some conversations of a portal, with what is on its way."""
        pending: Pending = self._tying.get(portal, ())
        return around(cursor, number_of(cursor, portal), list(threads), pending)

    def _with_ties(self, cursor: dbapi2.Cursor, items: dict[int, Item]) -> dict[int, Item]:
        """Rows with what they are tied to."""
        by_name = {item.key: row_id for row_id, item in items.items()}
        for portal in {key.portal for key in by_name}:
            edges, rows, _ = self.around(cursor, portal, [key.thread for key in by_name if key.portal == portal])
            for thread in {end for edge in edges for end in edge.ends}:
                row_id = by_name.get(Key(portal, thread))
                if row_id is None:
                    continue
                kept = above(edges, thread)
                title = _title(cursor, rows[kept[0]]) if kept else ""
                joined, links = len(under(edges, thread)), len(linked(edges, thread))
                items[row_id] = replace(items[row_id], into=title, joined=joined, linked=links)
            for key in by_name.keys() & self._kept(cursor, portal, edges):
                items[by_name[key]] = self._with_deadline(cursor, items[by_name[key]], by_name[key], edges, rows)
        return items

    def _kept(self, cursor: dbapi2.Cursor, portal: str, edges: Collection[Edge] | None = None) -> frozenset[Key]:
        """What conversations of a portal are about to be merged into, or taken apart from, directly or through others.

        Args:
            cursor: Inside a reading transaction.
            portal: Its name.
            edges: What is tied to them, where that is known.
        """
        first = {edge.other for edge, _ in self._tying.get(portal, ()) if edge.kind is TieKind.MERGED}
        if not first:
            return frozenset()
        if edges is None:
            edges = self.around(cursor, portal, first).edges
        return frozenset(Key(portal, ref) for each in first for ref in {each, *into(edges, each)})

    def _with_deadline(
        self, cursor: dbapi2.Cursor, item: Item, row_id: int, edges: Collection[Edge], rows: Mapping[str, int]
    ) -> Item:
        """A row by the earliest deadline of what will be read in it once all merges have arrived."""
        below = {rows[ref] for ref in under(edges, item.key.thread)}
        coming = {rows.get(edge.thread) for edge, comes in self._tying.get(item.key.portal, ()) if comes}
        (held,) = cursor.execute("SELECT due_of FROM item WHERE id = ?", (row_id,)).fetchone()
        due, title = (item.due, item.due_from) if held in below else (item.own_due, "")
        question = "SELECT due, title FROM item WHERE id IN (SELECT value FROM json_each(?)) AND due IS NOT NULL"
        for moment, of in cursor.execute(question, (json.dumps(list(below & coming)),)).fetchall():
            if due is None or from_micros(moment) < due:
                due, title = from_micros(moment), of or "…"
        return replace(item, due=due, due_from=title).placed()

    def _shown(self, row: tuple[Any, ...]) -> Item:
        item = _item(row)
        over = self._over.get(item.key)
        return item if over is None else lay(item, over, row[-1])

    def _write(self, cursor: dbapi2.Cursor) -> None:
        cursor.execute("DELETE FROM laid")
        cursor.execute("DELETE FROM unsent")
        held = {row_id: self._over[key] for row_id, key in row_ids(cursor, self._over).items()}
        unsent = [(row_id, over.draft, over.sending in STUCK) for row_id, over in held.items()]
        cursor.executemany("INSERT INTO unsent VALUES (?, ?, ?)", unsent)
        kept = [key for portal in self._tying for key in self._kept(cursor, portal)]
        ids = {*(row_id for row_id, over in held.items() if over.moves), *row_ids(cursor, kept)}
        portals = dict(cursor.execute("SELECT name, id FROM portal").fetchall())
        for row_id, item in self.items(cursor, ids).items():
            place = (STATES.index(item.state), WHOSE.index(item.whose))
            cursor.execute(
                "INSERT INTO laid VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    row_id,
                    portals[item.key.portal],
                    item.order,
                    *place,
                    item.owner_name,
                    item.pool,
                    item.patient,
                    item.category,
                    item.flag,
                    item.unread,
                    maybe_micros(item.due),
                    to_micros(item.latest),
                    maybe_micros(item.settled),
                    maybe_micros(item.asked),
                ),
            )
        self.any = bool(ids)


def row_ids(cursor: dbapi2.Cursor, keys: Iterable[Key]) -> dict[int, Key]:
    """The numbers of the rows that some conversations have; what is not held has none."""
    found = cursor.execute(
        """SELECT item.id, portal.name, thread.ref FROM json_each(?) AS each
           JOIN portal ON portal.name = each.value ->> 0
           JOIN thread ON thread.portal = portal.id AND thread.ref = each.value ->> 1
           JOIN item ON item.id = thread.id""",
        (json.dumps(list(keys)),),
    )
    return {row_id: Key(*key) for row_id, *key in found.fetchall()}


def _title(cursor: dbapi2.Cursor, row_id: int) -> str:
    """What a conversation is called in a list; what has come without a title yet is not called anything."""
    (title,) = cursor.execute("SELECT title FROM item WHERE id = ?", (row_id,)).fetchone() or ("",)
    return title or "…"


def _item(row: tuple[Any, ...]) -> Item:
    (_, portal, ref, title, patient, name, birth, writer, state, whose, owner, pool, priority, category, *rest) = row
    due, latest, from_patient, preview, unread, attachments, flag, flag_words, settled, wakes, *more = rest
    asked, order, own_due, due_from, _ = more
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
        flag=flag,
        flag_words=flag_words,
        settled=maybe_moment(settled),
        wakes=maybe_moment(wakes),
        asked=maybe_moment(asked),
        own_due=maybe_moment(own_due),
        due_from=due_from,
        order=order,
    )
