"""The session of a scene: the real one, whose portal is on paper and whose connection stands as the scene says."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from workbench.dialogue.checks import why_not_send
from workbench.dialogue.held import Batch, HeldPost, HeldTask, Stamp
from workbench.dialogue.outgoing import Kind, Outgoing, Reason, Sending
from workbench.dialogue.queue import Query, Whose
from workbench.dialogue.status import Connection, PortalStatus, Status
from workbench.dialogue.work import ACTIVE, OPEN, State
from workbench.session import Session
from workbench.snapshot.data import Paper, acting, portals, staff, told

if TYPE_CHECKING:
    from workbench.snapshot.scene import Scene
    from workbench.store.store import Store
    from workbench.sync.ports import PortalPort

T = TypeVar("T")
REPLIES: Final = (
    "Hei! Jeg har fornyet resepten, og den ligger klar på apoteket i morgen. Hilsen legekontoret",
    "Hei! Dette bør vi se på her: jeg har satt deg opp på torsdag klokken 10. Hilsen legekontoret",
    "Hei! Prøvene så fine ut. Ta kontakt igjen hvis det ikke blir bedre. Hilsen legekontoret",
)
"""What the replies say that a scene has in its outbox."""
PLENTY: Final = 50
"""Conversations looked at for some that may be answered."""
WROTE_SINCE: Final = "Beklager, jeg glemte å si at jeg er allergisk mot penicillin."
"""What the patient wrote before a reply that needs the user."""


class SceneSession(Session):
    """Reads and writes as ever; nothing runs beside it, so that it stands still when nobody does anything."""

    def __init__(self, store: Store, scene: Scene) -> None:
        """Prepares a session on a store that `data.keep` filled."""
        chance = Random(scene.seed)  # noqa: S311 - chance must be the same every time
        people = {name: acting(scene.role, name) for name in portals(scene)}
        super().__init__(store, tuple, people, clock=lambda: scene.now, rng=chance)
        self._scene = scene
        self._stopped = self._arrived = 0
        self._papers = {
            name: Paper(name, found, answers=place > 0 or scene.problem == "")
            for place, (name, found) in enumerate(told(scene).items())
        }

    @property
    def status(self) -> Status:
        """The connection as the scene has it, the outbox as it is."""
        scene = self._scene
        first, *others = portals(scene)
        portal = PortalStatus(
            first,
            scene.connection,
            None if scene.age is None else scene.now - timedelta(minutes=scene.age),
            scene.problem,
            scene.said,
            scene.received,
        )
        beside = [PortalStatus(name, Connection.ONLINE, scene.now - timedelta(minutes=1)) for name in others]
        return Status((portal, *beside), super().status.outbox)

    async def start(self) -> None:
        """Fills the outbox and shows it; no thread is started."""
        await self._fill()
        await self._read(self._office.show)

    async def _fill(self) -> None:
        """Puts a reply in the outbox for each state wanted, in conversations that may be answered, not the first."""
        wanted = [Sending.SENT] * self._scene.arrived + list(self._scene.outbox)
        mine = await self.page(Query(ACTIVE, whose=Whose.ME), 1, PLENTY) if wanted else None
        others = await self.page(Query(OPEN, whose=Whose.NOBODY), 1, PLENTY) if wanted else None
        for item in [*(mine.items if mine else ()), *(others.items if others else ())]:
            if not wanted:
                return
            conversation = await self.conversation(item.key)
            draft = replace(await self.draft(item.key, Kind.REPLY), text=REPLIES[len(wanted) % len(REPLIES)])
            if conversation is not None and why_not_send(draft, conversation, self.people[item.key.portal]) is None:
                await self._bring(await self.send(draft, conversation), wanted.pop(0))

    async def _bring(self, queued: Outgoing, state: Sending) -> None:
        """Takes a reply that is queued to the state it is to be in."""
        if state is Sending.QUEUED:
            return
        for before in await self._write(self._store.outbox.entries, queued.key):
            await self._write(self._store.outbox.start, before.id)
            if before.id != queued.id:  # the claim that goes before a reply nobody had claimed
                await self._write(self._store.outbox.settle, before.id, Sending.SENT)
        if state is Sending.NEEDS_YOU:
            reason, detail = await self._write(self._stop, queued)
            await self._write(self._store.outbox.settle, queued.id, state, reason, detail)
        elif state is not Sending.SENDING:
            await self._write(self._store.outbox.settle, queued.id, state)
        if state is Sending.SENT:
            self._arrived += 1
            told = "forbidden" if self._arrived == self._scene.arrived else "1"
            await self._write(self._store.outbox.progress, queued.id, "answered", told)

    def _stop(self, queued: Outgoing) -> tuple[Reason, str]:
        """Lets happen on the portal what stops a reply: the patient's words, or a colleague who takes it."""
        self._stopped += 1
        held, cache = self._store.cache.conversation(queued.key), self._store.cache
        assert held is not None
        stamp = Stamp(f"since-{self._stopped}", "1", self.clock())
        if self._stopped % 2:
            post = HeldPost(stamp, queued.key.thread, queued.patient, self.clock(), WROTE_SINCE, patient=queued.patient)
            cache.apply(queued.key.portal, Batch(posts=(post,)))
            return Reason.NEW_ACTIVITY, WROTE_SINCE
        colleague = next(me for me in staff(queued.key.portal) if me.reference != queued.author)
        task = HeldTask(replace(stamp, id=held.work.id), queued.key.thread, State.CLAIMED, colleague.reference)
        cache.apply(queued.key.portal, Batch(tasks=(task,)))
        return Reason.TAKEN, colleague.name

    async def _ask(self, portal: str, work: Callable[[PortalPort], Coroutine[Any, Any, T]]) -> T:
        return await work(cast("PortalPort", self._papers[portal]))
