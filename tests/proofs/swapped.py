"""A copy of the store from an earlier moment is put back: it is refused, and accepted only by the user's own act.

What waits in an accepted copy is looked for on the portal before anything of it leaves, so that what was sent after
the copy was taken does not go twice.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from random import Random
from uuid import UUID

from tests.proofs.held import held
from tests.proofs.power import scratch
from tests.proofs.verdict import Verdict
from tests.store.made import KEY
from tests.sync.conftest import Bench
from tests.sync.paper import KARI, START, Paper
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Draft, Kind, Sending
from workbench.dialogue.work import Change, Verb
from workbench.store.errors import Missing, Older, StoreError
from workbench.store.store import Store
from workbench.store.witness import FileWitness

WAITING = (Sending.QUEUED, Sending.SENDING)


@dataclass(frozen=True, slots=True)
class _Copy:
    """The store's files as they were at some moment."""

    name: str
    folder: Path
    waits: int
    """How many things were on their way in it."""


class _History:
    """A store over three starts of the program, and the copies that were taken of it."""

    def __init__(self, root: Path, seed: int) -> None:
        self.root = root
        self.folder = root / "store"
        self.portal = Paper()
        self.copies: list[_Copy] = []
        self._dice = Random(seed)
        for thread in "abc":
            self.portal.open_thread(thread, patient=f"p{thread}")

    def witness(self) -> FileWitness:
        return FileWitness(self.root / "generation")

    def open(self, *, accept: bool = False) -> Bench:
        store = Store.open(
            self.folder,
            KEY,
            clock=lambda: START + timedelta(days=1),
            uuid=lambda: UUID(int=self._dice.getrandbits(128)),
            witness=self.witness(),
            accept_older=accept,
        )
        bench = Bench(store, self.portal)
        store.outbox.acquire("test", alone=True)
        return bench

    def copy(self, name: str, waits: int = 0) -> None:
        folder = self.root / f"copy {len(self.copies)}"
        shutil.copytree(self.folder, folder)
        self.copies.append(_Copy(name, folder, waits))

    def live(self) -> None:
        """Three starts; copies are taken with the program open, after its end, and with much on its way."""
        bench = self.open()
        self.copy("made and never used")
        bench.store.attest()
        bench.sync()
        bench.desk.save_draft(Draft(Key("p", "a"), KARI.reference, Kind.REPLY, "Begynt."))
        self.copy("open, with a draft")
        bench.store.close()
        self.copy("closed, with a draft")
        bench = self.open()
        bench.store.attest()
        draft = bench.desk.draft(Key("p", "a"), Kind.REPLY)
        bench.desk.send(replace(draft, text="Svaret."), bench.read("a"))
        bench.reply("b", "Et notat.", Kind.NOTE)
        bench.act("c", Change(Verb.CLAIM))
        self.copy("open, with an answer on its way", 4)
        bench.store.close()
        self.copy("closed, with an answer on its way", 4)
        bench = self.open()
        bench.store.attest()
        bench.sync()
        bench.reply("b", "Svar til b.")
        bench.sync()
        bench.store.close()


def tried(seed: int) -> Verdict:
    """Puts every copy of one history back, in several ways."""
    verdict = Verdict("tamper", 0, seed)
    with scratch() as root:
        history = _History(root / "life", seed)
        (root / "life").mkdir()
        history.live()
        shutil.copytree(root / "life", root / "kept")
        for copy in history.copies:
            for way in (_whole, _beneath_a_newer_log):
                verdict += _try(history, root, copy, way, seed)
        verdict += _newest(history, root, seed)
        verdict += _gone(history, root, seed)
    return verdict


def _whole(folder: Path, copy: _Copy) -> None:
    shutil.rmtree(folder)
    shutil.copytree(copy.folder, folder)


def _beneath_a_newer_log(folder: Path, copy: _Copy) -> None:
    """Only the file itself is put back, while a program that was killed has left its log."""
    log = folder.parent / "log of a killed program"
    if log.exists():
        shutil.copy(log, folder / "work.db-wal")
    shutil.copy(copy.folder / "work.db", folder / "work.db")


