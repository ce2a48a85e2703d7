"""Brings what changed on a portal into the cache, a page a step, in rounds that may be cut short anywhere.

Pages are asked for by time: each begins where the one before ended, so that rows which move while they are read shift
nothing out of sight. The portal's own links are followed only within one moment, and where it does not go by time. What
is kept to resume from is told in `resuming`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from client.errors import Deadline
from workbench.dialogue.held import Batch, PulledPage, Stamp, Stream
from workbench.dialogue.key import Key
from workbench.sync.checking import STREAMS, Checking
from workbench.sync.faults import BROKEN, STRANGE
from workbench.sync.fetching import Fetching
from workbench.sync.ports import CachePort, PortalPort
from workbench.sync.resuming import Resuming

LAST_AFTER = 3
"""Rounds in a row that are left at one kind of resource, after which that kind comes last, and what fails is leapt."""
LEAP = timedelta(minutes=1)
"""How far behind the resume point what comes after something the portal fails at is looked for; twice as far each time
in vain."""
FARTHEST = 14
"""How often that is doubled: eleven days."""
MOST_PAGES = 100_000
"""Pages of one stream in one round, beyond which the portal is taken to walk in circles."""
REPEATS = 3
"""How often in a row a page that says what the last one said is asked for once more."""


@dataclass(frozen=True, slots=True)
class Step:
    """What one step of a round brought."""

    received: int = 0
    """Resources on the page, those set aside included."""
    set_aside: tuple[str, ...] = ()
    """Names of those."""
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
    first: datetime | None = None
    """From when on it began."""
    page: str | None = None
    """The portal's link to the page that is next; None for the first one since `since`."""
    by_time: bool = True
    """Pages are asked for by time; else by the portal's links alone."""
    after: datetime | None = None
    """Nothing on the page that is next may be older than this, if the portal sorts and narrows as it was asked to."""
    seen: set[int] = field(default_factory=set)
    """Hashes of the links that were followed and of contents, to notice circles."""
    said: int | None = None
    """Hash of what the last page said."""
    repeats: int = 0
    """How often in a row it said so."""
    greatest: datetime | None = None
    ordered: bool = True
    """Pages came by time, as asked for; only then may a resume point be set before the last page."""
    leaps: bool = False
    """It began behind something the portal fails at, and sets no resume point: what is before it is still to come."""


