"""Why a conversation stands where it does in a list, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from textual.content import Content

from widgets.display import for_display
from widgets.query_words import query_words
from widgets.row import short_name
from widgets.words import age_word, deadline_word, moment_word, pool_word, priority_word, state_word, total_word
from workbench.dialogue.queue import Item, Query, Total, Whose
from workbench.dialogue.work import ACTIVE, Priority, State
from workbench.language import _, number

NAME = 40
"""Cells of a patient's name."""


def why_lines(item: Item, query: Query, place: int, total: Total, now: datetime) -> Content:
    """What decides that a row is in its list, and at its place.

    Args:
        item: The row.
        query: What the list holds.
        place: From 0.
        total: Rows of the list.
        now: Aware, in the zone of who reads.
    """
    patient = short_name(item.patient_name, item.birth, NAME, full=True)
    lines = [
        (_("Patient"), patient),
        (_("List"), query_words(query, now, {item.patient: patient})),
        (_("Place"), _("{place} of {total}").format(place=number(place + 1), total=total_word(total))),
        (_("Urgent"), " · ".join(_urgent(item))),
        (_("Deadline"), _deadline(item, now)),
        (_("Waiting"), _waiting(item, now)),
        (_("Who"), " · ".join(_who(item, now))),
    ]
    said = Content("\n").join(
        Content.assemble(Content.styled(f"{name}: ", "bold"), for_display(text, one_line=True)) for name, text in lines
    )
    rule = _(
        "The order is the same for everybody: first what is set as immediate, then red flags, then what is set as more "
        "urgent, then the earliest deadline, then whoever has waited longest."
    )
    return Content("\n\n").join((said, Content(rule)))


def _urgent(item: Item) -> Iterator[str]:
    if item.flag:
        yield _("red flag «{words}», found by the rule “{rule}”").format(words=item.flag_words, rule=item.flag)
    if item.priority is not Priority.ROUTINE:
        yield _("set by staff: {priority}").format(priority=priority_word(item.priority))
    if not item.flag and item.priority is Priority.ROUTINE:
        yield _("nothing says so; that is no promise that it can wait")


def _deadline(item: Item, now: datetime) -> str:
    if item.due is None:
        return _("none: it stands after those that have one")
    ours = item.state in ACTIVE
    said = f"{deadline_word(item.due, now, ours=ours)} ({moment_word(item.due, now)})"
    if item.due_from:
        own = moment_word(item.own_due, now) if item.own_due else _("none")
        said = _("{said}, that of «{title}», which is read in it; its own: {own}").format(
            said=said, title=item.due_from, own=own
        )
    if ours or item.due > now:
        return said
    return _("{said}; it does not count as overdue: {state}").format(said=said, state=state_word(item.state))


def _waiting(item: Item, now: datetime) -> str:
    age = age_word(item.latest, now)
    if item.asked and item.asked != item.latest:
        waits = age_word(item.asked, now)
        return _("the patient has waited for {waits}, and wrote last {age} ago").format(waits=waits, age=age)
    if item.from_patient:
        return _("the patient wrote last, {age} ago").format(age=age)
    return _("staff wrote last, {age} ago").format(age=age)


def _who(item: Item, now: datetime) -> Iterator[str]:
    yield {
        Whose.ME: _("yours"),
        Whose.NOBODY: _("unclaimed"),
        Whose.COLLEAGUE: item.owner_name or _("a colleague's"),
    }[item.whose]
    if item.pool:
        yield _("team {name}").format(name=pool_word(item.pool))
    yield state_word(item.state)
    if item.state is State.SNOOZED:
        if item.wakes is None:
            yield _("comes back when the patient writes")
        else:
            yield _("comes back {when}, or when the patient writes").format(when=moment_word(item.wakes, now))
