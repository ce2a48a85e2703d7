"""Carries one thing out of the outbox to the portal, step by step; each step is written down and safe to repeat."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from client.errors import Conflict, Gone, NotFound, PortalError
from workbench.dialogue.basis import Seen, news, patients_in, readers_in, unseen_notes
from workbench.dialogue.held import Batch, HeldPost, HeldTask, HeldThread
from workbench.dialogue.outgoing import ALL_THE_SAME, BECAME, Outgoing, Reason, Sending
from workbench.dialogue.people import Me, outside
from workbench.dialogue.receipts import given_since
from workbench.dialogue.snoozing import in_time
from workbench.dialogue.tie import TIES, Tie
from workbench.dialogue.work import ASIDE, TYING, Change, State, Verb
from workbench.sync.already import already
from workbench.sync.concerned import check_documents, check_patient, check_relatives
from workbench.sync.faults import UNAVAILABLE
from workbench.sync.ports import CachePort, OutboxPort, PortalPort
from workbench.sync.tying import Read, Tying
from workbench.sync.uploading import attached
from workbench.sync.verdict import NeedsYou, Verdict, verdict

TRIES = 3
"""How often a Task that changes under us is read again."""
ANSWERED, SENT_AT = "answered", "sent-at"
"""Steps that are written down; a file's step is its id."""
HEEDED: Final = timedelta(seconds=20)
"""How long a portal that creates on condition may still be at a try it did not answer: many look first and write then,
so that two tries at once make two messages (issues 3141 of HAPI FHIR, 1382 of Microsoft's FHIR server), and a gateway
answers for them before they are done."""
SHOWN = 200
"""Characters of a new message kept to show why a reply stopped."""


