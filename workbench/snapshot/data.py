"""What a scene's portal holds: made by the sandbox, mapped by the client, held in a throwaway store."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import count
from typing import TYPE_CHECKING, Any, Final

from client import errors, models
from client.conventions import Conventions
from client.mapping import record
from client.mapping.batch import batch
from client.mapping.context import Context
from client.origin import Base
from workbench.dialogue.held import Appointment, Colleague, Directory, Pool, RecordDocument
from workbench.dialogue.people import Me, Role
from workbench.sandbox.codes import POOL_NAMES
from workbench.sandbox.organisation import CATEGORIES, ORGANISATION, STAFF, default_practitioner
from workbench.sandbox.scene import resources
from workbench.snapshot import hostile

if TYPE_CHECKING:
    from workbench.snapshot.scene import Scene
    from workbench.store.store import Store

Resource = dict[str, Any]
PORTAL: Final = "demo"
TWO: Final = ("national", "regional")
"""What two portals in one inbox are called."""
CONTEXT: Final = Context(Conventions(), Base("https://portal.invalid/fhir"))
EVERY: Final = 2
"""One text in so many is hostile in the hostile data, so that it stands among ordinary ones."""
SITE: Final = ORGANISATION["display"]


def portals(scene: Scene) -> tuple[str, ...]:
    """The names of the scene's portals."""
    return TWO if scene.portals == len(TWO) else (PORTAL,)


def told(scene: Scene) -> dict[str, list[Resource]]:
    """Everything the scene's portals hold, by their names: each has patients of its own, some of them called alike."""
    return {name: _told(scene, scene.seed + place) for place, name in enumerate(portals(scene))}


def _told(scene: Scene, seed: int) -> list[Resource]:
    if scene.data == "empty":
        return []
    found = list(resources(scene.conversations, seed, scene.now))
    return list(_spoilt(found)) if scene.data == "hostile" else found


def keep(store: Store, found: Mapping[str, Sequence[Resource]]) -> None:
    """Takes it into a store, as a sync would."""
    for portal, held in found.items():
        store.cache.apply(portal, batch(held, CONTEXT))
        store.cache.staff.keep_directory(portal, directory())


def directory() -> Directory:
    """Who works at the sandbox's site."""
    colleagues = tuple(Colleague(me.reference, me.name, me.title, me.pools) for me in staff(PORTAL))
    return Directory(colleagues, tuple(Pool(code, name) for code, name in POOL_NAMES.items()), SITE)


def staff(portal: str) -> tuple[Me, ...]:
    """Everybody one can act as on a portal."""
    return tuple(
        Me(
            portal,
            member.reference,
            member.name,
            Role.SUPPORT if member.profession == "secretary" else Role.CLINICIAN,
            CATEGORIES[member.profession][1],
            SITE,
            member.pools,
        )
        for member in sorted(STAFF, key=lambda each: each.name)
    )


def acting(role: str, portal: str) -> Me:
    """Who acts on a scene's portal; without a reference when nobody does yet."""
    if role == "nobody":
        return Me(portal, "", "", Role.SUPPORT)
    wanted = default_practitioner("support" if role == "support" else "clinician")
    return next(me for me in staff(portal) if me.reference == wanted)


def _spoilt(found: Sequence[Resource]) -> Iterator[Resource]:
    """The same resources with hostile texts in the places where a portal has text."""
    messages, headers, people = count(), count(), count()
    for resource in found:
        if resource["resourceType"] == "Patient" and (n := next(people)) % EVERY == 0:
            yield resource | {"name": [{"text": hostile.NAMES[n // EVERY % len(hostile.NAMES)]}]}
        elif resource["resourceType"] != "Communication":
            yield resource
        elif "payload" in resource and (n := next(messages)) % EVERY == 0:
            words = hostile.MESSAGES[n // EVERY % len(hostile.MESSAGES)]
            yield resource | {"payload": [{"contentString": words}, *resource["payload"][1:]]}
        elif "payload" not in resource and (n := next(headers)) % EVERY == 0:
            yield resource | {"topic": {"text": hostile.TITLES[n // EVERY % len(hostile.TITLES)]}}
        else:
            yield resource


class Paper:
    """The scene's portal for what is fetched when it is looked at: the record, files, and who works there."""

    def __init__(self, name: str, found: Sequence[Resource], *, answers: bool) -> None:
        """Prepares it.

        Args:
            name: The portal's.
            found: What it holds.
            answers: Whether it can be reached.
        """
        self._name = name
        self._found = found
        self._answers = answers

    async def documents(self, patient: str) -> tuple[RecordDocument, ...]:
        """See `PortalPort.documents`."""
        wires = [models.DocumentReference.model_validate(raw) for raw in self._of("DocumentReference")]
        all_ = [record.document(wire, CONTEXT) for wire in wires]
        return tuple(sorted((each for each in all_ if each.patient == patient), key=_newest_first))

    async def appointments(self, patient: str, since: datetime) -> tuple[Appointment, ...]:
        """See `PortalPort.appointments`."""
        wires = [models.Appointment.model_validate(raw) for raw in self._of("Appointment")]
        all_ = [record.appointment(wire, CONTEXT) for wire in wires]
        coming = [each for each in all_ if each.patient == patient and each.start and each.start >= since]
        return tuple(sorted(coming, key=lambda each: (each.start or since, each.reference)))

    async def download(self, address: str) -> bytes:
        """See `PortalPort.download`."""
        for raw in self._of("Binary"):
            if address == f"Binary/{raw['id']}":
                return b64decode(raw["data"])
        raise errors.NotFound("")

    async def practitioners(self) -> tuple[Me, ...]:
        """See `PortalPort.practitioners`."""
        self._of("Practitioner")
        return staff(self._name)

    def _of(self, kind: str) -> list[Resource]:
        if not self._answers:
            raise errors.Unreachable("")
        return [raw for raw in self._found if raw["resourceType"] == kind]


def _newest_first(document: RecordDocument) -> tuple[float, str]:
    return (-document.written.timestamp() if document.written else 0.0, document.reference)
