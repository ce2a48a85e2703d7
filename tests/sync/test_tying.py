"""Ties on their way: looked at on the portal just before, and nothing is ever hidden by one."""

from __future__ import annotations

from dataclasses import replace

import pytest

from client.errors import Unreachable
from tests.sync.conftest import Bench
from tests.sync.paper import LISE
from tests.sync.test_push import fails
from workbench.dialogue.conversation import Message
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Draft, Kind, Outgoing, Reason, Sending
from workbench.dialogue.queue import Item, Query
from workbench.dialogue.refusals import SendError, SendWord
from workbench.dialogue.tie import Tie, TieKind, kept_first
from workbench.dialogue.work import Change, Priority, State, Verb

INTO_B = Tie(TieKind.MERGED, "b")


@pytest.fixture
def inbox(bench: Bench) -> Bench:
    """Two conversations of Ola, of which `b` is urgent, and one of another patient."""
    bench.portal.open_thread("a")
    bench.portal.open_thread("b")
    bench.portal.open_thread("x", "eva")
    bench.portal.set_task("b", priority=Priority.URGENT)
    bench.sync()
    return bench


def set_task(bench: Bench, thread: str, **values: object) -> None:
    """What somebody does on the portal."""
    bench.portal.set_task(thread, **values)


def merge(bench: Bench, thread: str = "a", into: str = "b") -> Outgoing:
    return bench.act(thread, Change(Verb.MERGE, other=into))


def row(bench: Bench, thread: str) -> Item:
    bench.desk.lay_over()
    items = bench.store.cache.page(Query(frozenset(State)), 0, 10).items
    return next(item for item in items if item.key == Key("p", thread))


def read_in(bench: Bench, thread: str) -> list[str]:
    """What is read in a conversation of what was merged into it."""
    bench.desk.lay_over()
    return [each.text for one in bench.read(thread).merged for each in one.entries if isinstance(each, Message)]


def stopped(bench: Bench, entry: Outgoing, reason: Reason) -> None:
    bench.sync()
    found = bench.entry(entry)
    assert (found.state, found.reason) == (Sending.NEEDS_YOU, reason)


def refused(bench: Bench, word: SendWord, change: Change, thread: str = "a") -> None:
    with pytest.raises(SendError) as caught:
        bench.act(thread, change)
    assert caught.value.word == word
    assert not bench.store.outbox.all()


def test_a_merge_is_shown_at_once_arrives_and_is_taken_apart(inbox: Bench) -> None:
    entry = merge(inbox)
    assert (row(inbox, "a").state, row(inbox, "b").state) == (State.DONE, State.NEW)
    assert read_in(inbox, "b") == ["Hei, jeg har vondt i øret"]
    inbox.sync()
    assert inbox.entry(entry).state is Sending.SENT
    task = inbox.portal.tasks["t-a"]
    assert (task.state, task.ties) == (State.DONE, frozenset({INTO_B}))
    assert read_in(inbox, "b") == ["Hei, jeg har vondt i øret"]
    inbox.act("a", Change(Verb.SPLIT, other="b"))
    assert (row(inbox, "a").state, read_in(inbox, "b")) == (State.NEW, [])
    inbox.sync()
    task = inbox.portal.tasks["t-a"]
    assert (task.state, task.ties) == (State.NEW, frozenset())
    assert (row(inbox, "a").state, read_in(inbox, "b")) == (State.NEW, [])


def test_a_reply_goes_to_the_kept_one_alone(inbox: Bench) -> None:
    merge(inbox)
    inbox.sync()
    inbox.reply("b", "Kom i morgen.")
    inbox.sync()
    assert inbox.portal.messages("b") == ["Kom i morgen."]
    assert inbox.portal.messages("a") == []


