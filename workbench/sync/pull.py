"""Brings what changed on a portal into the cache, a page a step, in rounds that may be cut short anywhere.

The resume point is the greatest `meta.lastUpdated` that was applied, kept in the transaction of its page;
only the portal's own timestamps count, so that a wrong clock here loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from client.errors import Forbidden, Gone, NotFhir, NotFound, Refused, TooLarge
from workbench.dialogue.held import Batch, PulledPage, Stamp, Stream
from workbench.dialogue.key import Key
from workbench.sync.ports import CachePort, PortalPort

OVERLAP = timedelta(minutes=2)
"""How far behind the resume point a round begins: a change may become visible later than its timestamp says."""
TICK = timedelta(milliseconds=1)
"""Portals keep instants to the millisecond."""
STREAMS: tuple[Stream, ...] = ("Task", "Communication")
"""Tasks first, so that the queues are right early in a first sync."""
CHUNK = 100
"""References asked for in one call."""
MOST_PAGES = 100_000
"""Pages of one stream in one round, beyond which the portal is taken to walk in circles."""
UNAVAILABLE = (Refused, Forbidden, NotFound, Gone, TooLarge)
"""Faults that concern what was asked for, not the portal."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one step of a round brought."""

    received: int = 0
    """Resources on the page, those set aside included."""
    set_aside: int = 0
    changed: frozenset[Key] = frozenset()
    ended: bool = False
    """The round is complete: what is held is as new as the portal."""
    incomplete: bool = False
    """The portal's pages in this round went in circles and were left, or ended before what it said it has, or it
    gave no Tasks."""


@dataclass(slots=True)
class _Walk:
    """The way through the pages of one stream."""

    stream: Stream
    since: datetime | None
    began: float
    """Monotonic seconds."""
    page: str | None = None
    seen: set[int] = field(default_factory=set)
    """Hashes of addresses and of contents, to notice circles."""
    greatest: datetime | None = None
    ordered: bool = True
    """Pages came by time, as asked for; only then may a resume point be set before the last page."""


