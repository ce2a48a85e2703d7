"""One conversation as FHIR: header, messages, work item, and the notes colleagues keep beside it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from workbench.sandbox import codes
from workbench.sandbox.dice import Dice
from workbench.sandbox.documents import AID, attachment, binary
from workbench.sandbox.grammar import Filler, Template
from workbench.sandbox.media import picture
from workbench.sandbox.organisation import BY_PROFESSION, ORGANISATION, STAFF, Member, Profession
from workbench.sandbox.people import Language, Person
from workbench.sandbox.scripts import Script, Turn
from workbench.sandbox.timeline import STATES, State, awake_before, times
from workbench.sandbox.workdays import HOUR, day_of, due, instant

Resource = dict[str, object]
Reference = dict[str, str]

ME: Final = STAFF[0]
OWNERS: Final[dict[str, Profession]] = {
    "legekontor": "secretary",
    "resept": "doctor",
    "time": "secretary",
    "sykepleier": "nurse",
}
"""Who usually takes what lies in a pool."""
DAYS: Final = {"reseptfornyelse": 3, "timeendring": 2, "e-kontakt": 3}
"""Working days to answer in; others have five, as general practice in Norway promises (helsenorge.no)."""
HASTE: Final = {"urgent": 1, "asap": 1, "stat": 0}
TITLES: Final[dict[Language, dict[str, str]]] = {
    "nb": {"doctor": "lege", "nurse": "sykepleier", "secretary": "helsesekretær", "psychologist": "psykolog"},
    "nn": {"doctor": "lege", "nurse": "sjukepleiar", "secretary": "helsesekretær", "psychologist": "psykolog"},
    "en": {"doctor": "doctor", "nurse": "nurse", "secretary": "medical secretary", "psychologist": "psychologist"},
}
NOTE_SECURITY: Final = [codes.RESTRICTED]
INTERNAL: Final = [codes.KINDS["internal"]]
SHOWN_CATEGORIES: Final = {
    code: ([codes.KINDS["thread"], concept], [codes.KINDS["message"], concept], [concept])
    for code, concept in codes.CATEGORIES.items()
}
"""Category of a header, of its messages, and Task.reasonCode's text."""
POOLS: Final = {code: [concept] for code, concept in codes.POOLS.items()}


@dataclass(slots=True)
class Talk:
    """A conversation being told: what its resources share."""

    script: Script
    person: Person
    state: State
    staff: dict[str, Member]
    owner: Member | None
    writer: Reference
    subject: str
    said: list[float]
    """Seconds, one for each turn."""
    header: Reference
    participants: list[Reference]
    last_message: float = 0.0
    answer: Reference | None = None
    """The last message that staff sent."""


