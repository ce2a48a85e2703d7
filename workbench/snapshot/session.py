"""The session of a scene: the real one, whose portal is on paper and whose connection stands as the scene says."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from workbench.dialogue.checks import why_not_send
from workbench.dialogue.outgoing import Kind, Outgoing, Reason, Sending
from workbench.dialogue.queue import Query, Whose
from workbench.dialogue.status import PortalStatus, Status
from workbench.dialogue.work import ACTIVE, OPEN
from workbench.session import Session
from workbench.snapshot.data import PORTAL, Paper, acting, told

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
        super().__init__(store, tuple, {PORTAL: acting(scene.role)}, clock=lambda: scene.now, rng=chance)
        self._scene = scene
        self._paper = Paper(told(scene), answers=scene.problem == "")

    @property
    def status(self) -> Status:
        """The connection as the scene has it, the outbox as it is."""
        scene = self._scene
        portal = PortalStatus(
            PORTAL,
            scene.connection,
            None if scene.age is None else scene.now - timedelta(minutes=scene.age),
            scene.problem,
            scene.said,
            scene.received,
        )
        return Status((portal,), super().status.outbox)

    async def start(self) -> None:
        """Fills the outbox and shows it; no thread is started."""
        await self._fill()
        await self._read(self._office.show)

    async def _fill(self) -> None:
        """Puts a reply in the outbox for each state wanted, in conversations that may be answered, not the first."""
        wanted = list(self._scene.outbox)
        mine = await self.page(Query(ACTIVE, whose=Whose.ME), 1, PLENTY) if wanted else None
        others = await self.page(Query(OPEN, whose=Whose.NOBODY), 1, PLENTY) if wanted else None
        for item in [*(mine.items if mine else ()), *(others.items if others else ())]:
            if not wanted:
                return
            conversation = await self.conversation(item.key)
            draft = replace(await self.draft(item.key, Kind.REPLY), text=REPLIES[len(wanted) % len(REPLIES)])
            if conversation is not None and why_not_send(draft, conversation, self.people[PORTAL]) is None:
                await self._bring(await self.send(draft, conversation), wanted.pop(0))

    async def _bring(self, queued: Outgoing, state: Sending) -> None:
        """Takes a reply that is queued to the state it is to be in."""
        if state is Sending.QUEUED:
            return
        for before in await self._write(self._store.outbox.entries, queued.key):
            await self._write(self._store.outbox.start, before.id)
            if before.id != queued.id:  # the claim that goes before a reply nobody had claimed
                await self._write(self._store.outbox.settle, before.id, Sending.SENT)
        if state is not Sending.SENDING:
            stopped = state is Sending.NEEDS_YOU
            reason, detail = (Reason.NEW_ACTIVITY, WROTE_SINCE) if stopped else ("", "")
            await self._write(self._store.outbox.settle, queued.id, state, reason, detail)

    async def _ask(self, portal: str, work: Callable[[PortalPort], Coroutine[Any, Any, T]]) -> T:
        del portal
        return await work(cast("PortalPort", self._paper))
