"""What staff do with a conversation: its work item, the notes beside it, and the trace of handing it over."""

from collections.abc import Iterator
from typing import Final

from workbench.sandbox import codes
from workbench.sandbox.dice import Dice
from workbench.sandbox.grammar import Filler
from workbench.sandbox.organisation import ORGANISATION
from workbench.sandbox.scripts import Turn
from workbench.sandbox.talk import Reference, Resource, Talk
from workbench.sandbox.workdays import day_of, due, instant

DAYS: Final = {"reseptfornyelse": 3, "timeendring": 2, "e-kontakt": 3}
"""Working days to answer in; others have five, as general practice in Norway promises (helsenorge.no)."""
HASTE: Final = {"urgent": 1, "asap": 1, "stat": 0}
NOTE_SECURITY: Final = [codes.RESTRICTED]
INTERNAL: Final = [codes.KINDS["internal"]]
POOLS: Final = {code: [concept] for code, concept in codes.POOLS.items()}
REASONS: Final = {
    "escalated": "Gjelder symptomer, ikke noe administrativt. Lege må se på denne.",
    "waiting-colleague": "Trenger et råd fra en kollega før vi kan svare.",
}
"""Why work was handed over, by business status."""


def work_item(talk: Talk, now: float, dice: Dice) -> Resource:
    """Return the Task of `talk` as it stands at `now` (seconds)."""
    script, state, said = talk.script, talk.state, talk.said
    last = said[-1] + (now - said[-1]) * 0.2 if talk.owner else said[-1]
    days = HASTE.get(script.priority, DAYS.get(script.category, 5))
    task: Resource = {
        "resourceType": "Task",
        "id": dice.uuid(),
        "meta": {"lastUpdated": instant(last)},
        "identifier": [{"system": codes.CLIENT_ID, "value": talk.header["reference"][14:]}],
        "status": state.status,
        "businessStatus": codes.BUSINESS[state.business],
        "intent": "order",
        "priority": script.priority,
        "code": codes.TASKS["respond"],
        "description": talk.subject,
        "focus": talk.header,
        "for": talk.person.shown,
        "authoredOn": instant(said[0]),
        "lastModified": instant(last),
        "requester": talk.writer,
        "performerType": POOLS[script.pool],
        "reasonCode": codes.CATEGORIES[script.category],
        "restriction": {"period": {"end": due(day_of(said[0]), days)}},
    }
    if talk.owner:
        task["owner"] = talk.owner.shown
    if state.status == "completed" and talk.answer:
        task["output"] = [{"type": codes.TASKS["respond"], "valueReference": talk.answer}]
    if state.business in REASONS:
        author = talk.staff["secretary"].shown
        task["note"] = [{"authorReference": author, "time": instant(last), "text": REASONS[state.business]}]
    return task


def side_thread(
    talk: Talk, notes: list[tuple[int, Turn]], task: Reference, filler: Filler, dice: Dice
) -> Iterator[Resource]:
    """Yield the side thread of staff: never part of the patient's thread, and without `subject`."""
    authors = {talk.staff[turn.speaker].id: talk.staff[turn.speaker].shown for _, turn in notes}
    recipients = [ORGANISATION, *authors.values()]
    side = {"reference": f"Communication/{dice.uuid()}"}
    sent = instant(talk.said[notes[0][0]])
    yield {
        "resourceType": "Communication",
        "id": side["reference"][14:],
        "meta": {"lastUpdated": sent, "security": NOTE_SECURITY},
        "basedOn": [task],
        "status": "in-progress",
        "category": INTERNAL,
        "about": [talk.header],
        "sent": sent,
        "recipient": recipients,
        "sender": talk.staff[notes[0][1].speaker].shown,
    }
    for position, turn in notes:
        sent = instant(talk.said[position])
        yield {
            "resourceType": "Communication",
            "id": dice.uuid(),
            "meta": {"lastUpdated": sent, "security": NOTE_SECURITY},
            "partOf": [side],
            "status": "in-progress",
            "category": INTERNAL,
            "sent": sent,
            "recipient": recipients,
            "sender": talk.staff[turn.speaker].shown,
            "payload": [{"contentString": filler.fill(turn.text)}],
        }


def handed_over(talk: Talk, task: Reference, dice: Dice) -> Resource:
    """Return the Provenance of `task` having been handed over."""
    recorded = instant(talk.said[-1])
    return {
        "resourceType": "Provenance",
        "id": dice.uuid(),
        "meta": {"lastUpdated": recorded},
        "target": [task],
        "recorded": recorded,
        "reason": [codes.concept(codes.REROUTE_REASON, "specialty-referral")],
        "agent": [{"who": talk.staff["secretary"].shown, "onBehalfOf": ORGANISATION}],
    }