@dataclass(frozen=True, slots=True)
class Courier:
    """One user's way to one portal."""

    portal: PortalPort
    cache: CachePort
    outbox: OutboxPort
    me: Me
    clock: Callable[[], datetime]
    doubt: Callable[[Iterable[str]], None] = lambda _: None
    """Has what seems to be gone asked for by itself: one answer alone takes nothing off the shelf."""

    async def deliver(self, item: Outgoing) -> None:
        """Brings one thing to the portal; when it returns, the portal has it.

        Raises:
            NeedsYou: The conversation is no longer what the user decided on.
            PortalError: It did not arrive, or nobody knows (`may_have_happened`).
        """
        if item.verb in (Verb.REPLY, Verb.RECEIPT):
            await self._message(item)
        elif item.verb is Verb.NOTE:
            await self._note(item)
        else:
            await self._change(item)

    async def find(self, item: Outgoing) -> bool:
        """Whether the portal has a message or note of which nobody knew; it is then taken into the cache."""
        found = await self.portal.find(item.id)
        if found is not None:
            self._held(item, Batch(posts=(found,)))
        return found is not None

    async def arrived(self, item: Outgoing) -> bool:
        """Whether a try of before has made a message or note after all, by its identifier or by its words."""
        with suppress(*UNAVAILABLE):  # some portals cannot be asked for an identifier
            if await self.find(item):
                return True
        try:
            read = await self._read(item.key.thread)
        except NeedsYou:
            return False  # the conversation is gone, and with it whatever stood there
        posts = read.notes if item.verb is Verb.NOTE else read.posts
        made = self._already(item, posts, self.outbox.steps(item.id))
        if made is not None:
            self._held(item, Batch(posts=(made,)), truth=True)
        return made is not None

    async def may_come(self, item: Outgoing) -> bool:
        """Whether an earlier try may still come to pass, and one more would then make a second message."""
        if not self.outbox.in_doubt(item.id):
            return False
        return not await self.portal.heeds_identifiers() or self.outbox.in_doubt(item.id, HEEDED)

    async def answer(self, item: Outgoing) -> None:
        """Tells the Task that a message which has arrived answers it.

        Raises:
            PortalError: It could not be told; the message stays sent, and this may be tried again.
        """
        steps = self.outbox.steps(item.id)
        if ANSWERED in steps:
            return
        for tries in range(TRIES):
            task = await self._task(item)
            try:
                task = await self.portal.answer_task(task, steps.get(BECAME, ""), self.me)
            except Conflict:
                if tries == TRIES - 1:
                    raise
                continue
            self.cache.apply(self.portal.name, Batch(tasks=(task,)))
            break
        self.outbox.progress(item.id, ANSWERED, "1")

    async def _message(self, item: Outgoing) -> None:
        steps = self.outbox.steps(item.id)
        if BECAME in steps or not (header := await self._may_leave(item, steps)):
            return
        attachments = await attached(self.portal, self.outbox, item, steps)
        # An upload may take minutes, in which the patient may write.
        uploaded = any(file.id not in steps for file in item.files)
        if uploaded and not (header := await self._may_leave(item, steps)):
            return
        made = await self.portal.send_message(
            item.id,
            item.key.thread,
            readers_in(header),
            self.me,
            item.text,
            attachments,
            self._sent_at(item),
            patient=item.patient,
            receipt=item.verb is Verb.RECEIPT,
        )
        self._held(item, Batch(posts=(made,)))

    async def _may_leave(self, item: Outgoing, steps: dict[str, str]) -> HeldThread | None:
        """The header of the conversation that a message may leave in; None where an earlier try has made it.

        Raises:
            NeedsYou: It must not leave.
        """
        read = await self._read(item.key.thread)
        header, posts = read.header, read.posts
        held = self._already(item, posts, steps)
        if held is not None:
            self._held(item, Batch(posts=(held,)), truth=True)
            return None
        if read.unread and ALL_THE_SAME not in steps:
            raise NeedsYou(Reason.NOT_ALL_READ)
        self._check(item, header, posts)
        if item.verb is Verb.REPLY:
            self._check_notes(Seen.read(item.basis), read.notes)
        await check_relatives(self.portal, self.cache, header, posts)
        await self._check_owner(item)
        await check_documents(self.portal, item)
        if item.verb is Verb.RECEIPT:
            self._check_not_given(item, posts)
        return header

    def _already(self, item: Outgoing, posts: tuple[HeldPost, ...], steps: dict[str, str]) -> HeldPost | None:
        """The message or note that an earlier try made; None when there was none, or it made nothing."""
        tried = datetime.fromisoformat(steps[SENT_AT]) if SENT_AT in steps else None
        near = [one.id for one in self.outbox.all() if one.key == item.key and one.id != item.id] if tried else []
        others = [self.outbox.steps(one).get(BECAME, "") for one in near]
        uploaded = [steps[file.id] for file in item.files if file.id in steps]
        return already(item, posts, tried, others, self.me.reference, uploaded)

    async def _note(self, item: Outgoing) -> None:
        """Notes stop at no news: what is written for colleagues stays true when the conversation goes on.

        But it is about one patient, and read by nobody where the conversation is gone.
        """
        steps = self.outbox.steps(item.id)
        if BECAME in steps:
            return
        told = await self.portal.read(f"Communication/{item.key.thread}")
        self.doubt(told.gone)
        if told.gone or any(header.retracted for header in told.threads):
            raise NeedsYou(Reason.GONE)
        for header in told.threads:
            check_patient(item, header)
        made = self._already(item, await self._notes(item.key.thread), steps) if SENT_AT in steps else None
        if made is not None:
            self._held(item, Batch(posts=(made,)), truth=True)
            return
        task = await self._task(item)
        attachments = await attached(self.portal, self.outbox, item, steps)
        batch = await self.portal.send_note(
            item.id, item.key.thread, task.stamp.id, self.me, item.text, attachments, self._sent_at(item)
        )
        self._held(item, batch)

    async def _notes(self, thread: str) -> tuple[HeldPost, ...]:
        """The notes on a conversation as the portal has them now; none where it does not give them."""
        batch = Batch()
        with suppress(*UNAVAILABLE):
            batch = await self.portal.thread(thread)
        return _notes_in(batch)

    async def _change(self, item: Outgoing) -> None:
        assert item.change is not None, "a verb carries its change"
        seen, change = Seen.read(item.basis), in_time(item.change, self.clock())
        if change.snoozes:
            return await self._snooze(item, change, seen)
        if change.verb in TYING:
            return await Tying(self._read, partial(self._carry_out, seen=seen), self.clock).carry(
                item, change, partial(self._check_news, seen)
            )
        if change.finishes:
            read = await self._read(item.key.thread)
            check_patient(item, read.header)
            self._check_news(seen, read.posts)
        elif change.verb is Verb.NEXT and change.state is not State.NEW:  # whoever is waited for, it is not we
            self._check_news(seen, (await self._read(item.key.thread)).posts, theirs=True)
        return await self._carry_out(item, change, seen)

    async def _snooze(self, item: Outgoing, change: Change, seen: Seen) -> None:
        """A snooze hides no word of the patient's, not even one that comes at that moment: so it looks once more."""
        try:
            self._check_news(seen, (await self._read(item.key.thread)).posts, theirs=True)
            await self._carry_out(item, change, seen)
            self._check_news(seen, (await self._read(item.key.thread)).posts, theirs=True)
        except NeedsYou as stop:
            if stop.reason is Reason.NEW_ACTIVITY:
                with suppress(NeedsYou):
                    await self._carry_out(item, Change(Verb.WAKE), seen)
            raise

    async def _carry_out(self, item: Outgoing, change: Change, seen: Seen) -> None:
        for tries in range(TRIES):
            task = await self._task_for(item, change)
            if change.verb in ASIDE and task.stamp.version not in ("", seen.task):
                change = replace(change, state=None)  # whose turn it is has been said since
            try:
                if await self._judged(change, task, seen) is Verdict.GO:
                    task = await self.portal.change_task(task, change, self.me, when=self.clock())
            except Conflict:
                if tries == TRIES - 1:
                    raise
                continue
            self.cache.apply(self.portal.name, Batch(tasks=(task,)))
            return

    async def _read(self, thread: str) -> Read:
        """A conversation as it is now, taken into the cache as well."""
        try:
            batch = await self.portal.thread(thread)
        except (NotFound, Gone) as error:
            self.doubt((f"Communication/{thread}",))
            raise NeedsYou(Reason.GONE, error.text) from error
        self.cache.apply(self.portal.name, batch)
        header = next((held for held in batch.threads if held.stamp.id == thread), None)
        if header is None or header.retracted:
            raise NeedsYou(Reason.GONE)
        posts = tuple(post for post in batch.posts if post.parent == thread)
        tasks = tuple(task for task in batch.tasks if task.thread == thread)
        return Read(header, posts, tasks, len(batch.set_aside) + batch.missing, _notes_in(batch))

    def _check(self, item: Outgoing, header: HeldThread, posts: tuple[HeldPost, ...]) -> None:
        """Stops a reply that would reach anybody the user did not see, or that does not know the last word."""
        if len(patients_in(header, posts)) > 1:
            raise NeedsYou(Reason.MIXED)
        seen = Seen.read(item.basis)
        if header.patient != item.patient or header.closed or frozenset(readers_in(header)) != seen.readers:
            raise NeedsYou(Reason.CONFLICT)
        self._check_news(seen, posts)
        known = {*seen.messages, *(post.stamp.id for post in posts)}
        if self.cache.checks.unheard(self.portal.name, item.key.thread, known):
            raise NeedsYou(Reason.NEW_ACTIVITY)  # the portal's list lags behind what it told before

    def _check_not_given(self, item: Outgoing, posts: tuple[HeldPost, ...]) -> None:
        """Stops a receipt for words that have been answered or confirmed since, by whomever."""
        earlier = [one for one in self.outbox.all() if one.key == item.key and one.state is Sending.SENT]
        if given := given_since(posts, earlier):
            raise NeedsYou(Reason.NEW_ACTIVITY, given.text[:SHOWN])

    def _check_news(self, seen: Seen, posts: tuple[HeldPost, ...], *, theirs: bool = False) -> None:
        """Stops what does not know the last word; or only the patient's side's."""
        came = [post for post in news(seen, posts, self.me.reference) if not theirs or outside(post.sender)]
        if came:
            raise NeedsYou(Reason.NEW_ACTIVITY, max(came, key=lambda post: post.sent).text[:SHOWN])

    def _check_notes(self, seen: Seen, notes: tuple[HeldPost, ...]) -> None:
        """Stops a reply that does not know what a colleague noted: that it is solved, or must not be said."""
        if came := unseen_notes(seen, notes, self.me.reference):
            raise NeedsYou(Reason.NEW_ACTIVITY, max(came, key=lambda note: note.sent).text[:SHOWN])

    async def _check_owner(self, item: Outgoing) -> None:
        """Stops a reply in a conversation that a colleague took after the user looked."""
        task = await self.portal.task_of(item.key.thread)
        if task is not None and task.owner:
            await self._judged(Change(Verb.REPLY), task, Seen.read(item.basis), closed_matters=False)

    async def _judged(self, change: Change, task: HeldTask, seen: Seen, *, closed_matters: bool = True) -> Verdict:
        if not closed_matters:
            seen = replace(seen, task=task.stamp.version)
        try:
            return verdict(change, task, seen, self.me.reference)
        except NeedsYou as stop:
            self.cache.apply(self.portal.name, Batch(tasks=(task,)))
            if stop.reason is Reason.TAKEN:
                raise NeedsYou(Reason.TAKEN, await self._name(stop.detail)) from None
            raise

    async def _name(self, reference: str) -> str:
        """The name of who has it, for the one who has not; the bare reference when the portal does not tell."""
        try:
            batch = await self.portal.fetch((reference,))
        except PortalError:
            return reference
        self.cache.apply(self.portal.name, batch)
        return next((held.party.name for held in batch.parties if held.party.reference == reference), reference)

    async def _task(self, item: Outgoing) -> HeldTask:
        thread = item.key.thread
        return await self.portal.task_of(thread) or await self.portal.ensure_task(thread, item.patient, "")

    async def _task_for(self, item: Outgoing, change: Change) -> HeldTask:
        """The Task that a verb changes: where one says what is to be unsaid, that one."""
        if change.verb in (Verb.SPLIT, Verb.UNLINK):
            tasks = (await self._read(item.key.thread)).tasks
            saying = [task for task in tasks if Tie(TIES[change.verb], change.other) in task.ties]
            if saying:
                return saying[0]
        return await self._task(item)

    def _sent_at(self, item: Outgoing) -> datetime:
        """When it was first tried: the same at every try, since one identifier must always name the same words."""
        told = self.outbox.steps(item.id).get(SENT_AT)
        if told is None:
            told = self.clock().isoformat()
            self.outbox.progress(item.id, SENT_AT, told)
        return datetime.fromisoformat(told)

    def _held(self, item: Outgoing, made: Batch, *, truth: bool = False) -> None:
        """Notes what it became, by our name for it, which the portal may not have kept; `truth` when just read."""
        *others, post = made.posts
        named = replace(made, posts=(*others, replace(post, client_id=item.id)))
        self.cache.apply(self.portal.name, named, truth=truth)
        self.outbox.progress(item.id, BECAME, post.stamp.id)


def _notes_in(batch: Batch) -> tuple[HeldPost, ...]:
    sides = {held.stamp.id for held in batch.threads if held.internal}
    return tuple(post for post in batch.posts if post.internal or post.parent in sides)
