"""Every verb that changes a Task, the taking back of those that move it, and how the Task must stand afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from tests.contract.world import WHEN, Resource, World
from workbench.dialogue.tie import ANY
from workbench.dialogue.work import Change, Priority, State, Verb

TEAM: Final = "resept"
KIND: Final = "time"
Made = Callable[[World], Change]


@dataclass(frozen=True, slots=True)
class Deed:
    """One verb on a Task of its own."""

    name: str
    change: Made
    stands: dict[str, Any]
    """What `told` must give for the Task after it."""
    before: tuple[Made, ...] = ()
    """What was done with the Task before the fault comes."""


def told(task: Resource, world: World) -> dict[str, Any]:
    """How a Task stands, in as few words as can be compared; what does not stand in it is left out."""
    people = {world.ref(name): name for name in ("doctor", "secretary")}
    found = {
        "is": f"{task['status']} {_code(task.get('businessStatus'))}".strip(),
        "owner": people.get(task.get("owner", {}).get("reference")),
        "team": _code((task.get("performerType") or [{}])[0]),
        "until": task.get("restriction", {}).get("period", {}).get("start"),
        "ended": "executionPeriod" in task,
        "priority": task.get("priority"),
        "about": _code(task.get("reasonCode")),
        "ties": [_code(each["type"]) for each in task.get("input", [])],
        "notes": [each["text"] for each in task.get("note", [])],
    }
    return {name: value for name, value in found.items() if value}


def _code(concept: Any) -> str:
    return str(((concept or {}).get("coding") or [{}])[0].get("code", ""))


def _plain(verb: Verb, **more: Any) -> Made:
    return lambda _: Change(verb, **more)


def _tying(verb: Verb, **more: Any) -> Made:
    return lambda world: Change(verb, other=world.id("first"), **more)


def _owned(verb: Verb, **more: Any) -> Made:
    return lambda world: Change(verb, owner=world.ref("secretary"), **more)


def _back(verb: Verb, state: State, **more: Any) -> Made:
    return _plain(verb, back=True, state=state, **more)


CLAIM, SNOOZE = _plain(Verb.CLAIM), _plain(Verb.SNOOZE, until=WHEN)
DONE, MERGE, LINK = _plain(Verb.DONE), _tying(Verb.MERGE), _tying(Verb.LINK)
NEW: Final = {"is": "requested new"}
MINE: Final = {"is": "accepted claimed", "owner": "doctor"}
ENDED: Final = {"is": "completed answered", "ended": True}
ASLEEP: Final = {"is": "on-hold snoozed", "until": "2026-03-05T12:30:15.250Z"}

DEEDS: Final = (
    Deed("claim_task", _plain(Verb.CLAIM, note="Tar den"), MINE | {"notes": ["Tar den"]}),
    Deed("release_task", _plain(Verb.RELEASE), NEW, (CLAIM,)),
    Deed(
        "hand_over_task",
        _owned(Verb.HAND_OVER, note="Ringer i morgen"),
        {"is": "accepted claimed", "owner": "secretary", "notes": ["Ringer i morgen"]},
    ),
    Deed("give_task", _plain(Verb.HAND_OVER, pool=TEAM), NEW | {"team": TEAM}, (CLAIM,)),
    Deed("finish_task", _plain(Verb.DONE, note="Ringt"), ENDED | {"notes": ["Ringt"]}),
    Deed("part_task", _plain(Verb.DONE, other=ANY), ENDED, (MERGE,)),
    Deed("reopen_task", _plain(Verb.REOPEN), NEW, (DONE,)),
    Deed("urge_task", _plain(Verb.PRIORITY, priority=Priority.ASAP), {"is": "requested", "priority": "asap"}),
    Deed("sort_task", _plain(Verb.CATEGORY, category=KIND), {"is": "requested", "about": KIND}),
    Deed(
        "snooze_task",
        _plain(Verb.SNOOZE, until=WHEN, note="Venter på prøvesvar"),
        ASLEEP | {"notes": ["Venter på prøvesvar"]},
    ),
    Deed("wake_task", _plain(Verb.WAKE), NEW, (SNOOZE,)),
    Deed(
        "turn_task",
        _plain(Verb.NEXT, state=State.WAITING_COLLEAGUE, note="Spør Lise"),
        {"is": "requested waiting-colleague", "notes": ["Spør Lise"]},
    ),
    Deed("merge_task", MERGE, ENDED | {"ties": ["merged-into"]}),
    Deed("split_task", _tying(Verb.SPLIT), NEW, (MERGE,)),
    Deed("link_task", LINK, {"is": "requested", "ties": ["linked"]}),
    Deed("unlink_task", _tying(Verb.UNLINK), {"is": "requested"}, (LINK,)),
    Deed("unclaim_task", _back(Verb.CLAIM, State.NEW), NEW, (CLAIM,)),
    Deed("hold_task", _owned(Verb.RELEASE, back=True, state=State.WAITING_PATIENT),
         {"is": "accepted waiting-patient", "owner": "secretary"}),
    Deed("take_back_task", _back(Verb.HAND_OVER, State.NEW, pool=TEAM), NEW | {"team": TEAM},
         (_owned(Verb.HAND_OVER),)),
    Deed("unfinish_task", _back(Verb.DONE, State.CLAIMED), MINE, (CLAIM, DONE)),
    Deed("sleep_on_task", _back(Verb.WAKE, State.SNOOZED, until=WHEN), ASLEEP),
    Deed("unmerge_task", _tying(Verb.SPLIT, back=True, state=State.WAITING_COLLEAGUE),
         {"is": "requested waiting-colleague"}, (MERGE,)),
    Deed("unsort_task", _plain(Verb.CATEGORY, back=True), {"is": "requested"}, (_plain(Verb.CATEGORY, category=KIND),)),
)  # fmt: skip
"""The first of the conversation's Task stands `requested` and says no more."""
