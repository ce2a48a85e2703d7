"""What is deleted on a portal, or taken back, leaves the inbox by itself; what is only left out stays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest

from client.errors import PortalError, Refused, ServerFault, Unreachable
from tests.sync.conftest import Bench
from tests.sync.paper import KARI, Paper
from tests.sync.test_pull import fill, held
from workbench.dialogue.conversation import MessageState
from workbench.dialogue.held import DeletedPage, HeldPost, HeldTask, HeldThread, Stream
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Draft, Kind, Reason, Sending
from workbench.dialogue.queue import Query
from workbench.dialogue.work import State
from workbench.sync.checking import CHUNK


@pytest.fixture(params=["history", "no history"])
def either(bench: Bench, request: pytest.FixtureRequest) -> Bench:
    """On a portal that tells the history of each kind, and on one that does not."""
    if request.param == "history":
        bench.portal.keep_history()
    return bench


def rounds(bench: Bench, count: int = 3) -> None:
    for _ in range(count):
        bench.seconds += 15
        bench.sync()


def texts(bench: Bench, thread: str) -> list[str]:
    return [entry.text for entry in bench.read(thread).entries]


def test_a_deleted_message_goes_and_the_rest_stays(either: Bench) -> None:
    fill(either.portal, 5)
    wrong = either.portal.write("t1", "Patient/pasient-1", "feil mottaker")
    either.sync()
    assert "feil mottaker" in texts(either, "t1")
    either.portal.delete(f"Communication/{wrong.stamp.id}")
    rounds(either)
    assert "feil mottaker" not in texts(either, "t1")
    assert held(either) == set(either.portal.threads)


def test_a_deleted_task_frees_its_conversation(either: Bench) -> None:
    either.portal.open_thread("a")
    either.portal.set_task("a", owner=KARI.reference, state=State.CLAIMED)
    either.sync()
    assert either.read("a").work.owner is not None
    either.portal.delete("Task/t-a")
    rounds(either)
    assert either.read("a").work.owner is None
    assert held(either) == {"a"}


def test_a_deleted_conversation_leaves_the_lists_and_the_search(either: Bench) -> None:
    fill(either.portal, 5)
    either.portal.write("t1", "Patient/pasient-1", "ordet kolibri")
    either.sync()
    either.portal.delete("Communication/t1")
    rounds(either)
    assert held(either) == set(either.portal.threads) == {"t0", "t2", "t3", "t4"}
    assert not either.store.cache.page(Query(frozenset(State), words="kolibri"), 0, 10).items


def test_a_reply_to_a_deleted_conversation_needs_the_user_and_keeps_its_words(either: Bench) -> None:
    fill(either.portal, 2)
    either.sync()
    either.portal.down = True
    reply = either.reply("t1", "Ord som ikke må bli borte")
    draft = either.desk.save_draft(Draft(Key("p", "t1"), KARI.reference, Kind.NOTE, "Et påbegynt notat"))
    either.portal.down = False
    either.portal.delete("Communication/t1")
    rounds(either)
    entry = either.entry(reply)
    assert (entry.state, entry.reason, entry.text) == (Sending.NEEDS_YOU, Reason.GONE, "Ord som ikke må bli borte")
    assert either.store.drafts.get(draft.key, draft.author, Kind.NOTE) == draft
    assert either.portal.messages("t1") == []


def test_the_loss_of_a_person_is_harmless(either: Bench) -> None:
    fill(either.portal, 3)
    either.sync()
    either.portal.patients.clear()
    either.portal.parties.clear()
    rounds(either)
    assert held(either) == set(either.portal.threads)
    assert all(texts(either, thread) for thread in either.portal.threads)


def test_what_is_taken_back_arrives_as_taken_back(either: Bench) -> None:
    fill(either.portal, 3)
    post = either.portal.write("t1", "Patient/pasient-1", "trukket tilbake")
    either.sync()
    taken = replace(post, stamp=either.portal.stamp(post.stamp.id, "2"), state=MessageState.RETRACTED)
    either.portal.posts[post.stamp.id] = taken
    header = either.portal.threads["t2"]
    either.portal.threads["t2"] = replace(header, stamp=either.portal.stamp("t2", "2"), retracted=True)
    rounds(either, 1)
    states = {entry.text: getattr(entry, "state", None) for entry in either.read("t1").entries}
    assert states["trukket tilbake"] is MessageState.RETRACTED
    assert held(either) == {"t0", "t1"}
    either.portal.threads["t2"] = replace(header, stamp=either.portal.stamp("t2", "3"))
    rounds(either, 1)
    assert held(either) == {"t0", "t1", "t2"}, "and what was taken back by mistake comes again"


class Forgetful(Paper):
    """A portal whose lists leave something out."""

    left_out = "Communication/t1"

    async def versions(self, references: Sequence[str]) -> dict[str, str]:
        return {each: told for each, told in (await super().versions(references)).items() if each != self.left_out}


def test_what_a_list_leaves_out_does_not_vanish(bench: Bench) -> None:
    bench.portal = Forgetful()
    bench.turn = bench.new_turn()
    fill(bench.portal, 5)
    bench.sync()
    rounds(bench)
    assert bench.portal.calls["read"] >= 1, "it was looked for"
    assert held(bench) == set(bench.portal.threads)


@pytest.mark.parametrize("error", [ServerFault(status=500), Refused(status=400), Unreachable()])
def test_what_cannot_be_read_does_not_vanish(bench: Bench, error: PortalError) -> None:
    def fail() -> None:
        raise error

    bench.portal = Forgetful()
    bench.turn = bench.new_turn()
    fill(bench.portal, 5)
    bench.portal.before["read"] = [fail] * 3
    for _ in range(40):
        bench.seconds += bench.take().wake
    assert held(bench) == set(bench.portal.threads)


@pytest.mark.parametrize("call", ["deletions", "versions", "read"])
def test_a_portal_that_fails_at_telling_is_read_all_the_same(either: Bench, call: str) -> None:
    def fail() -> None:
        raise ServerFault(status=500)

    fill(either.portal, 3)
    either.portal.before[call] = [fail] * 1000
    either.sync()
    either.portal.open_thread("ny")
    either.portal.delete("Communication/t1")
    rounds(either)
    assert "ny" in held(either)
    either.portal.before[call] = []
    rounds(either)
    assert held(either) == set(either.portal.threads)


def test_a_round_looks_through_one_chunk_newest_first_and_goes_on_after_a_restart(bench: Bench) -> None:
    count = CHUNK  # three resources a conversation: three chunks
    fill(bench.portal, count)
    asked: list[str] = []
    whole = bench.portal.versions

    async def versions(references: Sequence[str]) -> dict[str, str]:
        asked.extend(references)
        return await whole(references)

    bench.portal.versions = versions  # type: ignore[method-assign]
    bench.sync()
    assert len(asked) == CHUNK
    assert f"Communication/t{count - 1}" in asked
    for _ in range(3):
        bench.turn = bench.new_turn()
        bench.sync()
    assert set(asked) == {f"Task/{each}" for each in bench.portal.tasks} | {
        f"Communication/{each}" for each in (*bench.portal.threads, *bench.portal.posts)
    }


def test_a_history_is_not_asked_for_what_was_before_the_first_round(bench: Bench) -> None:
    bench.portal.keep_history()
    fill(bench.portal, 60)
    bench.sync()
    assert bench.portal.calls["versions"] == 0
    assert bench.portal.calls["deletions"] <= 6, "the beginnings, and a page of what happened about then"


def test_what_is_deleted_during_a_first_sync_is_gone_after_it(bench: Bench) -> None:
    bench.portal.keep_history()
    bench.portal.size = 10
    fill(bench.portal, 60)
    while "t3" not in held(bench):
        bench.take()
    bench.portal.delete("Communication/t3")
    bench.portal.delete("Task/t-t3")
    bench.sync()
    assert held(bench) == set(bench.portal.threads)


@pytest.mark.parametrize("seed", range(20))
def test_cut_anywhere_what_is_deleted_is_gone_in_the_end(either: Bench, seed: int) -> None:
    dice = Random(seed)
    either.portal.size = dice.choice([2, 5, 50])
    fill(either.portal, 12)
    for _ in range(40):
        what = dice.random()
        if what < 0.25:
            call = dice.choice(["changes", "fetch", "deletions", "versions", "read"])
            either.portal.before[call] = [_lost] * dice.randint(1, 3)
        elif what < 0.45:
            either.turn = either.new_turn()
        elif what < 0.6:
            either.portal.open_thread(f"n{dice.random()}", f"ny-{dice.randint(0, 9)}")
        elif either.portal.posts:
            identity = dice.choice([*either.portal.posts, *either.portal.threads, *either.portal.tasks])
            either.portal.delete(f"{'Task' if identity.startswith('t-') else 'Communication'}/{identity}")
        for _ in range(dice.randint(0, 4)):
            either.seconds += either.take().wake
    either.portal.before.clear()
    rounds(either, 6)
    assert held(either) == set(either.portal.threads), f"seed {seed}"
    for thread in either.portal.threads:
        on_portal = {post.text for post in either.portal.posts.values() if post.parent == thread}
        assert set(texts(either, thread)) == on_portal, f"seed {seed}"


def _lost() -> None:
    raise Unreachable


def _failed() -> None:
    raise ServerFault(status=500)


def put_back(portal: Paper, rows: Sequence[HeldThread | HeldPost | HeldTask]) -> None:
    """Restores a portal from a copy of some time ago: what was made since has never been."""
    portal.threads = {row.stamp.id: row for row in rows if isinstance(row, HeldThread)}
    portal.posts = {row.stamp.id: row for row in rows if isinstance(row, HeldPost)}
    portal.tasks = {row.stamp.id: row for row in rows if isinstance(row, HeldTask)}
    if portal.history is not None:
        portal.keep_history()


def test_a_portal_restored_from_a_copy_is_shown_as_it_is_now(either: Bench) -> None:
    fill(either.portal, 4)
    either.sync()
    copy: list[HeldThread | HeldPost | HeldTask] = [*either.portal.threads.values()]
    copy += [*either.portal.posts.values(), *either.portal.tasks.values()]
    either.portal.set_task("t1", owner=KARI.reference, state=State.CLAIMED)
    either.portal.open_thread("aldri")
    either.portal.write("t2", "Patient/pasient-2", "skrevet etter kopien")
    rounds(either)
    queued = either.reply("t3", "Mine ord")
    either.portal.before["send_message"] = [_failed] * 99
    assert "aldri" in held(either)
    put_back(either.portal, copy)
    either.portal.now += timedelta(minutes=10)
    rounds(either, 8)
    assert held(either) == {"t0", "t1", "t2", "t3"}
    assert either.read("t1").work.owner is None
    assert "skrevet etter kopien" not in texts(either, "t2")
    assert either.entry(queued).text == "Mine ord"
    either.portal.before.clear()
    either.portal.write("t0", "Patient/pasient-0", "etter at alt var satt tilbake")
    rounds(either)
    assert "etter at alt var satt tilbake" in texts(either, "t0")
    assert either.portal.messages("t3") == ["Mine ord"]


def test_an_older_edition_in_a_list_is_asked_about_before_it_is_believed(either: Bench) -> None:
    either.portal.open_thread("a")
    post = either.portal.write("a", "Patient/ola", "først")
    either.sync()
    newer = replace(post, stamp=either.portal.stamp(post.stamp.id, "2"), text="rettet")
    either.portal.posts[post.stamp.id] = newer
    rounds(either, 1)
    assert texts(either, "a")[-1] == "rettet"
    either.portal.posts[post.stamp.id] = replace(post, stamp=replace(post.stamp, version="3"), text="satt tilbake")
    either.turn.refresh("a")
    rounds(either)
    assert texts(either, "a")[-1] == "satt tilbake"


def test_a_message_that_is_no_longer_there_when_a_conversation_is_opened_goes(either: Bench) -> None:
    either.portal.open_thread("a")
    post = either.portal.write("a", "Patient/ola", "borte")
    either.sync()
    either.portal.history = None
    either.portal.delete(f"Communication/{post.stamp.id}")
    either.turn.refresh("a")
    either.settle()
    assert "borte" not in texts(either, "a")


def test_what_was_asked_about_between_two_rounds_is_no_round(either: Bench) -> None:
    either.portal.open_thread("a")
    either.portal.open_thread("b")
    post = either.portal.write("a", "Patient/ola", "borte")
    either.sync()
    either.portal.history = None
    either.portal.write("b", "Patient/eva", "skrevet imens")
    either.portal.delete(f"Communication/{post.stamp.id}")
    either.turn.refresh("a")
    either.settle()
    assert "skrevet imens" in texts(either, "b"), "a round was said to have ended in which nothing was pulled"


class Looping(Paper):
    """A portal whose history leads back to its beginning."""

    async def deletions(self, stream: Stream, since: datetime | None, page: str | None) -> DeletedPage | None:
        told = await super().deletions(stream, since, None)
        return None if told is None else replace(told, next="0" if since else None)


def test_a_history_that_was_not_read_to_its_end_is_asked_for_again(bench: Bench) -> None:
    bench.portal = Looping(page=2)
    bench.portal.keep_history()
    bench.turn = bench.new_turn()
    fill(bench.portal, 5)
    bench.sync()
    begun = bench.store.cache.resume_point("p", "Communication deletions")
    bench.portal.open_thread("ny")
    rounds(bench)
    assert bench.store.cache.resume_point("p", "Communication deletions") == begun
    assert "ny" in held(bench)
