"""Reads what changed, who is who, and whole conversations."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Awaitable, Sequence
from dataclasses import replace
from datetime import datetime

from client import errors
from client.mapping.batch import batch, latest
from client.mapping.context import Context
from client.page_size import PageSize
from client.rest import Bundle, Found, Resource, Rest, since
from workbench.dialogue.held import Batch, HeldPost, PulledPage, Stream
from workbench.dialogue.people import NOWHERE

PAGE = 500
"""Resources asked for on a page of what changed; a portal may give fewer."""
SMALLER = (500, 504)
"""What a portal answers that fails at one of all it found, and a proxy in the place of one that takes too long."""
CHUNK = 50
"""Ids asked for at once: their length must fit in an address."""
FETCHED = (
    "Patient",
    "Practitioner",
    "RelatedPerson",
    "Organization",
    "CareTeam",
    "PractitionerRole",
    "HealthcareService",
    "Group",
    "Device",
    "Communication",
    "Task",
)


class Reading:
    """The reading half of a portal."""

    def __init__(self, rest: Rest, context: Context, page: int = PAGE) -> None:
        self._rest = rest
        self._context = context
        self._page = PageSize(page)
        self._received: dict[Stream, int] = {}

    async def changes(self, stream: Stream, after: datetime | None, page: str | None) -> PulledPage:
        """See `PortalPort.changes`."""
        if page is None:
            self._received[stream] = 0
            bundle = await self._first(stream, [since("_lastUpdated", after)] if after else [])
        else:
            bundle = await self._next(page)
        self._page.came(bundle.count)
        received = self._received[stream] = self._received.get(stream, 0) + bundle.count
        return PulledPage(
            batch=batch(bundle.resources, self._context),
            next=bundle.next,
            latest=latest(bundle.resources),
            count=bundle.count,
            incomplete=bundle.next is None and (bundle.total or 0) > received,
            now=self._rest.http.portal_now,
        )

    async def _first(self, stream: Stream, narrowed: list[tuple[str, str]]) -> Bundle:
        """The first page of what changed; of fewer resources, from now on, where it is too large."""
        while True:
            params = [*narrowed, ("_sort", "_lastUpdated"), ("_count", str(self._page.now))]
            try:
                return await self._in_time(self._rest.search(stream, params))
            except errors.TooLarge:
                if self._page.single:
                    raise
                self._page.was_too_large()

    async def _next(self, page: str) -> Bundle:
        """A further page; when it is too large the round ends, and the next one asks for fewer a page."""
        try:
            return await self._in_time(self._rest.page(page))
        except errors.TooLarge:
            if self._page.single:
                raise
            self._page.was_too_large()
            raise errors.Incomplete("A page was too large; smaller ones are asked for from now on.") from None

    async def _in_time(self, page: Awaitable[Bundle]) -> Bundle:
        """A page; when it takes too long or fails the round is left, and the next one asks for fewer a page."""
        try:
            return await page
        except (errors.Deadline, errors.ServerFault) as error:
            if isinstance(error, errors.Deadline) or error.status in SMALLER:
                self._page.was_too_slow()
            raise

    async def fetch(self, references: Sequence[str]) -> Batch:
        """See `PortalPort.fetch`."""
        by_kind: dict[str, list[str]] = defaultdict(list)
        for reference in dict.fromkeys(references):
            kind, _, identity = reference.partition("/")
            if kind in FETCHED and identity and not reference.endswith(NOWHERE):
                by_kind[kind].append(identity)
        found = Batch()
        for kind, identities in by_kind.items():
            for start in range(0, len(identities), CHUNK):
                found += await self._some(kind, identities[start : start + CHUNK])
        return found

    async def thread(self, identity: str) -> Batch:
        """See `PortalPort.thread`."""
        header = await self._rest.read("Communication", identity)
        posts = await self._posts(identity)
        tasks = await self._rest.find_offered("Task", [("focus", f"Communication/{identity}"), ("_count", "50")])
        found = self._batch(tasks) if tasks else Batch()
        found = replace(found, tasks=tuple(task for task in found.tasks if task.thread == identity))
        sides = await self._side_threads([task.stamp.id for task in found.tasks])
        notes = await self._children([side.stamp.id for side in sides.threads]) if sides.threads else Batch()
        whole = batch([header], self._context) + posts + found + sides + notes
        return replace(whole, set_aside=posts.set_aside, missing=posts.missing)

    async def find(self, client_id: str) -> HeldPost | None:
        """See `PortalPort.find`."""
        system = self._context.conventions.client_id_system
        found = await self._rest.find("Communication", [("identifier", f"{system}|{client_id}"), ("_count", "10")])
        posts = [each for each in self._batch(found).posts if each.client_id == client_id]
        if len(posts) > 1:
            raise errors.SeveralMatches("More than one message carries our identifier.")
        return posts[0] if posts else None

    async def _some(self, kind: str, identities: list[str]) -> Batch:
        params = [("_id", ",".join(identities)), ("_count", str(len(identities)))]
        try:
            resources: Sequence[Resource] = (await self._rest.find(kind, params)).resources
        except errors.Refused:
            return await self._one_by_one(kind, identities)
        except errors.NotFhir as error:
            if error.status != 404:
                raise
            return await self._one_by_one(kind, identities)  # a type that is not served gives none of its own
        return batch((each for each in resources if each.get("id") in identities), self._context)

    async def _one_by_one(self, kind: str, identities: list[str]) -> Batch:
        found, gone = [], []
        for identity in identities:
            try:
                found.append(await self._rest.read(kind, identity))
            except (errors.NotFound, errors.Forbidden, errors.Refused):
                continue
            except errors.Gone:
                gone.append(f"{kind}/{identity}")
        return batch(found, self._context) + Batch(gone=tuple(gone))

    async def _posts(self, identity: str) -> Batch:
        """Messages of a conversation, those too that name the message they answer instead of the header."""
        found = asked = await self._children([identity])
        known = {identity}
        while fresh := [post.stamp.id for post in asked.posts if post.stamp.id not in known]:
            known.update(fresh)
            asked = Batch()
            for start in range(0, len(fresh), CHUNK):
                asked += await self._children(fresh[start : start + CHUNK])
            found += asked
        posts = {post.stamp.id: replace(post, parent=identity) for post in found.posts}
        return Batch(posts=tuple(posts.values()), set_aside=found.set_aside, missing=found.missing)

    async def _children(self, parents: Sequence[str]) -> Batch:
        """Messages of headers; what a portal adds that is not of them is dropped."""
        named = ",".join(f"Communication/{parent}" for parent in parents)
        one = self._batch(
            await self._rest.find("Communication", [("part-of", named), ("_sort", "sent"), ("_count", "200")])
        )
        posts = tuple(post for post in one.posts if post.parent in parents)
        return Batch(posts=posts, set_aside=one.set_aside, missing=one.missing)

    async def _side_threads(self, tasks: list[str]) -> Batch:
        found = Batch()
        for task in tasks:
            one = self._batch(await self._rest.find("Communication", [("based-on", f"Task/{task}"), ("_count", "50")]))
            sides = tuple(side for side in one.threads if side.internal and side.task == task)
            found += Batch(threads=sides, set_aside=one.set_aside, missing=one.missing)
        return found

    def _batch(self, found: Found | Bundle) -> Batch:
        one = batch(found.resources, self._context)
        missing = found.missing if isinstance(found, Found) else 0
        return replace(one, missing=missing)
