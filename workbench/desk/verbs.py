"""Verbs, what takes them back, and the outbox."""

from __future__ import annotations

from collections.abc import Collection

from workbench.desk.room import Room, seen_through
from workbench.dialogue.basis import Seen
from workbench.dialogue.bulk import Plan
from workbench.dialogue.conversation import Conversation
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Draft, Outgoing, Receipt
from workbench.dialogue.steps import Line, Step, Steps, Undone
from workbench.dialogue.work import Change


class Verbs(Room):
    """Verbs, what takes them back, and the outbox."""

    @seen_through
    async def act(self, key: Key, change: Change, *, seen: Conversation | None = None) -> Outgoing:
        """Puts a verb in the outbox.

        Args:
            key: The conversation.
            change: The verb.
            seen: What the user saw of it when deciding; what was last read of it when nobody tells.
        """
        shown = seen or (self._shown if self._shown is not None and self._shown.key == key else None)
        queued = await self._write(self._deeds.act, key, change, shown)
        self._effort.did(key, queued.verb)
        await self._moved(key)
        return queued

    async def seen(self, keys: Collection[Key]) -> dict[Key, Seen]:
        """What is held of some conversations, for a plan to be held to: read it before the rows it shows."""
        return await self._read(self._desk.seen, keys)

    @seen_through
    async def act_all(self, agreed: Plan) -> Plan:
        """Puts one verb for many conversations in the outbox: all that are as they were shown, or none.

        Args:
            agreed: What the user was shown and said yes to.

        Returns:
            What was done of it, and what was left out since it has changed.

        Raises:
            SendError: It may not be done to one of them.
            StoreError: It could not be written.
        """
        queued, stands = await self._write(self._deeds.act_all, agreed)
        for entry in queued:
            self._effort.did(entry.key, entry.verb)
        await self._moved(*(entry.key for entry in queued))
        return stands

    @property
    def steps(self) -> Steps:
        """What was done in this session, oldest first."""
        return self._deeds.steps

    async def journal(self) -> tuple[Line, ...]:
        """What was done in this session, oldest first, each with what would become of taking it back now.

        It stands behind all that waits to be written, and lets what is written meanwhile in between.
        """
        steps = await self._write(lambda: self._deeds.steps.done)
        return tuple([await self._write(self._deeds.line, step) for step in steps])

    async def newest_step(self) -> Step | None:
        """The last step that nobody has tried to take back, behind all that waits to be written."""
        return await self._write(lambda: self._deeds.steps.newest)

    @seen_through
    async def undo(self, number: int) -> Undone | None:
        """Takes a step back as far as that can be; None when it was taken back before."""
        done = await self._write(self._deeds.undo, number)
        if done is None:
            return None
        step, undone = done
        await self._moved(*(deed.key for deed in step.deeds))
        return undone

    async def pass_over(self, number: int) -> Undone:
        """Lets the step before these words be the next to take back; tells why they cannot be, or that they can."""
        return await self._write(self._deeds.pass_over, number)

    async def outbox(self) -> tuple[Outgoing, ...]:
        """All that is on its way or needs somebody, oldest first; what is not the user's own names who wrote it."""
        return await self._write(self._desk.authors.outbox)

    async def doubtful(self) -> frozenset[str]:
        """Identifiers of what the portal may still carry out without having answered: none of it can be taken back."""
        return await self._write(self._store.outbox.doubtful)

    async def receipts(self, limit: int) -> tuple[Receipt, ...]:
        """What arrived last, newest first, of whoever wrote it."""
        return await self._write(self._desk.authors.receipts, limit)

    async def stranded(self) -> tuple[Draft, ...]:
        """Unsent words whose conversation is not held, last saved first: it is gone, or has not come yet."""
        return await self._write(self._desk.stranded)

    @seen_through
    async def cancel(self, outgoing: str) -> bool:
        """Takes something back from the outbox while it has not left; words go back to their draft."""
        done = await self._write(self._deeds.cancel, outgoing)
        await self._moved()
        return done

    @seen_through
    async def retry(self, outgoing: str, *, seen: Conversation | None = None) -> None:
        """Lets something that needed the user go out after all.

        Args:
            outgoing: Its identifier.
            seen: The conversation as it was shown when the user decided; what is held now when that is None.
        """
        await self._write(self._desk.retry, outgoing, seen)
        await self._moved()

    @seen_through
    async def discard(self, outgoing: str) -> None:
        """Drops something from the outbox by the user's own act."""
        await self._write(self._desk.discard, outgoing)
        await self._moved()
