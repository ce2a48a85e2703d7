"""Who works at the site: for handing over, and for saying who acts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from pydantic import ValidationError

from client import errors, models
from client.mapping import people
from client.mapping.context import Context, code_or_words, codes, words
from client.mapping.context import name as human
from client.rest import Resource, Rest
from workbench.dialogue.held import Colleague, Directory, Pool
from workbench.dialogue.people import Me, Role

T = TypeVar("T", bound=models.Resource)

CAP = 500
"""Practitioners listed where the portal has no roles."""


@dataclass(frozen=True, slots=True)
class _Site:
    """What the portal tells of its staff, by reference."""

    roles: tuple[models.PractitionerRole, ...]
    practitioners: dict[str, models.Practitioner]
    organizations: dict[str, models.Named]


class Staff:
    """The people of one portal."""

    def __init__(self, rest: Rest, context: Context, portal: str) -> None:
        self._rest = rest
        self._context = context
        self._portal = portal

    async def directory(self) -> Directory:
        """See `PortalPort.directory`."""
        site = await self._site([])
        everybody = self._everybody(site)
        colleagues = [Colleague(each.reference, each.name, each.title, each.pools) for each in everybody]
        places = Counter(each.site for each in everybody if each.site).most_common(1)
        return Directory(tuple(colleagues), self._pools(site), places[0][0] if places else "")

    async def practitioners(self) -> tuple[Me, ...]:
        """Everybody one could act as, by name.

        Raises:
            PortalError: There is nobody, as the portal, or what is at its address, does not tell of practitioners.
        """
        everybody = self._everybody(await self._site([]))
        if not everybody:
            await self._rest.search("Practitioner", [("_count", "1")])
        return everybody

    async def member(self, reference: str) -> Me | None:
        """Who a `Practitioner/id` is; None when the portal has no such practitioner.

        Raises:
            Refused: The portal has no practitioners at all, so that it cannot tell.
        """
        kind, _, identity = reference.partition("/")
        if kind != "Practitioner" or not identity:
            return None
        try:
            raw = await self._rest.read(kind, identity)
        except (errors.NotFound, errors.Gone):
            if await self._rest.find_offered(kind, [("_id", identity)]) is None:
                raise errors.Refused("The portal does not tell who works there.") from None
            return None
        site = await self._site([("practitioner", reference)], always=[raw])
        return next((each for each in self._everybody(site) if each.reference == reference), None)

    async def _site(self, narrowed: list[tuple[str, str]], always: list[Resource] | None = None) -> _Site:
        included = [("_include", f"PractitionerRole:{what}") for what in ("practitioner", "organization")]
        heap = [*await self._offered("PractitionerRole", [*narrowed, *included, ("_count", str(CAP))])]
        heap += always or []
        everyones = _read(heap, models.PractitionerRole)
        for role in everyones:
            if whose := self._context.reference(role.practitioner):
                self._context.roles[f"PractitionerRole/{role.id}"] = whose
        roles = tuple(role for role in everyones if role.active)
        if not roles and always is None:
            heap += await self._offered("Practitioner", [("_count", str(CAP))])
        practitioners = {f"Practitioner/{each.id}": each for each in _read(heap, models.Practitioner)}
        organizations = {f"Organization/{each.id}": each for each in _read(heap, models.Named, "Organization")}
        absent = {self._context.reference(role.practitioner) for role in roles} - practitioners.keys()
        practitioners |= {
            f"Practitioner/{each.id}": each
            for each in _read(await self._by_id("Practitioner", absent), models.Practitioner)
        }
        absent = {self._context.reference(role.organization) for role in roles} - organizations.keys()
        organizations |= {
            f"Organization/{each.id}": each for each in _read(await self._by_id("Organization", absent), models.Named)
        }
        return _Site(roles, practitioners, organizations)

    async def _offered(self, kind: str, params: list[tuple[str, str]]) -> Sequence[Resource]:
        """What a search finds, with what it includes; nothing where the portal has no such type."""
        found = await self._rest.find_offered(kind, params)
        return found.resources if found else ()

    async def _by_id(self, kind: str, references: set[str]) -> list[Resource]:
        identities = sorted(each.partition("/")[2] for each in references if each.startswith(kind + "/"))
        found: list[Resource] = []
        for start in range(0, len(identities), 50):
            some = identities[start : start + 50]
            found += await self._offered(kind, [("_id", ",".join(some)), ("_count", str(len(some)))])
        return found

    def _everybody(self, site: _Site) -> tuple[Me, ...]:
        everybody = [
            self._one(reference, practitioner, site)
            for reference, practitioner in site.practitioners.items()
            if practitioner.active
        ]
        return tuple(sorted(everybody, key=lambda each: (each.name, each.reference)))

    def _one(self, reference: str, practitioner: models.Practitioner, site: _Site) -> Me:
        roles = [role for role in site.roles if self._context.reference(role.practitioner) == reference]
        own = self._context.conventions
        work = [concept for role in roles for concept in role.code if not codes([concept], own.pool_system)]
        jobs = [each.code for each in practitioner.qualification if each.code] + work
        title = people.profession(practitioner) or next((words(each) for each in work), "")
        at = [self._context.reference(role.organization) for role in roles]
        return Me(
            portal=self._portal,
            reference=reference,
            name=human(practitioner.name),
            role=Role.SUPPORT if any(self._supports(job) for job in jobs) else Role.CLINICIAN,
            title=title,
            site=next((site.organizations[each].name for each in at if each in site.organizations), ""),
            pools=tuple(pool for role in roles for pool in self._codes_of_pools(role, site)),
        )

    def _supports(self, job: models.CodeableConcept) -> bool:
        """Whether a profession is one of the front desk, by code or by words."""
        own = self._context.conventions
        said = " ".join([job.text, *(coding.display for coding in job.coding)]).lower()
        return any(coding.code in own.support_codes for coding in job.coding) or any(
            word in said for word in own.support_words
        )

    def _pools(self, site: _Site) -> tuple[Pool, ...]:
        found: dict[str, str] = {}
        for role in site.roles:
            for concept in role.code:
                code = self._code_of_pool(concept, site)
                if code:
                    found.setdefault(code, words(concept))
        return tuple(Pool(code, name) for code, name in sorted(found.items(), key=lambda each: each[1].casefold()))

    def _codes_of_pools(self, role: models.PractitionerRole, site: _Site) -> list[str]:
        return [code for concept in role.code if (code := self._code_of_pool(concept, site))]

    def _code_of_pool(self, concept: models.CodeableConcept, site: _Site) -> str:
        """Code of the pool a role's code names: one of the pool system, or any where the site uses none of that."""
        system = self._context.conventions.pool_system
        if any(codes(role.code, system) for role in site.roles):
            return next(iter(codes([concept], system)), "")
        return code_or_words(concept, system)


def _read(heap: list[Resource], model: type[T], kind: str = "") -> list[T]:
    found = []
    for raw in heap:
        try:
            if raw.get("resourceType") == (kind or model.__name__):
                found.append(model.model_validate(raw))
        except ValidationError:
            continue
    return found
