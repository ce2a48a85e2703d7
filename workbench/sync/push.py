"""Empties the outbox towards one portal: in order, one at a time, and never the same thing twice."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from random import Random

from client.errors import (
    Conflict,
    Deadline,
    Forbidden,
    Foreign,
    Gone,
    Incomplete,
    NotFhir,
    NotFound,
    PortalError,
    Refused,
    ServerFault,
    SeveralMatches,
    TooLarge,
)
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import LOOKED, Outgoing, Reason, Sending
from workbench.dialogue.work import WORDS, Verb
from workbench.store.errors import NotNow, StoreError
from workbench.sync.backoff import PATIENCE, full_jitter
from workbench.sync.courier import ANSWERED, Courier
from workbench.sync.ports import OutboxPort
from workbench.sync.verdict import NeedsYou

LONGEST = 300.0
"""Seconds; the most one entry waits that the portal fails on."""
SHORTEST = 0.5
"""Seconds; the least it waits."""
LOOKED_FOR = 20.0
"""Seconds between two looks for a message that may still come, on a portal that would make a second one of it."""
ANSWERS = 5
"""How often a Task that the portal will not let us tell is tried to be told of its answer."""
REASONS: tuple[tuple[type[PortalError], Reason], ...] = (
    (Forbidden, Reason.FORBIDDEN),
    (NotFound, Reason.GONE),
    (Gone, Reason.GONE),
    (SeveralMatches, Reason.AMBIGUOUS),
    (Conflict, Reason.CONFLICT),
    (Refused, Reason.REFUSED),
    (TooLarge, Reason.REFUSED),
    (Foreign, Reason.REFUSED),
)
"""Faults that trying again does not mend."""
OF_ONE: tuple[type[PortalError], ...] = (ServerFault, Incomplete, NotFhir, *(kind for kind, _ in REASONS))
"""Faults that may lie in what was sent or asked for; all others mean that the portal cannot be spoken to now."""


class Push:
    """The outbox's way to one portal."""

    def __init__(self, outbox: OutboxPort, portal: str, rng: Random, monotonic: Callable[[], float]) -> None:
        self._outbox = outbox
        self._portal = portal
        self._rng = rng
        self._now = monotonic
        self._not_before: dict[str, float] = {}
        self._failures: dict[str, int] = {}
        """How often in a row the portal failed on an entry, since the program started."""
        self.untold = 0
        """Replies that arrived and whose Task the portal does not let us tell, since the program started."""
        self._touched: set[Key] = set()
        self._adrift = False
        """The store failed while something was under way: entries may stand at *sending* that nobody sends."""

    def hurry(self) -> None:
        """Lets everything be tried again at once."""
        self._not_before.clear()

    def waits(self) -> dict[str, float]:
        """Seconds until each entry that the portal failed on is tried again, by its identifier."""
        left = {name: when - self._now() for name, when in self._not_before.items()}
        return {name: wait for name, wait in left.items() if wait > 0}

    def touched(self) -> frozenset[Key]:
        """Conversations of which something moved since this was last asked."""
        touched = frozenset(self._touched)
        self._touched.clear()
        return touched

    async def settle(self, courier: Courier) -> None:
        """Finds out what became of what was sent without an answer; one that cannot be found out about waits.

        Raises:
            PortalError: The portal cannot be spoken to.
        """
        if self._adrift:
            self._gather()
        for item in self._mine(courier):
            if item.state is not Sending.UNKNOWN or not self._ready(item):
                continue
            try:
                words = item.verb in WORDS
                found = words and await courier.find(item)
                waits = words and not found and await courier.may_come(item)
            except SeveralMatches as error:
                self._settle(item, Sending.NEEDS_YOU, Reason.AMBIGUOUS, error.text)
            except OF_ONE as error:
                self._settle(item, Sending.UNKNOWN, error.word, error.text)
                self._delay(item, error)
            except Deadline as error:  # a search that always takes too long must not hold up all that comes
                self._delay(item, error)
                raise
            else:
                if waits:
                    self._not_before[item.id] = self._now() + LOOKED_FOR
                else:
                    self._settle(item, Sending.SENT if found else Sending.QUEUED)

    async def look_again(self, courier: Courier) -> None:
        """Looks for what stopped, or waits, after a try without an answer: it may have arrived, and must not twice.

        Raises:
            PortalError: The portal cannot be spoken to.
        """
        for item in self._outbox.to_look_for(self._portal):
            if item.author != courier.me.reference or not self._ready(item):
                continue
            try:
                there = await courier.arrived(item)
            except OF_ONE as error:
                self._delay(item, error)
            except Deadline as error:
                self._delay(item, error)
                raise
            else:
                with suppress(NotNow):  # the user has decided on it meanwhile
                    self._outbox.found(item.id) if there else self._outbox.progress(item.id, LOOKED, "1")
                self._touched.add(item.key)

    async def once(self, courier: Courier) -> float | None:
        """Tries everything that is due, oldest first.

        Returns:
            Seconds until something that failed may be tried again, None when nothing waits for that.

        Raises:
            PortalError: The portal cannot be spoken to; what was under way is settled.
        """
        for item in self._mine(courier):
            if item.state is Sending.QUEUED and self._ready(item):
                await self._try(courier, item)
        for item in self._unanswered(courier):
            if self._ready(item):
                await self._answer(courier, item)
        return self._left(courier)

    def _left(self, courier: Courier) -> float | None:
        """Seconds until the first of those that wait may go; what left the outbox, or is held back, is forgotten.

        An entry whose time has come and that was not taken up waits for another one, never for the clock.
        """
        looked_for = self._outbox.to_look_for(self._portal)
        eligible = {item.id for item in (*self._mine(courier), *self._unanswered(courier), *looked_for)}
        self._not_before = {name: when for name, when in self._not_before.items() if name in eligible}
        self._failures = {name: count for name, count in self._failures.items() if name in eligible}
        left = [when - self._now() for when in self._not_before.values()]
        return min((wait for wait in left if wait > 0), default=None)

    def _ready(self, item: Outgoing) -> bool:
        return self._not_before.get(item.id, 0.0) <= self._now()

    def _mine(self, courier: Courier) -> list[Outgoing]:
        """What this user may send: nobody's words leave under another's name."""
        return [item for item in self._outbox.due(self._portal) if item.author == courier.me.reference]

    def _unanswered(self, courier: Courier) -> list[Outgoing]:
        return [item for item in self._outbox.unanswered(self._portal) if item.author == courier.me.reference]

    async def _try(self, courier: Courier, item: Outgoing) -> None:
        if not self._started(item):
            return
        self._touched.add(item.key)
        try:
            await courier.deliver(item)
        except NeedsYou as stop:
            self._stop(item, stop)
        except PortalError as error:
            self._failed(item, error)
            if not isinstance(error, OF_ONE):
                raise
        except BaseException:
            # Cancelled, or a fault of our own, at a moment nobody knows: the next turn asks the portal.
            self._settle(item, Sending.UNKNOWN)
            raise
        else:
            self._settle(item, Sending.SENT)
            self._failures.pop(item.id, None)

    def _started(self, item: Outgoing) -> bool:
        try:
            return self._outbox.start(item.id)
        except StoreError:
            self._adrift = True  # the disk may have taken it all the same
            raise

    async def _answer(self, courier: Courier, item: Outgoing) -> None:
        try:
            await courier.answer(item)
        except PortalError as error:
            if not isinstance(error, (*OF_ONE, Deadline)):
                raise
            self._failures.setdefault(item.id, 0)
            self._delay(item, error)
            if isinstance(error, Deadline):
                raise
            if isinstance(error, tuple(kind for kind, _ in REASONS)) and self._failures[item.id] >= ANSWERS:
                self._outbox.progress(item.id, ANSWERED, error.word)
                self.untold += 1
        else:
            self._touched.add(item.key)
            self._failures.pop(item.id, None)

    def _stop(self, item: Outgoing, stop: NeedsYou) -> None:
        self._settle(item, Sending.NEEDS_YOU, stop.reason, stop.detail)
        if item.verb is not Verb.CLAIM or stop.reason is not Reason.TAKEN:
            return
        for later in self._outbox.all():
            if later.key == item.key and later.verb is Verb.REPLY and later.state is Sending.QUEUED:
                # It was written in the belief that the conversation was free; it does not wait silently behind.
                self._settle(later, Sending.NEEDS_YOU, stop.reason, stop.detail)

    def _failed(self, item: Outgoing, error: PortalError) -> None:
        reason: str | None = next((reason for kind, reason in REASONS if isinstance(error, kind)), None)
        if isinstance(error, TooLarge) and error.status != 413:
            reason = error.word  # it was not refused: the portal's answer is what cannot be taken
        if error.may_have_happened:
            self._settle(item, Sending.UNKNOWN, error.word, error.text)
        elif reason is not None:
            self._settle(item, Sending.NEEDS_YOU, reason, error.text)
        else:
            self._settle(item, Sending.QUEUED, error.word, error.text)
        if isinstance(error, (*OF_ONE, Deadline)):
            # One that always takes too long must not have its way before all others either.
            self._delay(item, error)

    def _delay(self, item: Outgoing, error: PortalError) -> None:
        """Lets an entry wait, the longer the oftener the portal failed on it, and as long as the portal asks for."""
        failures = self._failures[item.id] = self._failures.get(item.id, item.attempts) + 1
        wait = max(SHORTEST, full_jitter(self._rng, failures, 2.0, LONGEST), min(error.retry_after or 0.0, PATIENCE))
        self._not_before[item.id] = self._now() + wait

    def _settle(self, item: Outgoing, state: Sending, reason: str = "", detail: str = "") -> None:
        self._touched.add(item.key)
        try:
            self._outbox.settle(item.id, state, str(reason), detail)
        except NotNow:
            return  # another process took over while this one slept, and has settled it
        except StoreError:
            self._adrift = True
            raise

    def _gather(self) -> None:
        for item in self._outbox.all():
            if item.state is Sending.SENDING and item.key.portal == self._portal:
                self._settle(item, Sending.UNKNOWN)
        self._adrift = False
