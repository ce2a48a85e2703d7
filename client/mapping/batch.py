"""A heap of resources as one batch: each is read by itself, and one that cannot be read costs only itself."""

from collections.abc import Callable, Iterable
from datetime import datetime
from hashlib import blake2s
from typing import Any

from pydantic import ValidationError

from client import models
from client.dates import moment
from client.mapping import dialogue, people, presence, work
from client.mapping.context import Context, unreadable
from workbench.dialogue.held import Batch

Resource = dict[str, Any]
HELD = ("threads", "posts", "tasks", "patients", "parties", "presences", "gone")
LONGEST_NAME = 200
"""Characters kept of what names a resource that cannot be read; FHIR's own ids have 64 at most."""
_NAMED = ("Organization", "CareTeam", "HealthcareService", "Group")


def batch(resources: Iterable[Resource], context: Context) -> Batch:
    """Map resources of any type; types that are not held are passed over."""
    heap = _Heap(context)
    for resource in resources:
        context.give_way()
        heap.put(resource)
    return heap.batch()


def latest(resources: Iterable[Resource]) -> datetime | None:
    """The greatest `meta.lastUpdated`, of those that can be read."""
    times = (moment(_updated(resource)) for resource in resources)
    return max((time for time in times if time), default=None)


def _updated(resource: Resource) -> str:
    meta = resource.get("meta")
    updated = meta.get("lastUpdated") if isinstance(meta, dict) else None
    return updated if isinstance(updated, str) else ""


class _Heap:
    """Collects what has been mapped."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._found: dict[str, list[Any]] = {name: [] for name in HELD}
        self._set_aside: list[str] = []

    def put(self, resource: Resource) -> None:
        try:
            readable = self._map(resource)
        except ValidationError:
            readable = False
        if not readable:
            self._set_aside.append(_name(resource))

    def batch(self) -> Batch:
        found: dict[str, Any] = {name: tuple(values) for name, values in self._found.items()}
        return Batch(**found, set_aside=tuple(self._set_aside))

    def _map(self, resource: Resource) -> bool:
        kind = resource.get("resourceType")
        if not isinstance(kind, str):
            return False
        if kind == "Communication":
            return self._communication(models.Communication.model_validate(resource))
        if kind == "Task":
            return self._task(models.Task.model_validate(resource))
        if kind == "Patient":
            self._found["patients"].append(people.patient(models.Patient.model_validate(resource)))
        elif kind in _NAMED:
            self._found["parties"].append(people.named(models.Named.model_validate(resource), kind))
        elif kind in _PARTIES:
            self._found["parties"].append(_PARTIES[kind](resource, self._context))
        return True

    def _task(self, wire: models.Task) -> bool:
        if unreadable(wire):
            return False
        if presence.tells(wire, self._context.conventions):
            told = presence.presence(wire, self._context)
            self._found["presences"] += [told] if told else []
        elif wire.status == work.NEVER_WAS:
            self._found["gone"].append(f"Task/{wire.id}")
        elif work.counts(wire, self._context):
            self._found["tasks"].append(work.task(wire, self._context))
        else:
            return not work.astray(wire, self._context)
        return True

    def _communication(self, wire: models.Communication) -> bool:
        sort = dialogue.sort_of(wire, self._context)
        if sort is dialogue.Sort.ASTRAY:
            return False
        if sort is dialogue.Sort.POST:
            self._found["posts"].append(dialogue.post(wire, self._context))
        elif sort is not dialogue.Sort.OTHER:
            internal = sort is dialogue.Sort.SIDE_THREAD
            self._found["threads"].append(dialogue.thread(wire, self._context, internal=internal))
            if wire.payload:
                self._found["posts"].append(dialogue.first_words(wire, self._context))
        return True


def _name(resource: Resource) -> str:
    """What names a resource that cannot be read, the same each time it is given: its reference if it has one."""
    kind, identity = resource.get("resourceType"), resource.get("id")
    if isinstance(kind, str) and isinstance(identity, str):
        return f"{kind}/{identity}"[:LONGEST_NAME]
    return blake2s(repr(resource).encode(errors="replace"), digest_size=12).hexdigest()


_PARTIES: dict[str, Callable[[Resource, Context], Any]] = {
    "RelatedPerson": lambda raw, context: people.related(models.RelatedPerson.model_validate(raw), context),
    "Practitioner": lambda raw, _: people.practitioner(models.Practitioner.model_validate(raw)),
    "PractitionerRole": lambda raw, context: people.role(models.PractitionerRole.model_validate(raw), context),
    "Device": lambda raw, _: people.device(models.Device.model_validate(raw)),
}
