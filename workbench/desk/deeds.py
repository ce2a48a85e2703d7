"""Does what the user asks for, remembers each step of the session, and takes steps back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from workbench.desk.desk import Desk
from workbench.dialogue.basis import Seen
from workbench.dialogue.bulk import Plan
from workbench.dialogue.conversation import Conversation
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Draft, Outgoing, Reason, Sending
from workbench.dialogue.refusals import SendError
from workbench.dialogue.snoozing import why_not_snooze
from workbench.dialogue.steps import DONE, Deed, Line, Step, Steps, Undone, together
from workbench.dialogue.undo import hides, left_as
from workbench.dialogue.work import WORDS, Change, Verb, WorkItem

if TYPE_CHECKING:
    from workbench.store.store import Store


class Deeds:
    """The verbs of a session. Its methods write to the disk, one at a time."""

    def __init__(self, store: Store, desk: Desk, clock: Callable[[], datetime]) -> None:
        self._store, self._desk, self._clock = store, desk, clock
        self.steps = Steps()
        """Replaced by each step, never changed."""

    def act(self, key: Key, change: Change, shown: Conversation | None) -> Outgoing:
        """Queues a verb (`Desk.act`)."""
        before, name = self._before(key)
        queued = self._desk.act(key, change, shown)
        self._remember((queued,), (before,), name)
        return queued

    def act_all(self, agreed: Plan) -> tuple[tuple[Outgoing, ...], Plan]:
        """Queues one verb for many conversations (`Desk.act_all`), as one step."""
        befores = {item.key: self._before(item.key)[0] for item in agreed.to}
        queued, stands = self._desk.act_all(agreed)
        if queued:
            self._remember(queued, tuple(befores[entry.key] for entry in queued), "")
        return queued, stands

    def send(self, draft: Draft, conversation: Conversation) -> Outgoing:
        """Queues a draft (`Desk.send`)."""
        queued = self._desk.send(draft, conversation)
        patient = conversation.patient.name if conversation.patient else ""
        self._remember((queued,), (conversation.work,), patient)
        return queued

    def receipt(self, text: str, conversation: Conversation) -> Outgoing:
        """Queues a receipt (`Desk.receipt`)."""
        queued = self._desk.receipt(text, conversation)
        patient = conversation.patient.name if conversation.patient else ""
        self._remember((queued,), (conversation.work,), patient)
        return queued

    def undo(self, number: int) -> tuple[Step, Undone] | None:
        """Takes a step back as far as that can be.

        What has not left is cancelled; what has left is put back as it stood, unless it was words, or somebody has
        changed it since.

        Returns:
            The step and what became of it; None when there is no such step or it was taken back before.
        """
        step = self.steps.find(number)
        if step is None or step.undone in DONE:
            return None
        self.steps = self.steps.with_deeds(number, {deed.entry: self._take_back(deed) for deed in reversed(step.left)})
        after = self.steps.find(number)
        return None if after is None or after.undone is None else (after, after.undone)

    def line(self, step: Step) -> Line:
        """A step with what would become of taking it back now; nothing is changed."""
        outlooks = [self._outlook(deed) for deed in step.left]
        return Line(step, together(outlooks) if outlooks else None)

    def pass_over(self, number: int) -> Undone:
        """Remembers that words were asked back: the step before them is the next.

        Returns:
            Why they cannot be taken back, or that they are opened to go on writing.
        """
        step = self.steps.find(number)
        if step is None or step.undone is Undone.TAKEN_BACK:
            return Undone.TAKEN_BACK
        undone = self._far(step.deeds[0].entry) or Undone.OPENED
        self.steps = self.steps.with_undone(number, undone)
        return undone

    def cancel(self, outgoing: str) -> bool:
        """Takes something back from the outbox (`Desk.cancel`), and remembers that of its step."""
        done, step = self._desk.cancel(outgoing), self.steps.of(outgoing)
        if done and step is not None:
            self.steps = self.steps.with_deeds(step.number, {outgoing: Undone.TAKEN_BACK})
        return done

    def _far(self, outgoing: str) -> Undone | None:
        """How far what was queued has come that cannot be taken back any more; None where it can."""
        entry = self._store.outbox.get(outgoing)
        if entry is None and not self._store.cache.holds([outgoing]):
            return Undone.DROPPED
        if entry is None or entry.state is Sending.SENT:
            return Undone.ARRIVED
        doubtful = outgoing in self._store.outbox.doubtful() or entry.reason == Reason.AMBIGUOUS
        return Undone.IN_DOUBT if doubtful or entry.state in (Sending.SENDING, Sending.UNKNOWN) else None

    def _take_back(self, deed: Deed) -> Undone:
        if self._desk.cancel(deed.entry):
            return Undone.TAKEN_BACK
        became = self._once_left(deed)
        if became is not Undone.PUT_BACK or deed.back is None:
            return became
        try:
            self._desk.act(deed.key, deed.back, None)
        except SendError:
            return Undone.NOT
        return Undone.PUT_BACK

    def _outlook(self, deed: Deed) -> Undone:
        """What `_take_back` would give."""
        entry = self._store.outbox.get(deed.entry)
        if entry is not None and not self._desk.authors.others(entry) and self._waits(entry):
            return Undone.TAKEN_BACK
        return self._once_left(deed)

    def _waits(self, entry: Outgoing) -> bool:
        """Whether it has not left for certain, so that it can be cancelled (`Outbox.cancel`)."""
        stopped = entry.state is Sending.NEEDS_YOU and entry.reason != Reason.AMBIGUOUS
        sure = entry.state is Sending.QUEUED or stopped
        return sure and not (entry.verb in WORDS and entry.id in self._store.outbox.doubtful())

    def _once_left(self, deed: Deed) -> Undone:
        """What becomes of taking back what can be cancelled no more: it can be put back, or why not."""
        far, back = self._far(deed.entry), deed.back
        if deed.change is None:
            return far or Undone.NOT
        if far is Undone.DROPPED:
            return Undone.DROPPED  # it changed nothing, so that there is nothing to put back
        held = self._store.cache.conversation(deed.key)
        if held is None or back is None or not _stands(held, deed.change) or self._hides(deed, back, held):
            return Undone.NOT
        return Undone.NOT if back.snoozes and self._too_late(deed.key, back) else Undone.PUT_BACK

    def _too_late(self, key: Key, back: Change) -> bool:
        return why_not_snooze(back.until, self._clock(), flagged=self._store.cache.flagged(key)) is not None

    def _hides(self, deed: Deed, back: Change, held: Conversation) -> bool:
        """Whether to put it back would put away what nobody here has seen: that is decided on anew."""
        entry = self._store.outbox.get(deed.entry)
        return entry is None or hides(back, Seen.read(entry.basis), held, entry.author)

    def _before(self, key: Key) -> tuple[WorkItem, str]:
        held = self._store.cache.conversation(key)
        if held is None:
            return WorkItem(), ""
        return held.work, held.patient.name if held.patient else held.title

    def _remember(self, queued: tuple[Outgoing, ...], befores: tuple[WorkItem, ...], name: str) -> None:
        self.steps = self.steps.with_step(self._clock(), queued, befores, name)


def _stands(held: Conversation, change: Change) -> bool:
    """Whether a conversation stands as a verb left it: else a colleague has changed it, and that stays."""
    match change.verb:
        case Verb.MERGE | Verb.SPLIT:
            there = change.other in [tied.key.thread for tied in held.into]
            return there is (change.verb is Verb.MERGE)
        case Verb.LINK | Verb.UNLINK:
            there = change.other in [tied.key.thread for tied in held.linked]
            return there is (change.verb is Verb.LINK)
    return left_as(change, held.work)
