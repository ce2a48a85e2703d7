"""What stopped after a try without an answer is looked for before its words may be taken back: it may have arrived."""

from __future__ import annotations

from dataclasses import replace

import pytest

from client.errors import Refused, Unreachable
from tests.session.aging import aged
from tests.sync.conftest import Bench
from tests.sync.paper import KARI
from tests.sync.test_push import fails
from workbench.dialogue.outgoing import Kind, Outgoing, Reason, Sending
from workbench.dialogue.remedies import Remedy, remedies
from workbench.store.doubt import IN_DOUBT

SENDS = {Kind.REPLY: "send_message", Kind.NOTE: "send_note"}


def stopped(inbox: Bench) -> Outgoing:
    """A reply whose first try got no answer, and which words of the patient's then stopped."""
    inbox.portal.before["send_message"] = [fails(Unreachable("reset", may_have_happened=True))]
    entry = inbox.reply("a", "Kom i morgen")
    inbox.take()
    assert inbox.entry(entry).state is Sending.UNKNOWN
    inbox.portal.write("a", "Patient/ola", "Det er verre nå")
    inbox.seconds += 30
    inbox.sync()
    assert (inbox.entry(entry).state, inbox.entry(entry).reason) == (Sending.NEEDS_YOU, Reason.NEW_ACTIVITY)
    return entry


def comes_late(inbox: Bench, entry: Outgoing) -> None:
    """The portal does at last what it was asked for."""
    inbox.portal.write("a", KARI.reference, "Kom i morgen", client_id=entry.id)


def pass_doubt(inbox: Bench, entry: Outgoing) -> None:
    aged(inbox.store, entry.id, IN_DOUBT)


def able(inbox: Bench, entry: Outgoing) -> bool:
    doubtful = entry.id in inbox.store.outbox.doubtful()
    return Remedy.TAKE_BACK in remedies(inbox.entry(entry), inbox.read("a"), me=KARI.reference, doubtful=doubtful)


def test_what_arrived_late_is_found_and_not_taken_back(inbox: Bench) -> None:
    entry = stopped(inbox)
    comes_late(inbox, entry)
    pass_doubt(inbox, entry)
    assert not inbox.desk.cancel(entry.id)
    assert not able(inbox, entry)
    inbox.sync()
    assert inbox.entry(entry).state is Sending.SENT
    assert inbox.portal.messages("a") == ["Kom i morgen"]


def test_what_is_not_there_when_it_can_come_no_more_is_taken_back(inbox: Bench) -> None:
    entry = stopped(inbox)
    inbox.sync()
    assert not inbox.desk.cancel(entry.id), "it may come still"
    pass_doubt(inbox, entry)
    inbox.sync()
    assert inbox.entry(entry).state is Sending.NEEDS_YOU
    assert able(inbox, entry)
    assert inbox.desk.cancel(entry.id)
    assert [draft.text for draft in inbox.store.drafts.list()] == ["Kom i morgen"]


def test_on_a_portal_that_keeps_no_identifiers_it_is_known_by_its_words(inbox: Bench) -> None:
    entry = stopped(inbox)
    comes_late(inbox, entry)
    sent = inbox.clock()
    inbox.portal.posts = {
        name: replace(post, client_id="", sent=sent) if post.client_id else post
        for name, post in inbox.portal.posts.items()
    }
    pass_doubt(inbox, entry)
    inbox.sync()
    assert inbox.entry(entry).state is Sending.SENT
    assert inbox.portal.messages("a") == ["Kom i morgen"]


def test_nothing_is_taken_back_while_nobody_can_look(inbox: Bench) -> None:
    entry = stopped(inbox)
    comes_late(inbox, entry)
    pass_doubt(inbox, entry)
    inbox.portal.down = True
    inbox.take()
    assert not inbox.desk.cancel(entry.id)
    inbox.portal.down = False
    inbox.sync()
    assert inbox.entry(entry).state is Sending.SENT


def test_a_portal_that_cannot_be_asked_for_an_identifier_is_read(inbox: Bench) -> None:
    entry = stopped(inbox)
    pass_doubt(inbox, entry)
    inbox.portal.before["find"] = [fails(Refused("no such search"))]
    inbox.sync()
    assert inbox.desk.cancel(entry.id)


@pytest.mark.parametrize("kind", Kind)
def test_another_try_without_an_answer_is_looked_for_anew(inbox: Bench, kind: Kind) -> None:
    lost = fails(Unreachable("reset", may_have_happened=True))
    inbox.portal.before[SENDS[kind]] = [lost]
    entry = inbox.reply("a", "Kom i morgen", kind)
    inbox.take()
    pass_doubt(inbox, entry)
    inbox.store.outbox.progress(entry.id, "looked", "1")
    inbox.portal.before[SENDS[kind]] = [lost]
    inbox.seconds += 60
    inbox.take()
    assert inbox.portal.before[SENDS[kind]] == []
    assert inbox.entry(entry).state is Sending.UNKNOWN
    assert entry.id in inbox.store.outbox.doubtful()