def test_what_hurries_more_is_kept_and_what_is_open_before_what_is_done(inbox: Bench) -> None:
    assert kept_first(row(inbox, "a"), row(inbox, "b"))[0].key.thread == "b"
    inbox.portal.set_task("b", state=State.DONE)
    inbox.sync()
    assert kept_first(row(inbox, "a"), row(inbox, "b"))[0].key.thread == "a"
    refused(inbox, SendWord.TIE_ORDER, Change(Verb.MERGE, other="b"))


@pytest.mark.parametrize("verb", [Verb.MERGE, Verb.LINK])
@pytest.mark.parametrize("other", ["x", "a", "nowhere"])
def test_only_the_same_patients_are_tied(inbox: Bench, verb: Verb, other: str) -> None:
    refused(inbox, SendWord.TIE_PATIENT, Change(verb, other=other))


@pytest.mark.parametrize("verb", [Verb.MERGE, Verb.LINK])
@pytest.mark.parametrize("which", ["a", "b"])
def test_another_patient_on_the_portal_by_then_stops_it(inbox: Bench, verb: Verb, which: str) -> None:
    entry = inbox.act("a", Change(verb, other="b"))
    inbox.portal.threads[which] = replace(
        inbox.portal.threads[which], patient="Patient/eva", stamp=inbox.portal.stamp(which, "2")
    )
    stopped(inbox, entry, Reason.OTHER_PATIENT)
    assert not inbox.portal.tasks["t-a"].ties
    assert inbox.portal.tasks["t-a"].state is State.NEW


def more_readers(bench: Bench, thread: str) -> None:
    held = bench.portal.threads[thread]
    readers = (*held.recipients, "RelatedPerson/mor")
    bench.portal.threads[thread] = replace(held, recipients=readers, stamp=bench.portal.stamp(thread, "2"))


def test_other_readers_may_be_linked_and_not_merged(inbox: Bench) -> None:
    more_readers(inbox, "b")
    inbox.sync()
    refused(inbox, SendWord.TIE_READERS, Change(Verb.MERGE, other="b"))
    inbox.act("a", Change(Verb.LINK, other="b"))
    inbox.desk.lay_over()
    assert [tied.key.thread for tied in inbox.read("a").linked] == ["b"]
    inbox.sync()
    assert [tied.key.thread for tied in inbox.read("a").linked] == ["b"]
    assert [tied.key.thread for tied in inbox.read("b").linked] == ["a"]
    assert inbox.portal.tasks["t-a"].state is State.NEW
    inbox.act("a", Change(Verb.UNLINK, other="b"))
    inbox.sync()
    assert not inbox.portal.tasks["t-a"].ties


def test_other_readers_on_the_portal_by_then_stop_a_merge(inbox: Bench) -> None:
    entry = merge(inbox)
    more_readers(inbox, "b")
    stopped(inbox, entry, Reason.OTHER_READERS)
    assert not inbox.portal.tasks["t-a"].ties


def test_new_words_of_the_patient_stop_a_merge(inbox: Bench) -> None:
    entry = merge(inbox)
    inbox.portal.write("a", "Patient/ola", "Det ble verre")
    stopped(inbox, entry, Reason.NEW_ACTIVITY)
    assert (row(inbox, "a").state, inbox.portal.tasks["t-a"].ties) == (State.NEW, frozenset())


def test_new_words_later_bring_it_back_and_are_read_in_both(inbox: Bench) -> None:
    merge(inbox)
    inbox.sync()
    inbox.portal.write("a", "Patient/ola", "Det ble verre")
    inbox.sync()
    assert (row(inbox, "a").state, row(inbox, "a").into) == (State.NEW, "Sak b")
    assert read_in(inbox, "b")[-1] == "Det ble verre"


