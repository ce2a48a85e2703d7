"""What is on its way: fixed when queued, taken back whole, sent by one, never twice and never out of order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from uuid import UUID

import pytest

from tests.store.made import PORTAL, Clock, Mint, key, open_store, photo, save
from workbench.dialogue.basis import Seen
from workbench.dialogue.outgoing import LOOKED, Draft, Kind, Outgoing, Reason, Sending
from workbench.dialogue.refusals import SendError
from workbench.dialogue.work import Change, Priority, State, Verb
from workbench.store.errors import NotNow
from workbench.store.store import Store

ME = "Practitioner/kari"


def draft(name: str = "t", text: str = "Hei", kind: Kind = Kind.REPLY) -> Draft:
    return Draft(key(name), ME, kind, text)


def reply(store: Store, name: str = "t", text: str = "Hei") -> Outgoing:
    return store.outbox.queue_draft(draft(name, text), patient="Patient/a", basis="b")


def note(store: Store, name: str = "t") -> Outgoing:
    return store.outbox.queue_draft(draft(name, "Notat", Kind.NOTE), patient="", basis="b")


def done(store: Store, name: str = "t", verb: Verb = Verb.DONE) -> Outgoing:
    return store.outbox.queue_change(key(name), ME, Change(verb), patient="Patient/a", basis="b")


def state(store: Store, entry: Outgoing) -> Sending | None:
    found = store.outbox.get(entry.id)
    return None if found is None else found.state


def stop(store: Store, entry: Outgoing, at: Sending, reason: str = "") -> None:
    assert store.outbox.start(entry.id)
    store.outbox.settle(entry.id, at, reason)


def look_in_vain(store: Store, entry: Outgoing) -> None:
    """What the sender does once an earlier try can come to pass no more, and the portal does not have it."""
    assert [each.id for each in store.outbox.to_look_for(entry.key.portal)] == [entry.id]
    store.outbox.progress(entry.id, LOOKED, "1")


def test_queueing_fixes_everything_and_takes_the_draft_with_its_files(tmp_path: Path) -> None:
    mint = Mint()
    store = Store.open(tmp_path, b"k" * 32, clock=Clock(), uuid=mint)
    file = store.files.add("a.txt", "text/plain", b"data")
    full = replace(draft(text="Hei Ingrid"), files=(file,), documents=(photo(),))
    save(store, full)
    entry = store.outbox.queue_draft(full, patient="Patient/a", basis="seen")
    assert UUID(entry.id) == mint.made[-1]
    assert store.drafts.list() == ()
    store.close()
    store = open_store(tmp_path, key=b"k" * 32)
    assert store.outbox.all() == (entry,)
    assert (entry.text, entry.files, entry.documents) == ("Hei Ingrid", (file,), (photo(),))
    assert (entry.patient, entry.basis, entry.state, entry.verb) == ("Patient/a", "seen", Sending.QUEUED, Verb.REPLY)
    assert store.outbox.file_bytes(file.id) == b"data"
    store.close()


def test_a_change_comes_back_as_it_was(store: Store) -> None:
    change = Change(Verb.HAND_OVER, "Practitioner/x", "Lise å", "resept", Priority.ASAP, "time", "fordi")
    entry = store.outbox.queue_change(key("t"), ME, change, patient="Patient/a", basis="7")
    assert store.outbox.entries(key("t")) == (entry,)
    assert entry.change == change


def test_a_draft_saved_later_in_another_window_survives_the_sending(store: Store) -> None:
    mine = save(store, draft(text="en"))
    save(store, draft(text="to, skrevet i et annet vindu"))
    store.outbox.queue_draft(mine, patient="Patient/a", basis="")
    assert [each.text for each in store.drafts.list()] == ["to, skrevet i et annet vindu"]


def test_what_cannot_be_queued_leaves_the_draft(store: Store) -> None:
    save(store, draft(text="viktig"))
    gone = store.files.add("a", "b", b"c")
    with store.drafts._database.write() as cursor:
        cursor.execute("DELETE FROM file")
    with pytest.raises(NotNow):
        store.outbox.queue_draft(replace(draft(text="viktig"), files=(gone,)), patient="", basis="")
    assert [each.text for each in store.drafts.list()] == ["viktig"]
    assert store.outbox.all() == ()


def test_cancelling_brings_the_words_back(store: Store) -> None:
    file = store.files.add("a.txt", "text/plain", b"data")
    entry = store.outbox.queue_draft(replace(draft(), files=(file,), documents=(photo(),)), patient="", basis="")
    assert store.outbox.cancel(entry.id)
    found = store.drafts.get(key("t"), ME, Kind.REPLY)
    assert found is not None
    assert (found.text, found.files, found.documents) == ("Hei", (file,), (photo(),))
    assert store.outbox.all() == ()
    assert not store.outbox.cancel(entry.id)


def test_cancelling_loses_neither_what_came_back_nor_what_was_written_since(store: Store) -> None:
    one, two = (store.files.add(name, "text/plain", b"data") for name in "ab")
    entry = store.outbox.queue_draft(
        replace(draft(text="sendt"), files=(one,), documents=(photo("x"), photo("y"))), patient="", basis=""
    )
    save(store, replace(draft(text="nytt"), files=(two,), documents=(photo("y"), photo("z"))))
    assert store.outbox.cancel(entry.id)
    found = store.drafts.get(key("t"), ME, Kind.REPLY)
    assert found is not None
    assert (found.text, found.files) == ("sendt\n\nnytt", (one, two))
    assert [each.title for each in found.documents] == ["x", "y", "z"]


def test_only_what_surely_has_not_left_can_be_cancelled(store: Store, clock: Clock) -> None:
    entry = reply(store)
    assert store.outbox.start(entry.id)
    assert not store.outbox.cancel(entry.id)
    store.outbox.settle(entry.id, Sending.UNKNOWN)
    assert not store.outbox.cancel(entry.id)
    store.outbox.settle(entry.id, Sending.NEEDS_YOU, Reason.AMBIGUOUS)
    assert not store.outbox.cancel(entry.id)
    assert store.outbox.retry(entry.id, "b")
    stop(store, entry, Sending.NEEDS_YOU, Reason.NEW_ACTIVITY)
    assert store.outbox.in_doubt(entry.id)
    assert not store.outbox.cancel(entry.id)  # the try that nobody answered may still come to pass
    clock.pass_(minutes=5)
    assert not store.outbox.in_doubt(entry.id)
    assert not store.outbox.cancel(entry.id), "nobody has looked yet whether it has"
    look_in_vain(store, entry)
    assert store.outbox.cancel(entry.id)
    assert [each.text for each in store.drafts.list()] == ["Hei"]


def test_what_a_dead_process_was_sending_is_in_doubt_for_a_while(store: Store, clock: Clock) -> None:
    entry = reply(store)
    assert store.outbox.start(entry.id)
    assert store.outbox.recover() == 1
    store.outbox.settle(entry.id, Sending.QUEUED)
    assert not store.outbox.cancel(entry.id)
    clock.pass_(minutes=5)
    look_in_vain(store, entry)
    assert store.outbox.cancel(entry.id)


def test_a_verb_without_an_answer_can_be_taken_back_as_it_makes_nothing_new(store: Store) -> None:
    entry = store.outbox.queue_change(key("t"), ME, Change(Verb.CLAIM), patient="", basis="")
    stop(store, entry, Sending.UNKNOWN)
    store.outbox.settle(entry.id, Sending.QUEUED)
    assert store.outbox.cancel(entry.id)


def test_an_entry_is_started_once_and_ends_once(store: Store) -> None:
    entry = reply(store)
    with pytest.raises(NotNow):
        store.outbox.settle(entry.id, Sending.SENT)
    assert store.outbox.start(entry.id)
    assert not store.outbox.start(entry.id)
    store.outbox.settle(entry.id, Sending.SENT)
    for after in Sending:
        with pytest.raises(NotNow):
            store.outbox.settle(entry.id, after)
    assert not store.outbox.retry(entry.id, "x")
    assert not store.outbox.discard(entry.id)
    assert state(store, entry) is Sending.SENT


def test_a_retry_keeps_the_identifier_and_takes_the_new_basis(store: Store) -> None:
    entry = reply(store)
    assert not store.outbox.retry(entry.id, "too early")
    stop(store, entry, Sending.NEEDS_YOU, "new-activity")
    assert store.outbox.retry(entry.id, "seen again")
    found = store.outbox.get(entry.id)
    assert found is not None
    assert found.settled is not None
    assert replace(found, settled=None) == replace(entry, basis="seen again", attempts=1)


def test_steps_are_remembered(store: Store) -> None:
    entry = reply(store)
    store.outbox.progress(entry.id, "file", "Binary/1")
    store.outbox.progress(entry.id, "file", "Binary/2")
    store.outbox.progress(entry.id, "message", "m")
    assert store.outbox.steps(entry.id) == {"file": "Binary/2", "message": "m"}
    store.outbox.discard(entry.id)
    assert store.outbox.steps(entry.id) == {}


def test_entries_go_in_the_order_they_were_queued(store: Store) -> None:
    first, other, second = reply(store), reply(store, "u"), done(store)
    assert [entry.id for entry in store.outbox.due(PORTAL)] == [first.id, other.id, second.id]
    assert store.outbox.due("annen") == ()
    assert not store.outbox.start(second.id)
    assert store.outbox.start(first.id)
    assert [entry.id for entry in store.outbox.due(PORTAL)] == [other.id]
    store.outbox.settle(first.id, Sending.SENT)
    assert store.outbox.start(second.id)


@pytest.mark.parametrize("verb", [Verb.DONE, Verb.RELEASE, Verb.HAND_OVER])
def test_what_follows_a_reply_waits_while_the_reply_is_in_doubt_or_needs_the_user(store: Store, verb: Verb) -> None:
    first, second = reply(store), done(store, verb=verb)
    stop(store, first, Sending.UNKNOWN)
    assert [entry.id for entry in store.outbox.due(PORTAL)] == [first.id]
    assert not store.outbox.start(second.id)
    store.outbox.settle(first.id, Sending.NEEDS_YOU, "conflict")
    assert store.outbox.due(PORTAL) == ()
    assert not store.outbox.start(second.id)
    assert store.outbox.discard(first.id)
    assert [entry.id for entry in store.outbox.due(PORTAL)] == [second.id]
    assert store.outbox.start(second.id)


def test_a_note_waits_for_nothing_and_holds_nothing_back(store: Store) -> None:
    first, words, last = reply(store), note(store), done(store)
    stop(store, first, Sending.UNKNOWN)
    assert [entry.id for entry in store.outbox.due(PORTAL)] == [first.id, words.id]
    assert store.outbox.start(words.id)
    store.outbox.settle(first.id, Sending.SENT)
    assert store.outbox.start(last.id)


def test_replies_whose_task_was_not_told_are_given_until_it_is(store: Store) -> None:
    entry, words = reply(store), note(store, "u")
    for each in (entry, words):
        stop(store, each, Sending.SENT)
    assert [each.id for each in store.outbox.unanswered(PORTAL)] == [entry.id]
    store.outbox.progress(entry.id, "answered", "1")
    assert store.outbox.unanswered(PORTAL) == ()


def test_only_one_process_sends_and_the_next_learns_what_was_left(tmp_path: Path) -> None:
    clock = Clock()
    one, two = open_store(tmp_path, clock=clock), open_store(tmp_path, clock=clock)
    assert one.outbox.acquire("one")
    entry = reply(one)
    assert one.outbox.start(entry.id)
    assert not two.outbox.acquire("two")
    assert two.outbox.recover() == 0
    assert state(two, entry) is Sending.SENDING
    clock.pass_(seconds=20)
    assert one.outbox.acquire("one")
    assert state(two, entry) is Sending.SENDING
    clock.pass_(seconds=29)
    assert not two.outbox.acquire("two")
    clock.pass_(seconds=2)
    assert two.outbox.acquire("two")
    assert state(two, entry) is Sending.UNKNOWN
    assert not one.outbox.acquire("one")
    two.outbox.release("two")
    assert one.outbox.acquire("one")
    one.close()
    two.close()


def test_a_clock_that_leaps_ahead_makes_nothing_doubtful_that_the_sender_has_under_way(tmp_path: Path) -> None:
    clock = Clock()
    store = open_store(tmp_path, clock=clock)
    assert store.outbox.acquire("one", alone=True)
    entry = reply(store)
    assert store.outbox.start(entry.id)
    clock.pass_(seconds=3600)
    assert store.outbox.acquire("one", alone=True)
    assert state(store, entry) is Sending.SENDING
    store.outbox.settle(entry.id, Sending.QUEUED)
    assert not store.outbox.in_doubt(entry.id)
    store.close()


def test_one_who_knows_to_be_alone_waits_for_no_lease(tmp_path: Path) -> None:
    clock = Clock()
    store = open_store(tmp_path, clock=clock)
    assert store.outbox.acquire("dead")
    entry = reply(store)
    assert store.outbox.start(entry.id)
    assert not store.outbox.acquire("new")
    assert store.outbox.acquire("new", alone=True)
    assert state(store, entry) is Sending.UNKNOWN
    store.close()


def test_what_a_dead_process_left_under_way_is_in_doubt_when_opened(tmp_path: Path) -> None:
    store = open_store(tmp_path)
    entry = reply(store)
    store.outbox.start(entry.id)
    store.close()
    store = open_store(tmp_path)
    assert state(store, entry) is Sending.UNKNOWN
    assert [line.what for line in store.journal()] == ["recovered", "started", "queued"]
    store.close()


def test_receipts_stay_until_they_are_old_and_the_message_is_held(store: Store, clock: Clock) -> None:
    words, verb, late = reply(store), done(store, "u"), reply(store, "v")
    for each in (words, verb):
        stop(store, each, Sending.SENT)
    clock.pass_(days=31)
    stop(store, late, Sending.SENT)
    assert store.outbox.prune(lambda _: ()) == 1
    assert {each.id for each in store.outbox.all()} == {words.id, late.id}
    assert store.outbox.prune(lambda ids: ids) == 1
    assert {each.id for each in store.outbox.all()} == {late.id}


def test_counts_and_journal_tell_states_and_no_words(store: Store) -> None:
    entries = [reply(store, f"t{number}", "hemmelig") for number in range(3)]
    stop(store, entries[0], Sending.NEEDS_YOU, "refused")
    stop(store, entries[1], Sending.UNKNOWN)
    assert store.outbox.counts() == {
        Sending.QUEUED: 1,
        Sending.SENDING: 0,
        Sending.SENT: 0,
        Sending.UNKNOWN: 1,
        Sending.NEEDS_YOU: 1,
    }
    store.outbox.discard(entries[0].id)
    lines = store.journal()
    assert lines[0].what == "discarded"
    assert lines[0].subject == entries[0].id
    assert "hemmelig" not in repr(lines)


def test_no_words_are_lost_over_random_steps(store: Store) -> None:
    """Every text ever written is in a draft, in the outbox, or was discarded by name; sending happens in order."""
    seed = 7
    rng = Random(seed)
    written: set[str] = set()
    dropped: set[str] = set()
    for turn in range(1500):
        act = rng.choice(["queue", "queue", "start", "settle", "cancel", "retry", "save", "discard"])
        entries = store.outbox.all()
        entry = rng.choice(entries) if entries else None
        if act == "queue" and len(entries) < 60:
            name = f"c{rng.randrange(4)}"
            there = store.drafts.get(key(name), ME, Kind.REPLY) or draft(name, "")
            text = f"{there.text}\n<{turn}>"
            written.add(f"<{turn}>")
            store.outbox.queue_draft(replace(there, text=text), patient="", basis="")
        elif act == "save":
            name = f"c{rng.randrange(4)}"
            there = store.drafts.get(key(name), ME, Kind.REPLY) or draft(name, "")
            written.add(f"<{turn}>")
            save(store, replace(there, text=f"{there.text}\n<{turn}>"))
        elif entry is None:
            continue
        elif act == "start":
            store.outbox.start(entry.id)
        elif act == "settle" and entry.state is Sending.SENDING:
            store.outbox.settle(
                entry.id, rng.choice([Sending.SENT, Sending.UNKNOWN, Sending.QUEUED, Sending.NEEDS_YOU])
            )
        elif act == "cancel":
            store.outbox.cancel(entry.id)
        elif act == "retry":
            store.outbox.retry(entry.id, "")
        elif act == "discard" and rng.random() < 0.1 and store.outbox.discard(entry.id):
            dropped |= {word for word in entry.text.split() if word.startswith("<")}
    held = " ".join([each.text for each in store.drafts.list()] + [each.text for each in store.outbox.all()])
    lost = {word for word in written - dropped if word not in held}
    assert not lost, f"seed {seed}"
    assert len(written) > 200


def test_words_that_another_window_sent_are_not_sent_again_when_this_one_goes_on_writing(store: Store) -> None:
    here = store.drafts.save(draft(text="Ta to tabletter"))
    there = store.drafts.get(here.key, ME, Kind.REPLY)
    assert there is not None
    store.outbox.queue_draft(there, patient="Patient/a", basis="")
    here = store.drafts.save(replace(here, text="Ta to tabletter. Og ring meg."))
    later = store.drafts.get(here.key, ME, Kind.REPLY)
    assert later is not None
    for each in (here, later):
        with pytest.raises(SendError):
            store.outbox.queue_draft(each, patient="Patient/a", basis="")
    here = store.drafts.save(replace(here, text="Og ring meg.", began=None))
    store.outbox.queue_draft(here, patient="Patient/a", basis="")
    assert [entry.text for entry in store.outbox.all()] == ["Ta to tabletter", "Og ring meg."]


def test_the_same_words_may_be_written_and_sent_once_more(store: Store) -> None:
    for _ in range(2):
        store.outbox.queue_draft(store.drafts.save(draft(text="Takk!")), patient="Patient/a", basis="")
    assert [entry.text for entry in store.outbox.all()] == ["Takk!", "Takk!"]


def test_a_clock_that_is_set_back_between_two_windows_costs_no_words_and_sends_none_twice(
    store: Store, clock: Clock
) -> None:
    here = store.drafts.save(draft(text="Hei"))
    there = store.drafts.get(here.key, ME, Kind.REPLY)
    assert there is not None
    clock.pass_(hours=-2)
    there = store.drafts.save(replace(there, text="Hei. Og ring meg."))
    store.outbox.queue_draft(here, patient="Patient/a", basis="")
    assert [each.text for each in store.drafts.list()] == ["Hei. Og ring meg."]
    with pytest.raises(SendError):
        store.outbox.queue_draft(there, patient="Patient/a", basis="")


@pytest.mark.parametrize(
    "change",
    [
        Change(Verb.SNOOZE, until=datetime(2026, 3, 9, 7, 30, 0, 125, UTC), note="prøvesvar"),
        Change(Verb.SNOOZE),
        Change(Verb.WAKE),
        Change(Verb.NEXT, state=State.WAITING_COLLEAGUE),
        Change(Verb.RELEASE, state=State.ESCALATED, back=True),
    ],
)
def test_every_part_of_a_change_is_kept(store: Store, change: Change) -> None:
    entry = store.outbox.queue_change(key("t"), ME, change, patient="Patient/a", basis="b")
    assert store.outbox.get(entry.id) == entry
    assert entry.change == change


def test_a_change_that_was_queued_before_there_were_snoozes_is_still_read(store: Store) -> None:
    entry = done(store)
    was = '["hand-over", "Practitioner/lise", "Lise", "", "asap", "annet", "Kan du ringe?"]'
    with store._work.write() as cursor:
        cursor.execute("UPDATE outgoing SET verb = 'hand-over', change = ? WHERE id = ?", (was, entry.id))
    (found,) = store.outbox.due(PORTAL)
    assert found.change == Change(
        Verb.HAND_OVER, "Practitioner/lise", "Lise", "", Priority.ASAP, "annet", "Kan du ringe?"
    )


def test_of_two_windows_one_gives_a_receipt(store: Store) -> None:
    def give(*words: str) -> Outgoing:
        seen = Seen(dict.fromkeys(words, "")).written()
        return store.outbox.queue_receipt(key("t"), ME, "Vi svarer", words, patient="Patient/a", basis=seen)

    first = give("m")
    assert store.outbox.get(first.id) == first
    for state in (Sending.QUEUED, Sending.UNKNOWN):
        if state is Sending.UNKNOWN:
            stop(store, first, state)
        with pytest.raises(SendError) as refused:
            give("m", "n")
        assert refused.value.word == "receipted"
    store.outbox.settle(first.id, Sending.SENT)
    with pytest.raises(SendError):
        give("m")
    assert give("m", "n").id != first.id, "the patient has written since"
    assert not store.outbox.unanswered(PORTAL), "it answers nothing"
