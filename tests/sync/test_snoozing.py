"""Snooze, wake and next action on their way: what stops them, what is shown meanwhile, and what hides no new word."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from client.errors import Unreachable
from tests.sync.conftest import Bench
from tests.sync.paper import KARI, LISE, START
from tests.sync.test_push import fails
from workbench.dialogue.basis import Seen
from workbench.dialogue.held import HeldTask, Stamp
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Outgoing, Reason, Sending
from workbench.dialogue.queue import Item, Query, Whose
from workbench.dialogue.refusals import SendError, SendWord
from workbench.dialogue.site import Site
from workbench.dialogue.undo import inverse
from workbench.dialogue.work import Change, Priority, State, Verb
from workbench.sync.verdict import NeedsYou, Verdict, verdict

WAKE = Change(Verb.WAKE)


def in_(bench: Bench, **span: float) -> datetime:
    return bench.clock() + timedelta(**span)


def snooze(bench: Bench, **span: float) -> Outgoing:
    return bench.act("a", Change(Verb.SNOOZE, until=in_(bench, **span) if span else None, note="prøvesvar"))


def row(bench: Bench, thread: str = "a") -> Item:
    bench.desk.lay_over()
    items = bench.store.cache.page(Query(frozenset(State)), 0, 10).items
    return next(item for item in items if item.key == Key("p", thread))


def test_a_snooze_is_shown_at_once_and_arrives(inbox: Bench) -> None:
    until = in_(inbox, hours=3)
    entry = snooze(inbox, hours=3)
    assert (row(inbox).state, row(inbox).wakes) == (State.SNOOZED, until)
    assert (inbox.read("a").work.state, inbox.read("a").work.until) == (State.SNOOZED, until)
    inbox.sync()
    assert inbox.entry(entry).state is Sending.SENT
    task = inbox.portal.tasks["t-a"]
    assert (task.state, task.until) == (State.SNOOZED, until)
    assert (row(inbox).state, row(inbox).wakes) == (State.SNOOZED, until)
    inbox.act("a", WAKE)
    assert (row(inbox).state, row(inbox).wakes) == (State.NEW, None)
    inbox.sync()
    assert (inbox.portal.tasks["t-a"].state, row(inbox).state) == (State.NEW, State.NEW)


@pytest.mark.parametrize("before", [True, False])
def test_a_snooze_hides_no_new_word_of_the_patient(inbox: Bench, before: bool) -> None:
    """Whether it was written before the snooze reached the portal, or in that very moment."""

    def write() -> None:
        inbox.portal.write("a", "Patient/ola", "Det ble verre")

    entry = snooze(inbox, hours=3)
    if before:
        write()
    else:
        inbox.portal.before["change_task"] = [write]
    inbox.sync()
    stopped = inbox.entry(entry)
    assert (stopped.state, stopped.reason, stopped.detail) == (
        Sending.NEEDS_YOU,
        Reason.NEW_ACTIVITY,
        "Det ble verre",
    )
    assert (inbox.portal.tasks["t-a"].state, row(inbox).state) == (State.NEW, State.NEW)
    assert inbox.portal.calls["change_task"] == (0 if before else 2), "not even for a moment, if that can be known"
    assert inbox.desk.retry(entry.id)
    inbox.sync()
    assert inbox.portal.tasks["t-a"].state is State.SNOOZED


def test_a_colleague_s_word_does_not_stop_a_snooze(inbox: Bench) -> None:
    entry = snooze(inbox, hours=3)
    inbox.portal.write("a", LISE.reference, "Prøven er tatt")
    inbox.sync()
    assert inbox.entry(entry).state is Sending.SENT


def test_a_snooze_that_ended_before_it_left_ends_what_was_snoozed(inbox: Bench) -> None:
    snooze(inbox, days=7)
    inbox.sync()
    inbox.portal.down = True
    entry = snooze(inbox, hours=1)
    inbox.take()
    assert row(inbox).state is State.SNOOZED
    inbox.seconds += 3601
    assert inbox.desk.overslept()
    assert row(inbox).state is State.NEW, "it is not shown as asleep for longer than it was to be"
    inbox.portal.down = False
    inbox.sync()
    assert inbox.entry(entry).state is Sending.SENT
    assert (inbox.portal.tasks["t-a"].state, inbox.portal.tasks["t-a"].until) == (State.NEW, None)


def test_a_snooze_whose_answer_was_lost_is_done_once(inbox: Bench) -> None:
    inbox.portal.after["change_task"] = [fails(Unreachable("reset", may_have_happened=True))]
    entry = snooze(inbox, hours=3)
    inbox.take()
    assert inbox.entry(entry).state is Sending.UNKNOWN
    inbox.sync()
    assert inbox.entry(entry).state is Sending.SENT
    assert inbox.portal.calls["change_task"] == 1


@pytest.mark.parametrize("change", [Change(Verb.SNOOZE), WAKE], ids=["snooze", "wake"])
def test_what_a_colleague_has_is_left_to_her(inbox: Bench, change: Change) -> None:
    inbox.portal.set_task("a", owner=LISE.reference, state=State.SNOOZED, until=in_(inbox, hours=1))
    entry = inbox.act("a", change)
    inbox.sync()
    stopped = inbox.entry(entry)
    assert (stopped.state, stopped.reason, stopped.detail) == (Sending.NEEDS_YOU, Reason.TAKEN, LISE.name)
    assert inbox.portal.tasks["t-a"].until is not None


@pytest.mark.parametrize(
    "change",
    [Change(Verb.SNOOZE), WAKE, Change(Verb.NEXT, state=State.WAITING_PATIENT)],
    ids=["snooze", "wake", "next"],
)
def test_what_was_closed_since_stays_closed(inbox: Bench, change: Change) -> None:
    inbox.portal.set_task("a", state=State.DONE)
    entry = inbox.act("a", change)
    inbox.sync()
    assert (inbox.entry(entry).state, inbox.entry(entry).reason) == (Sending.NEEDS_YOU, Reason.CONFLICT)
    assert inbox.portal.tasks["t-a"].state is State.DONE


def test_whose_turn_it_is_is_shown_at_once_and_arrives(inbox: Bench) -> None:
    inbox.act("a", Change(Verb.NEXT, state=State.WAITING_COLLEAGUE))
    assert row(inbox).state is State.WAITING_COLLEAGUE
    inbox.sync()
    assert [inbox.portal.tasks["t-a"].state] == [State.WAITING_COLLEAGUE]
    inbox.act("a", Change(Verb.CLAIM))
    inbox.act("a", Change(Verb.NEXT, state=State.WAITING_PATIENT))
    inbox.act("a", Change(Verb.NEXT, state=State.NEW))
    assert row(inbox).state is State.CLAIMED, "ours, and somebody has it"
    inbox.sync()
    assert row(inbox).state is inbox.portal.tasks["t-a"].state is State.CLAIMED


@pytest.mark.parametrize("later", [Change(Verb.SNOOZE), Change(Verb.NEXT, state=State.WAITING_PATIENT)])
def test_nothing_is_put_out_of_sight_while_a_reply_before_it_has_stopped(inbox: Bench, later: Change) -> None:
    reply = inbox.reply("a", "Hei")
    entry = inbox.act("a", later)
    inbox.portal.write("a", LISE.reference, "Jeg svarer her")
    inbox.sync()
    assert inbox.entry(reply).state is Sending.NEEDS_YOU
    assert inbox.entry(entry).state is Sending.QUEUED
    assert inbox.portal.tasks["t-a"].state is State.CLAIMED


def test_a_moment_that_has_passed_is_refused(inbox: Bench) -> None:
    with pytest.raises(SendError) as refused:
        inbox.act("a", Change(Verb.SNOOZE, until=inbox.clock()))
    assert refused.value.word == SendWord.SNOOZE_PAST
    assert not inbox.states()


def test_a_red_flag_is_not_put_off_beyond_today_nor_let_go_there_later(inbox: Bench) -> None:
    inbox.store.cache._site = Site(flag_of=lambda text: ("brystsmerter", text) if "brystet" in text else ("", ""))
    entry = snooze(inbox, days=1)
    inbox.portal.write("a", "Patient/ola", "Klemmer i brystet")
    inbox.sync()
    assert (inbox.entry(entry).reason, row(inbox).flag) == (Reason.NEW_ACTIVITY, "brystsmerter")
    with pytest.raises(SendError) as again:
        inbox.desk.retry(entry.id)
    with pytest.raises(SendError) as refused:
        snooze(inbox, days=1)
    with pytest.raises(SendError):
        snooze(inbox)
    assert again.value.word == refused.value.word == SendWord.SNOOZE_FLAGGED
    assert inbox.desk.discard(entry.id)
    allowed = snooze(inbox, hours=1)
    inbox.sync()
    assert inbox.entry(allowed).state is Sending.SENT


NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
MINE, LATER = KARI.reference, NOW + timedelta(hours=1)


def task(state: State, owner: str = "", until: datetime | None = None, version: str = "1") -> HeldTask:
    return HeldTask(Stamp("t", version, NOW), "a", state, owner, "legekontor", until=until)


@pytest.mark.parametrize(
    ("change", "held", "told"),
    [
        (Change(Verb.SNOOZE, until=LATER), task(State.SNOOZED, until=LATER), Verdict.ALREADY),
        (
            Change(Verb.SNOOZE, until=LATER + timedelta(microseconds=999)),
            task(State.SNOOZED, until=LATER),
            Verdict.ALREADY,
        ),
        (Change(Verb.SNOOZE, until=LATER), task(State.SNOOZED), Verdict.GO),
        (Change(Verb.SNOOZE), task(State.CLAIMED, MINE), Verdict.GO),
        (Change(Verb.SNOOZE), task(State.CLAIMED, LISE.reference), Reason.TAKEN),
        (Change(Verb.SNOOZE), task(State.DONE, version="2"), Reason.CONFLICT),
        (WAKE, task(State.SNOOZED), Verdict.GO),
        (WAKE, task(State.CLAIMED, LISE.reference), Verdict.ALREADY),
        (WAKE, task(State.SNOOZED, LISE.reference), Reason.TAKEN),
        (WAKE, task(State.DONE, version="2"), Reason.CONFLICT),
        (Change(Verb.NEXT, state=State.NEW), task(State.CLAIMED, MINE), Verdict.ALREADY),
        (Change(Verb.NEXT, state=State.NEW), task(State.WAITING_PATIENT, MINE), Verdict.GO),
        (Change(Verb.NEXT, state=State.NEW), task(State.SNOOZED), Verdict.GO),
        (Change(Verb.NEXT, state=State.WAITING_PATIENT), task(State.WAITING_PATIENT), Verdict.ALREADY),
        (Change(Verb.NEXT, state=State.WAITING_PATIENT), task(State.CLAIMED, LISE.reference), Reason.TAKEN),
        (Change(Verb.CLAIM), task(State.SNOOZED, MINE), Verdict.GO),
        (Change(Verb.REOPEN), task(State.SNOOZED), Verdict.GO),
        (Change(Verb.DONE), task(State.SNOOZED), Verdict.GO),
        (Change(Verb.RELEASE, state=State.NEW, back=True), task(State.CLAIMED, LISE.reference), Reason.TAKEN),
        (Change(Verb.HAND_OVER, MINE, state=State.CLAIMED, back=True), task(State.CLAIMED, LISE.reference), Verdict.GO),
    ],
)
def test_what_is_left_of_a_verb_by_the_task_as_it_is(change: Change, held: HeldTask, told: Verdict | Reason) -> None:
    seen = LISE.reference if change.back else ""
    try:
        found: Verdict | Reason = verdict(change, held, Seen(task="1", owner=seen), MINE)
    except NeedsYou as stop:
        found = stop.reason
    assert found is told


def test_what_is_taken_back_arrives_as_it_was(inbox: Bench) -> None:
    """A release that puts a snooze back looks for new words as a snooze does."""
    snooze(inbox, days=2)
    inbox.sync()
    asleep = inbox.read("a").work
    claim = inbox.act("a", Change(Verb.CLAIM))
    inbox.sync()
    assert inbox.read("a").work.state is State.CLAIMED
    assert claim.change
    back = inverse(claim.change, asleep)
    assert back
    entry = inbox.act("a", back)
    assert (row(inbox).state, row(inbox).wakes, row(inbox).whose) == (State.SNOOZED, asleep.until, Whose.NOBODY)
    inbox.portal.write("a", "Patient/ola", "Det ble verre")
    inbox.sync()
    assert inbox.entry(entry).reason == Reason.NEW_ACTIVITY
    assert inbox.portal.tasks["t-a"].owner == KARI.reference
    assert inbox.desk.retry(entry.id)
    inbox.sync()
    task = inbox.portal.tasks["t-a"]
    assert (task.state, task.until, task.owner) == (State.SNOOZED, asleep.until, "")


@pytest.mark.parametrize("rest", [State.SNOOZED, State.WAITING_PATIENT, State.DONE])
@pytest.mark.parametrize(
    "change", [Change(Verb.PRIORITY, priority=Priority.ASAP), Change(Verb.CATEGORY, category="annet")]
)
def test_what_the_patient_woke_is_not_put_to_sleep_by_sorting_it(inbox: Bench, rest: State, change: Change) -> None:
    """The change makes the Task newer than the words that woke it."""
    inbox.portal.set_task("a", state=rest)
    inbox.portal.write("a", "Patient/ola", "Det ble verre")
    inbox.sync()
    assert row(inbox).state is State.NEW
    inbox.act("a", change)
    inbox.sync()
    assert (inbox.portal.tasks["t-a"].state, row(inbox).state) == (State.NEW, State.NEW)
    assert (row(inbox).priority, row(inbox).category) == (
        change.priority or Priority.ROUTINE,
        change.category or "e-kontakt",
    )


def test_sorting_leaves_what_somebody_put_off_since(inbox: Bench) -> None:
    entry = inbox.act("a", Change(Verb.PRIORITY, priority=Priority.ASAP))
    inbox.portal.set_task("a", state=State.SNOOZED, until=in_(inbox, hours=5))
    inbox.sync()
    assert inbox.entry(entry).state is Sending.SENT
    assert (inbox.portal.tasks["t-a"].state, inbox.portal.tasks["t-a"].priority) == (State.SNOOZED, Priority.ASAP)


def test_a_priority_is_taken_back_where_the_turn_is_ours(inbox: Bench) -> None:
    was = inbox.read("a").work
    change = Change(Verb.PRIORITY, priority=Priority.ASAP)
    inbox.act("a", change)
    inbox.sync()
    back = inverse(change, was)
    assert back
    inbox.act("a", back)
    assert row(inbox).priority is Priority.ROUTINE
    inbox.sync()
    assert inbox.portal.tasks["t-a"].priority is Priority.ROUTINE


@pytest.mark.parametrize("hours", [0, 26])
def test_words_that_come_to_light_late_wake_it_whatever_moment_they_name(inbox: Bench, hours: int) -> None:
    """A patient wrote without a network, or by a telephone whose clock is wrong; the portal's may be ahead as well."""
    inbox.portal.now += timedelta(hours=hours)
    inbox.portal.open_thread("c")
    inbox.sync()
    written = START - timedelta(hours=1)
    snooze(inbox, hours=72)
    inbox.sync()
    assert row(inbox).state is State.SNOOZED
    inbox.portal.now += timedelta(minutes=5)
    late = inbox.portal.write("a", "Patient/ola", "Nå har jeg vondt i brystet")
    inbox.portal.posts[late.stamp.id] = replace(late, sent=written)
    inbox.seconds += 600
    inbox.sync()
    assert (row(inbox).state, row(inbox).from_patient, row(inbox).unread) == (State.NEW, True, True)
    assert inbox.read("a").work.state is State.NEW


