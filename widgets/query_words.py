"""A query in words: what a search or a view holds, for its heading and for whoever asks.

Queries that differ are told in other words, whatever it is in which they differ.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, time
from typing import Final

from widgets.words import CATEGORIES, category_word, moment_word, pool_word, short_day, state_word
from workbench.dialogue.queue import Query, Whose
from workbench.dialogue.span import TICK, Happening, Span
from workbench.dialogue.work import OPEN, State
from workbench.language import N_, _

BETWEEN = " · "
HAPPENINGS: Final[Mapping[Happening, str]] = {
    Happening.WAITS: N_("waits for an answer"),
    Happening.DONE: N_("done"),
    Happening.CAME: N_("came in"),
    Happening.WROTE: N_("patient wrote"),
    Happening.ANSWERED: N_("answered"),
    Happening.LATE: N_("answered too late"),
    Happening.FIRST: N_("answered for the first time"),
}


def query_words(query: Query, now: datetime, patients: Mapping[str, str] | None = None) -> str:
    """A query as one line; what is typed and what a site calls things is still text from outside.

    Args:
        query: Any.
        now: Aware, in the zone of who reads.
        patients: Names by reference; who has none here is told by the reference.
    """
    return BETWEEN.join(_parts(query, now, patients or {})) or _("everything")


def _parts(query: Query, now: datetime, patients: Mapping[str, str]) -> Iterator[str]:
    if words := query.words.strip():
        yield f"«{words}»" if query.begun else _("«{words}», whole words").format(words=words)
    yield from (f"“{phrase}”" for phrase in query.phrases)
    yield from _people(query, patients)
    yield from _marks(query)
    yield from _places(query)
    yield from _moments(query, now)
    if states := _states(query.states):
        yield states
    if query.by_patient:
        yield _("by patient")


def _people(query: Query, patients: Mapping[str, str]) -> Iterator[str]:
    if query.patient is not None:
        yield _("all of {patient}").format(patient=patients.get(query.patient, query.patient))
    if query.patient_name:
        yield _("patient {name}").format(name=query.patient_name)
    if query.sender:
        yield _("from {name}").format(name=query.sender)
    if query.owner:
        yield _("owner {name}").format(name=query.owner)
    if query.claimed:
        yield _("has an owner")
    if query.whose is not None:
        yield {Whose.ME: _("yours"), Whose.NOBODY: _("unclaimed"), Whose.COLLEAGUE: _("a colleague's")}[query.whose]


def _marks(query: Query) -> Iterator[str]:
    if query.flagged:
        yield _("red flag")
    if query.unread:
        yield _("unread")
    if query.drafts:
        yield _("with a draft")
    if query.stuck:
        yield _("in the outbox, needs you")


def _places(query: Query) -> Iterator[str]:
    """Team, category and portal; a code that is not known stands in marks where a known one may be called the same."""
    if query.pool is not None:
        known = pool_word(query.pool) != query.pool
        name = pool_word(query.pool) if known else f"“{query.pool}”"
        yield _("team {name}").format(name=name) if query.pool else _("no team")
    if query.category is not None:
        known = query.category in CATEGORIES
        name = category_word(query.category) if known else f"“{query.category}”"
        yield _("category {name}").format(name=name) if query.category else _("no category")
    if query.portal is not None:
        yield _("portal {name}").format(name=query.portal)


def _states(states: frozenset[State]) -> str:
    """Where the work stands; of what is open, the little that is left out rather than all that is not."""
    left_out = OPEN - states
    if states == frozenset(State):
        return ""
    if not states:
        return _("neither open nor done")
    if states == OPEN:
        return _("open")
    if states < OPEN and len(left_out) < len(states):
        return _("open except {states}").format(states=_listed(left_out))
    return _listed(states)


def _listed(states: frozenset[State]) -> str:
    return " / ".join(state_word(state) for state in State if state in states)


def _moments(query: Query, now: datetime) -> Iterator[str]:
    if (due := query.due_before) is not None:
        yield (
            _("due by {when}").format(when=_exact(due - TICK, now))
            if _until(due)
            else _("due before {when}").format(when=_exact(due, now))
        )
    if days := _days(query.since, query.before, now):
        yield days
    yield from (_span(span, now) for span in query.during)


def _span(span: Span, now: datetime) -> str:
    happened, days = _(HAPPENINGS[span.what]), _days(span.since, span.before, now)
    if span.what is Happening.WAITS:
        return ", ".join(_waits(span, now)) or happened
    return f"{happened} {days}" if days else _("{happened} at some time").format(happened=happened)


def _waits(span: Span, now: datetime) -> Iterator[str]:
    """Since when somebody waits, to the minute: hours matter there."""
    if span.since is not None:
        yield _("waits since {when} or later").format(when=_exact(span.since, now))
    if (before := span.before) is not None:
        yield (
            _("waits since {when} or before").format(when=_exact(before - TICK, now))
            if _until(before)
            else _("waits since before {when}").format(when=_exact(before, now))
        )


def _until(moment: datetime) -> bool:
    """Whether what is before a moment is what is not after the second that it follows."""
    return moment.microsecond == TICK.microseconds


def _exact(moment: datetime, now: datetime) -> str:
    """A moment, to the minute where that is all there is to it."""
    local = moment.astimezone(now.tzinfo)
    seconds = f":{local:%S}" if local.second or local.microsecond else ""
    return moment_word(moment, now) + seconds + (f".{local:%f}" if local.microsecond else "")


def _days(since: datetime | None, before: datetime | None, now: datetime) -> str:
    """From one day to another, both included, or from one moment to before another; nothing where neither is told."""
    if since is None and before is None:
        return ""
    begin = "" if since is None else _day(since, since, now)
    end = "" if before is None else _day(before, before - TICK, now)
    whole = since is not None and before is not None and begin == end and _is_midnight(since, now)
    return begin if whole else f"{begin} – {end}".strip()


def _day(limit: datetime, within: datetime, now: datetime) -> str:
    """The day in which a moment lies that a limit at midnight takes in; else the limit itself."""
    if not _is_midnight(limit, now):
        return _exact(limit, now)
    return short_day(within.astimezone(now.tzinfo).date(), now.date())


def _is_midnight(moment: datetime, now: datetime) -> bool:
    return moment.astimezone(now.tzinfo).time() == time()
