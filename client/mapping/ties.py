"""What a Task says of other conversations: its inputs of ours, among any others."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from client import models
from client.conventions import Conventions
from client.mapping.context import Context, codes
from workbench.dialogue.tie import Tie, TieKind


def ties(resource: models.Task, context: Context) -> frozenset[Tie]:
    """The ties a Task tells."""
    return frozenset(found for each in resource.input if (found := tie_of(each, context)))


def tie_of(value: Any, context: Context) -> Tie | None:
    """The tie that an input is; None for any other input, readable or not."""
    try:
        concept = models.CodeableConcept.model_validate(value["type"])
        reference = models.Reference.model_validate(value["valueReference"])
    except (ValidationError, KeyError, TypeError):
        return None
    other = context.first([reference], "Communication")
    kinds = kinds_of(context.conventions)
    found = [kinds[code] for code in codes([concept], own_system(context)) if code in kinds]
    return Tie(found[0], other) if other and found else None


def own_system(context: Context) -> str:
    """The system that our codes for ties stand in."""
    return context.conventions.task_system


def kinds_of(own: Conventions) -> dict[str, TieKind]:
    """What the codes of a portal mean."""
    return {own.tie_merged: TieKind.MERGED, own.tie_linked: TieKind.LINKED}
