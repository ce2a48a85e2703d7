"""A working day in some forty steps, over the desk, the store and a portal on paper, on a disk that may fail.

After each step it is looked whether what the step said is so: one that went well did what it says, one that failed
said so with a `StoreError` and changed nothing. Where the disk failed, what would be found after a crash is looked at.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Final, TypeVar
from uuid import UUID

from client.errors import Unreachable
from tests.proofs.held import NOTHING, Held, held
from tests.proofs.vfs.faults import Failing
from tests.store.made import KEY
from tests.sync.conftest import Bench
from tests.sync.paper import KARI, START, Paper
from workbench.dialogue.conversation import Conversation
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Draft, Kind, Outgoing, Sending
from workbench.dialogue.refusals import SendError
from workbench.dialogue.work import Change, Verb
from workbench.store.errors import StoreError
from workbench.store.store import Store
from workbench.store.witness import FileWitness

STEPS_BROKEN: Final = 3
"""For how many steps a disk that keeps failing is left so."""
LONG: Final = "Lange svar fyller flere sider. " * 400
T = TypeVar("T")
Save = Callable[[Bench, Draft], Draft]


def save_at_desk(bench: Bench, draft: Draft) -> Draft:
    """How a draft is saved."""
    return bench.desk.save_draft(draft)


class Stopped(Exception):  # noqa: N818
    """The day cannot go on; why stands among what was found."""


def _claimed(bench: Bench) -> object:
    key = Key("p", "c")
    return bench.desk.act(key, Change(Verb.CLAIM), bench.desk.conversation(key))


def _sent(bench: Bench, draft: Draft, conversation: Conversation) -> Outgoing | None:
    try:
        return bench.desk.send(draft, conversation)
    except SendError:
        return None  # the disk did not let all be fetched that has to be known


def _gone(found: Held, last: Held, name: str, touches: str) -> str:
    """What of all that was acknowledged is not there after a crash, in a few words.

    A step that failed in the very last write of its transaction may turn out to have been done: what it was about may
    be as it would have made it, and nothing else may.
    """
    words = [row[4] for row in found.drafts] + [row[3] for row in found.outbox]
    for draft in last.drafts:
        if draft not in found.drafts and draft[1] != touches and draft[4] not in words:
            return f"a draft in {draft[1]} is gone"
    there = {(row[0], row[3]) for row in found.outbox}
    for row in last.outbox:
        if (row[0], row[3]) not in there and not (name.startswith("cancel") and row[3] in words):
            return f"a {row[1][2]} that was queued is gone"
    return ""


def _lost_answer() -> None:
    raise Unreachable("the answer was lost")


class Round:
    """One day on one disk."""

    def __init__(self, root: Path, disk: Failing, seed: int, save: Save = save_at_desk) -> None:
        self.lost: list[str] = []
        self.doubled: list[str] = []
        self.crashed: list[str] = []
        self._root = root
        self._folder = root / "disk" / "store"
        self._disk = disk
        self._dice = Random(seed)
        self._save = save
        self._portal = Paper()
        self._bench: Bench | None = None
        self._last: Held = NOTHING
        self._broken_since: int | None = None
        self._step = 0
        self._name = self._touches = ""
        """The step that is done, and the conversation that it is about."""
        self._queued: dict[str, str] = {}
        """Words of the replies that were said to be queued, by identifier."""
        for thread in "abc":
            self._portal.open_thread(thread, patient=f"p{thread}")

    def run(self) -> None:
        """The whole day, and the look at the end."""
        self._open()
        self._do("pull", self._turn, several=True)
        self._write("a", "Første utkast.")
        self._write("a", LONG)
        self._write("b", "Til en annen.")
        self._attach("b", b"et lite bilde" * 3000)
        self._send("a")
        self._do("claim c", _claimed)
        self._do("push", self._turn, several=True)
        self._write("c", "Et notat.", Kind.NOTE)
        self._send("c", Kind.NOTE)
        self._do("attest", lambda bench: bench.store.attest())
        self._portal.write("a", "Patient/pa", "Takk! Ett spørsmål til.")
        self._do("sync", self._turn, several=True)
        self._cancel("c", Kind.NOTE)
        self._send("b")
        self._portal.after["send_message"].append(_lost_answer)
        self._do("push, and no answer", self._turn, several=True)
        self._reopen()
        self._do("settle", self._turn, several=True)
        self._write("a", "Svar nummer to. " * 50)
        self._do("seen", lambda bench: bench.store.cache.mark_seen(Key("p", "a")))
        self._do("lists", lambda bench: bench.desk.lay_over())
        self._do("prune", lambda bench: bench.store.outbox.prune(bench.store.cache.holds))
        self._do("wipe the cache", self._wipe, several=True)
        self._do("pull again", self._turn, several=True)
        self._write("b", "Kastes.")
        self._discard("b")
        self._send("a")
        self._reopen()
        self._end()

    # Steps.

    def _open(self) -> None:
        while self._bench is None:
            store = self._guarded("open", self._opened)
            if isinstance(store, Store):
                self._bench = Bench(store, self._portal)
                with self._disk.asleep():
                    store.outbox.acquire("test", alone=True)
                self._bench.seconds = self._step * 3600.0
            elif self._disk.mended:
                self.crashed.append(f"open: it fails on a disk that is well again: {store!r}")
                raise Stopped
            self._moved_on(always=True)
        self._look("open", self._last.reopened())

    def _opened(self) -> Store:
        return Store.open(
            self._folder,
            KEY,
            clock=lambda: START + timedelta(days=1, hours=self._step),
            uuid=lambda: UUID(int=self._dice.getrandbits(128)),
            witness=FileWitness(self._root / "disk" / "generation"),
        )

    def _reopen(self) -> None:
        bench = self._at_work()
        self._guarded("close", bench.store.close)
        self._bench = None
        self._open()

    def _write(self, thread: str, words: str, kind: Kind = Kind.REPLY) -> None:
        draft = replace(self._draft(thread, kind), text=words)
        saved = self._do(f"save {thread}", lambda bench: self._save(bench, draft))
        there = {row[1:5] for row in self._last.drafts}
        if saved is not None and (thread, KARI.reference, kind, words) not in there:
            self.lost.append(f"save {thread}: it is said to be saved and is not there")

    def _draft(self, thread: str, kind: Kind) -> Draft:
        with self._disk.asleep():
            found = self._guarded(f"read {thread}", lambda: self._at_work().desk.draft(Key("p", thread), kind))
        if isinstance(found, StoreError):
            self.crashed.append(f"read {thread}: {found!r} on a disk that is well")
            raise Stopped
        return found

    def _attach(self, thread: str, data: bytes) -> None:
        file = self._do("copy a file", lambda bench: bench.store.files.add("bilde.txt", "text/plain", data))
        if file is not None:
            draft = self._draft(thread, Kind.REPLY)
            self._do(f"attach {thread}", lambda bench: self._save(bench, replace(draft, files=(*draft.files, file))))

    def _send(self, thread: str, kind: Kind = Kind.REPLY) -> None:
        draft = self._draft(thread, kind)
        with self._disk.asleep():
            conversation = self._guarded(f"read {thread}", lambda: self._at_work().desk.conversation(draft.key))
        if isinstance(conversation, StoreError):
            self.crashed.append(f"read {thread}: {conversation!r} on a disk that is well")
            raise Stopped
        if draft.empty or conversation is None:
            return  # the disk did not let it be written, or fetched
        entry = self._do(f"send {thread}", lambda bench: _sent(bench, draft, conversation))
        if entry is not None:
            self._queued[entry.id] = entry.text
            if not any(row[0] == entry.id and row[3] == draft.text for row in self._last.outbox):
                self.lost.append(f"send {thread}: it is said to be queued and is not there")

    def _cancel(self, thread: str, kind: Kind) -> None:
        verb = Verb.NOTE if kind is Kind.NOTE else Verb.REPLY
        with self._disk.asleep():
            entries = self._at_work().store.outbox.pending()
        entry = next((each for each in entries if each.key.thread == thread and each.verb is verb), None)
        if entry is None:
            return
        if self._do(f"cancel {thread}", lambda bench: bench.desk.cancel(entry.id)):
            del self._queued[entry.id]
            if not any(entry.text in row[4] for row in self._last.drafts):
                self.lost.append(f"cancel {thread}: its words are no draft again")

    def _discard(self, thread: str) -> None:
        draft = self._draft(thread, Kind.REPLY)
        self._do(f"discard {thread}", lambda bench: bench.store.drafts.discard(draft))

    def _turn(self, bench: Bench) -> None:
        bench.seconds += 60
        bench.turn.hurry()
        for _ in range(4):
            bench.take()

    def _wipe(self, bench: Bench) -> None:
        try:
            bench.store.wipe_cache()
        except StoreError:
            self._disk.mend()
            bench.store.wipe_cache()
        bench.turn = bench.new_turn()

    # Looking.

    def _at_work(self) -> Bench:
        assert self._bench is not None
        return self._bench

    def _do(self, name: str, work: Callable[[Bench], T], *, several: bool = False) -> T | None:
        """What a step gives, None when it failed; looks whether it is so.

        Args:
            name: Of the step, for what is found.
            work: Does it.
            several: It is more than one transaction, so that some of it may be done when it fails.
        """
        bench = self._at_work()
        before = self._last
        self._name, self._touches = name, name.rpartition(" ")[2]
        given = self._guarded(name, lambda: work(bench))
        failed = isinstance(given, StoreError)
        with self._disk.asleep():
            self._last = self._held(name)
        if several:
            self._compare_ids(name, before)
        elif failed and self._last != before:
            self.lost.append(f"{name}: it failed and changed something all the same")
        self._moved_on()
        return None if isinstance(given, StoreError) else given

    def _guarded(self, name: str, work: Callable[[], T]) -> T | StoreError:
        try:
            return work()
        except StoreError as error:
            if not self._disk.hits or (self._disk.mended and name != "open"):
                self.crashed.append(f"{name}: {error!r} on a disk that is well")
                raise Stopped from error
            return error
        except Exception as error:
            self.crashed.append(f"{name}: {type(error).__name__}: {error}")
            raise Stopped from error

    def _held(self, name: str) -> Held:
        try:
            return held(self._at_work().store)
        except StoreError as error:
            self.crashed.append(f"{name}: what is there cannot be read any more: {error}")
            raise Stopped from error

    def _look(self, name: str, expected: Held) -> None:
        with self._disk.asleep():
            self._last = self._held(name)
        if self._last != expected:
            self.lost.append(f"{name}: not all is there that was")

    def _compare_ids(self, name: str, before: Held) -> None:
        """A sender's turn moves entries between states: none of them goes, no word changes, no draft either."""
        if self._last.drafts != before.drafts:
            self.lost.append(f"{name}: it changed a draft")
        if [(row[0], row[3]) for row in self._last.outbox] != [(row[0], row[3]) for row in before.outbox]:
            self.lost.append(f"{name}: something left the outbox, or changed its words")

    def _moved_on(self, *, always: bool = False) -> None:
        """The step is over; where the disk has failed in it, a crash is played, and after some the disk is mended."""
        self._step += 1
        if not self._disk.hits:
            return
        if self._broken_since is None:
            self._broken_since = self._step
            self._play_crash()
        if always or self._step - self._broken_since >= STEPS_BROKEN:
            self._disk.mend()

    def _play_crash(self) -> None:
        """What the next start would find if the program died now."""
        if self._bench is None:
            return
        copy = self._root / "copy"
        shutil.rmtree(copy, ignore_errors=True)
        with self._disk.asleep():
            shutil.copytree(self._folder, copy)
            try:
                store = Store.open(copy, KEY, clock=lambda: START + timedelta(days=9), uuid=lambda: UUID(int=1))
                found = held(store)
                store.close()
            except StoreError as error:
                self.crashed.append(f"after a crash in step {self._step}: {error!r}")
                raise Stopped from error
        gone = _gone(found, self._last.reopened(), self._name, self._touches)
        if gone:
            self.lost.append(f"after a crash in step {self._step} ({self._name}): {gone}")

    def _end(self) -> None:
        self._disk.mend()
        bench = self._at_work()
        bench.seconds += 3600
        try:
            bench.sync()
        except AssertionError as error:
            self.lost.append(f"at the end: {error}")
        for entry, words in self._queued.items():
            there = [post for post in self._portal.posts.values() if post.client_id == entry]
            found = bench.store.outbox.get(entry)
            if len(there) > 1:
                self.doubled.append(f"at the end: {len(there)} times: {words[:40]}")
            if found is None or (found.state is Sending.SENT) != bool(there) or found.text != words:
                self.lost.append(
                    f"at the end: {found.state if found else 'gone'}, on the portal {len(there)}: {words[:40]}"
                )
        self._last = held(bench.store)
        bench.store.close()
        self._bench = None
        self._open()
        self._at_work().store.close()
