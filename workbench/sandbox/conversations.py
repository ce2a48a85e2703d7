"""One conversation as FHIR: header and messages, with what staff do beside them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from workbench.sandbox import codes
from workbench.sandbox.dice import Dice
from workbench.sandbox.documents import AID, attachment, binary
from workbench.sandbox.grammar import Filler, Template
from workbench.sandbox.media import picture
from workbench.sandbox.organisation import BY_PROFESSION, ORGANISATION, STAFF, Member, Profession
from workbench.sandbox.people import Language, Person
from workbench.sandbox.scripts import Script, Turn
from workbench.sandbox.talk import MESSAGE, THREAD, Reference, Resource, Talk
from workbench.sandbox.timeline import STATES, awake_before, times
from workbench.sandbox.work import handed_over, side_thread, work_item
from workbench.sandbox.workdays import HOUR, instant

ME: Final = STAFF[0]
OWNERS: Final[dict[str, Profession]] = {
    "legekontor": "secretary",
    "resept": "doctor",
    "time": "secretary",
    "sykepleier": "nurse",
}
"""Who usually takes what lies in a pool."""
ROTAS: Final[tuple[dict[str, Member], ...]] = tuple(
    {"nurse": nurse, "secretary": secretary, "psychologist": psychologist}
    for nurse in BY_PROFESSION["nurse"]
    for secretary in BY_PROFESSION["secretary"]
    for psychologist in BY_PROFESSION["psychologist"]
)
"""Who may be at work together, beside the patient's own doctor."""
RECENT: Final = 4
"""Hours; what was said so lately was said when it was said, be it at night."""
TITLES: Final[dict[Language, dict[str, str]]] = {
    "nb": {"doctor": "lege", "nurse": "sykepleier", "secretary": "helsesekretær", "psychologist": "psykolog"},
    "nn": {"doctor": "lege", "nurse": "sjukepleiar", "secretary": "helsesekretær", "psychologist": "psykolog"},
    "en": {"doctor": "doctor", "nurse": "nurse", "secretary": "medical secretary", "psychologist": "psychologist"},
}


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
        task = work_item(talk, self._now, self._dice)
        yield task
        reference = {"reference": f"Task/{task['id']}"}
        if notes:
            yield from side_thread(talk, notes, reference, filler, self._dice)
        if "note" in task:
            yield handed_over(talk, reference, self._dice)

    def _staff(self, script: Script, person: Person) -> tuple[dict[str, Member], Member | None]:
        """Return who speaks for each profession, and who has taken the conversation."""
        dice, taken = self._dice, STATES[script.state].taken
        staff = {**dice.pick(ROTAS), "doctor": ME if taken == "me" else person.doctor}
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
        hours = dice.between(*state.hours) if script.hours is None else script.hours
        first = self._now - hours * HOUR
        if hours > RECENT:
            first = awake_before(first, dice)
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
            "category": THREAD[script.category],
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
        sent = instant(said)
        by_patient = turn.speaker == "patient"
        if not by_patient:
            filler.chosen |= self._signature(talk, turn)
        payload: list[Resource] = [{"contentString": filler.fill(turn.text)}]
        if turn.extra:
            yield from self._extra(talk, turn, said, payload)
        message: Resource = {
            "resourceType": "Communication",
            "id": self._dice.uuid(),
            "meta": {"lastUpdated": sent},
            "partOf": [talk.header],
            "status": "in-progress",
            "category": MESSAGE[talk.script.category],
            "subject": talk.person.shown,
            "sent": sent,
            "recipient": talk.participants,
            "sender": talk.writer if by_patient else talk.staff[turn.speaker].shown,
            "payload": payload,
        }
        if not by_patient:
            talk.answer = {"reference": f"Communication/{message['id']}"}
        read = self._read(talk, position, by_patient)
        if read:
            received = instant(read)
            message |= {"status": "completed", "received": received, "meta": {"lastUpdated": received}}
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