def test_a_colleague_who_took_it_meanwhile_keeps_it(inbox: Bench) -> None:
    entry = merge(inbox)
    inbox.portal.set_task("a", owner=LISE.reference, state=State.CLAIMED)
    stopped(inbox, entry, Reason.TAKEN)


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_kept_one_that_is_done_by_then_hides_nothing(inbox: Bench, moment: str) -> None:
    """Whether a colleague was done with it before the merge reached the portal, or in that very moment."""
    entry = merge(inbox)
    if moment == "before":
        inbox.portal.set_task("b", state=State.DONE)
    else:
        inbox.portal.after["change_task"].append(lambda: set_task(inbox, "b", state=State.DONE))
    stopped(inbox, entry, Reason.CONFLICT)
    assert (inbox.portal.tasks["t-a"].state, inbox.portal.tasks["t-a"].ties) == (State.NEW, frozenset())


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_colleague_who_merged_it_the_other_way_round_is_believed(inbox: Bench, moment: str) -> None:
    entry = merge(inbox)
    turned = {"state": State.DONE, "ties": frozenset({Tie(TieKind.MERGED, "a")})}
    if moment == "before":
        inbox.portal.set_task("b", **turned)
    else:
        inbox.portal.after["change_task"].append(lambda: set_task(inbox, "b", **turned))
    stopped(inbox, entry, Reason.CONFLICT)
    assert inbox.portal.tasks["t-a"].ties == frozenset()
    assert (row(inbox, "a").state, row(inbox, "b").state) == (State.NEW, State.DONE)


def test_a_circle_that_stands_is_opened_by_merging_again(inbox: Bench) -> None:
    inbox.portal.set_task("b", state=State.DONE, ties=frozenset({Tie(TieKind.MERGED, "a")}))
    inbox.portal.set_task("a", state=State.DONE, ties=frozenset({INTO_B}))
    inbox.sync()
    assert (row(inbox, "a").state, row(inbox, "b").state) == (State.NEW, State.NEW)
    entry = merge(inbox)
    inbox.sync()
    assert inbox.entry(entry).state is Sending.SENT
    assert (inbox.portal.tasks["t-a"].ties, inbox.portal.tasks["t-b"].ties) == (frozenset({INTO_B}), frozenset())
    assert (row(inbox, "a").state, row(inbox, "b").state) == (State.DONE, State.NEW)


def test_done_ends_a_merge_that_leads_nowhere(inbox: Bench) -> None:
    inbox.portal.set_task("a", state=State.DONE, ties=frozenset({Tie(TieKind.MERGED, "x")}))
    inbox.sync()
    assert (row(inbox, "a").state, inbox.read("a").astray) == (State.NEW, True)
    inbox.act("a", Change(Verb.DONE))
    assert row(inbox, "a").state is State.DONE
    inbox.sync()
    assert (row(inbox, "a").state, inbox.portal.tasks["t-a"].ties) == (State.DONE, frozenset())


def test_an_answer_that_was_lost_makes_no_second_tie(inbox: Bench) -> None:
    inbox.portal.after["change_task"].append(fails(Unreachable("the answer was lost", may_have_happened=True)))
    entry = merge(inbox)
    inbox.sync()
    inbox.sync()
    assert inbox.entry(entry).state is Sending.SENT
    assert inbox.portal.tasks["t-a"].ties == {INTO_B}


def test_unsent_words_an_unanswered_consultation_and_a_second_merge_are_refused(inbox: Bench) -> None:
    inbox.desk.save_draft(Draft(Key("p", "a"), inbox.me.reference, Kind.REPLY, "Hei"))
    inbox.desk.lay_over()
    refused(inbox, SendWord.TIE_DRAFT, Change(Verb.MERGE, other="b"))
    inbox.store.drafts.discard(inbox.desk.draft(Key("p", "a"), Kind.REPLY))
    inbox.desk.lay_over()
    inbox.portal.set_task("a", category="e-konsultasjon")
    inbox.sync()
    refused(inbox, SendWord.TIE_CONSULTATION, Change(Verb.MERGE, other="b"))
    inbox.portal.set_task("a", state=State.DONE, ties=frozenset({INTO_B}))
    inbox.portal.open_thread("c")
    inbox.portal.set_task("c", priority=Priority.URGENT)
    inbox.sync()
    refused(inbox, SendWord.TIE_MERGED, Change(Verb.MERGE, other="c"))
