"""A query, words aside, as a condition in SQL on the columns that `item` and `laid` share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlcipher3 import dbapi2

from workbench.dialogue.fold import words_of
from workbench.dialogue.queue import Query, Whose
from workbench.dialogue.span import Happening, Span
from workbench.store.encoding import to_micros
from workbench.store.owners import collect_owned
from workbench.store.portals import number_of
from workbench.store.rows import STATES, WHOSE

COLUMNS: Final[Mapping[Happening, str]] = {Happening.WAITS: "asked", Happening.DONE: "settled"}
POSTS: Final = "SELECT thread FROM post AS said INDEXED BY post_theirs WHERE side = 2"
FIRST: Final = "NOT EXISTS (SELECT 1 FROM post WHERE thread = said.thread AND side = 2 AND sent < said.sent)"
FIRST_ANSWER: Final = "NOT EXISTS (SELECT 1 FROM answer WHERE thread = told.thread AND at < told.at)"
TOLD: Final[Mapping[Happening, tuple[str, str]]] = {
    Happening.WROTE: (POSTS, "sent"),
    Happening.CAME: (f"{POSTS} AND {FIRST}", "sent"),
    Happening.ANSWERED: ("SELECT thread FROM answer INDEXED BY answer_at WHERE true", "at"),
    Happening.LATE: ("SELECT thread FROM answer INDEXED BY answer_at WHERE at > due", "at"),
    Happening.FIRST: (f"SELECT thread FROM answer AS told INDEXED BY answer_at WHERE {FIRST_ANSWER}", "at"),  # noqa: S608
}
"""What the messages tell: the conversations, and which column holds the moment."""


def condition_of(cursor: dbapi2.Cursor, query: Query, *, tallied: bool = False) -> tuple[str, list[Any]]:
    """A query, words aside, as a condition with its values.

    Args:
        cursor: Inside a reading transaction of the connection that has what is laid over.
        query: Words, phrases and names are left aside.
        tallied: Only what is tallied, on the columns of `tally`.
    """
    states = ", ".join(str(STATES.index(state)) for state in query.states)
    parts, values = [f"state IN ({states})"], list[Any]()
    if query.whose is not None:
        parts.append(f"whose = {WHOSE.index(query.whose)}")
    owner = words_of(query.owner)
    if query.claimed or owner:
        parts.append(f"whose <> {WHOSE.index(Whose.NOBODY)}")
    if query.pool is not None:
        parts.append("pool = ?")
        values.append(query.pool)
    if query.portal is not None:
        parts.append(f"portal = {number_of(cursor, query.portal)}")
    if query.category is not None:
        parts.append("category = ?")
        values.append(query.category)
    if query.flagged:
        parts.append("flagged" if tallied else "flag <> ''")
    if tallied:
        return " AND ".join(parts), values
    if owner:
        collect_owned(cursor, owner)
        parts.append("id IN (SELECT id FROM owned)")
    if query.patient is not None:
        parts.append("patient = ?")
        values.append(query.patient)
    if query.unread:
        parts.append("unread")
    for wanted, column in ((query.drafts, "draft"), (query.stuck, "stuck")):
        if wanted:
            parts.append(f"id IN (SELECT id FROM unsent WHERE {column})")  # noqa: S608
    for span in query.during:
        happened, limits = span_condition(span)
        parts.append(happened)
        values += limits
    moments = (
        ("due < ?", query.due_before),
        ("latest >= ?", query.since),
        ("latest < ?", query.before),
    )
    for condition, moment in moments:
        if moment is not None:
            parts.append(condition)
            values.append(to_micros(moment))
    return " AND ".join(parts), values


def span_condition(span: Span) -> tuple[str, list[Any]]:
    """A span as SQL with its values."""
    column = COLUMNS[span.what] if span.what in COLUMNS else TOLD[span.what][1]
    limits = [(sign, moment) for sign, moment in ((">=", span.since), ("<", span.before)) if moment is not None]
    bounds = "".join(f" AND {column} {sign} ?" for sign, _ in limits)
    values = [to_micros(moment) for _, moment in limits]
    if span.what in COLUMNS:
        return f"{column} IS NOT NULL{bounds}", values
    return f"id IN ({TOLD[span.what][0]}{bounds})", values
