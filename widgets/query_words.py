"""A query in words: what a search or a view holds, for its heading and for whoever asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from widgets.words import category_word, moment_word, pool_word, short_day, state_word
from workbench.dialogue.queue import Query, Whose
from workbench.dialogue.span import Happening, Span
from workbench.dialogue.work import ACTIVE, AWAKE, OPEN, State
from workbench.language import N_, _

BETWEEN = " · "
HAPPENINGS: Final[Mapping[Happening, str]] = {
    Happening.WAITS: N_("waits for an answer"),
    Happening.DONE: N_("done"),
    Happening.CAME: N_("came in"),
    Happening.WROTE: N_("patient wrote"),
    Happening.ANSWERED: N_("answered"),
    Happening.LATE: N_("answered too late"),
}


def query_words(query: Query, now: datetime) -> str:
    """A query as one line; what is typed and what a site calls things is still text from outside.

    Args:
        query: Any.
        now: Aware, in the zone of who reads.
    """
    return BETWEEN.join(_parts(query, now)) or _("everything")


def _parts(query: Query, now: datetime) -> Iterator[str]:
    if query.words.strip():
        yield f"«{query.words.strip()}»"
    yield from (f"“{phrase}”" for phrase in query.phrases)
    if query.patient_name:
        yield _("patient {name}").format(name=query.patient_name)
    if query.sender:
        yield _("from {name}").format(name=query.sender)
    if states := _states(query.states):
        yield states
    if query.whose is not None:
        yield {Whose.ME: _("yours"), Whose.NOBODY: _("unclaimed"), Whose.COLLEAGUE: _("a colleague's")}[query.whose]
    if query.flagged:
        yield _("red flag")
    if query.unread:
        yield _("unread")
    if query.drafts:
        yield _("with a draft")
    if query.stuck:
        yield _("in the outbox, needs you")
    if query.pool is not None:
        yield _("team {name}").format(name=pool_word(query.pool))
    if query.category is not None:
        yield category_word(query.category)
    if query.portal is not None:
        yield _("portal {name}").format(name=query.portal)
    yield from _moments(query, now)
    if query.by_patient:
        yield _("by patient")


def _states(states: frozenset[State]) -> str:
    if states == frozenset(State):
        return ""
    if states in (OPEN, AWAKE, ACTIVE):
        return _("open")
    return " / ".join(state_word(state) for state in State if state in states)


def _moments(query: Query, now: datetime) -> Iterator[str]:
    if query.due_before is not None:
        yield _("due before {when}").format(when=moment_word(query.due_before, now))
    if days := _days(query.since, query.before, now):
        yield days
    for span in query.during:
        happened, days = _(HAPPENINGS[span.what]), _days(span.since, span.before, now)
        if span.what is Happening.WAITS and (span.since or span.before):
            yield from _waits(span, now)
        else:
            yield f"{happened} {days}".strip()


def _waits(span: Span, now: datetime) -> Iterator[str]:
    """Since when somebody waits, to the minute: hours matter there."""
    if span.since is not None:
        yield _("waits since {when} or later").format(when=moment_word(span.since, now))
    if span.before is not None:
        yield _("waits since before {when}").format(when=moment_word(span.before, now))


def _days(since: datetime | None, before: datetime | None, now: datetime) -> str:
    """From one day to another, both included; nothing where neither is told."""
    first = None if since is None else since.astimezone(now.tzinfo).date()
    last = None if before is None else (before.astimezone(now.tzinfo) - timedelta(microseconds=1)).date()
    if first is not None and first == last:
        return short_day(first, now.date())
    if first is None and last is None:
        return ""
    begin = "" if first is None else short_day(first, now.date())
    end = "" if last is None else short_day(last, now.date())
    return f"{begin} – {end}".strip()
