"""Learns what no list of changes tells: what was deleted, and what the portal holds in an earlier edition than we do.

Deletions are read from the history of each kind where the portal offers it, else held resources are looked for, a few a
round. Either also tells which versions there are: one that is not ours was kept from us when news were asked for, as by
a portal that finds what changed and then gives it as it was before. Neither is believed alone: what a list lacks may
only have been left out, so it is gone only when the portal's history says so as well, or when the portal, asked for
that one resource, says that there is none.
What is read in that way is the portal's word of today, and replaces what is held even when that is of a later edition:
so a portal that was restored from a copy, or whose clock went back, is shown as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from client.errors import Deadline
from workbench.dialogue.held import Batch, Stream, Trail
from workbench.dialogue.key import Key
from workbench.sync.faults import FAILED
from workbench.sync.ports import CachePort, PortalPort
from workbench.sync.resuming import Resuming
from workbench.sync.sparing import Sparing

STREAMS: Final[tuple[Stream, ...]] = ("Task", "Communication")
TRAILS: Final[dict[Stream, Trail]] = {"Task": "Task deletions", "Communication": "Communication deletions"}
CHUNK = 50
"""References looked for in one call."""
READS = 20
"""Resources read by themselves in one round; what is left waits for the next."""
SWEEPS = 20
"""Chunks looked through in a round after the portal went back in time; otherwise one."""
SWEEP = "sweep"
"""What looking for held resources is called where it takes too long."""
START = "[4611686018427387904, -1, -1]"
"""The place before everything that is held."""
NOBODY: frozenset[Key] = frozenset()


@dataclass(slots=True)
class _History:
    """The way through the history of one kind, newest first: its resume point is known when its end is reached."""

    stream: Stream
    since: datetime
    due: datetime
    """Where a history that goes on as it was still has an entry, or later: from then on the resume point was set."""
    began: float
    page: str | None = None
    seen: set[str] = field(default_factory=set)
    gone: dict[str, None] = field(default_factory=dict)
    told: Mapping[str, str] = field(default_factory=dict)
    """Newest version of what changed, by reference."""
    latest: datetime | None = None
    chunks: list[tuple[str, ...]] | None = None
    """Held ones of what was deleted that have yet to be looked for; None while pages are read."""
    absent: list[str] = field(default_factory=list)
    whole: bool = True


class Checking:
    """The last part of every round."""

    def __init__(
        self, portal: PortalPort, cache: CachePort, resuming: Resuming, monotonic: Callable[[], float]
    ) -> None:
        self._portal = portal
        self._cache = cache
        self._resuming = resuming
        self._now = monotonic
        self._offered: dict[Stream, bool] = {}
        self._sparing = Sparing(monotonic)
        self._anchors: list[Stream] = []
        self._left: list[Stream] = []
        self._walk: _History | None = None
        self._sweeps: int | None = 0
        """Chunks that may still be looked through in this round; None before that is known."""
        self._reads = 0
        self._doubts: dict[str, None] = {}
        self._place: str | None = None
        """How far it was looked, while something of that is in doubt."""

    @property
    def unanchored(self) -> bool:
        """Whether the beginning of a trail has yet to be found, which comes before anything is pulled."""
        return bool(self._anchors)

    @property
    def underway(self) -> bool:
        """Whether something is left to do in this round."""
        return bool(self._walk or self._left or self._sweeps != 0 or (self._doubts and self._reads))

    def begin(self) -> None:
        """A round has begun."""
        self._left = [each for each in STREAMS if self._offered.get(each, True) and self._sparing.may(each)]
        self._anchors = [stream for stream in self._left if self._resuming.mark(TRAILS[stream]) is None]
        self._walk = None
        self._reads = READS
        self._sweeps = None

    def leave(self) -> None:
        """The round is over; what is in doubt stays so until the next."""
        self._anchors, self._left, self._walk, self._sweeps, self._reads = [], [], None, 0, 0

    def doubt(self, references: Iterable[str]) -> None:
        """Has some Communications and Tasks read by themselves."""
        self._doubts.update(dict.fromkeys(references))

    async def anchor(self) -> None:
        """Notes when the newest change of a kind was, so that what is deleted from now on will be told."""
        stream = self._anchors.pop(0)
        try:
            with self._sparing.trying(stream):
                page = await self._portal.deletions(stream, None, None)
        except FAILED:
            return
        self._offered[stream] = page is not None
        if page is not None and page.latest is not None:
            self._cache.apply(self._portal.name, Batch(), TRAILS[stream], page.latest)

    async def step(self) -> frozenset[Key]:
        """Makes at most one call, and applies what it tells; gives the conversations that changed."""
        if self._walk is not None or self._left:
            with self._sparing.trying(self._walk.stream if self._walk else self._left[0]):
                return await self._of_history()
        if self._doubts and self._reads:
            return await self._read()
        return await self._sweep()

    # By the history of a kind.

    async def _of_history(self) -> frozenset[Key]:
        if self._walk is not None and self._walk.chunks is not None:
            return await self._look_for(self._walk, self._walk.chunks)
        return await self._history()

    async def _history(self) -> frozenset[Key]:
        walk = self._walk = self._walk or self._begin(self._left.pop(0))
        if walk is None:
            return NOBODY
        try:
            page = await self._portal.deletions(walk.stream, walk.since, walk.page)
        except FAILED:
            self._walk = None
            return NOBODY
        self._offered[walk.stream] = page is not None
        if page is None:
            self._walk = None
            return NOBODY
        walk.gone.update(dict.fromkeys(page.gone))
        walk.told = {**page.told, **walk.told}
        walk.latest = max(filter(None, (walk.latest, page.latest)), default=None)
        if page.next is not None and page.next not in walk.seen:
            walk.seen.add(page.next)
            walk.page = page.next
            return NOBODY
        walk.whole = page.next is None
        self.doubt(self._cache.checks.otherwise(self._portal.name, walk.told))
        held = self._cache.checks.held(self._portal.name, tuple(walk.gone))
        walk.chunks = [held[start : start + CHUNK] for start in range(0, len(held), CHUNK)]
        return NOBODY if walk.chunks else await self._end(walk)

    def _begin(self, stream: Stream) -> _History | None:
        trail = TRAILS[stream]
        since = self._resuming.since(trail, gap=timedelta())
        return None if since is None else _History(stream, since, self._resuming.asked_from(trail), self._now())

    async def _look_for(self, walk: _History, chunks: list[tuple[str, ...]]) -> frozenset[Key]:
        """Whether what was deleted has been made again since."""
        asked = chunks.pop()
        try:
            there: Iterable[str] = await self._portal.versions(asked)
        except FAILED:
            there = asked  # the history alone is not believed: each is read by itself
        walk.absent += [reference for reference in asked if reference not in there]
        self.doubt(there)
        return NOBODY if chunks else await self._end(walk)

    async def _end(self, walk: _History) -> frozenset[Key]:
        """Takes off the shelf what is gone, in one transaction with the point up to which that is known."""
        self._walk = None
        trail = TRAILS[walk.stream]
        mark = walk.latest if walk.whole else None
        if walk.whole and (walk.latest is None or walk.latest < walk.due):
            await self._went_back(walk)
        mark = self._resuming.moved(trail, mark)
        if walk.whole:
            self._resuming.ended(trail, walk.began)
        self._sparing.done(walk.stream)
        return self._cache.apply(self._portal.name, Batch(gone=tuple(walk.absent)), trail, mark)

    async def _went_back(self, walk: _History) -> None:
        """A history that lacks even what its resume point was set by: has the portal been put back in time?"""
        before = self._resuming.mark(TRAILS[walk.stream])
        try:
            page = await self._portal.deletions(walk.stream, None, None)
        except FAILED:
            return
        if before is None or page is None or page.latest is None or page.latest >= before:
            return
        self._cache.checks.keep_place(self._portal.name, START)
        self._cache.checks.rewind(self._portal.name, TRAILS[walk.stream], page.latest)

    # By looking for what is held.

    async def _sweep(self) -> frozenset[Key]:
        """Looks for some of what is held; goes on only when the last ones in doubt have been read."""
        checks, name = self._cache.checks, self._portal.name
        if self._doubts or not self._sparing.may(SWEEP):
            self._sweeps = 0
            return NOBODY
        place = checks.place(name)
        if self._sweeps is None:
            by_history = all(self._offered.get(each) and self._sparing.may(each) for each in STREAMS)
            self._sweeps = 1 if not by_history else SWEEPS if place else 0
        after, versions = checks.chunk(name, place, CHUNK) if self._sweeps else ("", {})
        if not versions:
            self._sweeps = 0
            checks.keep_place(name, "")
            return NOBODY
        self._sweeps -= 1
        with self._sparing.trying(SWEEP):
            there = await self._versions(tuple(versions))
        self._sparing.done(SWEEP)
        self._place = after
        self.doubt(each for each, version in versions.items() if each not in there or version != there[each] != "")
        self._keep_place()
        return NOBODY

    def _keep_place(self) -> None:
        """Remembers how far it was looked, once nothing of that is in doubt any more."""
        if self._place is not None and not self._doubts:
            self._cache.checks.keep_place(self._portal.name, self._place)
            self._place = None

    # One by one.

    async def _read(self) -> frozenset[Key]:
        reference = next(iter(self._doubts))
        self._reads -= 1
        try:
            batch = await self._portal.read(reference)
        except FAILED:
            batch = Batch()
        except Deadline:
            del self._doubts[reference]  # it is in doubt again when the next round finds it so
            raise
        changed = self._cache.apply(self._portal.name, batch, truth=True)
        del self._doubts[reference]
        self._keep_place()
        return changed

    async def _versions(self, references: tuple[str, ...]) -> Mapping[str, str]:
        """Those that a list gives; none of them when it cannot be had."""
        try:
            return await self._portal.versions(references)
        except FAILED:
            return {}