def test_a_reply_ends_what_came_to_light_late(inbox: Bench) -> None:
    late = inbox.portal.write("a", "Patient/ola", "Sendt i går")
    inbox.portal.posts[late.stamp.id] = replace(late, sent=late.sent - timedelta(days=2))
    inbox.sync()
    assert row(inbox).from_patient
    reply = inbox.reply("a", "Takk, det er notert.")
    inbox.sync()
    assert inbox.entry(reply).state is Sending.SENT
    assert (row(inbox).state, row(inbox).from_patient) == (State.WAITING_PATIENT, False)


def test_what_was_written_before_all_was_read_once_wakes_nothing(bench: Bench) -> None:
    bench.portal.open_thread("a")
    bench.portal.set_task("a", state=State.DONE)
    old = next(iter(bench.portal.posts.values()))
    bench.portal.posts[old.stamp.id] = replace(old, stamp=bench.portal.stamp(old.stamp.id, "2"))  # marked as read since
    bench.sync()
    assert row(bench).state is State.DONE


def test_a_clock_that_is_ahead_here_does_not_hide_what_the_patient_writes_next(inbox: Bench) -> None:
    """The bench's clock is a day ahead of the portal's: so is the moment that our reply names."""
    reply = inbox.reply("a", "Ta to tabletter.")
    inbox.sync()
    assert inbox.entry(reply).state is Sending.SENT
    inbox.portal.now += timedelta(minutes=5)
    inbox.portal.write("a", "Patient/ola", "De har tatt slutt, og jeg er svimmel")
    inbox.sync()
    assert (row(inbox).state, row(inbox).from_patient, row(inbox).unread) == (State.CLAIMED, True, True)
    assert row(inbox).asked is not None


def test_the_turn_is_not_handed_on_past_words_that_nobody_has_seen(inbox: Bench) -> None:
    entry = inbox.act("a", Change(Verb.NEXT, state=State.WAITING_COLLEAGUE))
    inbox.portal.write("a", "Patient/ola", "Det har blitt verre")
    inbox.sync()
    assert (inbox.entry(entry).state, inbox.entry(entry).reason) == (Sending.NEEDS_YOU, Reason.NEW_ACTIVITY)
    assert (row(inbox).state, row(inbox).from_patient) == (State.NEW, True)
    inbox.act("a", Change(Verb.NEXT, state=State.NEW))
    inbox.sync()
    assert inbox.portal.tasks["t-a"].state is State.NEW
