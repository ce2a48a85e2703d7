"""The whole scene: everything a portal holds, from a number of conversations, a seed and a clock.

The same arguments give the same resources, and there is no other clock. A resource is one fresh `dict` with a fresh
`meta`; what lies below is shared between resources and must not be changed in place.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain
from typing import Final, cast

from workbench.sandbox import codes
from workbench.sandbox.appointments import appointment
from workbench.sandbox.composed import Blocks, Theme, blocks, compose
from workbench.sandbox.conversations import ME, Conversations, further_message
from workbench.sandbox.dice import Dice
from workbench.sandbox.documents import Documents, decision_aid
from workbench.sandbox.forms import Forms
from workbench.sandbox.grammar import Filler
from workbench.sandbox.organisation import BY_PROFESSION, ORGANISATION, STAFF, default_practitioner, site
from workbench.sandbox.people import People, Person, Wish
from workbench.sandbox.scripts import Script, scripts
from workbench.sandbox.timeline import STATES
from workbench.sandbox.workdays import DAY, instant

__all__ = ["STAFF", "arrivals", "default_practitioner", "resources"]

Resource = dict[str, object]

NEWCOMERS: Final = 0.3
"""Patients for one composed conversation; the others write again."""
CROWD: Final = 30
"""Patients of a kind before any of them writes again."""
AUDITED: Final = 25
"""One conversation in so many leaves an AuditEvent."""
RESTRICTED: Final = 3
PRELIMINARY: Final = 7
"""In every hundred conversations, the ones whose new patient has a document that must not, or not yet, be sent."""
AUDIT_TYPE: Final = "http://terminology.hl7.org/CodeSystem/audit-event-type"
INTERACTION: Final = "http://hl7.org/fhir/restful-interaction"


def resources(conversations: int, seed: int, now: datetime) -> Iterator[Resource]:
    """Yield every resource of a scene, what is referred to before what refers to it.

    Args:
        conversations: how many; the first ones are written by hand, the others are composed.
        seed: another one gives other people, times and composed conversations.
        now: the scene's clock, with a time zone; nothing is later, except appointments.
    """
    yield from _Scene(seed, now).told(conversations)


def arrivals(seed: int, now: datetime, n: int, threads: Sequence[tuple[str, str]] = ()) -> list[Resource]:
    """Return what the `n`-th message that arrives while the portal runs brings with it.

    Args:
        seed: as for `resources`.
        now: when it arrives, with a time zone.
        n: 0, 1, 2 ...
        threads: conversations that are on the portal: id of the header, id of the patient. When there are any, some
            arrivals are one more message in one of them (a single Communication); the others are a new patient
            with a new conversation, in the order in which they are to be stored.
    """
    dice = Dice(f"{seed}/arrival/{n}")
    scene = _Scene(seed, now, f"arrival/{n}/")
    if threads and dice.random() < 0.4:
        return [scene.further(*dice.pick(threads))]
    return list(scene.arrived())


class _Scene:
    """A scene being made."""

    def __init__(self, seed: int, now: datetime, part: str = "") -> None:
        self._dice = Dice(f"{seed}/{part}scene")
        self._seconds = now.timestamp()
        self._blocks: Blocks = blocks()
        dice = Dice(f"{seed}/{part}people")
        self._people = People(dice, self._seconds)
        self._documents = Documents(dice, self._seconds)
        self._forms = Forms(dice, self._seconds)
        self._conversations = Conversations(Dice(f"{seed}/{part}talk"), self._seconds, self._blocks.words)
        self._known: dict[Wish, list[Person]] = {}
        self._named: dict[str, Person] = {}

    def told(self, conversations: int) -> Iterator[Resource]:
        """Yield the site and its conversations."""
        yield from site()
        yield from self._forms.questionnaires()
        yield from decision_aid()
        written = scripts()
        for number in range(conversations):
            script = written[number] if number < len(written) else compose(self._theme(), self._dice)
            person = self._named.get(script.who) or (None if number < len(written) else self._again(script.wish))
            if person is None:
                person = self._people.person(script.wish)
                if STATES[script.state].taken == "me":
                    person.doctor = ME
                yield from self._newcomer(person, script, number)
            yield from self._conversations.tell(script, person)
            if number % AUDITED == 0:
                yield self._audit(person)

    def arrived(self) -> Iterator[Resource]:
        """Yield a new patient with a new conversation whose only message has just come."""
        composed = compose(self._theme(), self._dice)
        script = replace(composed, state="new", turns=composed.turns[:1], hours=0, priority="routine")
        person = self._people.person(script.wish)
        now = instant(self._seconds)
        for resource in chain(self._newcomer(person, script, 0), self._conversations.tell(script, person)):
            resource["meta"] = {**cast(Resource, resource["meta"]), "lastUpdated": now}
            yield resource

    def further(self, header: str, patient: str) -> Resource:
        """Return one more message of the patient in the conversation `header`."""
        plain = [theme for theme in self._blocks.themes if theme.language == "nb" and theme.writer == "self"]
        theme = self._dice.pick(plain)
        filler = Filler(self._blocks.words[theme.language], {}, self._dice)
        return further_message(self._dice, self._seconds, header, patient, filler.fill(self._dice.pick(theme.more)))

    def _theme(self) -> Theme:
        return self._dice.pick(self._blocks.themes)

    def _again(self, wish: Wish) -> Person | None:
        """Return someone known who fits `wish`, if it is time that someone writes again."""
        known = self._known.get(wish, ())
        return self._dice.pick(known) if len(known) >= CROWD and self._dice.random() > NEWCOMERS else None

    def _newcomer(self, person: Person, script: Script, number: int) -> Iterator[Resource]:
        """Yield a new patient with the relatives, documents, appointment and forms that come along."""
        dice = self._dice
        self._known.setdefault(script.wish, []).append(person)
        if script.who:
            self._named[script.who] = person
        yield self._people.patient(person, script.wish)
        yield from self._people.relatives(person)
        if dice.random() < 0.1 or script.category == "samhandling":
            yield self._care_team(person)
        wanted = [turn.extra[9:] for turn in script.turns if turn.extra.startswith("document:")]
        for kind in wanted or [""] * dice.pick((0, 0, 1, 1, 2)):
            yield from self._documents.document(person, kind)
        if number % 100 == RESTRICTED:
            yield from self._documents.document(person, restricted=True)
        if number % 100 == PRELIMINARY:
            yield from self._documents.document(person, preliminary=True)
        if script.appointment or dice.random() < 0.3:
            yield appointment(person, self._seconds, dice)
        if script.category == "skjema" or dice.random() < 0.08:
            yield from self._forms.asked(person)

    def _care_team(self, person: Person) -> Resource:
        dice = self._dice
        members = (person.doctor, dice.pick(BY_PROFESSION["nurse"]), dice.pick(BY_PROFESSION["psychologist"]))
        return {
            "resourceType": "CareTeam",
            "id": dice.uuid(),
            "meta": {"lastUpdated": instant(self._seconds - dice.between(10, 400) * DAY)},
            "status": "active",
            "name": f"Ansvarsgruppe {person.given} {person.family}",
            "subject": person.shown,
            "participant": [{"member": member.shown, "onBehalfOf": ORGANISATION} for member in members],
            "managingOrganization": [ORGANISATION],
        }

    def _audit(self, person: Person) -> Resource:
        """Return the trace of someone having opened the record of `person`."""
        recorded = instant(self._seconds - self._dice.between(1, 200) * 3600)
        return {
            "resourceType": "AuditEvent",
            "id": self._dice.uuid(),
            "meta": {"lastUpdated": recorded},
            "type": codes.coding(AUDIT_TYPE, "rest", "RESTful Operation"),
            "subtype": [codes.coding(INTERACTION, "read", "read")],
            "action": "R",
            "recorded": recorded,
            "outcome": "0",
            "agent": [{"who": person.doctor.shown, "requestor": True}],
            "source": {"observer": ORGANISATION},
            "entity": [{"what": person.shown}],
        }
