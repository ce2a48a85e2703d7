"""What is queued is queued once and at once, however long the lists take to show it."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from threading import Event as Flag
from uuid import uuid4

import pytest

from tests.session.live import KEY, now
from tests.store.made import LISE, patient, post, stamp, task, thread
from workbench.dialogue.basis import Seen
from workbench.dialogue.bulk import Plan, plan
from workbench.dialogue.conversation import Conversation
from workbench.dialogue.held import Batch, HeldTask
from workbench.dialogue.key import Key
from workbench.dialogue.office import DAY
from workbench.dialogue.outgoing import Draft, Kind, Outgoing, Sending
from workbench.dialogue.overlay import Overlay
from workbench.dialogue.people import Me, Role
from workbench.dialogue.refusals import SendError
from workbench.dialogue.steps import Undone
from workbench.dialogue.work import Change, Priority, State, Verb
from workbench.session import Session
from workbench.store.errors import Full
from workbench.store.store import Store

HERE = Key("here", "t")
KARI = Me("here", "Practitioner/kari", "Kari", Role.CLINICIAN)


def at_desk(folder: Path) -> tuple[Session, Store]:
    """A session that talks to no portal, on a store that holds one conversation."""
    store = Store.open(folder, KEY, clock=now, uuid=uuid4)
    session = Session(store, tuple, {"here": KARI}, clock=now)
    store.cache.apply("here", Batch((thread("t"),), (post("m", "t"),), (), (patient(),)))
    return session, store


async def words_of(session: Session) -> tuple[Conversation, Draft]:
    """The conversation as it was read, and words of a reply to it that were saved."""
    seen = await session.conversation(HERE)
    assert seen is not None
    return seen, await session.save_draft(Draft(HERE, KARI.reference, Kind.REPLY, "Hei"))


async def test_a_reply_is_queued_though_the_lists_are_busy_and_not_queued_again(tmp_path: Path) -> None:
    session, store = at_desk(tmp_path)
    seen, draft = await words_of(session)
    free, held = Flag(), Flag()

    def search() -> None:
        with store.cache._reader.read():
            held.set()
            free.wait(20)

    searching = asyncio.create_task(asyncio.to_thread(search))
    await asyncio.to_thread(held.wait, 20)
    async with asyncio.timeout(10):
        queued = await session.send(draft, seen)
        with pytest.raises(SendError) as refused:
            await session.send(draft, seen)
    assert refused.value.word == "already-sent"
    free.set()
    await searching
    assert [entry.verb for entry in store.outbox.all()] == [Verb.CLAIM, Verb.REPLY]
    shown = await session.conversation(HERE)
    assert shown is not None
    assert shown.work.owner is not None, "what is read afterwards shows it"
    assert shown.entries[-1].id == queued.id
    await session.close()


async def test_what_cannot_be_shown_is_done_all_the_same_and_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, store = at_desk(tmp_path)
    seen = await session.conversation(HERE)
    assert seen is not None

    def fail(_: dict[Key, Overlay]) -> None:
        raise Full("no room")

    monkeypatch.setattr(store.cache, "set_overlay", fail)
    draft = await session.save_draft(Draft(HERE, KARI.reference, Kind.REPLY, "Hei"))
    reply = await session.send(draft, seen)
    done = await session.act(HERE, Change(Verb.DONE))
    assert await session.cancel(reply.id)
    assert {entry.id for entry in await session.outbox()} >= {done.id}
    await session.queues()
    assert session.status.portals[0].word == "full"
    await session.close()


async def test_two_windows_on_one_draft_queue_it_once(tmp_path: Path) -> None:
    first, store = at_desk(tmp_path)
    second = Session(store, tuple, {"here": KARI}, clock=now)
    seen = await first.conversation(HERE)
    assert seen is not None
    await first.save_draft(Draft(HERE, KARI.reference, Kind.REPLY, "Hei"))
    mine, theirs = await first.draft(HERE, Kind.REPLY), await second.draft(HERE, Kind.REPLY)
    await first.send(mine, seen)
    with pytest.raises(SendError):
        await second.send(replace(theirs, text="Hei igjen"), seen)
    assert [entry.text for entry in store.outbox.all() if entry.verb is Verb.REPLY] == ["Hei"]
    await second.close()
    await first.close()


async def test_what_was_sent_and_comes_back_from_another_window_is_told_again(tmp_path: Path) -> None:
    session, store = at_desk(tmp_path)
    seen, draft = await words_of(session)
    stale = replace(draft, text="Hei, ring oss")
    await session.send(draft, seen)
    with pytest.raises(SendError):
        await session.send(replace(draft, text="Hei igjen"), seen)
    told = replace(draft, text="igjen", began=None)
    await session.save_draft(stale)
    both = await session.save_draft(told)
    assert both.text == "igjen\n\nHei, ring oss"
    with pytest.raises(SendError) as refused:
        await session.send(both, seen)
    assert refused.value.word == "already-sent"
    assert [entry.text for entry in store.outbox.all() if entry.verb is Verb.REPLY] == ["Hei"]
    await session.close()


async def test_what_was_told_once_is_not_told_again_but_what_is_sent_after_that_is(tmp_path: Path) -> None:
    session, store = at_desk(tmp_path)
    seen, draft = await words_of(session)
    await session.send(draft, seen)
    other = await session.save_draft(replace(draft, text="Hei, ring oss", began=None))
    with pytest.raises(SendError) as first:
        await session.send(replace(draft, text="ring oss"), seen)
    told = replace(draft, text="ring oss", began=first.value.values["up_to"])
    await session.send(other, seen)
    with pytest.raises(SendError) as second:
        await session.send(told, seen)
    again = await session.save_draft(replace(told, text="ring oss nå", began=second.value.values["up_to"]))
    await session.send(again, seen)
    sent = [entry.text for entry in store.outbox.all() if entry.verb is Verb.REPLY]
    assert sent == ["Hei", "Hei, ring oss", "ring oss nå"]
    await session.close()


async def test_what_one_window_was_told_another_is_told_too(tmp_path: Path) -> None:
    session, store = at_desk(tmp_path)
    seen, draft = await words_of(session)
    await session.send(draft, seen)
    written = await session.save_draft(replace(draft, text="Hei på deg"))
    with pytest.raises(SendError):
        await session.send(written, seen)
    opened = await session.draft(HERE, Kind.REPLY)
    assert opened.text == "Hei på deg"
    with pytest.raises(SendError) as refused:
        await session.send(opened, seen)
    assert refused.value.word == "already-sent"
    assert [entry.text for entry in store.outbox.all() if entry.verb is Verb.REPLY] == ["Hei"]
    await session.close()


async def test_words_that_another_window_threw_away_may_still_be_sent(tmp_path: Path) -> None:
    session, store = at_desk(tmp_path)
    seen, draft = await words_of(session)
    store.drafts.discard(draft)
    await session.send(draft, seen)
    assert [entry.text for entry in store.outbox.all() if entry.verb is Verb.REPLY] == ["Hei"]
    await session.close()


async def test_no_claim_leaves_without_the_reply_it_was_for(tmp_path: Path) -> None:
    session, store = at_desk(tmp_path)
    seen = await session.conversation(HERE)
    assert seen is not None
    connection = store.drafts._database._connection
    connection.execute(f"PRAGMA max_page_count = {connection.execute('PRAGMA page_count').fetchone()[0] + 2}")
    with pytest.raises(Full):
        await session.send(Draft(HERE, KARI.reference, Kind.REPLY, "x" * 100_000), seen)
    assert store.outbox.all() == ()
    await session.close()


async def test_a_verb_and_a_retry_stand_on_what_was_on_the_screen_not_on_what_was_read_since(tmp_path: Path) -> None:
    session, store = at_desk(tmp_path)
    pane = await session.conversation(HERE)
    assert pane is not None
    store.cache.apply("here", Batch(posts=(post("m2", "t", "Det ble verre", 5),)))
    assert await session.conversation(HERE) != pane
    done = await session.act(HERE, Change(Verb.DONE), seen=pane)
    assert Seen.read(done.basis) == Seen.of(pane)
    assert store.outbox.start(done.id)
    store.outbox.settle(done.id, Sending.NEEDS_YOU, "new-activity")
    await session.retry(done.id, seen=pane)
    (again,) = await session.outbox()
    assert (again.state, Seen.read(again.basis)) == (Sending.QUEUED, Seen.of(pane))
    elsewhere = replace(pane, key=Key("here", "other"))
    with pytest.raises(SendError):
        await session.act(HERE, Change(Verb.DONE), seen=elsewhere)
    store.outbox.start(done.id)
    store.outbox.settle(done.id, Sending.NEEDS_YOU, "new-activity")
    with pytest.raises(SendError):
        await session.retry(done.id, seen=elsewhere)
    await session.close()


async def test_what_was_written_while_nobody_acted_is_there_for_who_acts_then(tmp_path: Path) -> None:
    session, store = at_desk(tmp_path)
    session._office.people["here"] = replace(KARI, reference="")
    file = store.files.add("a.txt", "text/plain", b"data")
    other = Key("here", "u")
    begun = replace(await session.draft(HERE, Kind.REPLY), text="Hei", files=(file,))
    assert begun.author == ""
    begun = await session.save_draft(begun)
    await session.save_draft(Draft(other, "", Kind.NOTE, "nytt"))
    store.drafts.save(Draft(other, KARI.reference, Kind.NOTE, "fra i går"))
    await session.act_as(KARI)
    there = await session.draft(HERE, Kind.REPLY)
    assert (there.text, there.files, there.author) == ("Hei", (file,), KARI.reference)
    assert (await session.draft(other, Kind.NOTE)).text == "fra i går\n\nnytt"
    composer = await session.save_draft(replace(begun, text="Hei igjen"))
    assert composer.author == KARI.reference
    assert [each.text for each in store.drafts.list() if each.key == HERE] == ["Hei igjen"]
    await session.save_draft(Draft(other, "", Kind.NOTE, "nytt, og mer"))
    assert (await session.draft(other, Kind.NOTE)).text == "fra i går\n\nnytt", "nothing was written over"
    assert "nytt, og mer" in [each.text for each in store.drafts.list()]
    await session.close()


async def test_a_step_that_has_not_left_never_does_once_it_is_taken_back(tmp_path: Path) -> None:
    session, store = at_desk(tmp_path)
    seen = await session.conversation(HERE)
    assert seen is not None
    await session.act(HERE, Change(Verb.PRIORITY, priority=Priority.STAT), seen=seen)
    await session.send(await session.save_draft(Draft(HERE, KARI.reference, Kind.NOTE, "Ringte")), seen)
    priority, note = session.steps.done
    assert session.steps.newest == note
    assert await session.undo(note.number) is Undone.TAKEN_BACK
    assert (await session.draft(HERE, Kind.NOTE)).text == "Ringte", "words are a draft again"
    assert session.steps.newest == priority
    assert await session.undo(priority.number) is Undone.TAKEN_BACK
    assert not store.outbox.all()
    assert await session.undo(priority.number) is None
    await session.close()


async def agreed(session: Session, keys: list[Key]) -> Plan:
    """A claim of some conversations, as it is shown before it is done."""
    seen = await session.seen(keys)
    return plan(Change(Verb.CLAIM), (await session.rows(keys)).values(), session.clock(), seen=seen)


async def test_many_are_queued_all_or_none(tmp_path: Path) -> None:
    session, store = at_desk(tmp_path)
    store.cache.apply("here", Batch((thread("u"),), (post("n", "u"),)))
    keys = [HERE, Key("here", "u")]
    store.cache.apply("elsewhere", Batch((thread("v"),), (post("o", "v"),)))
    with pytest.raises(SendError):
        await session.act_all(await agreed(session, [*keys, Key("elsewhere", "v")]))
    assert not store.outbox.all()
    assert not session.steps.done
    done = await session.act_all(await agreed(session, keys))
    assert not done.left_out
    assert {entry.key for entry in store.outbox.all()} == set(keys)
    assert len(session.steps.done) == 1
    assert await session.undo(1) is Undone.TAKEN_BACK
    assert not store.outbox.all()
    assert not (await session.act_all(await agreed(session, []))).to
    assert len(session.steps.done) == 1
    await session.close()


async def test_what_was_taken_back_alone_is_not_put_back_with_the_rest(tmp_path: Path) -> None:
    session, store = at_desk(tmp_path)
    other = Key("here", "u")
    store.cache.apply("here", Batch((thread("u"),), (post("n", "u"),)))
    await session.act_all(await agreed(session, [HERE, other]))
    claim = next(entry for entry in store.outbox.all() if entry.key == other)
    assert await session.cancel(claim.id)
    await session.act(other, Change(Verb.NEXT, state=State.WAITING_PATIENT), seen=await session.conversation(other))
    assert await session.undo(1) is Undone.TAKEN_BACK
    assert [(entry.key, entry.verb) for entry in store.outbox.all()] == [(other, Verb.NEXT)], "what came after stays"
    await session.close()


async def test_only_what_is_left_of_a_step_is_taken_back_when_it_is_tried_again(tmp_path: Path) -> None:
    session, store = at_desk(tmp_path)
    other = Key("here", "u")
    store.cache.apply("here", Batch((thread("u"),), (post("n", "u"),)))
    seen = await session.seen([HERE, other])
    urgent = Change(Verb.PRIORITY, priority=Priority.URGENT)
    rows = (await session.rows([HERE, other])).values()
    await session.act_all(plan(urgent, rows, session.clock(), seen=seen))
    sent(store, next(entry for entry in store.outbox.all() if entry.key == other))
    await session.conversation(HERE)  # read behind what is still being laid over the lists
    store.cache.set_overlay({})  # as the portal has it
    assert await session.undo(1) is Undone.PARTLY, "the portal tells another priority of one"
    await session.act(HERE, urgent, seen=await session.conversation(HERE))
    assert await session.undo(1) is Undone.PARTLY
    waiting = store.outbox.pending()
    assert [(one.key, one.change and one.change.back) for one in waiting] == [(HERE, False)], "what came after stays"
    await session.close()


async def test_words_that_were_thrown_away_are_not_said_to_have_arrived(tmp_path: Path) -> None:
    session, store = at_desk(tmp_path)
    seen = await session.conversation(HERE)
    assert seen is not None
    await session.send(await session.save_draft(Draft(HERE, KARI.reference, Kind.NOTE, "Ringte")), seen)
    await session.discard(store.outbox.all()[0].id)
    assert await session.pass_over(1) is Undone.DROPPED
    await session.close()


async def test_a_verb_that_was_thrown_away_is_not_put_back(tmp_path: Path) -> None:
    session, store = at_desk(tmp_path)
    await session.act(HERE, Change(Verb.DONE), seen=await session.conversation(HERE))
    await session.discard(store.outbox.all()[0].id)
    assert await session.undo(1) is Undone.DROPPED
    assert not store.outbox.all()
    await session.close()


@pytest.mark.parametrize(
    ("change", "since"),
    [
        (Change(Verb.DONE), task("k", "t", State.WAITING_PATIENT, owner=LISE)),
        (Change(Verb.NEXT, state=State.WAITING_PATIENT), task("k", "t", State.WAITING_COLLEAGUE, owner=LISE)),
        (Change(Verb.HAND_OVER, owner=LISE), task("k", "t", State.CLAIMED, owner="Practitioner/per")),
        (Change(Verb.HAND_OVER, pool="resept"), task("k", "t", State.NEW, pool="time")),
        (Change(Verb.SNOOZE), task("k", "t", State.WAITING_COLLEAGUE)),
        (Change(Verb.SNOOZE, until=now() + DAY), task("k", "t", State.SNOOZED, until=now() + 9 * DAY)),
        (Change(Verb.SNOOZE), task("k", "t", State.SNOOZED, until=now() + 9 * DAY)),
        (Change(Verb.CLAIM), task("k", "t", State.CLAIMED, owner=LISE)),
    ],
)
async def test_what_a_colleague_made_of_it_since_stays(tmp_path: Path, change: Change, since: HeldTask) -> None:
    session, store = at_desk(tmp_path)
    await session.act(HERE, change, seen=await session.conversation(HERE))
    sent(store, store.outbox.all()[0])
    store.cache.apply("here", Batch(tasks=(replace(since, stamp=stamp("k", 9)),)))
    await session.conversation(HERE)  # read behind what is still being laid over the lists
    store.cache.set_overlay({})  # as the portal has it
    assert await session.undo(1) is Undone.NOT
    assert not store.outbox.pending()
    await session.close()


def sent(store: Store, entry: Outgoing) -> None:
    """Has a portal take what is queued."""
    assert store.outbox.acquire("one")
    assert store.outbox.start(entry.id)
    store.outbox.settle(entry.id, Sending.SENT)


async def test_a_receipt_is_queued_alone_and_once(tmp_path: Path) -> None:
    session, store = at_desk(tmp_path)
    seen = await session.conversation(HERE)
    assert seen is not None
    queued = await session.receipt("Vi svarer snart", seen)
    assert [(entry.verb, entry.text, entry.patient) for entry in store.outbox.all()] == [
        (Verb.RECEIPT, "Vi svarer snart", "Patient/a")
    ]
    assert Seen.read(queued.basis) == Seen.of(seen)
    shown = await session.conversation(HERE)
    assert shown is not None
    assert (shown.entries[-1], shown.work) == (queued, seen.work)
    with pytest.raises(SendError) as refused:
        await session.receipt("Vi svarer snart", seen)
    assert refused.value.word == "receipted"
    await session.close()


@pytest.mark.parametrize(
    ("before", "change", "after"),
    [
        (State.DONE, Change(Verb.REOPEN), State.NEW),
        (State.SNOOZED, Change(Verb.WAKE), State.NEW),
        (State.WAITING_PATIENT, Change(Verb.NEXT, state=State.NEW), State.NEW),
    ],
)
@pytest.mark.parametrize("since", ["patient", "colleague"])
async def test_what_was_opened_again_is_not_put_away_over_what_came_since(
    tmp_path: Path, before: State, change: Change, after: State, since: str
) -> None:
    session, store = at_desk(tmp_path)
    store.cache.apply("here", Batch(tasks=(task("k", "t", before, 1),)))
    await session.act(HERE, change, seen=await session.conversation(HERE))
    sent(store, store.outbox.all()[0])
    owner = LISE if since == "colleague" else ""
    store.cache.apply("here", Batch(tasks=(task("k", "t", after, 9, owner=owner, version="2"),)))
    if since == "patient":
        store.cache.apply("here", Batch(posts=(post("m2", "t", "Det er verre nå", 10),)))
    await session.conversation(HERE)  # read behind what is still being laid over the lists
    store.cache.set_overlay({})  # as the portal has it
    assert await session.undo(1) is Undone.NOT
    assert not store.outbox.pending()
    await session.close()
