"""How long a try without an answer may still come to pass, told by two clocks.

The workstation's clock may be set meanwhile: five minutes would then be over at once, and words be sent a second time
that the portal is still about to take. So the clock that only rises is asked too, which in its turn begins anew with
the machine; it is over when both say so.

That it can come to pass no more does not tell that it has not: before its words are taken back it is looked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlcipher3 import dbapi2

from workbench.dialogue.outgoing import LOOKED, Outgoing
from workbench.dialogue.work import WORDS
from workbench.store.encoding import from_micros, to_micros
from workbench.store.outgoing_rows import select

DOUBT: Final = "doubt"
"""Step that tells when it was last sent without an answer, microseconds since 1970."""
TICKS: Final = "doubt-ticks"
"""Step that tells the same by the clock that only rises, microseconds since it began."""
IN_DOUBT: Final = timedelta(minutes=5)
"""How long a portal may still do what it never answered: longer than any server lets a request wait."""
Ticks = Callable[[], float]
"""Tells seconds of a clock that only rises, the same for all processes."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Now, by two clocks."""

    wall: datetime
    """As the workstation has it, aware."""
    ticks: float | None
    """By a clock that only rises, in seconds; None where there is none."""


def note_doubt(cursor: dbapi2.Cursor, outgoing_id: str, now: Moment) -> None:
    """Remember when a try went without an answer; looking for it again in vain does not renew it."""
    ticks = None if now.ticks is None else round(now.ticks * 1e6)
    cursor.execute("DELETE FROM step WHERE outgoing = ? AND step = ?", (outgoing_id, LOOKED))
    for step, value in ((DOUBT, to_micros(now.wall)), (TICKS, ticks)):
        if value is not None:
            cursor.execute(
                """INSERT INTO step SELECT id, ?, ? FROM outgoing WHERE id = ? AND state = 'sending'
                   ON CONFLICT DO UPDATE SET value = excluded.value""",
                (step, str(value), outgoing_id),
            )


def in_doubt(cursor: dbapi2.Cursor, outgoing_id: str, now: Moment, within: timedelta = IN_DOUBT) -> bool:
    """Whether a try without an answer is so fresh that it may still come to pass, as the transaction sees it."""
    rows = cursor.execute(
        "SELECT step, value FROM step WHERE outgoing = ? AND step IN (?, ?)", (outgoing_id, DOUBT, TICKS)
    ).fetchall()
    return any(_fresh(step, int(value), now, within) for step, value in rows)


def may_be_there(cursor: dbapi2.Cursor) -> frozenset[str]:
    """Identifiers of what was once tried without an answer, and not looked for in vain when that was over."""
    return frozenset(
        outgoing
        for (outgoing,) in cursor.execute(
            """SELECT outgoing FROM step AS tried WHERE step = ?
               AND NOT EXISTS (SELECT 1 FROM step WHERE outgoing = tried.outgoing AND step = ?)""",
            (DOUBT, LOOKED),
        )
    )


def to_look_for(cursor: dbapi2.Cursor, portal: str, now: Moment) -> tuple[Outgoing, ...]:
    """Words that wait or stopped and `may_be_there`, once no earlier try can come to pass any more."""
    tried = may_be_there(cursor)
    waiting = select(cursor, "WHERE portal = ? AND state IN ('queued', 'needs-you')", (portal,)) if tried else ()
    return tuple(
        each for each in waiting if each.id in tried and each.verb in WORDS and not in_doubt(cursor, each.id, now)
    )


def _fresh(step: str, at: int, now: Moment, within: timedelta) -> bool:
    if step == DOUBT:
        return now.wall < from_micros(at) + within
    # Before it: the machine was started anew since, and the other clock tells alone.
    return now.ticks is not None and timedelta() <= timedelta(seconds=now.ticks, microseconds=-at) < within
