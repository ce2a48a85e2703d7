"""The one thing screens talk to: it reads values, performs verbs and announces changes.

Reading and writing go to the store on a thread; the network is never waited for, except by
`download`, `documents` and `appointments`, which fetch what is not held.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from random import Random
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar
from uuid import UUID, uuid4

from workbench.courtesy import Courtesy
from workbench.desk.announcer import Listener
from workbench.desk.deeds import Deeds
from workbench.desk.effort_meter import EffortMeter
from workbench.desk.lists import Lists
from workbench.desk.office import Office as Backstage
from workbench.desk.overseer import Overseer
from workbench.desk.record import Record
from workbench.desk.room import seen_through
from workbench.desk.shelves import Shelves
from workbench.desk.ticking import ticking
from workbench.desk.verbs import Verbs
from workbench.desk.writing import Writing
from workbench.dialogue.conversation import Conversation
from workbench.dialogue.deadline import DeadlineRules
from workbench.dialogue.key import Key
from workbench.dialogue.office import Office
from workbench.dialogue.people import Me
from workbench.dialogue.receipt import ReceiptTexts
from workbench.dialogue.status import Status
from workbench.views import Views

if TYPE_CHECKING:
    from workbench.store.store import Store
    from workbench.sync.ports import PortalPort


P = ParamSpec("P")
T = TypeVar("T")


class Session(Lists, Record, Writing, Verbs):
    """What a person does at the workbench, on one or more portals."""

    def __init__(
        self,
        store: Store,
        portals: Callable[[], Sequence[PortalPort]],
        people: Mapping[str, Me],
        *,
        clock: Callable[[], datetime],
        rng: Random | None = None,
        uuid: Callable[[], UUID] = uuid4,
        poll: float = 15.0,
        courtesy: Courtesy | None = None,
        views: Views | None = None,
        deadlines: DeadlineRules | None = None,
        receipts: ReceiptTexts | None = None,
    ) -> None:
        """Prepares a session; nothing runs before `start`.

        Args:
            store: Open; the session closes it.
            portals: Makes the portals. Called once, on the thread that syncs, so that the HTTP client is loaded
                after the first picture.
            people: Who acts, by portal name, in the portals' order. A person without a name is asked of the
                portal (and is as it told last while it is away); one without a reference may read and not act.
            clock: Now, aware, in the user's zone.
            rng: Chance, for waiting times.
            uuid: Names this process to the store's lease.
            poll: Seconds between two looks at a portal.
            courtesy: Told of every key; the portals' work gives way to it.
            views: Saved searches; kept beside the store when that is None.
            deadlines: How the office reckons its days; without them nothing is said of weekends and holidays.
            receipts: What a patient is told at once; the program's own words when that is None.
        """
        self.clock = clock
        self._store = store
        self._courtesy = courtesy or Courtesy()
        self._office = Backstage(store, portals, people, ticking(clock, rng or Random(), poll), str(uuid()))  # noqa: S311
        self._desk = self._office.desk
        self._deeds = Deeds(store, self._desk, clock)
        self._shelves = Shelves(store, views or Views(store.folder / "views"), clock)
        self._overseer = Overseer(store, clock, deadlines)
        self._reader = ThreadPoolExecutor(1, "read")
        self._writer = ThreadPoolExecutor(1, "write")
        self._underway = set()
        self._deadlines = deadlines
        self._receipt_texts = receipts or ReceiptTexts()
        self._effort = EffortMeter(store.effort.label, lambda handled: self._writer.submit(store.effort.keep, handled))
        self._shown: Conversation | None = None
        self._told: dict[tuple[str, str, str], tuple[float, Any]] = {}

    @property
    def people(self) -> Mapping[str, Me]:
        """Who acts, by portal name."""
        return MappingProxyType(self._office.people)

    @property
    def me(self) -> Me:
        """Who acts on the first portal."""
        return next(iter(self._office.people.values()))

    @property
    def status(self) -> Status:
        """Connection, age of the data, outbox: at once, from memory."""
        return self._office.status

    @property
    def cache_was_damaged(self) -> bool:
        """Whether what was held of the portals was found damaged, thrown away, and is now fetched anew."""
        return self._store.cache.was_damaged

    @property
    def typing(self) -> bool:
        """Whether the user is in the middle of typing: what can wait had better wait."""
        return self._courtesy.typing

    def key(self, acts_on: Key | None = None) -> None:
        """Tells that a key was pressed: for a moment, the portals' work gives way to its answer.

        Args:
            acts_on: The conversation it acts on, None for none; what its handling takes is counted.
        """
        self._courtesy.key()
        self._office.attendance.key()
        self._effort.key(acts_on)

    def listen(self, listener: Listener) -> None:
        """Asks to be told of every change from now on."""
        self._office.announcer.listen(listener)

    async def start(self) -> None:
        """Starts to keep store and portals together, on a thread of its own."""
        self._effort.begin()
        await self._write(self._office.start)
        await asyncio.to_thread(self._open_calendar)
        self._office.announcer.tell(many=True, status=True)

    @property
    def office(self) -> Office | None:
        """The office's own calendar, once it has been loaded; None before that, and where there is none."""
        return self._shelves.deadlines.office if self._shelves.deadlines else None

    def _open_calendar(self) -> None:
        """Asks it a first time, which loads it."""
        if self._deadlines is not None:
            self._deadlines.office.works(self.clock().date())
            self._shelves.deadlines = self._deadlines

    async def close(self) -> None:
        """Stops and closes everything; what is in the outbox stays there. A second call does nothing."""
        await self.settled()
        self._effort.end()
        await asyncio.to_thread(self._office.stop)
        await asyncio.to_thread(self._reader.shutdown)
        await asyncio.to_thread(self._writer.shutdown)
        self._store.close()

    def hurry(self) -> None:
        """Tries the portals now instead of at the next turn."""
        self._office.nudge(hurry=True)

    async def sync_once(self) -> Status:
        """Pushes and pulls every portal once without a thread, and tells how everything stands then."""
        await self._office.once()
        return self._office.status

    async def candidates(self, portal: str) -> tuple[Me, ...]:
        """Everybody one could act as on a portal without sign-in, for a choice on screen.

        Raises:
            PortalError: The portal does not answer.
        """
        return await self._ask(portal, lambda port: port.practitioners())

    @seen_through
    async def act_as(self, me: Me) -> None:
        """Acts as somebody on a portal from now on."""
        await self._write(self._office.act_as, me)
        self._office.nudge(me.portal)
