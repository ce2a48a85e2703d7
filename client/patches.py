"""What each verb does to a Task, as JSON Patch: only the elements it means, so that all else stays as it was.

`add` and never `replace`: an element that may be absent cannot be replaced, and `add` overwrites one that is there.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from client import models
from client.conventions import Conventions
from client.dates import instant
from client.mapping.context import code_or_words
from client.mapping.work import ENDED, OVER, PAUSED, pool, state
from workbench.dialogue.people import Me, PartyKind, kind_of
from workbench.dialogue.work import ASIDE, TURNS, Change, State, Verb, ours

Resource = dict[str, Any]
Operations = list[Resource]


def operations(task: Resource, change: Change, me: Me, own: Conventions, when: datetime) -> Operations:
    """The patch a verb needs.

    Args:
        task: The Task as the portal holds it.
        change: Any verb but those that send words.
        me: Who acts.
        own: The portal's codes.
        when: Aware; the time of a note, and of being done.

    Raises:
        ValueError: The verb is no change of a Task, or lacks what it needs.
    """
    owned = "owner" in task
    match change.verb:
        case _ if change.restores:
            done = _back(task, change, change.restores, own)
        case Verb.CLAIM:
            owner, name = change.owner or me.reference, change.owner_name or me.name
            done = [*_team_kept(task), *_owned(task, owner, name, own)]
        case Verb.RELEASE:
            done = _unowned(task, own)
        case Verb.HAND_OVER if change.owner:
            done = _owned(task, change.owner, change.owner_name, own)
        case Verb.HAND_OVER if change.pool:
            done = [_pool(change.pool, own), *_unowned(task, own)]
        case Verb.DONE | Verb.MERGE:
            done = [*_stands(task, State.DONE, own, owned=owned), _ended(task, when)]
        case Verb.SNOOZE:
            done = [*_stands(task, State.SNOOZED, own, owned=owned), *_start(task, change.until)]
        case Verb.SPLIT if task.get("status") not in ENDED:
            done = []  # it was opened again before, and stands as whoever did that wanted it
        case Verb.LINK | Verb.UNLINK:
            done = []
        case Verb.REOPEN | Verb.WAKE | Verb.SPLIT:
            done = _stands(task, ours(owned=owned), own, owned=owned)
        case Verb.NEXT if change.state in TURNS:
            done = _next(task, ours(owned=owned) if change.state is State.NEW else change.state, own)
        case Verb.PRIORITY if change.priority:
            done = [_add("priority", str(change.priority))]
        case Verb.CATEGORY if change.category:
            done = [_add("reasonCode", _category(task, change.category, own))]
        case Verb.CATEGORY if change.back:
            done = _uncategorised(task, own)
        case _:
            raise ValueError(f"{change.verb} is no change of a Task")
    if change.verb in ASIDE and change.state:
        done += _still_ours(task, own)
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
    if task.get("status") in OVER:
        return done
    if "owner" not in task:
        done += [_add("owner", _person(me.reference, me.name))]
    elif not _snoozed(task, own) and task.get("status") not in ENDED:
        return [*done, _business(own.business_waiting_patient, own)]
    return done + _stands(task, State.WAITING_PATIENT, own, owned=True)


def _back(task: Resource, change: Change, state: State, own: Conventions) -> Operations:
    """Puts back what a verb had moved, and nothing else."""
    done: Operations = []
    if change.verb in (Verb.CLAIM, Verb.RELEASE, Verb.HAND_OVER):
        if change.owner:
            done += [_add("owner", _person(change.owner, change.owner_name))]
        elif "owner" in task:
            done += [_remove("owner")]
        owned = bool(change.owner)
    else:
        owned = "owner" in task
    if change.verb is Verb.HAND_OVER and pool(models.Task.model_validate(task), own) != change.pool:
        done += [_pool(change.pool, own) if change.pool else _remove("performerType")]
    done += _stands(task, state, own, owned=owned)
    return done + (_start(task, change.until) if state is State.SNOOZED else [])


def _owned(task: Resource, reference: str, name: str, own: Conventions) -> Operations:
    owner = _person(reference, name)
    return [_add("owner", owner), *_stands(task, State.CLAIMED, own, owned=True)]


def _team_kept(task: Resource) -> Operations:
    """Names the team it lay with as its pool: released, it is to stand in that team's queue again."""
    owner = task.get("owner") or {}
    parts = ("/" + (owner.get("reference") or "")).split("/")
    with_team = kind_of(owner.get("type") or parts[-2]) is PartyKind.TEAM and owner.get("display")
    if not with_team or task.get("performerType"):
        return []
    return [_add("performerType", [{"text": owner["display"]}])]


def _unowned(task: Resource, own: Conventions) -> Operations:
    removed = [_remove("owner")] if "owner" in task else []
    return [*removed, *_stands(task, State.NEW, own, owned=False)]


