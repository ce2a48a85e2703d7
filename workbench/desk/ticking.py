"""Time and chance, passed in."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random


@dataclass(frozen=True, slots=True)
class Ticking:
    """Time and chance, passed in."""

    clock: Callable[[], datetime]
    monotonic: Callable[[], float]
    rng: Random
    poll: float
    """Seconds between two looks at a portal."""


def ticking(clock: Callable[[], datetime], rng: Random, poll: float) -> Ticking:
    """Time and chance of this machine."""
    return Ticking(clock, time.monotonic, rng, poll)
