"""Ties two conversations together, or takes them apart: looked at on the portal just before, and once more after."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple, Protocol

from workbench.dialogue.basis import patients_in, readers_in
from workbench.dialogue.held import HeldPost, HeldTask, HeldThread
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Outgoing, Reason
from workbench.dialogue.tie import Tie, TieKind
from workbench.dialogue.tie_checks import stands
from workbench.dialogue.work import Change, State, Verb
from workbench.sync.verdict import NeedsYou


class Read(NamedTuple):
    """A conversation as it is on the portal now."""

    header: HeldThread
    posts: tuple[HeldPost, ...]
    tasks: tuple[HeldTask, ...]
    unread: int
    """How many of its messages were not read."""
    notes: tuple[HeldPost, ...] = ()

    def merged_into(self, thread: str) -> bool:
        """Whether a Task of it says that it was merged into another."""
        return any(Tie(TieKind.MERGED, thread) in task.ties for task in self.tasks)


class Checks(Protocol):
    """Stops what does not know the last word of some senders."""

    def __call__(self, posts: tuple[HeldPost, ...], *, theirs: bool) -> None:
        """Looks through the messages."""


@dataclass(frozen=True, slots=True)
class Tying:
    """The verbs that concern two conversations, on one portal."""

    read: Callable[[str], Awaitable[Read]]
    carry_out: Callable[[Outgoing, Change], Awaitable[None]]
    clock: Callable[[], datetime]

    async def carry(self, item: Outgoing, change: Change, check_news: Checks) -> None:
        """Carries out one of them.

        Raises:
            NeedsYou: They are not of one patient, or are no longer what the user decided on.
        """
        if change.verb in (Verb.SPLIT, Verb.UNLINK):
            return await self.carry_out(item, change)
        mine, other = await self._both(item, change)
        if change.verb is Verb.LINK:
            return await self.carry_out(item, change)
        if set(readers_in(mine.header)) != set(readers_in(other.header)):
            raise NeedsYou(Reason.OTHER_READERS)
        if change.finishes:
            check_news(mine.posts, theirs=True)
        if other.merged_into(item.key.thread):
            await self._open_circle(item, change, mine)
        elif self._is_done(other) and not self._is_done(mine):
            raise NeedsYou(Reason.CONFLICT)
        was_open = not self._is_done(other)
        await self.carry_out(item, change)
        return await self._look_again(item, change, was_open=was_open)

    async def _both(self, item: Outgoing, change: Change) -> tuple[Read, Read]:
        """Both conversations, which name the patient whom the user saw, and nobody else."""
        mine = await self.read(item.key.thread)
        other = await self.read(change.other)
        patients = {mine.header.patient, other.header.patient, item.patient}
        if len(patients) > 1 or "" in patients or change.other == item.key.thread:
            raise NeedsYou(Reason.OTHER_PATIENT)
        if any(len(patients_in(each.header, each.posts)) > 1 for each in (mine, other)):
            raise NeedsYou(Reason.MIXED)
        return mine, other

    async def _open_circle(self, item: Outgoing, change: Change, mine: Read) -> None:
        """Each says that it was merged into the other, so neither is believed: the one that is kept says so no longer.

        Where only the other one says it, a colleague was faster and meant it the other way round.
        """
        if not mine.merged_into(change.other):
            raise NeedsYou(Reason.CONFLICT)
        kept = replace(item, key=Key(item.key.portal, change.other))
        await self.carry_out(kept, Change(Verb.SPLIT, other=item.key.thread))

    async def _look_again(self, item: Outgoing, change: Change, *, was_open: bool) -> None:
        """A merge hides nothing, not even for a colleague who acts at that moment: else it is taken apart again."""
        other = await self.read(change.other)
        if not other.merged_into(item.key.thread) and not (was_open and self._is_done(other)):
            return
        with suppress(NeedsYou):
            await self.carry_out(item, Change(Verb.SPLIT, other=change.other))
        raise NeedsYou(Reason.CONFLICT)

    def _is_done(self, read: Read) -> bool:
        return stands(read.header, read.posts, read.tasks, self.clock()) is State.DONE
