"""A portal on paper: it answers at once and does what a test tells it, for what no real portal does on command."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Coroutine, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from client.errors import Conflict, NotFound, NotOffered, Unreachable
from workbench.dialogue.attachment import Attachment
from workbench.dialogue.basis import readers_in
from workbench.dialogue.held import (
    Appointment,
    Batch,
    DeletedPage,
    Directory,
    HeldParty,
    HeldPatient,
    HeldPost,
    HeldTask,
    HeldThread,
    PulledPage,
    RecordDocument,
    Remark,
    Stamp,
    Stream,
)
from workbench.dialogue.people import Me, Party, PartyKind, Patient, Role
from workbench.dialogue.presence import Doing
from workbench.dialogue.tie import ANY, TIES, Tie, TieKind
from workbench.dialogue.work import TYING, Change, State, Verb

T = TypeVar("T")
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
KARI = Me("p", "Practitioner/kari", "Kari Nordmann", Role.CLINICIAN)
LISE = Me("p", "Practitioner/lise", "Lise Sekretær", Role.SUPPORT)


def run(coroutine: Coroutine[Any, Any, T]) -> T:
    """Runs a coroutine without an event loop; it fails if anything in it really waits."""
    try:
        coroutine.send(None)
    except StopIteration as done:
        value: T = done.value
        return value
    coroutine.close()
    raise AssertionError("it waited for something that the ports did not make it wait for")


class Paper:
    """Implements `PortalPort` in memory."""

    def __init__(self, name: str = "p", page: int = 50) -> None:
        self.name = name
        self.size = page
        self.now = START
        self.threads: dict[str, HeldThread] = {}
        self.posts: dict[str, HeldPost] = {}
        self.tasks: dict[str, HeldTask] = {}
        self.patients: dict[str, HeldPatient] = {}
        self.parties: dict[str, HeldParty] = {}
        self.notes: dict[str, str] = {}
        self.files: dict[str, bytes] = {}
        self.calls: Counter[str] = Counter()
        self.before: dict[str, list[Callable[[], None]]] = defaultdict(list)
        """What happens before the next calls of a name, one a call; raising means that the call did nothing."""
        self.after: dict[str, list[Callable[[], None]]] = defaultdict(list)
        """What happens after the next calls of a name; raising means that the answer was lost."""
        self.history: list[tuple[datetime, str, bool]] | None = None
        """Time, reference and whether it was a deletion; None for a portal that tells no history."""
        self.lines: list[list[Exception | None]] = []
        """What each line for live updates brings: events, and how it ends. None are offered when there are none."""
        self.told_now: datetime | None = None
        """What it says of the time there."""
        self.down = False
        self.heeds = True
        self.kept_back = 0
        """Messages of each conversation that it does not give, or that nobody can read."""
        self.presences: list[tuple[str, str, Doing | None]] = []
        """Who told where they are, in order."""
        self.told_sent: list[datetime] = []
        """The `sent` of every try to send a message."""
        for me in (KARI, LISE):
            party = Party(me.reference, me.name, PartyKind.STAFF)
            self.parties[me.reference] = HeldParty(self.stamp(me.reference.partition("/")[2]), party)

    # What a test does on the portal's side.

    def stamp(self, identity: str, version: str = "1") -> Stamp:
        self.now += timedelta(seconds=1)
        return Stamp(identity, version, self.now)

    def open_thread(self, identity: str, patient: str = "ola", text: str = "Hei, jeg har vondt i øret") -> None:
        """A conversation with a message of its patient and an unclaimed Task."""
        reference = f"Patient/{patient}"
        if reference not in self.patients:
            self.patients[reference] = HeldPatient(
                self.stamp(patient), Patient(reference, f"{patient.title()} Hansen", "1979-03-12")
            )
        self.threads[identity] = HeldThread(
            self.stamp(identity), f"Sak {identity}", False, reference, (reference,), ("e-kontakt",)
        )
        self.write(identity, reference, text)
        task = HeldTask(self.stamp(f"t-{identity}"), identity, State.NEW, pool="legekontor", category="e-kontakt")
        self.tasks[task.stamp.id] = task

    def write(self, thread: str, sender: str, text: str, **more: Any) -> HeldPost:
        """Somebody writes in a conversation."""
        identity = f"m{len(self.posts)}"
        post = HeldPost(self.stamp(identity), thread, sender, self.now, text, **more)
        self.posts[identity] = post
        return post

    def set_task(self, thread: str, **values: Any) -> HeldTask:
        """Somebody changes the Task of a conversation."""
        task = next(task for task in self.tasks.values() if task.thread == thread)
        stamp = self.stamp(task.stamp.id, str(int(task.stamp.version) + 1))
        self.tasks[task.stamp.id] = replace(task, stamp=stamp, **values)
        return self.tasks[task.stamp.id]

    def keep_history(self) -> None:
        """Begins to tell the history of each kind."""
        stamped = [(f"Task/{each.stamp.id}", each.stamp) for each in self.tasks.values()]
        for shelf in (self.threads, self.posts):
            stamped += [(f"Communication/{identity}", each.stamp) for identity, each in shelf.items()]
        self.history = sorted((stamp.updated, reference, False) for reference, stamp in stamped)

    def delete(self, reference: str) -> None:
        """Somebody deletes a Communication or a Task."""
        identity = reference.partition("/")[2]
        for shelf in (self.threads, self.posts, self.tasks):
            shelf.pop(identity, None)
        self.now += timedelta(seconds=1)
        if self.history is not None:
            self.history.append((self.now, reference, True))

    def messages(self, thread: str, sender: str = KARI.reference) -> list[str]:
        """What somebody wrote in a conversation."""
        return [post.text for post in self.posts.values() if post.parent == thread and post.sender == sender]

    # The port.

    def _enter(self, call: str) -> None:
        self.calls[call] += 1
        if self.down:
            raise Unreachable("nobody answers")
        if self.before[call]:
            self.before[call].pop(0)()

    def _leave(self, call: str) -> None:
        if self.after[call]:
            self.after[call].pop(0)()

    async def changes(self, stream: Stream, since: datetime | None, page: str | None) -> PulledPage:
        self._enter("changes")
        moment, _, offset = (page or f"{since.isoformat() if since else ''}|0").partition("|")
        after = datetime.fromisoformat(moment) if moment else None
        rows = sorted((row for row in self._rows(stream) if after is None or row.stamp.updated >= after), key=_updated)
        here = rows[int(offset) : int(offset) + self.size]
        further = int(offset) + self.size < len(rows)
        return PulledPage(
            batch(here),
            f"{moment}|{int(offset) + self.size}" if further else None,
            max(map(_updated, here), default=None),
            len(here),
            now=self.told_now,
        )

    async def deletions(self, stream: Stream, since: datetime | None, page: str | None) -> DeletedPage | None:
        self._enter("deletions")
        if self.history is None:
            return None
        changes = [(row.stamp.updated, f"{stream}/{row.stamp.id}", False) for row in self._rows(stream)]
        self.history = sorted({*self.history, *changes})  # what is changed again later has been like this once
        log = [entry for entry in self.history if entry[1].startswith(stream)]
        told = sorted((entry for entry in log if since is None or entry[0] >= since), reverse=True)
        if since is None:
            return DeletedPage((), None, told[0][0] if told else None)
        offset = int(page or "0")
        here = told[offset : offset + self.size]
        return DeletedPage(
            tuple(reference for _, reference, deleted in here if deleted),
            str(offset + self.size) if offset + self.size < len(told) else None,
            here[0][0] if here else None,
            {each: row.stamp.version for _, each, _ in reversed(here) if (row := self._one(each)) is not None},
        )

    async def versions(self, references: Sequence[str]) -> dict[str, str]:
        self._enter("versions")
        found = {each: self._one(each) for each in references}
        return {each: row.stamp.version for each, row in found.items() if row is not None}

    async def read(self, reference: str) -> Batch:
        self._enter("read")
        row = self._one(reference)
        return Batch(gone=(reference,)) if row is None else batch([row])

    def _one(self, reference: str) -> HeldTask | HeldThread | HeldPost | None:
        identity = reference.partition("/")[2]
        if reference.startswith("Task/"):
            return self.tasks.get(identity)
        return self.threads.get(identity) or self.posts.get(identity)

    def _rows(self, stream: Stream) -> list[HeldTask | HeldThread | HeldPost]:
        return list(self.tasks.values()) if stream == "Task" else [*self.threads.values(), *self.posts.values()]

    async def listen(self) -> AsyncIterator[None]:
        self._enter("listen")
        if not self.lines:
            raise NotOffered
        for told in self.lines.pop(0):
            if told is not None:
                raise told
            yield

    async def tell_presence(self, me: Me, thread: str, doing: Doing | None) -> None:
        self._enter("tell_presence")
        self.presences.append((me.reference, thread, doing))

    async def fetch(self, references: Sequence[str]) -> Batch:
        self._enter("fetch")
        return Batch(
            threads=tuple(
                self.threads[each.partition("/")[2]] for each in references if each.partition("/")[2] in self.threads
            ),
            patients=tuple(self.patients[each] for each in references if each in self.patients),
            parties=tuple(self.parties[each] for each in references if each in self.parties),
        )

    async def thread(self, thread: str) -> Batch:
        self._enter("thread")
        if thread not in self.threads:
            raise NotFound("no such thing")
        posts = tuple(post for post in self.posts.values() if post.parent == thread)
        tasks = tuple(task for task in self.tasks.values() if task.thread == thread)
        return Batch(threads=(self.threads[thread],), posts=posts, tasks=tasks, missing=self.kept_back)

    async def directory(self) -> Directory:
        self._enter("directory")
        return Directory()

    async def practitioners(self) -> tuple[Me, ...]:
        return (KARI, LISE)

    async def staff_member(self, reference: str) -> Me | None:
        self._enter("staff_member")
        return next((me for me in (KARI, LISE) if me.reference == reference), None)

    async def task_of(self, thread: str) -> HeldTask | None:
        self._enter("task_of")
        return next((task for task in self.tasks.values() if task.thread == thread), None)

    async def ensure_task(self, thread: str, patient: str, category: str) -> HeldTask:
        self._enter("ensure_task")
        task = HeldTask(self.stamp(f"t-{thread}"), thread, State.NEW, category=category)
        return self.tasks.setdefault(task.stamp.id, task)

    async def change_task(self, task: HeldTask, change: Change, me: Me, *, when: datetime) -> HeldTask:
        self._enter("change_task")
        if self.tasks[task.stamp.id].stamp.version != task.stamp.version:
            raise Conflict("it is of another version")
        said = {"notes": (*task.notes, Remark(me.reference, when, change.note))} if change.note else {}
        changed = self.set_task(task.thread, **_effect(task, change, me), **said)
        self._leave("change_task")
        return changed

    async def answer_task(self, task: HeldTask, message: str, me: Me) -> HeldTask:
        self._enter("answer_task")
        changed = self.set_task(task.thread, state=State.WAITING_PATIENT, owner=task.owner or me.reference)
        self._leave("answer_task")
        return changed

    async def upload(self, data: bytes, content_type: str) -> str:
        self._enter("upload")
        address = f"Binary/{len(self.files)}"
        self.files[address] = data
        self._leave("upload")
        return address

    async def send_message(
        self,
        client_id: str,
        thread: str,
        readers: Sequence[str],
        me: Me,
        text: str,
        attachments: Sequence[Attachment],
        sent: datetime,
        *,
        patient: str = "",
        receipt: bool = False,
    ) -> HeldPost:
        self.told_sent.append(sent)
        self._enter("send_message")
        if set(readers) != set(readers_in(self.threads[thread])):
            raise Conflict("other readers")
        if patient not in ("", self.threads[thread].patient):
            raise Conflict("another patient")
        there = await self.find(client_id)
        more = {"client_id": client_id, "attachments": tuple(attachments), "receipt": receipt}
        post = there or self.write(thread, me.reference, text, **more)
        self._leave("send_message")
        return post

    async def send_note(
        self,
        client_id: str,
        thread: str,
        task: str,
        me: Me,
        text: str,
        attachments: Sequence[Attachment],
        sent: datetime,
    ) -> Batch:
        self._enter("send_note")
        side = f"side-{thread}"
        if side not in self.threads:
            self.threads[side] = HeldThread(self.stamp(side), "", True, about=thread, task=task)
        there = await self.find(client_id)
        post = there or self.write(side, me.reference, text, client_id=client_id, internal=True)
        self._leave("send_note")
        return Batch(threads=(self.threads[side],), posts=(post,))

    async def find(self, client_id: str) -> HeldPost | None:
        self._enter("find")
        return next((post for post in self.posts.values() if post.client_id == client_id), None)

    async def heeds_identifiers(self) -> bool:
        return self.heeds

    async def documents(self, patient: str) -> tuple[RecordDocument, ...]:
        self._enter("documents")
        return ()

    async def appointments(self, patient: str, since: datetime) -> tuple[Appointment, ...]:
        self._enter("appointments")
        return ()

    async def download(self, url: str) -> bytes:
        self._enter("download")
        return self.files[url]

    async def close(self) -> None:
        self.down = True


def batch(rows: Sequence[HeldTask | HeldThread | HeldPost]) -> Batch:
    return Batch(
        threads=tuple(row for row in rows if isinstance(row, HeldThread)),
        posts=tuple(row for row in rows if isinstance(row, HeldPost)),
        tasks=tuple(row for row in rows if isinstance(row, HeldTask)),
    )


def _updated(row: HeldTask | HeldThread | HeldPost) -> datetime:
    return row.stamp.updated


def _effect(task: HeldTask, change: Change, me: Me) -> dict[str, Any]:
    if change.verb in TYING:
        tie = Tie(TIES[change.verb], change.other)
        ties = task.ties | {tie} if change.verb in (Verb.MERGE, Verb.LINK) else task.ties - {tie}
        states = {
            Verb.MERGE: change.restores or State.DONE,
            Verb.SPLIT: change.restores or _opened(task),
        }
        return {"ties": ties, "state": states.get(change.verb, task.state)}
    if change.restores:
        found: dict[str, Any] = {"state": change.state, "until": change.until}
        moved = change.verb in (Verb.CLAIM, Verb.RELEASE, Verb.HAND_OVER)
        found |= {"owner": change.owner} if moved else {}
        return found | ({"pool": change.pool} if change.verb is Verb.HAND_OVER else {})
    match change.verb:
        case Verb.CLAIM:
            return {"owner": me.reference, "state": State.CLAIMED}
        case Verb.RELEASE:
            return {"owner": "", "state": State.NEW}
        case Verb.HAND_OVER:
            return {"owner": change.owner, "pool": change.pool, "state": State.CLAIMED if change.owner else State.NEW}
        case Verb.DONE:
            kept = {tie for tie in task.ties if change.other != ANY or tie.kind is not TieKind.MERGED}
            return {"state": State.DONE, "ties": frozenset(kept)}
        case Verb.REOPEN:
            return {"state": State.CLAIMED if task.owner else State.NEW}
        case Verb.SNOOZE:
            return {"state": State.SNOOZED, "until": change.until}
        case Verb.WAKE:
            return {"state": State.CLAIMED if task.owner else State.NEW, "until": None}
        case Verb.NEXT:
            turn = change.state
            return {"state": State.CLAIMED if turn is State.NEW and task.owner else turn}
        case Verb.PRIORITY:
            return {"priority": change.priority, **_still_ours(task, change)}
        case _:
            return {"category": change.category, **_still_ours(task, change)}


def _opened(task: HeldTask) -> State:
    return (State.CLAIMED if task.owner else State.NEW) if task.state is State.DONE else task.state


def _still_ours(task: HeldTask, change: Change) -> dict[str, Any]:
    rests = task.state in (State.SNOOZED, State.DONE, State.WAITING_PATIENT)
    return {"state": State.CLAIMED if task.owner else State.NEW, "until": None} if rests and change.state else {}