def _stands(task: Resource, state: State, own: Conventions, *, owned: bool) -> Operations:
    """Both statuses of a state; one that ends a snooze takes its moment away."""
    codes = {
        State.NEW: own.business_new,
        State.CLAIMED: own.business_claimed,
        State.WAITING_PATIENT: own.business_waiting_patient,
        State.WAITING_COLLEAGUE: own.business_waiting_colleague,
        State.ESCALATED: own.business_escalated,
        State.DONE: own.business_answered,
        State.SNOOZED: own.business_snoozed,
    }
    status = {State.DONE: "completed", State.SNOOZED: PAUSED}.get(state, "accepted" if owned else "requested")
    woken = _start(task, None) if state is not State.SNOOZED and _snoozed(task, own) else []
    opened = _not_ended(task) if state is not State.DONE and task.get("status") in ENDED else []
    return [_add("status", status), _business(codes[state], own), *woken, *opened]


def _next(task: Resource, state: State, own: Conventions) -> Operations:
    """Whose turn it is: the business status alone, unless the status says that it is nobody's for now."""
    wanted = _stands(task, state, own, owned="owner" in task)
    rests = task.get("status") in ENDED or _snoozed(task, own)
    return wanted if rests else [each for each in wanted if each["path"] == "/businessStatus"]


def _still_ours(task: Resource, own: Conventions) -> Operations:
    """Ends what the patient's words have ended already, since they are older than the Task once it is changed."""
    held = state(models.Task.model_validate(task), own, owned="owner" in task)
    rests = held in (State.SNOOZED, State.DONE, State.WAITING_PATIENT)
    return _next(task, ours(owned="owner" in task), own) if rests else []


def _snoozed(task: Resource, own: Conventions) -> bool:
    business = models.CodeableConcept.model_validate(task.get("businessStatus") or {})
    return task.get("status") == PAUSED and code_or_words(business, own.business_system) == own.business_snoozed


def _ended(task: Resource, when: datetime) -> Resource:
    """When it was done, which also tells one that is done anew from one in which something else was changed."""
    began = {name: told for name, told in (task.get("executionPeriod") or {}).items() if name == "start"}
    return _add("executionPeriod", began | {"end": instant(when)})


def _not_ended(task: Resource) -> Operations:
    """Takes away when it was done."""
    period = task.get("executionPeriod") or {}
    if "end" not in period:
        return []
    return [_remove("executionPeriod/end")] if "start" in period else [_remove("executionPeriod")]


def _start(task: Resource, until: datetime | None) -> Operations:
    """Sets or removes `restriction.period.start`; the deadline and all else in `restriction` stay."""
    restriction = task.get("restriction") or {}
    period = restriction.get("period") or {}
    old = [name for name in ("start", "_start") if name in period]
    if until is None and old:
        # FHIR knows no empty element: what would be left empty goes altogether.
        kept = len(period) > len(old)
        path = "restriction/period" if len(restriction) > 1 else "restriction"
        return [_remove(f"restriction/period/{name}") for name in old] if kept else [_remove(path)]
    if until is None:
        return []
    extended = [_remove("restriction/period/_start")] if "_start" in old else []
    if period:
        return [*extended, _add("restriction/period/start", instant(until))]
    if restriction:
        return [_add("restriction/period", {"start": instant(until)})]
    return [_add("restriction", {"period": {"start": instant(until)}})]


def _note(task: Resource, text: str, me: Me, when: datetime) -> Operations:
    note = {"authorReference": {"reference": me.reference}, "time": instant(when), "text": text}
    return [{"op": "add", "path": "/note/-", "value": note} if task.get("note") else _add("note", [note])]


def _category(task: Resource, code: str, own: Conventions) -> Resource:
    """The new code, with codings of other systems that stood beside the old one kept."""
    codings = (task.get("reasonCode") or {}).get("coding") or []
    others = [each for each in codings if each and each.get("system") != own.category_system]
    return {"coding": [{"system": own.category_system, "code": code}, *others]}


def _uncategorised(task: Resource, own: Conventions) -> Operations:
    """No code of ours any more; codings of other systems are kept."""
    codings = (task.get("reasonCode") or {}).get("coding") or []
    others = [each for each in codings if each and each.get("system") != own.category_system]
    if others:
        return [_add("reasonCode", {"coding": others})]
    return [_remove("reasonCode")] if "reasonCode" in task else []


def _pool(code: str, own: Conventions) -> Resource:
    return _add("performerType", [_concept(own.pool_system, code)])


def _add(element: str, value: object) -> Resource:
    return {"op": "add", "path": f"/{element}", "value": value}


def _remove(element: str) -> Resource:
    return {"op": "remove", "path": f"/{element}"}


def _business(code: str, own: Conventions) -> Resource:
    return _add("businessStatus", _concept(own.business_system, code))


def _concept(system: str, code: str) -> Resource:
    return {"coding": [{"system": system, "code": code}]}


def _person(reference: str, name: str) -> Resource:
    return {"reference": reference} | ({"display": name} if name else {})


def _reference(output: Resource | None) -> object:
    value = (output or {}).get("valueReference")
    return value.get("reference") if isinstance(value, dict) else None