def _try(history: _History, root: Path, copy: _Copy, way: Callable[[Path, _Copy], None], seed: int) -> Verdict:
    _begin(history, root)
    if way is _beneath_a_newer_log:
        _leave_a_log(history)
    way(history.folder, copy)
    place = f"seed {seed}: {copy.name}, put back {way.__name__.strip('_')}"
    one = Verdict("tamper", 1, 0)
    before = _bytes(history.folder)
    for _ in range(2):
        try:
            history.open().store.close()
        except Older:
            pass
        except StoreError as error:
            return replace(one, unreadable=1, notes=(f"{place}: it says {error.word}",))
        else:
            return replace(one, unreadable=1, notes=(f"{place}: it was not noticed",))
        if _bytes(history.folder) != before:
            return replace(one, unreadable=1, notes=(f"{place}: it was refused and is not as it was",))
    return one if way is _beneath_a_newer_log else _accept(history, copy, place)


def _accept(history: _History, copy: _Copy, place: str) -> Verdict:
    """The user accepts the copy: all that waits in it is looked for first, and none of it goes twice."""
    one = Verdict("tamper", 1, 0)
    sent = {post.client_id for post in history.portal.posts.values() if post.client_id}
    bench = history.open(accept=True)
    waiting = [entry.state for entry in bench.store.outbox.pending()]
    if any(state in WAITING for state in waiting) or len(waiting) != copy.waits:
        return replace(one, lost=1, notes=(f"{place}: after it was accepted it holds {waiting}",))
    bench.sync()
    bench.store.close()
    history.open().store.close()
    identifiers = [post.client_id for post in history.portal.posts.values() if post.client_id]
    if len(identifiers) != len(set(identifiers)) or set(identifiers) != sent:
        return replace(one, doubled=1, notes=(f"{place}: after it was accepted something was sent again",))
    return one


def _newest(history: _History, root: Path, seed: int) -> Verdict:
    """The store itself, and a copy of it as it is now, open as ever."""
    _begin(history, root)
    one = Verdict("tamper", 1, 0)
    try:
        for _ in range(3):
            bench = history.open()
            bench.store.attest()
            now = held(bench.store)
            bench.store.close()
            shutil.copytree(history.folder, root / "same")
            shutil.rmtree(history.folder)
            (root / "same").rename(history.folder)
            bench = history.open()
            same = held(bench.store) == now
            bench.store.close()
            if not same:
                return replace(one, lost=1, notes=(f"seed {seed}: a copy of the newest holds something else",))
    except StoreError as error:
        return replace(one, unreadable=1, notes=(f"seed {seed}: the newest itself is refused: {error}",))
    return one


def _gone(history: _History, root: Path, seed: int) -> Verdict:
    """The file is gone: nothing is begun anew before the user says so."""
    _begin(history, root)
    one = Verdict("tamper", 1, 0)
    (history.folder / "work.db").unlink()
    try:
        history.open().store.close()
    except Missing:
        history.open(accept=True).store.close()
        history.open().store.close()
        return one
    return replace(one, unreadable=1, notes=(f"seed {seed}: that the store was gone was not noticed",))


def _begin(history: _History, root: Path) -> None:
    """Everything as it was after the last end of the program; the portal stays as it is."""
    shutil.rmtree(history.root)
    shutil.copytree(root / "kept", history.root)


def _leave_a_log(history: _History) -> None:
    bench = history.open()
    bench.store.attest()
    bench.desk.save_draft(Draft(Key("p", "b"), KARI.reference, Kind.REPLY, "Skrevet før strømmen gikk."))
    shutil.copy(history.folder / "work.db-wal", history.root / "log of a killed program")
    bench.store.close()


def _bytes(folder: Path) -> dict[str, bytes]:
    return {name: (folder / name).read_bytes() for name in ("work.db", "work.db-wal") if (folder / name).exists()}
