"""What a verb that ties two conversations does to the inputs of a Task, as JSON Patch; other inputs stay untouched."""

from __future__ import annotations

from typing import Any

from client.mapping.context import Context
from client.mapping.ties import own_system, tie_of
from workbench.dialogue.tie import ANY, TIES, Tie, TieKind
from workbench.dialogue.work import TYING, Change, Verb

Resource = dict[str, Any]


def tie_operations(task: Resource, change: Change, context: Context) -> list[Resource]:
    """The part of a verb's patch that ties, or unties; nothing where it is so already, and for all other verbs.

    Args:
        task: The Task as the portal holds it.
        change: Any verb.
        context: The portal.

    Raises:
        ValueError: It does not say with which conversation.
    """
    inputs = task.get("input") or []
    if change.verb is Verb.DONE and change.other == ANY:
        merged = [place for place, each in enumerate(inputs) if _kind(each, context) is TieKind.MERGED]
        return _removed(inputs, merged)
    if change.verb not in TYING:
        return []
    if not change.other:
        raise ValueError(f"{change.verb} names no other conversation")
    tie = Tie(TIES[change.verb], change.other)
    places = [place for place, each in enumerate(inputs) if tie_of(each, context) == tie]
    if change.verb in (Verb.MERGE, Verb.LINK):
        return [] if places else [_added(inputs, tie, context)]
    return _removed(inputs, places)


def _kind(value: Any, context: Context) -> TieKind | None:
    tie = tie_of(value, context)
    return tie.kind if tie else None


def _added(inputs: list[Any], tie: Tie, context: Context) -> Resource:
    own = context.conventions
    code = own.tie_merged if tie.kind is TieKind.MERGED else own.tie_linked
    value = {
        "type": {"coding": [{"system": own_system(context), "code": code}]},
        "valueReference": {"reference": f"Communication/{tie.other}"},
    }
    if inputs:
        return {"op": "add", "path": "/input/-", "value": value}
    return {"op": "add", "path": "/input", "value": [value]}


def _removed(inputs: list[Any], places: list[int]) -> list[Resource]:
    """Takes elements out by place, the last first, each once it has been seen to be the one that is meant."""
    if places and len(places) == len(inputs):  # FHIR knows no empty list
        return [{"op": "test", "path": "/input", "value": inputs}, {"op": "remove", "path": "/input"}]
    done: list[Resource] = []
    for place in reversed(places):
        path = f"/input/{place}"
        done += [{"op": "test", "path": path, "value": inputs[place]}, {"op": "remove", "path": path}]
    return done
