"""From when on a portal is asked for news: the resume points of its trails, with the overlap that late changes need.

A resume point is the greatest of the portal's own timestamps that was applied. The portal's clock may be wrong by any
amount; only when it goes back, what happens from then on would stand before the resume point and never be asked for. So
nothing is asked for from later than the portal's own time at the last round. This machine's clock measures only how
long ago that was: it can make us ask for more than is needed, never for less.

What one walk asked for the next asks for once more: after an outage, or a night, the overlap is shorter than what came
meanwhile, and the first answer may be that of a copy which is behind.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import get_args

from workbench.dialogue.held import Trail
from workbench.sync.ports import CachePort

OVERLAP = timedelta(minutes=2)
"""How far behind the resume point a round begins: a change may become visible later than its timestamp says.

Longer than any portal known to us answers searches from memory (HAPI: a minute).
"""
LOOK_BACK = timedelta(hours=1)
"""How far behind it a round begins now and then: a long transaction or a slow index shows what it holds only then."""
EVERY = 1800.0
"""Seconds between two such rounds; the first one after a start is one."""
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
"""What a portal says was before this it does not know: .NET writes the year 1 for a moment that was not set."""
LATEST = datetime(9999, 1, 1, tzinfo=UTC)
"""A portal may write any moment; what is added to one must stay in the calendar."""
TICK = timedelta(milliseconds=1)
"""Portals keep instants to the millisecond."""
SLACK = timedelta(seconds=5)
"""Portals tell their time to the second, and an answer takes a moment."""


class Resuming:
    """The resume points of one portal."""

    def __init__(self, cache: CachePort, portal: str, monotonic: Callable[[], float]) -> None:
        self._cache = cache
        self._portal = portal
        self._now = monotonic
        self._moved: dict[Trail, float] = {}
        self._settled: set[Trail] = set()
        self._looked_back: dict[Trail, float] = {}
        """When a walk that began so far behind last ended."""
        self._looking_back: set[Trail] = set()
        self._asked_from: dict[Trail, datetime] = {}
        """From when on the walk under way would ask without looking back."""
        self._once_more: dict[Trail, datetime] = {}
        """From when on the walk before asked, if it ended: a portal back from an outage may answer from before it."""
        self._silence: timedelta | None = None
        self._floor: datetime | None = None
        self._marks: dict[Trail, datetime | None] = {}
        """As they were when the round began."""

    def begin(self) -> None:
        """A round begins."""
        self._silence = self._cache.checks.silence(self._portal)
        self._floor = None
        self._marks = {trail: self.mark(trail) for trail in get_args(Trail)}

    def told(self, now: datetime | None) -> None:
        """The portal has said what time it is there; None when it does not say."""
        if now is not None and self._silence is not None:
            self._floor = now - self._silence

    def mark(self, trail: Trail) -> datetime | None:
        """Up to where a trail has been read; None before anything was."""
        return self._cache.resume_point(self._portal, trail)

    def since(self, trail: Trail, gap: timedelta = TICK) -> datetime | None:
        """From when on to ask; None for everything.

        Args:
            trail: What is asked for.
            gap: How far behind the resume point to begin once late changes can no longer come to light before it.
        """
        self._moved.setdefault(trail, self._now())
        mark = self.mark(trail)
        if self._marks.get(trail) is None:  # there is nothing behind what this round reads
            self._looked_back[trail] = self._now()
        if mark is None or mark < EARLIEST:
            return None
        since = _on(mark, gap) if trail in self._settled else mark - OVERLAP
        since = self._asked_from[trail] = min(since, self.behind(trail) or since)
        once_more = self._once_more.pop(trail, since)
        if self._now() - self._looked_back.get(trail, -EVERY) >= EVERY:
            self._looking_back.add(trail)
            since = min(since, mark - LOOK_BACK)
        return min(since, once_more)

    def asked_from(self, trail: Trail) -> datetime:
        """From when on the walk under way would ask without looking back; only after `since` gave a moment."""
        return self._asked_from[trail]

    def beyond(self, trail: Trail, gap: timedelta) -> datetime | None:
        """So far behind the resume point; None where there is none."""
        mark = self.mark(trail)
        return None if mark is None else _on(mark, gap)

    def behind(self, trail: Trail) -> datetime | None:
        """From when on to ask because the portal's clock has gone back behind a resume point; None when it has not."""
        mark = self._marks.get(trail)
        if mark is None or self._floor is None or self._floor >= mark - SLACK:
            return None
        return self._floor - OVERLAP

    def moved(self, trail: Trail, mark: datetime | None) -> datetime | None:
        """The new resume point to keep; None when it is no later than what is kept."""
        before = self.mark(trail)
        if mark is None or (before is not None and mark <= before):
            return None
        self._moved[trail] = self._now()
        self._settled.discard(trail)
        return mark

    def ended(self, trail: Trail, began: float) -> None:
        """A trail was read to its end; when nothing came for as long as changes may be late, the overlap is done with.

        Args:
            trail: Which.
            began: Monotonic seconds when the walk began.
        """
        if asked_from := self._asked_from.pop(trail, None):
            self._once_more[trail] = asked_from
        if trail in self._looking_back:
            self._looking_back.remove(trail)
            self._looked_back[trail] = began
        if began - self._moved[trail] > OVERLAP.total_seconds():
            self._settled.add(trail)


def _on(mark: datetime, gap: timedelta) -> datetime:
    return min(mark, LATEST) + gap
