"""FHIR's interactions, over one `Http`."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote, urlencode

from client import errors
from client.dates import instant
from client.http import FHIR_JSON, Answer, Call, Http

Resource = dict[str, Any]
Params = Sequence[tuple[str, str]]
PAGE_CAP = 10_000
"""Pages followed of one search."""
NOT_OFFERED = (400, 403, 404, 405, 501)
"""Statuses by which portals say that they have no such type, or no such search of it."""
_PATCH_JSON = "application/json-patch+json"
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Bundle:
    """One page of a search."""

    resources: tuple[Resource, ...]
    """What was found or included; OperationOutcomes left out."""
    next: str | None
    """Address of the next page, checked to lie on the portal; None after the last."""
    total: int | None
    """What the portal says it has; for a warning only."""
    count: int
    """Entries on the page, those that are no resource included."""
    entries: tuple[Resource, ...] = ()
    """The entries as they came, for what a history says of each."""


@dataclass(frozen=True, slots=True)
class Found:
    """All pages of a search."""

    resources: tuple[Resource, ...]
    missing: int
    """How many more the portal said it has, without a way to them."""


SIGN_IN: Final = frozenset({"oauth", "smart-on-fhir"})
"""Codes of security services at which people sign in (http://terminology.hl7.org/CodeSystem/restful-security-service)."""
ENDPOINTS: Final = "/oauth-uris"
"""How the name of SMART's extension with the addresses of such a service ends."""


@dataclass(frozen=True, slots=True)
class Offered:
    """What a portal's CapabilityStatement says of it."""

    software: str
    fhir_version: str
    patch: bool
    """Task can be changed by JSON Patch."""
    conditional_create: bool
    """Communication can be created on condition of an identifier, so that no retry doubles a message."""
    sign_in: bool
    """It names a security service (SMART or OAuth)."""
    histories: frozenset[str]
    """Types whose history can be asked for as a whole."""
    subscriptions: bool
    """Subscriptions can be created; over which channels, only trying tells."""


class Rest:
    """The portal as a FHIR server."""

    def __init__(self, http: Http) -> None:
        self.http = http
        self._offered: Offered | None = None

    async def offered(self) -> Offered:
        """Ask what the portal can do; asked once, then remembered.

        Raises:
            NotFhir: It is no FHIR R4 server.
        """
        if self._offered is None:
            self._offered = await self._ask()
        return self._offered

    async def _ask(self) -> Offered:
        statement = await self._resource(Call("GET", "metadata"), "CapabilityStatement")
        version = str(statement.get("fhirVersion", ""))
        if not version.startswith("4."):
            raise errors.NotFhir(f"The portal speaks FHIR {version or 'of no version'}; R4 is needed.")
        software = statement.get("software")
        rest = next(iter(_dicts(statement.get("rest"))), {})
        types = {str(each.get("type")): each for each in _dicts(rest.get("resource"))}
        actions = {str(each.get("code")) for each in _dicts(types.get("Task", {}).get("interaction"))}
        subscribing = {str(each.get("code")) for each in _dicts(types.get("Subscription", {}).get("interaction"))}
        return Offered(
            subscriptions="create" in subscribing,
            software=str(software.get("name", "")) if isinstance(software, dict) else "",
            fhir_version=version,
            patch="patch" in actions,
            conditional_create=types.get("Communication", {}).get("conditionalCreate") is True,
            sign_in=_signs_in(rest.get("security")),
            histories=frozenset(
                str(kind)
                for kind, told in types.items()
                if any(each.get("code") == "history-type" for each in _dicts(told.get("interaction")))
            ),
        )

    async def read(self, kind: str, identity: str) -> Resource:
        """Read one resource.

        Raises:
            NotFound: There is none.
            Gone: It was deleted.
        """
        resource = await self._resource(Call("GET", f"{kind}/{_segment(identity)}"), kind)
        if resource.get("id") != identity:
            raise errors.NotFhir("The portal answered with another resource than the one asked for.")
        return resource

    async def search(self, kind: str, params: Params, *, private: bool = False) -> Bundle:
        """Search for one type; the first page.

        Args:
            kind: Resource type.
            params: Names and values, in order.
            private: The values point at a person: they travel in the body of a POST, so that no log keeps them.

        Raises:
            NotFhir: There is no such type at this address (404).
        """
        call = Call("GET", kind, params)
        if private:
            form = urlencode(list(params)).encode("ascii")
            call = Call("POST", f"{kind}/_search", content=form, headers={"Content-Type": _FORM})
        try:
            return self._bundle(await self.http.send(call))
        except errors.NotFound as error:
            text = error.text or f"There is no {kind} at this address."
            raise errors.NotFhir(text, status=404) from None

    async def find_offered(self, kind: str, params: Params) -> Found | None:
        """Search for one type and follow every page; None where the portal does not offer that type or that search."""
        try:
            return await self.find(kind, params)
        except (errors.Refused, errors.NotFhir, errors.Forbidden) as error:
            if error.status not in NOT_OFFERED:
                raise
            return None

    async def page(self, link: str) -> Bundle:
        """A page by the address the portal gave, as it stands.

        Raises:
            Foreign: The address leads elsewhere; nothing was sent.
            Incomplete: The portal no longer knows the rest of the list (404, 410). That says nothing of what is in it.
        """
        try:
            return self._bundle(await self.http.send(Call("GET", self.http.base.resolve(link))))
        except (errors.NotFound, errors.Gone) as error:
            text = error.text or "The portal no longer knows the rest of its list."
            raise errors.Incomplete(text, status=error.status) from None

    async def find(self, kind: str, params: Params, *, private: bool = False) -> Found:
        """Search for one type and follow every page.

        Raises:
            NotFhir: The pages lead in a circle, or never end.
        """
        return await self._all(await self.search(kind, params, private=private))

    async def create(self, resource: Resource, *, unless: str) -> Resource:
        """Create a resource unless one carries the identifier.

        What may have been done is never tried again within the call, even where the portal heeds the condition: many
        look first and write then, and one that is still writing would make a second.

        Args:
            resource: Without an id.
            unless: `system|value` of an identifier the resource carries.

        Returns:
            The resource as the portal holds it: the new one, or the one that was there.

        Raises:
            SeveralMatches: More than one carries the identifier.
            PortalError: With `may_have_happened`, a search for the identifier settles what became of it.
        """
        kind = str(resource["resourceType"])
        headers = {"If-None-Exist": "identifier=" + quote(unless, safe=":/|-._~")}
        call = _write("POST", kind, resource, headers=headers)
        try:
            answer = await self.http.send(call)
        except errors.Conflict:
            if made := await self._made_meanwhile(kind, unless):
                return made
            raise
        if answer.json is not None and answer.json.get("resourceType") == kind and answer.json.get("id"):
            return _with_version(answer.json, answer)
        return await self._settle(kind, answer, unless)

    async def patch(self, kind: str, identity: str, operations: list[Resource], version: str) -> Resource:
        """Change a resource by JSON Patch, if it is still of one version.

        Raises:
            Conflict: It is of another version by now, or of none that is known: nothing is changed unseen.
            Refused: The portal does not offer this, or a rule of it says no.
        """
        if not version:
            raise errors.Conflict("The portal does not say which version it is, so that it cannot be changed safely.")
        headers = {"If-Match": f'W/"{version}"'}
        path = f"{kind}/{_segment(identity)}"
        call = _write("PATCH", path, operations, content_type=_PATCH_JSON, headers=headers)
        try:
            answer = await self.http.send(call)
        except errors.Refused as error:
            if error.status in (405, 415, 501):
                raise errors.Refused("The portal offers no JSON Patch.", status=error.status) from None
            raise
        if answer.json is not None and answer.json.get("resourceType") == kind:
            return _with_version(answer.json, answer)
        return await self.read(kind, identity)

    async def upload(self, data: bytes, content_type: str) -> str:
        """Store a file as a Binary, and return its id.

        Raw bytes first; a portal that takes only FHIR gets them wrapped.
        """
        wrapped = {"resourceType": "Binary", "contentType": content_type}
        if "json" in content_type or "xml" in content_type:
            content_type = "application/octet-stream"  # else the portal reads the file as a resource
        headers = {"Content-Type": content_type}
        raw = Call("POST", "Binary", content=data, headers=headers, writes=True, repeatable=False, binary=True)
        try:
            answer = await self.http.send(raw)
        except errors.Refused as error:
            if error.status not in (400, 415, 422):
                raise
            body = wrapped | {"data": _base64(data)}
            answer = await self.http.send(_write("POST", "Binary", body, binary=True))
        identity = _created(answer, "Binary") or (answer.json or {}).get("id")
        if not isinstance(identity, str) or not identity:
            raise errors.NotFhir("The portal did not say where it put the file.", may_have_happened=True)
        return identity

    async def download(self, path: str) -> Answer:
        """Fetch a file by `Binary/id` or an address on the portal; a wrapped one comes as JSON.

        Raises:
            Foreign: The address leads elsewhere; nothing was sent.
        """
        address = self.http.base.resolve(path)
        return await self.http.send(Call("GET", address, headers={"Accept": "*/*"}, binary=True))

    async def _all(self, page: Bundle) -> Found:
        resources, seen = list(page.resources), set[str]()
        while page.next:
            if page.next in seen or len(seen) >= PAGE_CAP:
                raise errors.NotFhir("The portal's pages lead in a circle.")
            seen.add(page.next)
            last, page = page, await self.page(page.next)
            resources += page.resources
            if page.total is None:
                page = Bundle(page.resources, page.next, last.total, page.count)
        return Found(tuple(resources), max(0, (page.total or 0) - len(resources)))

    async def _resource(self, call: Call, kind: str) -> Resource:
        answer = await self.http.send(call)
        if answer.json is None or answer.json.get("resourceType") != kind:
            raise errors.NotFhir(f"The portal's answer is no {kind}.", status=answer.status)
        return _with_version(answer.json, answer)

    async def heeds_conditions(self) -> bool:
        """Whether the portal says that it creates on condition; False while it does not answer."""
        try:
            return (await self.offered()).conditional_create
        except errors.PortalError:
            return False

    async def _made_meanwhile(self, kind: str, unless: str) -> Resource | None:
        """What another try at the same made, at which a portal was still when this one came (HAPI answers 409 then)."""
        try:
            found = await self.find(kind, [("identifier", unless)])
        except errors.PortalError as error:
            error.may_have_happened = True
            raise
        return found.resources[0] if len(found.resources) == 1 else None

    async def _settle(self, kind: str, answer: Answer, unless: str) -> Resource:
        """Read back what was created when the answer does not hold it."""
        try:
            if identity := _created(answer, kind):
                return await self.read(kind, identity)
            found = await self.find(kind, [("identifier", unless)])
        except errors.PortalError as error:
            error.may_have_happened = True
            raise
        if len(found.resources) != 1:
            raise errors.NotFhir("The portal did not say what it made.", status=answer.status, may_have_happened=True)
        return found.resources[0]

    def _bundle(self, answer: Answer) -> Bundle:
        raw = answer.json
        if raw is None or raw.get("resourceType") != "Bundle":
            raise errors.NotFhir("The portal's answer is no list of resources.", status=answer.status)
        entries = raw.get("entry") or []
        if not isinstance(entries, list):
            raise errors.NotFhir("The portal's list of resources is none.", status=answer.status)
        found = [each.get("resource") if isinstance(each, dict) else None for each in entries]
        total = raw.get("total")
        links = [each.get("url") for each in _dicts(raw.get("link")) if each.get("relation") == "next"]
        link = next((each for each in links if isinstance(each, str)), None)
        return Bundle(
            resources=tuple(
                each if isinstance(each, dict) else {}
                for each in found
                if not (isinstance(each, dict) and each.get("resourceType") == "OperationOutcome")
            ),
            next=self.http.base.resolve(link) if link else None,
            total=total if isinstance(total, int) else None,
            count=len(entries),
            entries=tuple(_dicts(entries)),
        )


def _write(
    method: str,
    path: str,
    body: object,
    *,
    content_type: str = FHIR_JSON,
    headers: dict[str, str] | None = None,
    binary: bool = False,
) -> Call:
    return Call(
        method,
        path,
        content=json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8"),
        headers={"Content-Type": content_type, "Prefer": "return=representation"} | (headers or {}),
        writes=True,
        repeatable=False,
        binary=binary,
    )


def since(parameter: str, when: datetime) -> tuple[str, str]:
    """A search parameter for what is not older than an aware time."""
    return parameter, f"ge{instant(when)}"


def _created(answer: Answer, kind: str) -> str:
    """Id in the Location of an answer, empty when it names none."""
    parts: list[str] = answer.headers.get("location", "").split("/")
    for place in range(len(parts) - 2, -1, -1):
        if parts[place] == kind:
            return parts[place + 1]
    return ""


def _with_version(resource: Resource, answer: Answer) -> Resource:
    """The resource with its version, which a portal may tell in the header alone."""
    meta = resource.get("meta", {})
    told = answer.headers.get("etag", "").removeprefix("W/").strip('"')
    if not told or not isinstance(meta, dict) or meta.get("versionId"):
        return resource
    return resource | {"meta": meta | {"versionId": told}}


def _segment(identity: str) -> str:
    return quote(identity, safe="")


def _base64(data: bytes) -> str:
    return b64encode(data).decode("ascii")


def _signs_in(security: object) -> bool:
    """Whether a statement names a service to sign in at; what else it says of security may be that there is none."""
    if not isinstance(security, dict):
        return False
    codings = [coding for service in _dicts(security.get("service")) for coding in _dicts(service.get("coding"))]
    named = {str(coding.get("code")).casefold() for coding in codings}
    extended = [str(extension.get("url")) for extension in _dicts(security.get("extension"))]
    return not named.isdisjoint(SIGN_IN) or any(url.endswith(ENDPOINTS) for url in extended)


def _dicts(value: object) -> list[Resource]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []
