"""Tells colleagues at one portal where the user is: soon, not at every step, and again while they stay."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from client.errors import Forbidden, NotFhir, PortalError, Refused
from workbench.dialogue.people import Me
from workbench.dialogue.presence import LASTS, Doing
from workbench.sync.ports import PortalPort

SETTLES: Final = 3.0
"""Seconds a conversation is on the screen before others are told that it is read: a glance is nobody's business."""
RENEWED: Final = LASTS.total_seconds() * 0.4
"""Seconds after which it is told again: one that fails may be missed before colleagues take the user for gone."""
NOT_NOW: Final = 30.0
"""Seconds to the next try after one that failed."""
NOT_HERE: Final = 3600.0
"""Seconds to the next try on a portal that takes no such thing."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class At:
    """Where somebody is."""

    thread: str
    doing: Doing


class Attending:
    """Where the user is, and what of it the portal has been told."""

    def __init__(self, portal: PortalPort, monotonic: Callable[[], float], settles: float = SETTLES) -> None:
        self._portal = portal
        self._settles = settles
        self._now = monotonic
        self._is: At | None = None
        self._since = 0.0
        self._told: At | None = None
        self._told_at = 0.0
        self._not_before = 0.0

    def come(self, at: At | None) -> None:
        """The user is at another conversation, or at none of this portal."""
        if at != self._is:
            self._is, self._since = at, self._now()

    @property
    def wait(self) -> float | None:
        """Seconds until something is to be told, 0 for now; None while there is nothing."""
        at = self._due_at()
        return None if at is None else max(0.0, max(at, self._not_before) - self._now())

    def _due_at(self) -> float | None:
        if self._is == self._told:
            return None if self._is is None else self._told_at + RENEWED
        if self._is is not None and self._is.doing is Doing.WRITING:
            return self._since
        return self._since + self._settles

    async def tell(self, me: Me) -> None:
        """Tells what is due. It is a courtesy: what fails is tried again later, and troubles nobody."""
        if self.wait != 0:
            return
        at, before = self._is, self._told
        try:
            if at is not None:
                await self._portal.tell_presence(me, at.thread, at.doing)
            elif before is not None:
                await self._portal.tell_presence(me, before.thread, None)
        except PortalError as error:
            never = isinstance(error, (Forbidden, Refused, NotFhir))
            self._not_before = self._now() + (NOT_HERE if never else NOT_NOW)
            _log.info("where the user is was not told: %s", error.word)
        else:
            self._told, self._told_at = at, self._now()

    async def leave(self, me: Me) -> None:
        """Tells that the user goes, if they were anywhere."""
        self._is, self._since = None, self._now() - self._settles
        if self._told is not None:
            await self.tell(me)
