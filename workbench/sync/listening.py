"""Keeps a line open to a portal that tells when something changes; what it tells is only a reason to look now.

The pull stays the only way in, and goes on at a slower pace: a message that was missed costs time, never a change.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from random import Random

from client.errors import Foreign, NotOffered, PortalError
from workbench.sync.backoff import Breaker
from workbench.sync.ports import PortalPort

LASTED = 60.0
"""Seconds a line must have held for its loss to count as the first one."""

_log = logging.getLogger(__name__)


class Listening:
    """The line to one portal."""

    def __init__(
        self,
        portal: PortalPort,
        rng: Random,
        monotonic: Callable[[], float],
        sleep: Callable[[float], Awaitable[None]],
        heard: Callable[[bool], None],
    ) -> None:
        """Prepares a line.

        Args:
            portal: Who may have one.
            rng: Spreads the tries of many clients.
            monotonic: Seconds that only rise.
            sleep: Waits so many of them.
            heard: Told that something may have changed: True while the line is open, False when it was lost.
        """
        self._portal = portal
        self._breaker = Breaker(rng, monotonic)
        self._now = monotonic
        self._sleep = sleep
        self._heard = heard

    async def keep(self) -> None:
        """Opens the line again whenever it is lost; returns when the portal offers none."""
        while await self._once():
            await self._sleep(self._breaker.wait)

    async def _once(self) -> bool:
        """One line from its beginning to its end; tells whether another may be tried."""
        opened: float | None = None
        asked: float | None = None
        try:
            async for _ in self._portal.listen():
                opened = self._now() if opened is None else opened
                self._heard(True)
        except (NotOffered, Foreign) as error:
            _log.info("no live updates: %s", error.word)
            return False
        except PortalError as error:
            asked = error.retry_after
        except Exception as error:  # noqa: BLE001 - the last guard: an extra must not end the thread
            _log.warning("the line for live updates failed: %s", type(error).__name__)
        finally:
            if opened is not None:
                self._heard(False)
        if opened is not None and self._now() - opened > LASTED:
            self._breaker.succeeded()
        self._breaker.failed(asked)
        return True
