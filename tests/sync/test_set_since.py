"""What a colleague has set is not set over by somebody who has not seen it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.sync.conftest import Bench
from workbench.dialogue.outgoing import Reason, Sending
from workbench.dialogue.work import Change, Priority, Verb


def set_by_colleagues(verb: Verb) -> tuple[dict[str, Any], Change]:
    """What a colleague sets, and what the user who has not seen that sets."""
    match verb:
        case Verb.PRIORITY:
            return {"priority": Priority.STAT}, Change(verb, priority=Priority.URGENT)
        case Verb.CATEGORY:
            return {"category": "e-konsultasjon"}, Change(verb, category="annet")
        case _:
            return {"pool": "time"}, Change(verb, pool="resept")


COMPARED = (Verb.PRIORITY, Verb.CATEGORY, Verb.HAND_OVER)


@pytest.mark.parametrize("verb", COMPARED)
def test_what_a_colleague_has_set_is_not_set_over_unseen(inbox: Bench, verb: Verb) -> None:
    theirs, mine = set_by_colleagues(verb)
    entry = inbox.act("a", mine)
    inbox.portal.set_task("a", **theirs)
    inbox.sync()
    assert (inbox.entry(entry).state, inbox.entry(entry).reason) == (Sending.NEEDS_YOU, Reason.CONFLICT)
    assert {name: getattr(inbox.portal.tasks["t-a"], name) for name in theirs} == theirs
    assert inbox.desk.retry(entry.id, inbox.read("a"))
    inbox.sync()
    assert inbox.entry(entry).state is Sending.SENT


@pytest.mark.parametrize("verb", COMPARED)
def test_what_was_set_by_oneself_or_is_as_wanted_stops_nothing(inbox: Bench, verb: Verb) -> None:
    theirs, mine = set_by_colleagues(verb)
    inbox.portal.down = True
    first = inbox.act("a", Change(verb, **theirs))
    second = inbox.act("a", mine)
    inbox.take()
    inbox.portal.down = False
    inbox.sync()
    assert inbox.entry(first).state is inbox.entry(second).state is Sending.SENT
    third = inbox.act("a", Change(verb, **theirs))
    inbox.portal.set_task("a", **theirs)
    inbox.sync()
    assert inbox.entry(third).state is Sending.SENT


@pytest.mark.parametrize("verb", COMPARED)
def test_what_a_colleague_sets_beside_it_stops_nothing(inbox: Bench, verb: Verb) -> None:
    entry = inbox.act("a", set_by_colleagues(verb)[1])
    for other in COMPARED:
        if other is not verb:
            inbox.portal.set_task("a", **set_by_colleagues(other)[0])
    inbox.sync()
    assert inbox.entry(entry).state is Sending.SENT