class Pull:
    """Walks through what changed on one portal, again and again."""

    def __init__(self, portal: PortalPort, cache: CachePort, monotonic: Callable[[], float]) -> None:
        self._portal = portal
        self._cache = cache
        self._now = monotonic
        self._resuming = Resuming(cache, portal.name, monotonic)
        self._checking = Checking(portal, cache, self._resuming, monotonic)
        self._fetching = Fetching(portal, cache, monotonic)
        self._left: list[Stream] = []
        self._walk: _Walk | None = None
        self._left_at: dict[Stream, int] = dict.fromkeys(STREAMS, 0)
        """How many rounds in a row were left at each kind, as the portal failed at it."""
        self._doubled: dict[Stream, int] = dict.fromkeys(STREAMS, 0)
        """How often the leap of each kind was doubled."""
        self._incomplete = False

    @property
    def underway(self) -> bool:
        """Whether a round has begun and not ended."""
        return bool(self._walk or self._left or self._fetching.pending or self._checking.underway)

    def doubt(self, references: Iterable[str]) -> None:
        """Has some Communications and Tasks read by themselves in this round or the next."""
        self._checking.doubt(references)

    async def step(self) -> Step:
        """Makes one call to the portal and applies what it gives; begins a round when none is under way.

        The very first one asks as well where the histories of what is deleted begin.

        Raises:
            PortalError: The portal did not answer. The round is left; the next begins at the resume point.
        """
        if not self.underway:
            self._left = sorted(STREAMS, key=lambda stream: self._left_at[stream] >= LAST_AFTER)
            self._resuming.begin()
            self._checking.begin()
            self._fetching.begin()
            self._incomplete = False
        try:
            if self._fetching.pending:
                batch, changed = await self._fetching.step()
                return self._closed(Step(len(stamps_of(batch)), batch.set_aside, changed))
            while self._checking.unanchored:
                await self._checking.anchor()
            if self._walk or self._left:
                return self._closed(await self._next_page())
            return self._closed(Step(changed=await self._checking.step()))
        except BaseException:
            self._left, self._walk = [], None
            self._fetching.leave()
            self._checking.leave()
            raise

    def _closed(self, step: Step) -> Step:
        """The step, after looking whose names are still missing and whether the round has ended."""
        if not self._fetching.pending:
            self._fetching.look()
        ended = not self.underway
        if ended:
            self._checking.leave()
        self._incomplete |= step.incomplete
        return Step(step.received, step.set_aside, step.changed, ended, self._incomplete)

    async def _next_page(self) -> Step:
        walk = self._walk = self._walk or self._begin(self._left.pop(0))
        try:
            page = await self._portal.changes(walk.stream, walk.since, walk.page)
        except STRANGE:
            if walk.stream != "Task":
                raise
            # A portal without Tasks still has its messages; whether it is one at all, their stream will tell.
            self._walk = None
            return Step(incomplete=True)
        except (*BROKEN, Deadline):
            self._left_at[walk.stream] += 1
            self._doubled[walk.stream] = min(FARTHEST, self._doubled[walk.stream] + walk.leaps)
            raise
        self._resuming.told(page.now)
        in_step = in_order(walk.stream, page.batch, walk.after)
        if self._said_again(walk, page):
            return Step(page.count)
        circular = self._circular(walk, page)
        again = self._again(walk, circular or not in_step)
        walk.ordered = walk.ordered and in_step
        walk.greatest = max(filter(None, (walk.greatest, page.latest)), default=None)
        onward = _by_time(walk, page)
        last = circular or (page.next is None and (onward is None or not page.incomplete))
        whole = page.next is None and not page.incomplete
        settled = not walk.leaps and (walk.ordered or (whole and not again))
        changed = self._apply(walk, page.batch, walk.greatest if settled else None)
        if again:
            self._walk = again
        elif last:
            self._end(walk, whole=whole)
        else:
            _go_on(walk, page, onward)
        incomplete = last and not again and (circular or page.incomplete or walk.leaps)
        return Step(page.count, page.batch.set_aside, changed, incomplete=incomplete)

    def _begin(self, stream: Stream) -> _Walk:
        since = self._resuming.since(stream)
        leaps = since is not None and self._left_at[stream] >= LAST_AFTER
        if leaps:
            since = self._resuming.beyond(stream, LEAP * 2 ** self._doubled[stream])
        return _Walk(stream, since, self._now(), since, after=since, leaps=leaps)

    def _again(self, walk: _Walk, strange: bool) -> _Walk | None:
        """The walk to begin instead of this one; None when this one may go on.

        Either the portal's clock went back, or what was asked for by time came as if no time had been named.
        """
        since = self._resuming.behind(walk.stream)
        if since is not None and walk.first is not None and since < walk.first:
            return _Walk(walk.stream, since, walk.began, since, after=since)
        if strange and walk.by_time and walk.page is None and walk.since != walk.first:
            return _Walk(walk.stream, walk.first, walk.began, walk.first, by_time=False)
        return None

    def _end(self, walk: _Walk, *, whole: bool) -> None:
        if walk.leaps:
            self._left_at[walk.stream] = LAST_AFTER - 1  # the next round begins where it should, and leaps if it must
            too_far = walk.greatest is None
            self._doubled[walk.stream] = max(0, self._doubled[walk.stream] - too_far)
        else:
            self._left_at[walk.stream] = self._doubled[walk.stream] = 0
        if whole and not walk.leaps:
            self._resuming.ended(walk.stream, walk.began)
        self._walk = None

    def _apply(self, walk: _Walk, batch: Batch, mark: datetime | None) -> frozenset[Key]:
        changed = self._cache.apply(self._portal.name, batch, walk.stream, self._resuming.moved(walk.stream, mark))
        if walk.first is not None:
            self.doubt(self._cache.checks.later(self._portal.name, batch))
        return changed

    @staticmethod
    def _said_again(walk: _Walk, page: PulledPage) -> bool:
        """Whether the portal said just what it said before, as from memory, and is better asked once more."""
        said = hash(stamps_of(page.batch) or page.next)
        again = page.next is not None and said == walk.said and walk.repeats < REPEATS
        walk.repeats = walk.repeats + 1 if again else 0
        walk.said = said
        return again

    @staticmethod
    def _circular(walk: _Walk, page: PulledPage) -> bool:
        """Whether this page leads to one that was there before, or says again what another said."""
        if page.next is None:
            return False
        said = hash(stamps_of(page.batch) or page.next)
        circular = bool({said, hash(page.next)} & walk.seen) or len(walk.seen) > 2 * MOST_PAGES
        walk.seen.add(said)
        return circular


def _by_time(walk: _Walk, page: PulledPage) -> datetime | None:
    """From when on the next page is to be asked for; None where time does not lead on."""
    latest = page.latest and page.latest.replace(microsecond=page.latest.microsecond // 1000 * 1000)
    earliest = min((time for run in _times(walk.stream, page.batch) for time in run), default=None)
    if latest is None or earliest is None or not earliest < latest or not (walk.by_time and walk.ordered):
        return None
    return latest if walk.since is None or walk.since < latest else None


def _go_on(walk: _Walk, page: PulledPage, onward: datetime | None) -> None:
    """Sets out for the next page: by time, or by the portal's link."""
    if onward is not None:
        walk.since = walk.after = onward
        walk.page = None
    else:
        walk.after = walk.greatest
        walk.page = page.next
        walk.seen.add(hash(page.next))


def stamps_of(batch: Batch) -> tuple[tuple[str, str], ...]:
    """Id and version of everything in a batch, in its order."""
    parts: Sequence[Iterable[Stamp]] = (
        [thread.stamp for thread in batch.threads],
        [post.stamp for post in batch.posts],
        [task.stamp for task in batch.tasks],
        [patient.stamp for patient in batch.patients],
        [party.stamp for party in batch.parties],
        [presence.stamp for presence in batch.presences],
    )
    return tuple((stamp.id, stamp.version) for part in parts for stamp in part)


def in_order(stream: Stream, batch: Batch, after: datetime | None) -> bool:
    """Whether a page's own resources rise in time and none is older than what an earlier page ended with."""
    runs = _times(stream, batch)
    return all(run == sorted(run) and (not run or after is None or run[0] >= after) for run in runs)


def _times(stream: Stream, batch: Batch) -> list[list[datetime]]:
    """When a page's own resources last changed, sort by sort."""
    if stream == "Task":
        return [[task.stamp.updated for task in batch.tasks], [told.stamp.updated for told in batch.presences]]
    return [[thread.stamp.updated for thread in batch.threads], [post.stamp.updated for post in batch.posts]]
