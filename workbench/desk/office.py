"""The session's dealings with portals: the thread that syncs, who acts where, and how each portal stands."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

from client.errors import Forbidden, Gone, NotFound, PortalError, Refused, Unauthorised
from workbench.desk.announcer import Announcer
from workbench.desk.attendance import Attendance
from workbench.desk.desk import Desk
from workbench.desk.sender import Sender
from workbench.desk.ticking import Ticking
from workbench.dialogue.key import Key
from workbench.dialogue.people import Me
from workbench.dialogue.presence import Doing
from workbench.dialogue.status import Connection, PortalStatus, Status
from workbench.store.errors import StoreError
from workbench.sync.listening import Listening
from workbench.sync.ports import PortalPort
from workbench.sync.push import OF_ONE
from workbench.sync.runner import Rounds, Runner
from workbench.sync.turn import INTERNAL, Outcome, Turn, World

if TYPE_CHECKING:
    from workbench.store.store import Store

_log = logging.getLogger(__name__)
T = TypeVar("T")
OPENING = 10.0
"""Seconds to wait for the portals to be made; it takes a fraction of one."""
ATTESTED_FOR = 600.0
"""Seconds between two times that the store is given a new number, when something has left meanwhile."""
NOT_OFFERED = (Forbidden, Refused, NotFound, Gone)
"""Answers of a portal that does not tell, or not to us, who works there."""

JUDGED: Final = 20
"""Steps of judging anew between two looks at the portals: some seconds of work."""


class UnknownPerson(Unauthorised):
    """The portal has nobody of the reference that the configuration names; its text is that reference."""

    word = "unknown-person"


class Office:
    """Everything of a session that has to do with portals."""

    def __init__(
        self,
        store: Store,
        open_portals: Callable[[], Sequence[PortalPort]],
        people: Mapping[str, Me],
        ticking: Ticking,
        owner: str,
    ) -> None:
        """Prepares; nothing runs before `start`.

        Args:
            store: Where everything is.
            open_portals: Makes the portals; called on the thread that syncs.
            people: Who acts, by portal name, in the portals' order. A person with an empty reference is not
                known yet; one with an empty name is asked of the portal.
            ticking: Time and chance.
            owner: Names this process to the store's lease.
        """
        self._store = store
        self._open = open_portals
        self._ticking = ticking
        self._owner = owner
        self._sender = Sender(store.folder, store.outbox)
        self.people = {name: self._as_last_told(me) for name, me in people.items()}
        self.desk = Desk(store, self.person, ticking.clock)
        self._portals = {
            name: PortalStatus(name, Connection.CONNECTING, data_from=store.cache.age(name)) for name in people
        }
        self._outbox = self.desk.lay_over()
        self.announcer = Announcer(self._later, ticking.monotonic)
        self.attendance = Attendance(self._attend, ticking.monotonic)
        self._runner: Runner | None = None
        self._elsewhere = False
        self._attest_from = 0.0

    @property
    def status(self) -> Status:
        """How everything stands, from memory."""
        return Status(tuple(self._portals.values()), self._outbox, self._elsewhere)

    def person(self, portal: str) -> Me | None:
        """Who acts on a portal, None while nobody is known."""
        me = self.people.get(portal)
        return me if me is not None and me.reference else None

    def act_as(self, me: Me) -> None:
        """Sets who acts on a portal; whose every conversation is follows from it, and what nobody had written."""
        self.people[me.portal] = me
        self._adopt(me)
        self._store.cache.me(me.portal, me.reference)
        self._store.cache.staff.keep_person(me)
        self.lay_over()
        self.announcer.tell(many=True, status=True)

    def _adopt(self, me: Me) -> None:
        if me.reference:
            self._store.drafts.adopt(me.portal, me.reference)

    def lay_over(self) -> None:
        """Brings lists and the outbox's figures up to what is on its way now."""
        self._outbox = self.desk.lay_over()

    def show(self, keys: Iterable[Key] = ()) -> None:
        """Lays over and announces; never raises, as what was queued or saved must not fail by how it is shown.

        Args:
            keys: Conversations that changed; any may have when there are none.
        """
        named = frozenset(keys)
        self._lay_over_safely()
        self.announcer.tell(named, many=not named, status=True)

    def _lay_over_safely(self) -> None:
        """Lays over; a store that fails at it is told in the portals' status, until their next turn."""
        try:
            self.lay_over()
        except Exception as error:  # noqa: BLE001 - the last guard: what happened has happened
            _log.warning("what is on its way was not laid over the lists: %s", type(error).__name__)
            word = error.word if isinstance(error, StoreError) else INTERNAL
            self._portals = {name: replace(status, word=word) for name, status in self._portals.items()}

    def wake(self) -> None:
        """Brings back and announces what was snoozed until now, portals or no portals; tried again at the next turn."""
        self.attendance.look()
        try:
            woken = self._store.cache.wake()
            if self.desk.overslept():
                self.show()
            self.announcer.tell(woken)
            self._judge()
        except Exception as error:  # noqa: BLE001 - the last guard: the next time may go well
            _log.warning("what was snoozed was not brought back: %s", type(error).__name__)

    def _judge(self) -> None:
        """Judges some of what is held by the site's rules, where those have changed since."""
        for step in range(JUDGED):
            if self._store.cache.judge() is None:
                if step:
                    self.announcer.tell(many=True)
                return
        self.announcer.tell(many=True)

    def start(self) -> None:
        """Starts the thread; a store that takes nothing now is told in the portals' status, and one can still read."""
        try:
            self._store.attest()
            self._store.outbox.prune(self._store.cache.holds)
            for me in self.people.values():
                self._adopt(me)
        except StoreError as error:
            self._portals = {name: replace(status, word=error.word) for name, status in self._portals.items()}
        self._runner = Runner(
            self._open,
            self._turn,
            self._sender,
            self._owner,
            self._report,
            self._broken,
            self._listen,
            Rounds(self.wake, self._ticking.poll),
        )
        self._runner.start()

    def wait(self) -> None:
        """Blocks until the portals can be asked, a few seconds at most."""
        if self._runner is not None:
            self._runner.wait(OPENING)

    def stop(self) -> None:
        """Ends the thread; blocks a few seconds at most."""
        if self._runner is not None:
            self._runner.stop()

    def nudge(self, portal: str | None = None, *, hurry: bool = False) -> None:
        """Lets a portal, or all, have a turn now."""
        if self._runner is not None:
            self._runner.nudge(portal, hurry=hurry)

    def refresh(self, portal: str, thread: str) -> None:
        """Has a conversation read afresh."""
        if self._runner is not None:
            self._runner.refresh(portal, thread)

    def _attend(self, key: Key | None, doing: Doing) -> None:
        """Tells colleagues at which conversation the user is, None for none."""
        if self._runner is not None:
            self._runner.attend(key, doing)

    def call(self, portal: str, work: Callable[[PortalPort], Coroutine[Any, Any, T]]) -> Future[T]:
        """Asks a portal something, on the thread."""
        if self._runner is None:
            failed: Future[T] = Future()
            failed.set_exception(RuntimeError("the session has not started"))
            return failed
        return self._runner.call(portal, work)

    async def once(self) -> None:
        """Pushes and pulls every portal once, in the loop of the caller."""
        self.wake()
        portals = self._open()
        sends = self._sender.acquire(self._owner)
        try:
            for portal in portals:
                turn = self._turn(portal)
                outcome = await turn.take(sends=sends)
                while not (outcome.ended or outcome.status.word):
                    outcome = await turn.take(sends=sends)
                self._portals[portal.name] = outcome.status
        finally:
            self._outbox = self.desk.lay_over()
            self._sender.release(self._owner)
            for portal in portals:
                await portal.close()

    def _turn(self, portal: PortalPort) -> Turn:
        ticking = self._ticking
        world = World(
            self._store.cache,
            self._store.outbox,
            ticking.clock,
            ticking.monotonic,
            ticking.rng,
            ticking.poll,
            self.person,
            self._introduce,
        )
        status = self._portals.setdefault(portal.name, PortalStatus(portal.name, Connection.CONNECTING))
        return Turn(portal, world, status)

    async def _listen(self, portal: PortalPort, heard: Callable[[bool], None]) -> None:
        await Listening(portal, self._ticking.rng, self._ticking.monotonic, asyncio.sleep, heard).keep()

    async def _introduce(self, portal: PortalPort) -> None:
        """Learns who works at the portal and who acts there; both are kept for when it is away.

        Raises:
            UnknownPerson: The portal has nobody by the reference of who acts.
            PortalError: It told one of the two at most; what it told is kept.
        """
        failed: PortalError | None = None
        for ask in (self._meet, self._list):
            try:
                await ask(portal)
            except OF_ONE as error:
                failed = error
        if failed is not None and not isinstance(failed, NOT_OFFERED):
            raise failed

    async def _list(self, portal: PortalPort) -> None:
        self._store.cache.staff.keep_directory(portal.name, await portal.directory())
        self.announcer.tell(status=True)

    async def _meet(self, portal: PortalPort) -> None:
        known = self.person(portal.name)
        if known is None:
            return
        told = await portal.staff_member(known.reference)
        if told is None:
            raise UnknownPerson(known.reference)
        if told != known:
            self.act_as(told)

    def _as_last_told(self, me: Me) -> Me:
        """The person with the name and the role the portal last gave, when it is the same one."""
        if me.reference:
            self._store.cache.me(me.portal, me.reference)
        told = self._store.cache.staff.person(me.portal)
        return told if told is not None and not me.name and me.reference in ("", told.reference) else me

    def _report(self, outcome: Outcome) -> None:
        """Takes a turn's outcome in, on the syncing thread."""
        name = outcome.status.portal
        before = self._portals[name], self._outbox, self._elsewhere
        self._portals[name] = outcome.status
        self._elsewhere = self._runner is not None and not self._runner.sends
        if outcome.moved:
            self._lay_over_safely()
            self._attest_now_and_then()
        self.announcer.tell(outcome.changed, status=before != (outcome.status, self._outbox, self._elsewhere))

    def _attest_now_and_then(self) -> None:
        """Makes copies of the store older also while the program runs for days."""
        if self._ticking.monotonic() < self._attest_from:
            return
        self._attest_from = self._ticking.monotonic() + ATTESTED_FOR
        try:
            self._store.attest()
        except StoreError as error:
            _log.warning("how old the store is was not written: %s", error.word)

    def _broken(self) -> None:
        for name, status in self._portals.items():
            self._portals[name] = replace(status, connection=Connection.OFFLINE, word=INTERNAL, live=False)
        self.announcer.tell(status=True)

    def _later(self, seconds: float, work: Callable[[], None]) -> bool:
        return self._runner is not None and self._runner.later(seconds, work)
