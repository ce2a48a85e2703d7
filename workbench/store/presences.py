"""Who is at which conversation just now, as colleagues' workbenches tell it through the portal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlcipher3 import dbapi2

from workbench.dialogue.held import HeldPresence
from workbench.dialogue.key import Key
from workbench.dialogue.presence import Doing, Presence, by_weight
from workbench.store.applying import Applying, news
from workbench.store.encoding import to_micros


def take_presences(work: Applying, values: Sequence[HeldPresence], now: datetime) -> frozenset[Key]:
    """Take in where colleagues are; returns the conversations that somebody came to, stays at or went from.

    What has ended is kept as well, so that an earlier edition that comes late does not bring anybody back.
    """
    new, left = news(work, "presence", "ref", "thread", values)
    if not new:
        return frozenset()
    work.cursor.executemany(
        """INSERT INTO presence (portal, ref, version, updated, who, thread, writing, until, shown)
           VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?8 > ?9)
           ON CONFLICT DO UPDATE SET version = excluded.version, updated = excluded.updated, who = excluded.who,
               thread = excluded.thread, writing = excluded.writing, until = excluded.until, shown = excluded.shown""",
        [
            (
                work.portal,
                told.stamp.id,
                told.stamp.version,
                to_micros(told.stamp.updated),
                told.who,
                told.thread,
                told.doing is Doing.WRITING,
                to_micros(now + told.left),
                to_micros(now),
            )
            for told in new
        ],
    )
    work.wanted.update(told.who for told in new if told.left)
    name, me = work.cursor.execute("SELECT name, me FROM portal WHERE id = ?", (work.portal,)).fetchone()
    others = {told.thread for told in new if told.who != me}
    return frozenset(Key(name, thread) for thread in others.union(left if others else ()))


def gone(cursor: dbapi2.Cursor, now: datetime) -> frozenset[Key]:
    """Notes who has not said for too long that they are still there; returns where they were."""
    rows = cursor.execute(
        "UPDATE presence SET shown = 0 WHERE shown AND until <= ? RETURNING portal, thread", (to_micros(now),)
    ).fetchall()
    names = dict(cursor.execute("SELECT id, name FROM portal").fetchall()) if rows else {}
    return frozenset(Key(names[portal], thread) for portal, thread in rows)


def anybody_gone(cursor: dbapi2.Cursor, now: datetime) -> bool:
    """Whether `gone` has anything to note."""
    question = "SELECT 1 FROM presence WHERE shown AND until <= ? LIMIT 1"
    return cursor.execute(question, (to_micros(now),)).fetchone() is not None


def present(cursor: dbapi2.Cursor, now: datetime) -> dict[Key, tuple[Presence, ...]]:
    """Which colleagues are where: all of them, as there are no more than work at the site; who writes comes first."""
    rows = cursor.execute(
        """SELECT portal.name, thread, who, coalesce(party.name, ''), max(presence.updated), writing
           FROM presence JOIN portal ON portal.id = presence.portal
           LEFT JOIN party ON party.portal = presence.portal AND party.reference = who
           WHERE shown AND until > ? AND who <> me GROUP BY presence.portal, who""",
        (to_micros(now),),
    ).fetchall()
    found: dict[Key, list[Presence]] = {}
    for portal, thread, who, name, _updated, writing in rows:
        there = Presence(who, name, Doing.WRITING if writing else Doing.READING)
        found.setdefault(Key(portal, thread), []).append(there)
    return {key: tuple(sorted(those, key=by_weight)) for key, those in found.items()}
