"""One thing the portal fails on waits by itself: nothing else is held up, and nobody is woken for nothing."""

from __future__ import annotations

import pytest

from client.errors import (
    Deadline,
    Forbidden,
    NotFhir,
    PortalError,
    Refused,
    ServerFault,
    SeveralMatches,
    TooLarge,
    Unreachable,
)
from tests.sync.conftest import Bench
from tests.sync.paper import KARI, LISE
from tests.sync.test_push import fails
from workbench.dialogue.outgoing import Kind, Reason, Sending
from workbench.dialogue.status import Connection
from workbench.dialogue.work import State
from workbench.store.errors import Full


def test_what_cannot_be_found_out_about_waits_and_holds_up_nothing(inbox: Bench) -> None:
    inbox.portal.after["send_message"] = [fails(Unreachable(may_have_happened=True))]
    first = inbox.reply("a", "Hei")
    inbox.take()
    second = inbox.reply("b", "Til en annen")
    inbox.portal.before["find"] = [fails(Refused("kan ikke søke", status=400))]
    inbox.turn.hurry()
    inbox.seconds += 30
    outcome = inbox.take()
    assert (outcome.status.word, inbox.entry(second).state) == ("", Sending.SENT)
    entry = inbox.entry(first)
    assert (entry.state, entry.reason, entry.detail) == (Sending.UNKNOWN, "refused", "kan ikke søke")
    inbox.settle()
    inbox.seconds += 30
    inbox.sync()
    assert inbox.entry(first).state is Sending.SENT
    assert inbox.portal.messages("a") == ["Hei"]


def test_two_messages_with_our_identifier_are_for_the_user_to_look_at(inbox: Bench) -> None:
    inbox.portal.after["send_message"] = [fails(Unreachable(may_have_happened=True))]
    reply = inbox.reply("a", "Hei")
    inbox.take()
    inbox.portal.before["find"] = [fails(SeveralMatches("to stykker"))]
    inbox.sync()
    assert (inbox.entry(reply).state, inbox.entry(reply).reason) == (Sending.NEEDS_YOU, Reason.AMBIGUOUS)


@pytest.mark.parametrize("error", [TooLarge(), NotFhir(), ServerFault(status=500), Refused()])
def test_a_conversation_that_cannot_be_read_afresh_holds_up_nothing(inbox: Bench, error: PortalError) -> None:
    inbox.portal.before["thread"] = [fails(error)] * 10
    inbox.turn.refresh("a")
    inbox.portal.write("b", "Patient/kari", "Nytt")
    assert inbox.sync().status.connection is Connection.ONLINE
    assert [entry.text for entry in inbox.read("b").entries][-1] == "Nytt"
    assert inbox.portal.calls["thread"] == 1


def test_what_was_to_be_read_afresh_is_when_the_portal_is_back(inbox: Bench) -> None:
    inbox.portal.down = True
    inbox.turn.refresh("a")
    inbox.turn.hurry()
    inbox.take()
    inbox.portal.down = False
    before = inbox.portal.calls["thread"]
    inbox.sync()
    assert inbox.portal.calls["thread"] == before + 1


def test_who_waits_and_then_leaves_the_outbox_wakes_nobody(inbox: Bench) -> None:
    inbox.portal.before["send_message"] = [fails(ServerFault(status=500))] * 2
    first, second = inbox.reply("a", "En"), inbox.reply("b", "To")
    inbox.take()
    assert [inbox.entry(each).state for each in (first, second)] == [Sending.QUEUED] * 2
    for entry in inbox.store.outbox.all():
        inbox.store.outbox.discard(entry.id)
    for _ in range(5):
        outcome = inbox.take()
        assert outcome.wake > 0 or inbox.turn._pull.underway
        inbox.seconds += outcome.wake
    assert not inbox.turn._push._not_before


def test_who_waits_and_is_then_held_back_wakes_nobody(inbox: Bench) -> None:
    inbox.portal.before["change_task"] = [fails(ServerFault(status=500))]
    inbox.reply("a", "Hei")
    inbox.take()
    claim, _ = inbox.store.outbox.all()
    assert inbox.store.outbox.start(claim.id)
    for _ in range(20):
        outcome = inbox.take()
        assert outcome.wake > 0 or inbox.turn._pull.underway
        inbox.seconds += outcome.wake


