"""Digital forms: two questionnaires, the work item that asks a patient to fill one in, and the answers."""

from collections.abc import Iterator
from typing import Any, Final

from workbench.sandbox import codes
from workbench.sandbox.dice import Dice
from workbench.sandbox.names import load
from workbench.sandbox.organisation import OPENED, ORGANISATION
from workbench.sandbox.people import Person
from workbench.sandbox.workdays import DAY, HOUR, day_of, due, instant

Resource = dict[str, object]

DAYS_TO_FILL: Final = 10
"""Working days a patient has to fill in a form."""


class Forms:
    """Asks patients to fill in forms."""

    def __init__(self, dice: Dice, now: float) -> None:
        """Draw with `dice` at `now` (seconds)."""
        self._dice = dice
        self._now = now
        self._forms: list[dict[str, Any]] = load("forms.toml")["form"]

    def questionnaires(self) -> Iterator[Resource]:
        """Yield every Questionnaire."""
        for form in self._forms:
            yield {
                "resourceType": "Questionnaire",
                "id": form["id"],
                "meta": {"lastUpdated": OPENED},
                "url": _url(form),
                "version": "1",
                "name": form["name"],
                "title": form["title"],
                "status": "active",
                "subjectType": ["Patient"],
                "date": OPENED,
                "publisher": "Sørenga legesenter",
                "item": [
                    {"linkId": str(number), "text": question["text"], "type": question["type"]}
                    for number, question in enumerate(form["question"], 1)
                ],
            }

    def asked(self, person: Person) -> Iterator[Resource]:
        """Yield the work item that asks `person` to fill in a form, after the answers when there are any."""
        dice = self._dice
        form = dice.pick(self._forms)
        sent = self._now - dice.between(1, 20) * DAY
        answers = self._answers(person, form, sent) if dice.random() < 0.6 else None
        if answers:
            yield answers
        task: Resource = {
            "resourceType": "Task",
            "id": dice.uuid(),
            "meta": {"lastUpdated": answers["authored"] if answers else instant(sent)},
            "status": "completed" if answers else "ready",
            "intent": "order",
            "priority": "routine",
            "code": codes.TASKS["fill-form"],
            "description": form["title"],
            "focus": {"reference": f"Questionnaire/{form['id']}", "display": form["title"]},
            "for": person.shown,
            "authoredOn": instant(sent),
            "requester": ORGANISATION,
            "owner": person.shown,
            "restriction": {"period": {"end": due(day_of(sent), DAYS_TO_FILL)}},
        }
        if answers:
            reference = {"reference": f"QuestionnaireResponse/{answers['id']}"}
            task["output"] = [{"type": codes.TASKS["fill-form"], "valueReference": reference}]
        yield task

    def _answers(self, person: Person, form: dict[str, Any], sent: float) -> Resource:
        dice = self._dice
        when = instant(min(sent + dice.between(1, 90) * HOUR, self._now))
        return {
            "resourceType": "QuestionnaireResponse",
            "id": dice.uuid(),
            "meta": {"lastUpdated": when},
            "questionnaire": f"{_url(form)}|1",
            "status": "completed",
            "subject": person.shown,
            "source": person.shown,
            "author": person.shown,
            "authored": when,
            "item": [
                {"linkId": str(number), "text": question["text"], "answer": [_answer(question, dice)]}
                for number, question in enumerate(form["question"], 1)
            ],
        }


def _url(form: dict[str, Any]) -> str:
    return f"{codes.BASE}/Questionnaire/{form['id']}"


def _answer(question: dict[str, Any], dice: Dice) -> Resource:
    match question["type"]:
        case "boolean":
            return {"valueBoolean": dice.random() < 0.5}
        case "integer":
            return {"valueInteger": dice.whole(question["low"], question["high"])}
        case _:
            return {"valueString": dice.pick(question["answers"])}
