"""What leaves the outbox arrives once, or comes back with the reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, NoReturn

import pytest

from client.errors import (
    Conflict,
    Forbidden,
    Gone,
    NotFound,
    PortalError,
    Refused,
    ServerFault,
    SeveralMatches,
    Throttled,
    TooLarge,
    Unauthorised,
    Unreachable,
)
from tests.sync.conftest import Bench
from tests.sync.paper import KARI, LISE
from workbench.dialogue.basis import Seen
from workbench.dialogue.conversation import MessageState
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Draft, Kind, Outgoing, Reason, Sending
from workbench.dialogue.refusals import SendError
from workbench.dialogue.status import Connection
from workbench.dialogue.work import Change, Priority, State, Verb


def fails(error: BaseException) -> Callable[[], NoReturn]:
    def fail() -> NoReturn:
        raise error

    return fail


def test_a_reply_claims_arrives_and_leaves_the_work_waiting_for_the_patient(inbox: Bench) -> None:
    reply = inbox.reply("a", "Kom i morgen kl. 9")
    inbox.sync()
    assert inbox.portal.messages("a") == ["Kom i morgen kl. 9"]
    task = inbox.portal.tasks["t-a"]
    assert (task.owner, task.state) == (KARI.reference, State.WAITING_PATIENT)
    assert inbox.entry(reply).state is Sending.SENT
    shown = inbox.read("a")
    assert [entry.text for entry in shown.entries][-1] == "Kom i morgen kl. 9"
    assert not any(isinstance(entry, Outgoing) for entry in shown.entries)


def test_a_reply_stands_in_the_timeline_until_the_portal_holds_it(inbox: Bench) -> None:
    reply = inbox.reply("a", "Hei")
    inbox.portal.down = True
    inbox.take()
    last = inbox.read("a").entries[-1]
    assert isinstance(last, Outgoing)
    assert (last.id, last.state) == (reply.id, Sending.QUEUED)


@pytest.mark.parametrize("colleague", [LISE.reference, "Patient/ola"])
def test_a_reply_stops_when_somebody_wrote_since(inbox: Bench, colleague: str) -> None:
    reply = inbox.reply("a", "Hei")
    inbox.portal.write("a", colleague, "Det gikk over")
    inbox.sync()
    entry = inbox.entry(reply)
    assert (entry.state, entry.reason, entry.detail) == (Sending.NEEDS_YOU, Reason.NEW_ACTIVITY, "Det gikk over")
    assert not inbox.portal.messages("a")
    assert inbox.desk.retry(reply.id)
    inbox.sync()
    assert inbox.portal.messages("a") == ["Hei"]


def test_a_message_taken_back_by_the_patient_stops_a_reply_and_one_merely_read_does_not(inbox: Bench) -> None:
    post = next(post for post in inbox.portal.posts.values() if post.parent == "a")
    first = inbox.reply("a", "En")
    inbox.portal.posts[post.stamp.id] = replace(
        post, stamp=inbox.portal.stamp(post.stamp.id, "2"), state=MessageState.READ
    )
    inbox.sync()
    assert inbox.entry(first).state is Sending.SENT
    second = inbox.reply("a", "To")
    inbox.portal.posts[post.stamp.id] = replace(
        post, stamp=inbox.portal.stamp(post.stamp.id, "3"), state=MessageState.RETRACTED
    )
    inbox.sync()
    assert (inbox.entry(second).state, inbox.entry(second).reason) == (Sending.NEEDS_YOU, Reason.NEW_ACTIVITY)


def test_ones_own_notes_stop_no_reply_and_notes_are_stopped_by_nothing(inbox: Bench) -> None:
    note = inbox.reply("a", "Ringte, ikke svar", Kind.NOTE)
    reply = inbox.reply("a", "Hei")
    inbox.portal.write("a", KARI.reference, "eget notat fra et annet sted", internal=True)
    inbox.sync()
    assert inbox.entry(reply).state is inbox.entry(note).state is Sending.SENT
    inbox.portal.write("a", LISE.reference, "notat fra andre", internal=True)
    later = inbox.reply("a", "Ringte igjen", Kind.NOTE)
    inbox.portal.write("a", LISE.reference, "enda et", internal=True)
    inbox.sync()
    assert inbox.entry(later).state is Sending.SENT
    held = next(post for post in inbox.portal.posts.values() if post.client_id == note.id)
    assert (held.internal, held.parent) == (True, "side-a")


def test_a_colleagues_note_that_was_not_seen_stops_a_reply_until_it_is(inbox: Bench) -> None:
    inbox.portal.write("a", LISE.reference, "sett dette", internal=True)
    inbox.sync()
    first = inbox.reply("a", "En")
    gone = inbox.portal.write("a", LISE.reference, "tatt tilbake", internal=True)
    inbox.portal.posts[gone.stamp.id] = replace(gone, state=MessageState.RETRACTED)
    inbox.sync()
    assert inbox.entry(first).state is Sending.SENT
    reply = inbox.reply("a", "Hei")
    inbox.portal.write("a", LISE.reference, "saken er løst, ikke svar", internal=True)
    inbox.sync()
    stopped = inbox.entry(reply)
    assert (stopped.state, stopped.reason) == (Sending.NEEDS_YOU, Reason.NEW_ACTIVITY)
    assert stopped.detail == "saken er løst, ikke svar"
    assert inbox.desk.retry(reply.id, inbox.read("a"))
    inbox.sync()
    assert inbox.entry(reply).state is Sending.SENT


def test_two_replies_in_a_row_both_leave_in_their_order(inbox: Bench) -> None:
    inbox.portal.down = True
    inbox.reply("a", "En")
    inbox.reply("a", "To")
    inbox.take()
    inbox.portal.down = False
    inbox.sync()
    assert inbox.portal.messages("a") == ["En", "To"]


def test_a_reply_whose_answer_was_lost_is_unknown_then_found_and_not_sent_again(inbox: Bench) -> None:
    inbox.portal.after["send_message"] = [fails(Unreachable("reset", may_have_happened=True))]
    reply = inbox.reply("a", "Hei")
    outcome = inbox.take()
    assert inbox.entry(reply).state is Sending.UNKNOWN
    assert outcome.status.connection is Connection.OFFLINE
    inbox.sync()
    assert inbox.entry(reply).state is Sending.SENT
    assert inbox.portal.messages("a") == ["Hei"]
    assert inbox.portal.calls["send_message"] == 1
    assert inbox.portal.tasks["t-a"].state is State.WAITING_PATIENT


def test_a_reply_that_never_arrived_is_sent_again_under_the_same_identifier(inbox: Bench) -> None:
    inbox.portal.before["send_message"] = [fails(Unreachable("reset", may_have_happened=True))]
    reply = inbox.reply("a", "Hei")
    inbox.take()
    assert inbox.entry(reply).state is Sending.UNKNOWN
    inbox.sync()
    assert inbox.entry(reply).state is Sending.UNKNOWN, "the portal may still be at it"
    inbox.seconds += 20
    inbox.sync()
    assert [post.client_id for post in inbox.portal.posts.values() if post.text == "Hei"] == [reply.id]


def test_a_fault_of_our_own_in_mid_send_leaves_it_unknown_and_the_turns_go_on(
    inbox: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    inbox.portal.after["send_message"] = [fails(ZeroDivisionError("Hei, hemmelig"))]
    reply = inbox.reply("a", "Hei, hemmelig")
    outcome = inbox.take()
    assert (outcome.status.word, inbox.entry(reply).state) == ("internal", Sending.UNKNOWN)
    assert "hemmelig" not in caplog.text
    assert "ZeroDivisionError" in caplog.text
    inbox.sync()
    assert inbox.portal.messages("a") == ["Hei, hemmelig"]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (Refused("nei", status=422), Reason.REFUSED),
        (TooLarge("for stor", status=413), Reason.REFUSED),
        (TooLarge("svaret er for stort", status=200), TooLarge.word),
        (Forbidden("ikke du", status=403), Reason.FORBIDDEN),
        (Gone("slettet", status=410), Reason.GONE),
        (SeveralMatches("to", status=412), Reason.AMBIGUOUS),
    ],
)
def test_what_trying_again_does_not_mend_comes_back_with_the_portals_words(
    inbox: Bench, error: PortalError, reason: str
) -> None:
    inbox.portal.before["send_message"] = [fails(error)]
    reply = inbox.reply("a", "Hei")
    inbox.sync()
    entry = inbox.entry(reply)
    assert (entry.state, entry.reason, entry.detail) == (Sending.NEEDS_YOU, reason, error.text)


@pytest.mark.parametrize("error", [Unreachable(), Throttled(retry_after=5), ServerFault(status=503), Unauthorised()])
def test_what_may_mend_is_tried_again_until_it_arrives(inbox: Bench, error: PortalError) -> None:
    inbox.portal.before["send_message"] = [fails(error), fails(error)]
    reply = inbox.reply("a", "Hei")
    inbox.take()
    assert inbox.entry(reply).state is Sending.QUEUED
    assert inbox.entry(reply).reason == error.word
    inbox.settle()
    while inbox.entry(reply).state is not Sending.SENT:
        inbox.seconds += inbox.take().wake
    assert inbox.portal.messages("a") == ["Hei"]


def test_one_entry_the_portal_fails_on_does_not_keep_others_back(inbox: Bench) -> None:
    inbox.portal.before["send_message"] = [fails(ServerFault(status=500))]
    first, second = inbox.reply("a", "En"), inbox.reply("b", "To")
    inbox.take()
    assert [inbox.entry(each).state for each in (first, second)] == [Sending.QUEUED, Sending.SENT]


def test_a_task_that_cannot_be_told_does_not_unsend_the_message_and_is_told_after_a_restart(inbox: Bench) -> None:
    inbox.portal.before["answer_task"] = [fails(Conflict())] * 3
    reply = inbox.reply("a", "Hei")
    inbox.take()
    assert inbox.entry(reply).state is Sending.SENT
    assert _stands(inbox) is State.CLAIMED
    inbox.turn = inbox.new_turn()
    inbox.sync()
    assert _stands(inbox) is State.WAITING_PATIENT
    assert inbox.portal.messages("a") == ["Hei"]


def test_files_go_up_once_however_often_the_message_is_tried(inbox: Bench) -> None:
    file = inbox.store.files.add("bilde.png", "image/png", b"\x89PNG")
    draft = inbox.desk.save_draft(Draft(Key("p", "a"), KARI.reference, Kind.REPLY, "Se her", (file,)))
    inbox.portal.before["upload"] = [fails(Unreachable(may_have_happened=True))]
    inbox.portal.before["send_message"] = [fails(ServerFault())]
    reply = inbox.desk.send(draft, inbox.read("a"))
    inbox.take()
    assert inbox.entry(reply).state is Sending.QUEUED, "an upload nobody knows of reaches nobody"
    while inbox.entry(reply).state is not Sending.SENT:
        inbox.seconds += inbox.take().wake
    assert list(inbox.portal.files.values()) == [b"\x89PNG"]
    (post,) = [post for post in inbox.portal.posts.values() if post.client_id == reply.id]
    assert [(each.title, each.url, each.size) for each in post.attachments] == [("bilde.png", "Binary/0", 4)]


def test_a_portal_that_takes_no_files_is_not_one_whose_conversation_is_gone(inbox: Bench) -> None:
    file = inbox.store.files.add("bilde.png", "image/png", b"\x89PNG")
    draft = inbox.desk.save_draft(Draft(Key("p", "a"), KARI.reference, Kind.REPLY, "Se her", (file,)))
    inbox.portal.before["upload"] = [fails(NotFound(status=404))]
    reply = inbox.desk.send(draft, inbox.read("a"))
    inbox.take()
    assert (inbox.entry(reply).state, inbox.entry(reply).reason) == (Sending.NEEDS_YOU, Reason.REFUSED)


def test_a_thread_that_names_another_patient_by_now_gets_no_reply(inbox: Bench) -> None:
    inbox.portal.open_thread("c")
    inbox.portal.posts.clear()
    inbox.portal.write("c", "Organization/us", "Timen er flyttet")
    inbox.sync()
    reply = inbox.reply("c", "Hei")
    inbox.portal.threads["c"] = replace(
        inbox.portal.threads["c"],
        stamp=inbox.portal.stamp("c", "2"),
        patient="Patient/kari",
        sender="Patient/kari",
        recipients=("Patient/kari",),
    )
    inbox.sync()
    assert (inbox.entry(reply).state, inbox.entry(reply).reason) == (Sending.NEEDS_YOU, Reason.CONFLICT)
    assert not inbox.portal.messages("c")


def test_a_conversation_that_the_portal_closed_meanwhile_gets_no_reply(inbox: Bench) -> None:
    reply = inbox.reply("a", "Hei")
    inbox.portal.threads["a"] = replace(inbox.portal.threads["a"], stamp=inbox.portal.stamp("a", "2"), closed=True)
    inbox.sync()
    assert (inbox.entry(reply).state, inbox.entry(reply).reason) == (Sending.NEEDS_YOU, Reason.CONFLICT)


@pytest.mark.parametrize(
    "now",
    [
        {"recipients": ("Patient/ola", "RelatedPerson/far")},
        {"recipients": ()},
        {"sender": "RelatedPerson/far"},
        {"recipients": ("Patient/kari",)},
    ],
)
def test_a_reply_reaches_nobody_but_those_who_were_said_to_read_it(inbox: Bench, now: dict[str, Any]) -> None:
    reply = inbox.reply("a", "Hei")
    same = now == {"recipients": ()}  # the patient, alone as before
    inbox.portal.threads["a"] = replace(inbox.portal.threads["a"], stamp=inbox.portal.stamp("a", "2"), **now)
    inbox.sync()
    entry = inbox.entry(reply)
    why = Reason.MIXED if now == {"recipients": ("Patient/kari",)} else Reason.CONFLICT
    assert (entry.state, entry.reason) == ((Sending.SENT, "") if same else (Sending.NEEDS_YOU, why))
    assert inbox.desk.retry(reply.id) is not same
    inbox.sync()
    assert inbox.entry(reply).state is (Sending.NEEDS_YOU if why is Reason.MIXED else Sending.SENT)


def test_a_conversation_that_a_colleague_took_after_the_user_looked_gets_no_reply(inbox: Bench) -> None:
    inbox.portal.set_task("a", owner=KARI.reference, state=State.CLAIMED)
    inbox.sync()
    reply = inbox.reply("a", "Hei")
    inbox.portal.set_task("a", owner=LISE.reference)
    inbox.sync()
    entry = inbox.entry(reply)
    assert (entry.state, entry.reason, entry.detail) == (Sending.NEEDS_YOU, Reason.TAKEN, LISE.name)


def test_one_may_answer_in_a_conversation_that_a_colleague_was_seen_to_have(inbox: Bench) -> None:
    inbox.portal.set_task("a", owner=LISE.reference, state=State.CLAIMED)
    inbox.sync()
    inbox.reply("a", "Hei")
    inbox.sync()
    assert inbox.portal.messages("a") == ["Hei"]


def test_a_note_whose_answer_was_lost_is_found_and_not_written_again(inbox: Bench) -> None:
    inbox.portal.after["send_note"] = [fails(Unreachable(may_have_happened=True))]
    note = inbox.reply("a", "Ringte", Kind.NOTE)
    inbox.take()
    assert inbox.entry(note).state is Sending.UNKNOWN
    inbox.sync()
    assert inbox.entry(note).state is Sending.SENT
    assert inbox.portal.calls["send_note"] == 1


def test_every_try_says_the_same_including_when_it_was_sent(inbox: Bench) -> None:
    inbox.portal.before["send_message"] = [fails(ServerFault()), fails(ServerFault())]
    reply = inbox.reply("a", "Hei")
    while inbox.entry(reply).state is not Sending.SENT:
        inbox.seconds += max(inbox.take().wake, 1)
    assert len(inbox.portal.told_sent) == 3
    assert len(set(inbox.portal.told_sent)) == 1


def test_a_thread_that_turned_out_mixed_gets_no_reply(inbox: Bench) -> None:
    reply = inbox.reply("a", "Hei")
    inbox.portal.write("a", LISE.reference, "Gjelder en annen", patient="Patient/kari")
    inbox.sync()
    assert (inbox.entry(reply).state, inbox.entry(reply).reason) == (Sending.NEEDS_YOU, Reason.MIXED)
    with pytest.raises(SendError) as refused:
        inbox.reply("a", "Likevel")
    assert refused.value.word == "mixed-patients"


def test_a_deleted_conversation_is_said_and_taken_off_the_shelf(inbox: Bench) -> None:
    reply = inbox.reply("a", "Hei")
    del inbox.portal.threads["a"]
    inbox.take()
    assert (inbox.entry(reply).state, inbox.entry(reply).reason) == (Sending.NEEDS_YOU, Reason.GONE)


def test_nobodys_words_leave_under_another_name(inbox: Bench) -> None:
    reply = inbox.reply("a", "Hei")
    inbox.me = LISE
    inbox.sync()
    assert inbox.entry(reply).state is Sending.QUEUED
    inbox.me = KARI
    inbox.sync()
    assert inbox.entry(reply).state is Sending.SENT


class TestVerbs:
    def test_a_claim_lost_to_a_colleague_says_who_has_it_and_stops_the_reply_it_was_for(self, inbox: Bench) -> None:
        reply = inbox.reply("a", "Hei")
        inbox.portal.set_task("a", owner=LISE.reference, state=State.CLAIMED)
        inbox.sync()
        claim, words = inbox.store.outbox.all()
        for entry in (claim, words):
            assert (entry.state, entry.reason, entry.detail) == (Sending.NEEDS_YOU, Reason.TAKEN, LISE.name)
        assert inbox.desk.retry(reply.id)
        inbox.sync()
        assert inbox.portal.messages("a") == ["Hei"]
        assert inbox.portal.tasks["t-a"].owner == LISE.reference
        assert [entry.id for entry in inbox.store.outbox.all()] == [reply.id]

    def test_words_taken_back_from_a_lost_claim_are_a_draft_again(self, inbox: Bench) -> None:
        reply = inbox.reply("a", "Hei")
        inbox.portal.set_task("a", owner=LISE.reference, state=State.CLAIMED)
        inbox.sync()
        assert inbox.desk.cancel(reply.id)
        assert inbox.desk.draft(reply.key, Kind.REPLY).text == "Hei"
        assert not inbox.store.outbox.all()

    @pytest.mark.parametrize("decide", ["cancel", "discard"])
    def test_a_claim_that_was_refused_does_not_go_with_the_words_behind_it(self, inbox: Bench, decide: str) -> None:
        claim = inbox.act("a", Change(Verb.CLAIM))
        inbox.portal.before["change_task"] = [fails(Refused("nei", status=422))]
        inbox.sync()
        reply = inbox.reply("a", "Hei")
        assert getattr(inbox.desk, decide)(reply.id)
        assert inbox.entry(claim).reason == Reason.REFUSED
        assert inbox.entry(claim) in inbox.store.outbox.pending()

    @pytest.mark.parametrize(
        ("change", "then"),
        [
            (Change(Verb.CLAIM), {"owner": KARI.reference, "state": State.CLAIMED}),
            (Change(Verb.HAND_OVER, owner=LISE.reference), {"owner": LISE.reference}),
            (Change(Verb.HAND_OVER, pool="resept"), {"owner": "", "pool": "resept"}),
            (Change(Verb.PRIORITY, priority=Priority.ASAP), {"priority": Priority.ASAP}),
            (Change(Verb.CATEGORY, category="timeendring"), {"category": "timeendring"}),
            (Change(Verb.DONE), {"state": State.DONE}),
        ],
    )
    def test_each_arrives_once_though_its_answer_is_lost(
        self, inbox: Bench, change: Change, then: dict[str, object]
    ) -> None:
        inbox.portal.after["change_task"] = [fails(Unreachable(may_have_happened=True))]
        entry = inbox.act("a", change)
        inbox.take()
        assert inbox.entry(entry).state is Sending.UNKNOWN
        version = inbox.portal.tasks["t-a"].stamp.version
        inbox.sync()
        assert inbox.entry(entry).state is Sending.SENT
        task = inbox.portal.tasks["t-a"]
        assert {name: getattr(task, name) for name in then} == then
        assert task.stamp.version == version

    @pytest.mark.parametrize("lost", [False, True])
    def test_a_reason_is_given_once_though_it_lies_there_already(self, inbox: Bench, lost: bool) -> None:
        inbox.portal.set_task("a", pool="resept")
        if lost:
            inbox.portal.after["change_task"] = [fails(Unreachable(may_have_happened=True))]
        entry = inbox.act("a", Change(Verb.HAND_OVER, pool="resept", note="ringer i morgen"))
        inbox.take()
        inbox.sync()
        assert inbox.entry(entry).state is Sending.SENT
        assert [note.text for note in inbox.portal.tasks["t-a"].notes] == ["ringer i morgen"]

    def test_release_wants_it_to_be_mine(self, inbox: Bench) -> None:
        inbox.act("a", Change(Verb.CLAIM))
        inbox.sync()
        entry = inbox.act("a", Change(Verb.RELEASE))
        inbox.portal.set_task("a", owner=LISE.reference)
        inbox.sync()
        assert (inbox.entry(entry).reason, inbox.entry(entry).detail) == (Reason.TAKEN, LISE.name)

    def test_done_stops_when_the_patient_wrote_since(self, inbox: Bench) -> None:
        entry = inbox.act("a", Change(Verb.DONE))
        inbox.portal.write("a", "Patient/ola", "En ting til")
        inbox.sync()
        assert (inbox.entry(entry).state, inbox.entry(entry).reason) == (Sending.NEEDS_YOU, Reason.NEW_ACTIVITY)
        assert inbox.portal.tasks["t-a"].state is State.NEW

    def test_nothing_is_changed_on_what_a_colleague_closed_meanwhile(self, inbox: Bench) -> None:
        entry = inbox.act("a", Change(Verb.PRIORITY, priority=Priority.STAT))
        inbox.portal.set_task("a", state=State.DONE, owner=LISE.reference)
        inbox.sync()
        assert (inbox.entry(entry).state, inbox.entry(entry).reason) == (Sending.NEEDS_YOU, Reason.CONFLICT)

    def test_a_task_that_changes_under_us_is_read_again(self, inbox: Bench) -> None:
        inbox.portal.before["change_task"] = [lambda: _touch(inbox), lambda: _touch(inbox)]
        entry = inbox.act("a", Change(Verb.CLAIM))
        inbox.sync()
        assert inbox.entry(entry).state is Sending.SENT

    def test_and_given_back_when_it_never_stands_still(self, inbox: Bench) -> None:
        inbox.portal.before["change_task"] = [lambda: _touch(inbox)] * 3
        entry = inbox.act("a", Change(Verb.CLAIM))
        inbox.sync()
        assert (inbox.entry(entry).state, inbox.entry(entry).reason) == (Sending.NEEDS_YOU, Reason.CONFLICT)

    def test_done_does_not_overtake_the_reply_it_was_meant_to_follow(self, inbox: Bench) -> None:
        inbox.portal.before["send_message"] = [fails(Forbidden())]
        inbox.reply("a", "Hei")
        done = inbox.act("a", Change(Verb.DONE))
        inbox.sync()
        assert inbox.entry(done).state is Sending.QUEUED
        assert inbox.portal.tasks["t-a"].state is not State.DONE


def _stands(bench: Bench) -> State:
    return bench.portal.tasks["t-a"].state


def _touch(bench: Bench) -> None:
    bench.portal.set_task("a", priority=Priority.URGENT)


def test_what_was_seen_survives_being_written_down(inbox: Bench) -> None:
    seen = Seen.of(inbox.read("a"))
    assert Seen.read(seen.written()) == seen
    assert Seen.read("not ours") == Seen()


def test_a_disk_that_fills_in_mid_send_is_said_and_the_message_is_found_when_there_is_room(inbox: Bench) -> None:
    def writable(yes: bool) -> None:
        with inbox.store._work._lock:
            inbox.store._work._connection.execute(f"PRAGMA query_only = {'OFF' if yes else 'ON'}")

    inbox.portal.after["send_message"] = [lambda: writable(False)]
    reply = inbox.reply("a", "Hei")
    outcome = inbox.take()
    assert (outcome.status.word, inbox.entry(reply).state) == ("full", Sending.SENDING)
    writable(True)
    inbox.sync()
    assert inbox.entry(reply).state is Sending.SENT
    assert inbox.portal.messages("a") == ["Hei"]
    assert inbox.portal.calls["send_message"] == 1