def test_a_write_that_may_have_happened_is_not_made_again_at_every_page_of_a_first_sync(inbox: Bench) -> None:
    for number in range(400):
        inbox.portal.open_thread(f"t{number}")
    inbox.portal.before["send_message"] = [fails(ServerFault(status=500, may_have_happened=True))] * 50
    inbox.portal.size = 5
    inbox.turn = inbox.new_turn()
    reply = inbox.reply("a", "Hei")
    inbox.take()
    assert inbox.entry(reply).state is Sending.UNKNOWN
    for _ in range(30):
        assert inbox.take().wake == 0
    assert inbox.portal.calls["send_message"] == 1
    inbox.portal.before["send_message"].clear()
    while inbox.entry(reply).state is not Sending.SENT:
        inbox.seconds += max(inbox.take().wake, 0.1)
    assert inbox.portal.messages("a") == ["Hei"]


def test_a_task_that_may_never_be_told_is_given_up_and_said(inbox: Bench) -> None:
    inbox.portal.before["answer_task"] = [fails(Forbidden(status=403))] * 100
    reply = inbox.reply("a", "Hei")
    while inbox.take().status.untold == 0:
        inbox.seconds += 10
    assert inbox.portal.calls["answer_task"] == 5
    assert inbox.entry(reply).state is Sending.SENT
    assert inbox.take().status.untold == 1
    inbox.turn = inbox.new_turn()
    inbox.sync()
    assert inbox.portal.calls["answer_task"] == 5


def test_a_portal_that_would_make_a_second_one_is_not_asked_again_while_the_first_may_come(inbox: Bench) -> None:
    inbox.portal.heeds = False
    inbox.portal.before["send_message"] = [fails(Deadline(may_have_happened=True))]
    reply = inbox.reply("a", "Hei")
    inbox.take()
    for _ in range(8):
        inbox.seconds += 20
        inbox.take()
        assert inbox.entry(reply).state is Sending.UNKNOWN
    inbox.portal.write("a", KARI.reference, "Hei", client_id=reply.id)  # the portal was that slow
    inbox.sync()
    assert inbox.entry(reply).state is Sending.SENT
    assert inbox.portal.messages("a") == ["Hei"]


def test_a_portal_that_would_make_a_second_one_is_asked_again_when_the_first_cannot_come_any_more(inbox: Bench) -> None:
    inbox.portal.heeds = False
    inbox.portal.before["send_message"] = [fails(Deadline(may_have_happened=True))]
    reply = inbox.reply("a", "Hei")
    inbox.take()
    inbox.seconds += 300
    inbox.sync()
    assert inbox.entry(reply).state is Sending.SENT
    assert inbox.portal.messages("a") == ["Hei"]


def test_a_disk_that_fails_as_a_try_begins_leaves_nothing_under_way(
    inbox: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    reply = inbox.reply("a", "Hei")
    begin = inbox.store.outbox.start

    def starts_and_does_not_know(identity: str) -> bool:
        begin(identity)
        monkeypatch.undo()
        raise Full("the disk failed")

    monkeypatch.setattr(inbox.store.outbox, "start", starts_and_does_not_know)
    inbox.take()
    inbox.sync()
    assert inbox.entry(reply).state is Sending.SENT
    assert inbox.portal.messages("a") == ["Hei"]


def test_a_reply_stops_where_messages_could_not_be_read_and_goes_when_the_user_says_so(inbox: Bench) -> None:
    inbox.portal.kept_back = 1
    reply, note = inbox.reply("a", "Hei"), inbox.reply("b", "Til oss", Kind.NOTE)
    inbox.sync()
    assert (inbox.entry(reply).state, inbox.entry(reply).reason) == (Sending.NEEDS_YOU, Reason.NOT_ALL_READ)
    assert inbox.entry(note).state is Sending.SENT
    assert inbox.portal.messages("a") == []
    assert inbox.desk.retry(reply.id, inbox.read("a"))
    inbox.sync()
    assert inbox.entry(reply).state is Sending.SENT
    assert inbox.portal.messages("a") == ["Hei"]


def test_a_reply_that_goes_all_the_same_is_not_stopped_again_by_what_waits_behind_it(inbox: Bench) -> None:
    first = inbox.reply("a", "Hei")
    inbox.portal.set_task("a", owner=LISE.reference, state=State.CLAIMED)
    inbox.sync()
    assert (inbox.entry(first).state, inbox.entry(first).reason) == (Sending.NEEDS_YOU, Reason.TAKEN)
    second = inbox.reply("a", "Og en ting til")
    inbox.sync()
    assert inbox.entry(second).state is Sending.QUEUED
    inbox.desk.lay_over()  # as on the screen, where the one that waits makes the conversation mine
    assert inbox.desk.retry(first.id, inbox.read("a"))
    inbox.sync()
    assert inbox.entry(first).state is Sending.SENT
    assert inbox.portal.messages("a") == ["Hei", "Og en ting til"]  # written when it was seen who has it
