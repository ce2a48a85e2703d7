"""What a kind of fault gets, and what the kinds share."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus

from workbench.sandbox.faults.exchange import Asked, Delivery, Resource, Told, outcome


@dataclass(slots=True)
class Memory:
    """What a portal told before, for the kinds that tell it again."""

    first: dict[str, Resource] = field(default_factory=dict)
    """The first version that was told of each resource, by `Type/id`."""
    answers: dict[tuple[str, str, bytes], tuple[float, Told]] = field(default_factory=dict)
    """When each search was last answered afresh, and how."""

    def saw(self, told: Told) -> None:
        """Keeps the resources of an answer."""
        for resource in resources_of(told.json()):
            self.first.setdefault(name_of(resource), resource)


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that a fault may look at."""

    asked: Asked
    told: Told | None
    """The portal's own answer; None when the request was not carried out."""
    argument: str
    memory: Memory
    now: float
    """Seconds that only rise."""

    @property
    def answer(self) -> Told:
        """The portal's own answer, for the kinds that carry the request out."""
        assert self.told is not None, "this kind carries the request out"
        return self.told


Spoil = Callable[[Scene], Delivery]


def number(text: str) -> float:
    """A finite number.

    Raises:
        ValueError: It is none.
    """
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def refusal(status: int) -> Spoil:
    """Answers with a status; what was told is forgotten."""

    def spoil(scene: Scene) -> Delivery:
        told = outcome(status, f"{HTTPStatus(status).phrase} (made by the fault {status})")
        if status < 400:
            return Delivery(told.headed(location=f"{scene.argument}/{scene.asked.path}"))
        return Delivery(told.headed(retry_after=scene.argument))

    return spoil


def resources_of(value: Resource | None) -> list[Resource]:
    """The resources of an answer: itself, or those in its entries."""
    if not value:
        return []
    if value.get("resourceType") != "Bundle":
        return [value] if "id" in value else []
    entries = value.get("entry", [])
    found = [entry.get("resource") for entry in entries if isinstance(entry, dict)]
    return [each for each in found if isinstance(each, dict) and "id" in each]


def name_of(resource: Resource) -> str:
    """`Type/id`."""
    return f"{resource.get('resourceType')}/{resource.get('id')}"
