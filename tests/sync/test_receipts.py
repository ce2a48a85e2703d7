"""A receipt reaches the patient once and answers nothing: work, deadline and the next reply stay as they were."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from client.errors import Refused, Unreachable
from tests.sync.conftest import Bench
from tests.sync.paper import KARI, LISE, START
from tests.sync.test_push import fails
from tests.sync.test_snoozing import row
from workbench.dialogue.conversation import Message, MessageState
from workbench.dialogue.outgoing import Outgoing, Reason, Sending
from workbench.dialogue.people import PartyKind
from workbench.dialogue.receipts import may_receipt
from workbench.dialogue.refusals import SendError, SendWord
from workbench.dialogue.remedies import Remedy, remedies
from workbench.dialogue.site import Site
from workbench.dialogue.work import Change, State, Verb

WORDS = "Vi har fått meldingen din, og svarer innen torsdag."


@pytest.fixture
def inbox(bench: Bench) -> Bench:
    bench.store.cache._site = Site(due_of=lambda received, _: received + timedelta(days=5))
    bench.portal.open_thread("a")
    bench.portal.open_thread("b", "kari")
    bench.sync()
    return bench


def receipt(bench: Bench, text: str = WORDS) -> Outgoing:
    return bench.desk.receipt(text, bench.read("a"))


def test_a_receipt_arrives_and_everything_stays_as_it_stands(inbox: Bench) -> None:
    before, task = row(inbox), inbox.portal.tasks["t-a"]
    assert (before.from_patient, before.unread, before.due is not None) == (True, True, True)
    entry = receipt(inbox)
    assert row(inbox) == replace(before, sending=Sending.QUEUED)
    inbox.sync()
    assert inbox.entry(entry).state is Sending.SENT
    assert inbox.portal.messages("a") == [WORDS]
    assert inbox.portal.tasks["t-a"] == task, "nobody takes it, and nobody is waited for"
    assert row(inbox) == before
    last = inbox.read("a").entries[-1]
    assert isinstance(last, Message)
    assert (last.text, last.receipt, last.sender.kind) == (WORDS, True, PartyKind.STAFF)
    assert [one.verb for one in inbox.store.outbox.all()] == [Verb.RECEIPT]


def test_it_stands_in_the_timeline_until_the_portal_holds_it(inbox: Bench) -> None:
    inbox.portal.down = True
    entry = receipt(inbox)
    inbox.take()
    assert inbox.read("a").entries[-1] == inbox.entry(entry)


def test_it_stops_no_reply_of_one_s_own_and_hides_no_words_from_it(inbox: Bench) -> None:
    receipt(inbox)
    reply = inbox.reply("a", "Kom i morgen")
    inbox.sync()
    assert inbox.entry(reply).state is Sending.SENT
    assert inbox.portal.messages("a") == [WORDS, "Kom i morgen"]
    later = inbox.reply("b", "Hei")
    inbox.sync()
    assert inbox.entry(later).state is Sending.SENT


def test_it_is_given_once_for_the_same_words(inbox: Bench) -> None:
    seen = inbox.read("a")
    receipt(inbox)
    for shown in (seen, inbox.read("a")):
        with pytest.raises(SendError) as refused:
            inbox.desk.receipt(WORDS, shown)
        assert refused.value.word == SendWord.RECEIPTED
    inbox.sync()
    with pytest.raises(SendError):
        inbox.desk.receipt(WORDS, seen)
    inbox.portal.write("a", "Patient/ola", "Det ble verre")
    inbox.sync()
    receipt(inbox, "Takk, vi ser på det")
    inbox.sync()
    assert inbox.portal.messages("a") == [WORDS, "Takk, vi ser på det"]


def test_one_that_somebody_gave_meanwhile_is_not_given_again_whatever_is_decided(inbox: Bench) -> None:
    entry = receipt(inbox)
    inbox.portal.write("a", KARI.reference, "Sendt fra et annet sted", receipt=True)
    inbox.sync()
    stopped = inbox.entry(entry)
    assert (stopped.state, stopped.reason, stopped.detail) == (
        Sending.NEEDS_YOU,
        Reason.NEW_ACTIVITY,
        "Sendt fra et annet sted",
    )
    assert remedies(stopped, inbox.read("a"), me=KARI.reference) == (Remedy.THROW_AWAY,)
    assert inbox.desk.retry(entry.id)
    inbox.sync()
    assert inbox.entry(entry).state is Sending.NEEDS_YOU
    assert inbox.portal.messages("a") == ["Sendt fra et annet sted"]


@pytest.mark.parametrize(("sender", "text"), [("Patient/ola", "Det ble verre"), (LISE.reference, "Kom i dag")])
def test_it_stops_when_somebody_wrote_since(inbox: Bench, sender: str, text: str) -> None:
    entry = receipt(inbox)
    inbox.portal.write("a", sender, text)
    inbox.sync()
    stopped = inbox.entry(entry)
    assert (stopped.reason, stopped.detail) == (Reason.NEW_ACTIVITY, text)
    assert not inbox.portal.messages("a")
    patient = sender.startswith("Patient/")
    assert (Remedy.SEND in remedies(stopped, inbox.read("a"), me=KARI.reference)) is patient


def test_it_stops_where_a_colleague_took_the_conversation_and_at_other_readers(inbox: Bench) -> None:
    entry = receipt(inbox)
    inbox.portal.set_task("a", owner=LISE.reference, state=State.CLAIMED)
    inbox.sync()
    assert inbox.entry(entry).reason == Reason.TAKEN
    other = inbox.desk.receipt(WORDS, inbox.read("b"))
    header = inbox.portal.threads["b"]
    inbox.portal.threads["b"] = replace(
        header, stamp=inbox.portal.stamp("b", "2"), recipients=(*header.recipients, "RelatedPerson/mor")
    )
    inbox.sync()
    assert inbox.entry(other).reason == Reason.CONFLICT
    assert not [post for post in inbox.portal.posts.values() if post.text == WORDS]


@pytest.mark.parametrize("arrived", [True, False])
def test_one_whose_answer_was_lost_is_looked_for_and_there_once(inbox: Bench, arrived: bool) -> None:
    when = inbox.portal.after if arrived else inbox.portal.before
    when["send_message"] = [fails(Unreachable("reset", may_have_happened=True))]
    entry = receipt(inbox)
    inbox.take()
    assert inbox.entry(entry).state is Sending.UNKNOWN
    inbox.seconds += 60
    assert not inbox.desk.cancel(entry.id)
    inbox.sync()
    assert inbox.entry(entry).state is Sending.SENT
    assert [post.client_id for post in inbox.portal.posts.values() if post.text == WORDS] == [entry.id]


def test_it_cannot_be_taken_back_while_it_may_still_arrive(inbox: Bench) -> None:
    inbox.portal.heeds = False
    inbox.portal.before["send_message"] = [fails(Unreachable("reset", may_have_happened=True))]
    entry = receipt(inbox)
    inbox.take()
    assert inbox.store.outbox.in_doubt(entry.id)
    inbox.store.outbox.settle(entry.id, Sending.QUEUED)
    assert not inbox.desk.cancel(entry.id)
    assert Remedy.TAKE_BACK not in remedies(inbox.entry(entry), inbox.read("a"), me=KARI.reference, doubtful=True)


def test_one_that_is_taken_back_is_gone_and_no_draft_of_a_reply(inbox: Bench) -> None:
    inbox.portal.down = True
    entry = receipt(inbox)
    inbox.take()
    assert remedies(inbox.entry(entry), inbox.read("a"), me=KARI.reference) == (Remedy.TRY, Remedy.TAKE_BACK)
    assert inbox.desk.cancel(entry.id)
    assert not inbox.states()
    assert not inbox.store.drafts.list()
    receipt(inbox)


def test_who_has_it_still_waits_for_nothing_and_a_snooze_goes_on(inbox: Bench) -> None:
    inbox.act("a", Change(Verb.CLAIM))
    inbox.act("a", Change(Verb.SNOOZE, until=inbox.clock() + timedelta(hours=2)))
    inbox.sync()
    receipt(inbox)
    inbox.sync()
    assert (inbox.portal.tasks["t-a"].state, row(inbox).state) == (State.SNOOZED, State.SNOOZED)


@pytest.mark.parametrize(
    ("text", "change", "word"),
    [("  ", {}, SendWord.EMPTY), (WORDS, {"closed": True}, SendWord.CLOSED), (WORDS, {"mixed": True}, SendWord.MIXED),
     (WORDS, {"patient": None}, SendWord.NO_PATIENT)],
)  # fmt: skip
def test_why_none_may_be_given(inbox: Bench, text: str, change: dict[str, object], word: SendWord) -> None:
    with pytest.raises(SendError) as refused:
        inbox.desk.receipt(text, replace(inbox.read("a"), **change))  # type: ignore[arg-type]
    assert refused.value.word == word
    assert not inbox.states()


def test_only_words_that_count_say_whether_one_may_be_given(inbox: Bench) -> None:
    assert may_receipt(inbox.read("a"))
    answer = inbox.portal.write("a", LISE.reference, "Kom i dag")
    inbox.sync()
    assert not may_receipt(inbox.read("a"))
    taken_back = replace(answer, stamp=inbox.portal.stamp(answer.stamp.id, "2"), state=MessageState.RETRACTED)
    inbox.portal.posts[answer.stamp.id] = taken_back
    inbox.portal.write("a", LISE.reference, "Bare et utkast", state=MessageState.DRAFT)
    inbox.sync()
    assert may_receipt(inbox.read("a"))
    inbox.portal.open_thread("c")
    inbox.portal.posts.popitem()
    inbox.sync()
    assert not may_receipt(inbox.read("c")), "the patient has written nothing"


@pytest.mark.parametrize("queued_before", [True, False])
def test_a_slow_clock_gives_none_twice(inbox: Bench, queued_before: bool) -> None:
    """By the times that stand on the messages, the receipt is older than what it is for."""

    def long_ago() -> None:
        name, post = next((name, post) for name, post in inbox.portal.posts.items() if post.text == WORDS)
        stamp = inbox.portal.stamp(name, "2")
        inbox.portal.posts[name] = replace(post, stamp=stamp, sent=START - timedelta(days=7))

    inbox.portal.after["send_message"] = [long_ago]
    seen, first = inbox.read("a"), receipt(inbox)
    if queued_before:
        inbox.portal.before["send_message"] = [fails(Refused("not now"))]
        inbox.sync()
        assert inbox.entry(first).state is Sending.NEEDS_YOU
        second = inbox.desk.receipt(WORDS, seen)
        assert inbox.desk.retry(first.id)
        inbox.sync()
        assert inbox.entry(second).reason == Reason.NEW_ACTIVITY
    else:
        inbox.sync()
        inbox.sync()
        assert may_receipt(inbox.read("a")), "the times say so"
        with pytest.raises(SendError):
            receipt(inbox)
    assert inbox.portal.messages("a") == [WORDS]