class Pull:
    """Walks through what changed on one portal, again and again."""

    def __init__(self, portal: PortalPort, cache: CachePort, monotonic: Callable[[], float]) -> None:
        self._portal = portal
        self._cache = cache
        self._now = monotonic
        self._left: list[Stream] = []
        self._walk: _Walk | None = None
        self._wanted: list[tuple[str, ...]] = []
        self._asked: set[str] = set()
        self._moved: dict[Stream, float] = {}
        self._settled: set[Stream] = set()
        self._incomplete = False

    @property
    def underway(self) -> bool:
        """Whether a round has begun and not ended."""
        return bool(self._walk or self._left or self._wanted)

    async def step(self) -> Step:
        """Makes one call to the portal and applies what it gives; begins a round when none is under way.

        Raises:
            PortalError: The portal did not answer. The round is left; the next begins at the resume point.
        """
        if not self.underway:
            self._left = list(STREAMS)
            self._asked = set()
            self._incomplete = False
        try:
            if self._wanted:
                return self._closed(await self._fetch(self._wanted.pop()))
            return self._closed(await self._next_page())
        except BaseException:
            self._left, self._walk, self._wanted = [], None, []
            raise

    def _closed(self, step: Step) -> Step:
        """The step, after looking whose names are still missing and whether the round has ended."""
        if not self._wanted:
            self._wanted = self._missing()
        ended = not self.underway
        self._incomplete |= step.incomplete
        return Step(step.received, step.set_aside, step.changed, ended, self._incomplete)

    def _missing(self) -> list[tuple[str, ...]]:
        """What to ask for next; what was asked for in this round and is still missing is not there."""
        missing = self._cache.missing(self._portal.name, CHUNK)
        again = [reference for reference in missing if reference in self._asked]
        if again:
            self._cache.note_missing(self._portal.name, again)
        fresh = tuple(reference for reference in missing if reference not in self._asked)
        return [fresh] if fresh else []

    async def _fetch(self, references: tuple[str, ...]) -> Step:
        self._asked.update(references)
        try:
            batch = await self._portal.fetch(references)
        except UNAVAILABLE:
            if len(references) == 1:
                self._cache.note_missing(self._portal.name, references)
                return Step()
            half = len(references) // 2
            self._wanted += [references[:half], references[half:]]
            return Step()
        changed = self._cache.apply(self._portal.name, batch)
        return Step(len(stamps_of(batch)), batch.set_aside, changed)

    async def _next_page(self) -> Step:
        walk = self._walk = self._walk or self._begin(self._left.pop(0))
        try:
            page = await self._portal.changes(walk.stream, walk.since, walk.page)
        except (*UNAVAILABLE, NotFhir):
            if walk.stream != "Task":
                raise
            # A portal without Tasks still has its messages; whether it is one at all, their stream will tell.
            self._walk = None
            return Step(incomplete=True)
        circular = self._circular(walk, page)
        walk.ordered = walk.ordered and in_order(walk.stream, page.batch, walk.greatest)
        walk.greatest = max(filter(None, (walk.greatest, page.latest)), default=None)
        last = page.next is None or circular
        mark = walk.greatest if last or walk.ordered else None
        changed = self._apply(walk, page.batch, mark)
        walk.page = page.next
        if last:
            self._end(walk)
        return Step(page.count, page.batch.set_aside, changed, incomplete=circular or page.incomplete)

    def _begin(self, stream: Stream) -> _Walk:
        """A walk from the resume point; with overlap as long as late changes may still come to light before it."""
        now = self._now()
        self._moved.setdefault(stream, now)
        mark = self._cache.resume_point(self._portal.name, stream)
        if mark is not None:
            mark = mark + TICK if stream in self._settled else mark - OVERLAP
        return _Walk(stream, mark, now)

    def _end(self, walk: _Walk) -> None:
        """Leaves a stream; when nothing came for as long as changes may be late, the overlap has done its work."""
        if walk.began - self._moved[walk.stream] > OVERLAP.total_seconds():
            self._settled.add(walk.stream)
        self._walk = None

    def _apply(self, walk: _Walk, batch: Batch, mark: datetime | None) -> frozenset[Key]:
        before = self._cache.resume_point(self._portal.name, walk.stream)
        if mark is not None and before is not None and mark <= before:
            mark = None
        if mark is not None:
            self._moved[walk.stream] = self._now()
            self._settled.discard(walk.stream)
        return self._cache.apply(self._portal.name, batch, walk.stream, mark)

    @staticmethod
    def _circular(walk: _Walk, page: PulledPage) -> bool:
        """Whether this page leads to one that was there before, or says again what another said."""
        if page.next is None:
            return False
        tokens = {hash(page.next)}
        if stamps := stamps_of(page.batch):
            tokens.add(hash(stamps))
        circular = bool(tokens & walk.seen) or len(walk.seen) > 2 * MOST_PAGES
        walk.seen |= tokens
        return circular


def stamps_of(batch: Batch) -> tuple[tuple[str, str], ...]:
    """Id and version of everything in a batch, in its order."""
    parts: Sequence[Iterable[Stamp]] = (
        [thread.stamp for thread in batch.threads],
        [post.stamp for post in batch.posts],
        [task.stamp for task in batch.tasks],
        [patient.stamp for patient in batch.patients],
        [party.stamp for party in batch.parties],
    )
    return tuple((stamp.id, stamp.version) for part in parts for stamp in part)


def in_order(stream: Stream, batch: Batch, after: datetime | None) -> bool:
    """Whether a page's own resources rise in time and none is older than what an earlier page ended with."""
    if stream == "Task":
        runs = [[task.stamp.updated for task in batch.tasks]]
    else:
        runs = [[thread.stamp.updated for thread in batch.threads], [post.stamp.updated for post in batch.posts]]
    return all(run == sorted(run) and (not run or after is None or run[0] >= after) for run in runs)
