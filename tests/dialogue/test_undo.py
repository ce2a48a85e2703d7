"""A verb that is taken back leaves the work as it was, on the Task itself and on the screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random, randrange
from typing import Any

import jsonpatch
import pytest

from client import models, patches
from client.conventions import Conventions
from client.mapping import work
from client.mapping.context import Context
from client.origin import Base
from client.tying import tie_operations
from workbench.dialogue.basis import Seen
from workbench.dialogue.held import HeldTask
from workbench.dialogue.key import Key
from workbench.dialogue.outgoing import Outgoing
from workbench.dialogue.overlay import lay_work, overlay_of
from workbench.dialogue.people import Me, Party, PartyKind, Role
from workbench.dialogue.undo import inverse
from workbench.dialogue.work import TURNS, TYING, WORDS, Change, Priority, State, Verb, WorkItem
from workbench.sync.verdict import NeedsYou, Verdict, already, verdict

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
OWN = Conventions()
CONTEXT = Context(OWN, Base("http://here.localhost/fhir"))
ME = Me("p", "Practitioner/kari", "Kari", Role.CLINICIAN)
LISE = "Practitioner/lise"
STEPS = 12
Raw = dict[str, Any]


@dataclass
class Desk:
    """One Task on paper, and who acts on it."""

    dice: Random
    raw: Raw

    @property
    def held(self) -> HeldTask:
        return work.task(models.Task.model_validate(self.raw), CONTEXT)

    @property
    def item(self) -> WorkItem:
        """The work item as a screen has it."""
        task = self.held
        owner = Party(task.owner, task.owner.title(), PartyKind.STAFF) if task.owner else None
        return WorkItem(
            "t", "1", task.state, owner, task.pool, task.priority, task.due, task.category, until=task.until
        )  # fmt: skip

    def do(self, change: Change) -> bool:
        """Carries a verb out where a courier would; tells whether it did."""
        task = self.held
        seen = Seen(task=task.stamp.version, owner=task.owner)
        try:
            if verdict(change, task, seen, ME.reference) is Verdict.GO:
                wanted = patches.operations(self.raw, change, ME, OWN, NOW)
                self.raw = jsonpatch.apply_patch(self.raw, wanted + tie_operations(self.raw, change, CONTEXT))
                assert already(change, self.held, ME.reference), f"{change} is done, and is not seen to be"
        except NeedsYou:
            return False
        return True


def concept(system: str, code: str) -> Raw:
    return {"coding": [{"system": system, "code": code}]}


def some_task(dice: Random) -> Raw:
    """A Task as a portal may have it, with and without each of its optional elements."""
    owned = dice.random() < 0.6
    state = dice.choice(["new", "claimed", "waiting-patient", "waiting-colleague", "escalated", "answered", "snoozed"])
    status = {"answered": "completed", "snoozed": "on-hold"}.get(state, "accepted" if owned else "requested")
    raw: Raw = {
        "resourceType": "Task",
        "id": "t",
        "meta": {"versionId": "1", "lastUpdated": "2026-03-02T07:00:00Z"},
        "status": status,
        "intent": "order",
        "focus": {"reference": "Communication/a"},
        "businessStatus": concept(OWN.business_system, state),
    }
    period = {"end": "2026-03-09"} if dice.random() < 0.5 else {}
    if state == "snoozed" and dice.random() < 0.7:
        period["start"] = "2026-03-05T08:00:00.000Z"
    if owned:
        raw["owner"] = {"reference": dice.choice([ME.reference, LISE])}
    if period:
        raw["restriction"] = {"period": period} | ({"repetitions": 1} if dice.random() < 0.3 else {})
    if dice.random() < 0.7:
        raw["performerType"] = [concept(dice.choice([OWN.pool_system, "urn:other"]), "legekontor")]
    if dice.random() < 0.7:
        raw["reasonCode"] = concept(dice.choice([OWN.category_system, "urn:other"]), "e-kontakt")
    if dice.random() < 0.7:
        raw["priority"] = str(dice.choice(list(Priority)))
    inputs = [
        {"type": concept(system, code), "valueReference": {"reference": f"Communication/{other}"}}
        for system, code, other in (
            (OWN.task_system, "merged-into", "b"),
            (OWN.task_system, "linked", "b"),
            ("urn:other", "linked", "b"),
        )
        if dice.random() < 0.3
    ]
    return raw | ({"input": inputs} if inputs else {})


def some_change(dice: Random, *, done: bool) -> Change:
    until = dice.choice([None, NOW + timedelta(hours=dice.randrange(1, 400))])
    return dice.choice(
        [
            Change(Verb.CLAIM, ME.reference, ME.name),
            Change(Verb.RELEASE),
            Change(Verb.HAND_OVER, LISE, "Lise", note="Kan du?"),
            Change(Verb.HAND_OVER, pool=dice.choice(["resept", "legekontor"])),
            Change(Verb.DONE),
            Change(Verb.REOPEN),
            Change(Verb.SNOOZE, until=until, note=dice.choice(["", "prøvesvar"])),
            Change(Verb.WAKE),
            Change(Verb.NEXT, state=dice.choice(TURNS)),
            Change(Verb.PRIORITY, priority=dice.choice(list(Priority))),
            Change(Verb.CATEGORY, category=dice.choice(["annet", "skjema"])),
            *(Change(verb, other="b") for verb in (Verb.MERGE, Verb.LINK, Verb.UNLINK)),
            Change(Verb.SPLIT, other="b", state=State.NEW if done else None),
        ]
    )


def standing(item: WorkItem) -> tuple[object, ...]:
    owner = item.owner.reference if item.owner else ""
    return item.state, owner, item.pool, item.priority, item.category, item.until


def test_a_verb_and_its_inverse_leave_the_work_as_it_was() -> None:
    seed = randrange(2**32)
    print(f"seed {seed}")
    counts = dict.fromkeys(Verb, 0)
    for number in range(600):
        dice = Random(f"{seed}/{number}")
        desk = Desk(dice, some_task(dice))
        for _ in range(STEPS):
            before, raw, ties = desk.item, desk.raw, desk.held.ties
            change = some_change(dice, done=before.state is State.DONE)
            if not desk.do(change) or (change.verb in TYING and raw == desk.raw):
                continue
            assert strange(desk.raw) == strange(raw), "what others wrote on it is left alone"
            counts[change.verb] += 1
            shown = lay_work(before, overlay_of([queued(change)]))
            assert standing(shown) == standing(desk.item) or raw == desk.raw, (seed, number, change, before)
            after, back = desk.item, inverse(change, before)
            assert back is not None
            shown = lay_work(after, overlay_of([queued(back)]))
            assert desk.do(back), (seed, number, change, back)
            assert standing(desk.item) == standing(before), (seed, number, change, back)
            assert desk.held.ties == ties, (seed, number, change, back)
            assert standing(shown) == standing(before), (seed, number, change, back)
            again = inverse(back, after)
            assert again is not None
            if dice.random() < 0.7:
                assert desk.do(again), (seed, number, change, again)
                assert standing(desk.item) == standing(after), "it can be done again as well"
    assert min(counts[verb] for verb in Verb if verb not in WORDS) > 100, counts


def strange(raw: Raw) -> list[Raw]:
    return [each for each in raw.get("input", []) if each["type"]["coding"][0]["system"] == "urn:other"]


def queued(change: Change) -> Outgoing:
    return Outgoing("x", Key("p", "a"), ME.reference, change.verb, "Patient/a", NOW, change=change)


def test_the_deadline_and_what_nobody_knows_outlive_a_snooze_that_is_taken_back() -> None:
    raw = some_task(Random(1)) | {
        "status": "requested",
        "businessStatus": concept(OWN.business_system, "new"),
        "restriction": {"period": {"end": "2026-03-09"}, "repetitions": 4},
        "performerType": [{"coding": [{"system": OWN.pool_system, "code": "resept"}], "text": "Reseptkontoret"}],
    }
    desk = Desk(Random(1), raw)
    before = desk.item
    for change in (Change(Verb.SNOOZE, until=NOW), Change(Verb.CLAIM, ME.reference), Change(Verb.HAND_OVER, LISE)):
        assert desk.do(change)
        back = inverse(change, before)
        assert back
        assert desk.do(back)
    assert desk.raw["restriction"] == raw["restriction"]
    assert desk.raw["performerType"] == raw["performerType"], "a team that did not change is not written anew"


@pytest.mark.parametrize("verb", sorted(WORDS))
def test_words_that_have_left_cannot_be_taken_back(verb: Verb) -> None:
    assert inverse(Change(verb), WorkItem()) is None


def test_the_names_of_what_takes_back() -> None:
    mine = WorkItem(owner=Party(ME.reference, "Kari", PartyKind.STAFF), state=State.CLAIMED)
    done, asleep = WorkItem(state=State.DONE), WorkItem(state=State.SNOOZED, until=NOW)
    for change, before, verb in (
        (Change(Verb.CLAIM), WorkItem(), Verb.RELEASE),
        (Change(Verb.RELEASE), mine, Verb.CLAIM),
        (Change(Verb.HAND_OVER, LISE), mine, Verb.HAND_OVER),
        (Change(Verb.DONE), mine, Verb.REOPEN),
        (Change(Verb.REOPEN), done, Verb.DONE),
        (Change(Verb.SNOOZE), mine, Verb.WAKE),
        (Change(Verb.SNOOZE), asleep, Verb.SNOOZE),
        (Change(Verb.WAKE), asleep, Verb.SNOOZE),
        (Change(Verb.NEXT, state=State.WAITING_PATIENT), mine, Verb.NEXT),
        (Change(Verb.MERGE, other="b"), mine, Verb.SPLIT),
        (Change(Verb.SPLIT, other="b"), done, Verb.MERGE),
    ):
        back = inverse(change, before)
        assert back
        assert (back.verb, back.back) == (verb, True)
