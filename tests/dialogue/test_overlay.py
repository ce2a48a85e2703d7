"""What is on its way is shown as done, unless it needs the user; the later lies over the earlier."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from workbench.dialogue.held import HeldTask, Stamp
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Outgoing, Sending
from workbench.dialogue.overlay import Overlay, lay, lay_work, overlay_of
from workbench.dialogue.people import Party, PartyKind
from workbench.dialogue.queue import Item, Whose, order_of
from workbench.dialogue.standing import preview_of, standing, telling_task, title_of
from workbench.dialogue.work import Change, Priority, State, Verb, WorkItem

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ME, LISE = "Practitioner/kari", "Practitioner/lise"
NAMES = {ME: "Kari"}
ITEM = Item(
    Key("p", "t"), "Emne", "Patient/a", "Ingrid", "1979", "", State.NEW, Whose.NOBODY, "", "legekontor",
    Priority.ROUTINE, "annet", None, NOW, from_patient=True, preview="Hei", unread=True,
    order=order_of(Priority.ROUTINE, None, NOW),
)  # fmt: skip


def entry(verb: Verb, state: Sending = Sending.QUEUED, **change: object) -> Outgoing:
    told = None if verb in (Verb.REPLY, Verb.NOTE) else Change(verb, **change)  # type: ignore[arg-type]
    return Outgoing("id", ITEM.key, ME, verb, "Patient/a", NOW, state, change=told)


def shown(*entries: Outgoing, item: Item = ITEM) -> Item:
    return lay(item, overlay_of(entries, NAMES), ME)


def test_a_claim_is_mine_at_once_and_a_release_nobodys() -> None:
    mine = shown(entry(Verb.CLAIM))
    assert (mine.state, mine.whose, mine.owner_name) == (State.CLAIMED, Whose.ME, "Kari")
    free = shown(entry(Verb.CLAIM), entry(Verb.RELEASE))
    assert (free.state, free.whose, free.owner_name) == (State.NEW, Whose.NOBODY, "")


def test_handing_over_goes_to_the_person_or_to_the_pool() -> None:
    hers = shown(entry(Verb.HAND_OVER, owner=LISE, owner_name="Lise"))
    assert (hers.state, hers.whose, hers.owner_name, hers.pool) == (
        State.CLAIMED,
        Whose.COLLEAGUE,
        "Lise",
        "legekontor",
    )
    pooled = shown(entry(Verb.CLAIM), entry(Verb.HAND_OVER, pool="resept"))
    assert (pooled.state, pooled.whose, pooled.owner_name, pooled.pool) == (State.NEW, Whose.NOBODY, "", "resept")


def test_done_and_reopened() -> None:
    assert shown(entry(Verb.DONE)).state is State.DONE
    again = shown(entry(Verb.DONE), entry(Verb.REOPEN))
    assert (again.state, again.whose) == (State.NEW, Whose.NOBODY), "nobody had it, and nobody has it now"
    hers = shown(entry(Verb.DONE), entry(Verb.REOPEN), item=replace(ITEM, whose=Whose.COLLEAGUE, owner_name="Lise"))
    assert (hers.state, hers.whose, hers.owner_name) == (State.CLAIMED, Whose.COLLEAGUE, "Lise")


def test_a_reply_waits_for_the_patient_and_is_mine_and_has_the_last_word() -> None:
    answered = shown(entry(Verb.REPLY))
    assert (answered.state, answered.whose, answered.owner_name) == (State.WAITING_PATIENT, Whose.ME, "Kari")
    assert not answered.from_patient
    assert not answered.unread
    assert shown(entry(Verb.DONE), entry(Verb.REPLY)).state is State.DONE
    assert shown(entry(Verb.REPLY), entry(Verb.DONE)).state is State.DONE


def test_priority_moves_the_row_and_category_does_not() -> None:
    hurried = shown(entry(Verb.PRIORITY, priority=Priority.STAT), entry(Verb.CATEGORY, category="resept"))
    assert (hurried.priority, hurried.category) == (Priority.STAT, "resept")
    assert hurried.order == order_of(Priority.STAT, None, NOW) < ITEM.order


def test_a_row_keeps_its_place_by_since_when_the_patient_waits_until_that_is_answered() -> None:
    asked = NOW - timedelta(hours=3)
    waits = replace(ITEM, asked=asked).placed()
    assert waits.order == order_of(Priority.ROUTINE, None, asked)
    assert shown(entry(Verb.CLAIM), item=waits).order == waits.order
    answered = shown(entry(Verb.REPLY), item=waits)
    assert (answered.asked, answered.order) == (None, order_of(Priority.ROUTINE, None, NOW))


def test_a_note_moves_nothing() -> None:
    assert shown(entry(Verb.NOTE)) == replace(ITEM, sending=Sending.QUEUED)


@pytest.mark.parametrize("verb", [Verb.CLAIM, Verb.DONE, Verb.REPLY])
def test_what_needs_the_user_is_marked_and_not_shown_as_done(verb: Verb) -> None:
    assert shown(entry(verb, Sending.NEEDS_YOU)) == replace(ITEM, sending=Sending.NEEDS_YOU)
    assert shown(entry(verb, Sending.UNKNOWN)).state is not State.NEW
    assert shown(entry(verb, Sending.SENT)) == ITEM


def test_the_most_worrying_state_is_told() -> None:
    order = [Sending.QUEUED, Sending.SENDING, Sending.UNKNOWN, Sending.NEEDS_YOU]
    for place, worst in enumerate(order):
        for other in order[: place + 1]:
            assert shown(entry(Verb.NOTE, worst), entry(Verb.NOTE, other)).sending is worst
            assert shown(entry(Verb.NOTE, other), entry(Verb.NOTE, worst)).sending is worst


def test_a_draft_is_marked() -> None:
    assert lay(ITEM, overlay_of([], draft=True), ME) == replace(ITEM, draft=True)


def test_the_work_item_says_that_it_is_pending() -> None:
    work = WorkItem("k", "1", State.NEW, None, "legekontor")
    mine = lay_work(work, overlay_of([entry(Verb.CLAIM)], NAMES))
    kari = Party(ME, "Kari", PartyKind.STAFF)
    assert mine == replace(work, state=State.CLAIMED, owner=kari, pending=True, holder="")
    assert lay_work(mine, Overlay(owner="")).owner is None
    assert lay_work(work, Overlay(draft=True)) == work


def task(name: str, state: State, minute: int = 0, owner: str = "", authored: int | None = None) -> HeldTask:
    written = None if authored is None else NOW + timedelta(minutes=authored)
    return HeldTask(Stamp(name, "1", NOW + timedelta(minutes=minute)), "t", state, owner, authored=written)


def test_the_newest_open_task_tells_else_the_newest() -> None:
    tasks = [task("a", State.DONE, 9), task("b", State.NEW, 1), task("c", State.CLAIMED, 2), task("d", State.DONE, 10)]
    told = [telling_task(some) for some in (tasks, [tasks[0], tasks[3]], [])]
    assert [one and one.stamp.id for one in told] == ["c", "d", None]
    newer = task("e", State.NEW, 0, authored=5)
    assert telling_task([*tasks, newer]) is newer


def test_without_a_task_the_header_tells() -> None:
    assert standing([]).state is State.NEW
    before = NOW - timedelta(seconds=1)
    assert standing([], closed=True, header_changed=NOW, patient_wrote=before).state is State.DONE
    assert standing([], closed=True, header_changed=NOW, patient_wrote=NOW).state is State.NEW
    assert standing([], closed=True, header_changed=NOW, patient_wrote=NOW + timedelta(seconds=1)).state is State.NEW
    assert standing([], categories=("resept", "annet")).category == "resept"


@pytest.mark.parametrize("state", list(State))
def test_the_patients_last_words_open_only_what_was_done_or_waiting(state: State) -> None:
    for owner in ("", ME):
        given = task("a", state, 0, owner)
        for minute, again in ((-1, state), (0, state), (1, State.CLAIMED if owner else State.NEW)):
            wrote = NOW + timedelta(minutes=minute)
            right = again if state in (State.DONE, State.WAITING_PATIENT, State.SNOOZED) else state
            assert standing([given], patient_wrote=wrote).state is right


def test_titles_and_previews_are_one_short_line() -> None:
    assert preview_of("Hei\r\n\n  du " + "x" * 900) == ("Hei du " + "x" * 900)[:200]
    assert title_of("  to\nlinjer ", "x") == "to linjer"
    assert title_of(" \n", "y" * 100) == "y" * 60
    assert title_of("", "") == ""