class Conversations:
    """Tells conversations."""

    def __init__(self, dice: Dice, now: float, words: Mapping[Language, Mapping[str, Sequence[Template]]]) -> None:
        """Draw with `dice` at `now` (seconds); `words` fill the holes of templates, by language."""
        self._dice = dice
        self._now = now
        self._words = words

    def tell(self, script: Script, person: Person) -> Iterator[Resource]:
        """Yield everything that `script` leaves on the portal when it is about `person`, what is referred to first."""
        staff, owner = self._staff(script, person)
        first, writer = person.writers[script.writer]
        names = {profession: member.name for profession, member in staff.items()}
        filler = Filler(self._words[person.language], names | {"first": person.given, "writer": first}, self._dice)
        talk = self._open(script, person, staff, owner, writer, filler)
        yield self._header(talk)
        notes = []
        for position, turn in enumerate(script.turns):
            if turn.note:
                notes.append((position, turn))
            else:
                yield from self._message(talk, position, turn, filler)
        task = self._task(talk)
        yield task
        reference = {"reference": f"Task/{task['id']}"}
        if notes:
            yield from self._notes(talk, notes, reference, filler)
        if "note" in task:
            yield self._reroute(talk, reference)

    def _staff(self, script: Script, person: Person) -> tuple[dict[str, Member], Member | None]:
        """Return who speaks for each profession, and who has taken the conversation."""
        dice, taken = self._dice, STATES[script.state].taken
        staff: dict[str, Member] = {profession: dice.pick(members) for profession, members in BY_PROFESSION.items()}
        staff["doctor"] = ME if taken == "me" else person.doctor
        if taken in ("nobody", "me"):
            return staff, ME if taken == "me" else None
        if taken == "colleague" and staff["doctor"] is ME:
            staff["doctor"] = dice.pick(BY_PROFESSION["doctor"][1:])
        return staff, staff[script.owner or OWNERS[script.pool]]

    def _open(
        self,
        script: Script,
        person: Person,
        staff: dict[str, Member],
        owner: Member | None,
        writer: Reference,
        filler: Filler,
    ) -> Talk:
        dice, state = self._dice, STATES[script.state]
        if script.hours is None:
            first = awake_before(self._now - dice.between(*state.hours) * HOUR, dice)
        else:
            first = self._now - script.hours * HOUR
        said = times(first, self._now, [turn.speaker != "patient" for turn in script.turns], dice)
        spoken = {turn.speaker for turn in script.turns if not turn.note and turn.speaker != "patient"}
        members = {staff[speaker].id: staff[speaker].shown for speaker in sorted(spoken)}
        if owner is not None:
            members[owner.id] = owner.shown
        participants = [writer, ORGANISATION, *members.values()]
        subject = filler.fill(script.subject)
        header = {"reference": f"Communication/{dice.uuid()}"}
        talk = Talk(script, person, state, staff, owner, writer, subject, said, header, participants)
        talk.last_message = max(said[n] for n, turn in enumerate(script.turns) if not turn.note)
        return talk

    def _header(self, talk: Talk) -> Resource:
        script = talk.script
        header: Resource = {
            "resourceType": "Communication",
            "id": talk.header["reference"][14:],
            "meta": {"lastUpdated": instant(talk.last_message)},
            "status": "completed" if talk.state.status == "completed" else "in-progress",
            "category": SHOWN_CATEGORIES[script.category][0],
            "priority": script.priority,
            "subject": talk.person.shown,
            "topic": {"text": talk.subject},
            "sent": instant(talk.said[0]),
            "recipient": talk.participants,
            "sender": talk.writer,
        }
        if script.appointment and talk.person.appointment:
            header["about"] = [talk.person.appointment]
        return header

    def _message(self, talk: Talk, position: int, turn: Turn, filler: Filler) -> Iterator[Resource]:
        said = talk.said[position]
        by_patient = turn.speaker == "patient"
        if not by_patient:
            filler.chosen |= self._signature(talk, turn)
        payload: list[Resource] = [{"contentString": filler.fill(turn.text)}]
        if turn.extra:
            yield from self._extra(talk, turn, said, payload)
        message: Resource = {
            "resourceType": "Communication",
            "id": self._dice.uuid(),
            "meta": {"lastUpdated": instant(said)},
            "partOf": [talk.header],
            "status": "in-progress",
            "category": SHOWN_CATEGORIES[talk.script.category][1],
            "subject": talk.person.shown,
            "sent": instant(said),
            "recipient": talk.participants,
            "sender": talk.writer if by_patient else talk.staff[turn.speaker].shown,
            "payload": payload,
        }
        if not by_patient:
            talk.answer = {"reference": f"Communication/{message['id']}"}
        read = self._read(talk, position, by_patient)
        if read:
            message |= {"status": "completed", "received": instant(read), "meta": {"lastUpdated": instant(read)}}
        yield message

    def _signature(self, talk: Talk, turn: Turn) -> dict[str, str]:
        """Return the holes for the name and the title of the member of staff who speaks."""
        return {"me": talk.staff[turn.speaker].name, "title": TITLES[talk.person.language][turn.speaker]}

    def _read(self, talk: Talk, position: int, by_patient: bool) -> float | None:
        """Return when the message was read by the other side, if it was."""
        said = talk.said[position]
        for later, turn in enumerate(talk.script.turns[position + 1 :], position + 1):
            if not turn.note and (turn.speaker == "patient") != by_patient:
                return said + (talk.said[later] - said) * 0.8
        chance = self._dice.random()
        seen = talk.owner is not None and chance < 0.6 if by_patient else chance < 0.5
        return said + (self._now - said) * chance if seen else None

    def _extra(self, talk: Talk, turn: Turn, said: float, payload: list[Resource]) -> Iterator[Resource]:
        """Add what comes with the words to `payload`; yield the file behind it."""
        what, _, kind = turn.extra.partition(":")
        if what == "photo":
            file = binary(self._dice.uuid(), talk.person.shown, "image/png", picture(kind), said)
            yield file
            title = f"IMG_{self._dice.whole(1000, 9999)}.png"
            payload.append({"contentAttachment": attachment(file, picture(kind), title, said)})
        elif what == "aid":
            payload.append({"contentReference": AID})
        elif what == "document":
            payload.append({"contentReference": talk.person.documents[kind]})

    def _task(self, talk: Talk) -> Resource:
        script, state, said = talk.script, talk.state, talk.said
        last = said[-1] + (self._now - said[-1]) * 0.2 if talk.owner else said[-1]
        days = HASTE.get(script.priority, DAYS.get(script.category, 5))
        task: Resource = {
            "resourceType": "Task",
            "id": self._dice.uuid(),
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
            "reasonCode": SHOWN_CATEGORIES[script.category][2][0],
            "restriction": {"period": {"end": due(day_of(said[0]), days)}},
        }
        if talk.owner:
            task["owner"] = talk.owner.shown
        if state.status == "completed" and talk.answer:
            task["output"] = [{"type": codes.TASKS["respond"], "valueReference": talk.answer}]
        if state.business in ("escalated", "waiting-colleague"):
            task["note"] = [self._why(talk, last)]
        return task

    def _why(self, talk: Talk, when: float) -> Resource:
        """Return the reason why work was handed over, as Task.note has it."""
        author = talk.staff["secretary"].shown
        text = "Gjelder symptomer, ikke noe administrativt. Lege må se på denne."
        if talk.state.business == "waiting-colleague":
            text = "Trenger et råd fra en kollega før vi kan svare."
        return {"authorReference": author, "time": instant(when), "text": text}

    def _notes(self, talk: Talk, notes: list[tuple[int, Turn]], task: Reference, filler: Filler) -> Iterator[Resource]:
        """Yield the side thread of staff: never part of the patient's thread, and without `subject`."""
        authors = {talk.staff[turn.speaker].id: talk.staff[turn.speaker].shown for _, turn in notes}
        recipients = [ORGANISATION, *authors.values()]
        side = {"reference": f"Communication/{self._dice.uuid()}"}
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
                "id": self._dice.uuid(),
                "meta": {"lastUpdated": sent, "security": NOTE_SECURITY},
                "partOf": [side],
                "status": "in-progress",
                "category": INTERNAL,
                "sent": sent,
                "recipient": recipients,
                "sender": talk.staff[turn.speaker].shown,
                "payload": [{"contentString": filler.fill(turn.text)}],
            }

    def _reroute(self, talk: Talk, task: Reference) -> Resource:
        recorded = instant(talk.said[-1])
        return {
            "resourceType": "Provenance",
            "id": self._dice.uuid(),
            "meta": {"lastUpdated": recorded},
            "target": [task],
            "recorded": recorded,
            "reason": [codes.concept(codes.REROUTE_REASON, "specialty-referral")],
            "agent": [{"who": talk.staff["secretary"].shown, "onBehalfOf": ORGANISATION}],
        }


def further_message(dice: Dice, now: float, header: str, patient: str, text: str) -> Resource:
    """Return a message of `patient` (id) that has just come in the conversation `header` (id)."""
    sent = instant(now)
    writer = {"reference": f"Patient/{patient}"}
    return {
        "resourceType": "Communication",
        "id": dice.uuid(),
        "meta": {"lastUpdated": sent},
        "partOf": [{"reference": f"Communication/{header}"}],
        "status": "in-progress",
        "category": [codes.KINDS["message"]],
        "subject": writer,
        "sent": sent,
        "recipient": [writer, ORGANISATION],
        "sender": writer,
        "payload": [{"contentString": text}],
    }
