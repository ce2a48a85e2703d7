"""Asks what became of what is held: what was deleted, which version there is now, and whether it is there at all."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from client import errors
from client.dates import instant, moment
from client.mapping.batch import batch
from client.mapping.context import LONG_AGO, Context
from client.rest import NOT_OFFERED, Resource, Rest
from workbench.dialogue.held import Batch, DeletedPage, Stream

CHUNK = 50
"""Ids asked for at once: their length must fit in an address."""
WITHHELD = (errors.Forbidden, errors.Refused, errors.NotFhir, errors.TooLarge)
"""Answers that do not say whether a resource is there."""
_NAMED = re.compile(r"(?:.*/)?((?:Task|Communication)/[A-Za-z0-9\-.]{1,64})(?:/_history/[^/]*)?")


class Checking:
    """The checking half of a portal."""

    def __init__(self, rest: Rest, context: Context, page: int) -> None:
        self._rest = rest
        self._context = context
        self._page = page
        self._denied: set[Stream] = set()
        """Kinds whose history was refused although the portal said that it offers it."""
        self._whole = False
        """The portal gives resources whole only."""

    async def deletions(self, stream: Stream, since: datetime | None, page: str | None) -> DeletedPage | None:
        """See `PortalPort.deletions`."""
        if stream in self._denied or not await self._offered(stream):
            return None
        params = [("_count", "1")] if since is None else [("_since", instant(since)), ("_count", str(self._page))]
        try:
            bundle = await self._rest.page(page) if page else await self._rest.search(f"{stream}/_history", params)
        except (errors.Refused, errors.NotFhir, errors.Forbidden) as error:
            if page or error.status not in NOT_OFFERED:
                raise
            self._denied.add(stream)
            return None
        times = [when for entry in bundle.entries if (when := _when(entry))]
        gone = (_deleted(entry) for entry in bundle.entries if since is not None)
        ours = tuple(dict.fromkeys(each for each in gone if each.startswith(f"{stream}/")))
        told = _newest(bundle.entries, stream) if since else {}
        return DeletedPage(ours, bundle.next if since else None, max(times, default=None), told)

    async def versions(self, references: Sequence[str]) -> Mapping[str, str]:
        """See `PortalPort.versions`."""
        by_kind: dict[str, list[str]] = defaultdict(list)
        for reference in references:
            kind, _, identity = reference.partition("/")
            by_kind[kind].append(identity)
        found: dict[str, str] = {}
        for kind, identities in by_kind.items():
            for start in range(0, len(identities), CHUNK):
                for resource in await self._by_id(kind, identities[start : start + CHUNK]):
                    meta = resource.get("meta")
                    version = meta.get("versionId") if isinstance(meta, dict) else ""
                    found[f"{kind}/{resource.get('id')}"] = version if isinstance(version, str) else ""
        return {reference: found[reference] for reference in references if reference in found}

    async def read(self, reference: str) -> Batch:
        """See `PortalPort.read`."""
        kind, _, identity = reference.partition("/")
        try:
            return batch([await self._rest.read(kind, identity)], self._context)
        except (errors.NotFound, errors.Gone):
            return Batch(gone=(reference,))
        except WITHHELD:
            return Batch()

    async def _offered(self, stream: Stream) -> bool:
        """Whether the portal says that it tells the history of a type; one that says nothing of itself does not."""
        try:
            return stream in (await self._rest.offered()).histories
        except (*WITHHELD, errors.NotFound, errors.Gone):
            return False

    async def _by_id(self, kind: str, identities: Sequence[str]) -> Sequence[Resource]:
        params = [("_id", ",".join(identities)), ("_count", str(len(identities)))]
        if not self._whole:
            try:
                return (await self._rest.search(kind, [*params, ("_elements", "id,meta")])).resources
            except WITHHELD:
                self._whole = True
        return (await self._rest.search(kind, params)).resources  # one page is enough: what it lacks is read


def _when(entry: Resource) -> datetime | None:
    """When the version of an entry was made, where the entry says it."""
    resource, response = entry.get("resource"), entry.get("response")
    meta = resource.get("meta") if isinstance(resource, dict) else None
    told = meta.get("lastUpdated") if isinstance(meta, dict) else None
    told = told or (response.get("lastModified") if isinstance(response, dict) else None)
    return moment(told) if isinstance(told, str) else None


def _version(entry: Resource) -> object:
    """The version of an entry, which some portals tell in its `response` alone."""
    meta, response = entry["resource"].get("meta"), entry.get("response")
    told = meta.get("versionId") if isinstance(meta, dict) else None
    etag = response.get("etag") if isinstance(response, dict) else None
    return told or (etag.removeprefix("W/").strip('"') if isinstance(etag, str) else None)


def _newest(entries: Iterable[Resource], kind: str) -> dict[str, str]:
    """Version of the newest entry of each resource, by `Type/id`; those that do not say both are left out."""
    found: dict[str, tuple[datetime, str]] = {}
    for entry in entries:
        resource, when = entry.get("resource"), _when(entry)
        if when is None or not isinstance(resource, dict) or resource.get("resourceType") != kind:
            continue
        version = _version(entry)
        reference = f"{kind}/{resource.get('id')}"
        if isinstance(version, str) and version and when > found.get(reference, (LONG_AGO, ""))[0]:
            found[reference] = when, version
    return {reference: version for reference, (_, version) in found.items()}


def _deleted(entry: Resource) -> str:
    """`Type/id` of what an entry says was deleted; empty when it says something else."""
    request = entry.get("request")
    if not isinstance(request, dict) or request.get("method") != "DELETE":
        return ""
    for told in (request.get("url"), entry.get("fullUrl")):
        named = _NAMED.fullmatch(told) if isinstance(told, str) else None
        if named:
            return named[1]
    return ""
