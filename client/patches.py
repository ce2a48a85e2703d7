"""What each verb does to a Task, as JSON Patch: only the elements it means, so that all else stays as it was.

`add` and never `replace`: an element that may be absent cannot be replaced, and `add` overwrites one that is there.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from client.conventions import Conventions
from client.dates import instant
from client.mapping.work import ENDED
from workbench.dialogue.people import Me
from workbench.dialogue.work import Change, Verb

Resource = dict[str, Any]
Operations = list[Resource]


def operations(task: Resource, change: Change, me: Me, own: Conventions, when: datetime) -> Operations:
    """The patch a verb needs.

    Args:
        task: The Task as the portal holds it.
        change: Any verb but REPLY and NOTE.
        me: Who acts.
        own: The portal's codes.
        when: Aware; the time of a note.

    Raises:
        ValueError: The verb is no change of a Task, or lacks what it needs.
    """
    match change.verb:
        case Verb.CLAIM:
            owner, name = change.owner or me.reference, change.owner_name or me.name
            done = _owned(owner, name, own)
        case Verb.RELEASE:
            done = _unowned(task, own)
        case Verb.HAND_OVER if change.owner:
            done = _owned(change.owner, change.owner_name, own)
        case Verb.HAND_OVER if change.pool:
            pool = {"coding": [{"system": own.pool_system, "code": change.pool}]}
            done = [_add("performerType", [pool]), *_unowned(task, own)]
        case Verb.DONE:
            done = [_add("status", "completed"), _business(own.business_answered, own)]
        case Verb.REOPEN:
            status, business = (
                ("accepted", own.business_claimed) if "owner" in task else ("requested", own.business_new)
            )
            done = [_add("status", status), _business(business, own)]
        case Verb.PRIORITY if change.priority:
            done = [_add("priority", str(change.priority))]
        case Verb.CATEGORY if change.category:
            done = [_add("reasonCode", _category(task, change.category, own))]
        case _:
            raise ValueError(f"{change.verb} is no change of a Task")
    return done + (_note(task, change.note, me, when) if change.note else [])


def answer(task: Resource, message: str, me: Me, own: Conventions) -> Operations:
    """The patch that tells a Task which message answers it; empty when it knows already.

    A Task that has ended stays so: the answer is noted and nothing is waited for.
    """
    reference = f"Communication/{message}"
    outputs = task.get("output") or []
    if any(_reference(each) == reference for each in outputs):
        return []
    output = {"type": _concept(own.task_system, own.task_respond), "valueReference": {"reference": reference}}
    done = [{"op": "add", "path": "/output/-", "value": output} if outputs else _add("output", [output])]
    if task.get("status") in ENDED:
        return done
    if "owner" not in task:
        done += [_add("owner", _person(me.reference, me.name)), _add("status", "accepted")]
    return [*done, _business(own.business_waiting_patient, own)]


def _owned(reference: str, name: str, own: Conventions) -> Operations:
    owner = _person(reference, name)
    return [_add("owner", owner), _add("status", "accepted"), _business(own.business_claimed, own)]


def _unowned(task: Resource, own: Conventions) -> Operations:
    removed = [{"op": "remove", "path": "/owner"}] if "owner" in task else []
    return [*removed, _add("status", "requested"), _business(own.business_new, own)]


def _note(task: Resource, text: str, me: Me, when: datetime) -> Operations:
    note = {"authorReference": {"reference": me.reference}, "time": instant(when), "text": text}
    return [{"op": "add", "path": "/note/-", "value": note} if task.get("note") else _add("note", [note])]


def _category(task: Resource, code: str, own: Conventions) -> Resource:
    """The new code, with codings of other systems that stood beside the old one kept."""
    codings = (task.get("reasonCode") or {}).get("coding") or []
    others = [each for each in codings if each and each.get("system") != own.category_system]
    return {"coding": [{"system": own.category_system, "code": code}, *others]}


def _add(element: str, value: object) -> Resource:
    return {"op": "add", "path": f"/{element}", "value": value}


def _business(code: str, own: Conventions) -> Resource:
    return _add("businessStatus", _concept(own.business_system, code))


def _concept(system: str, code: str) -> Resource:
    return {"coding": [{"system": system, "code": code}]}


def _person(reference: str, name: str) -> Resource:
    return {"reference": reference} | ({"display": name} if name else {})


def _reference(output: Resource | None) -> object:
    value = (output or {}).get("valueReference")
    return value.get("reference") if isinstance(value, dict) else None
