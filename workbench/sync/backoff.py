"""How long to wait for a portal that does not answer: pure, with time and chance passed in."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

BASE = 1.0
"""Seconds; ceiling of the first wait."""
CAP = 20.0
"""Seconds; no wait between tries is longer, the cap of AWS's own clients."""
LIMIT = 5
"""Failures in a row after which the portal counts as offline."""
PROBE = 30.0
"""Seconds between looks at a portal that is offline, give or take a tenth so that clients do not march in step."""
PATIENCE = 900.0
"""Seconds; a `Retry-After` beyond this is not believed."""


def full_jitter(rng: Random, failures: int, base: float = BASE, cap: float = CAP) -> float:
    """Seconds to wait after some failures in a row: anything up to an exponential ceiling.

    The *full jitter* of https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/, which
    of the ways compared there makes the fewest calls when many clients come back at once.

    Args:
        rng: Where chance comes from.
        failures: Failures in a row, from 1.
        base: Ceiling after the first failure, seconds.
        cap: Highest ceiling, seconds.
    """
    return rng.uniform(0, min(cap, base * 2 ** min(failures - 1, 32)))


class Breaker:
    """Counts a portal's failures in a row and says when to try again."""

    def __init__(self, rng: Random, monotonic: Callable[[], float]) -> None:
        self.failures = 0
        self._rng = rng
        self._now = monotonic
        self._until = 0.0
        self._ordered = 0.0

    @property
    def offline(self) -> bool:
        """Whether it has failed so often in a row that it is only looked at now and then."""
        return self.failures >= LIMIT

    @property
    def wait(self) -> float:
        """Seconds until the next call, 0 when it may be made now."""
        return max(0.0, self._until - self._now(), self._ordered - self._now())

    def succeeded(self) -> None:
        """Notes that the portal answered."""
        self.failures = 0
        self._until = 0.0

    def failed(self, retry_after: float | None = None) -> None:
        """Notes that a call failed.

        Args:
            retry_after: Seconds the portal asked for; obeyed up to `PATIENCE`.
        """
        self.failures += 1
        pause = PROBE * self._rng.uniform(0.9, 1.1) if self.offline else full_jitter(self._rng, self.failures)
        self._until = self._now() + pause
        if retry_after is not None:
            self._ordered = self._now() + min(max(retry_after, 0.0), PATIENCE)

    def hurry(self) -> None:
        """Lets the next call be made at once, unless the portal itself asked for patience."""
        self._until = 0.0
