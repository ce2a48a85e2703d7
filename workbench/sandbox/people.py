"""Made-up patients of all ages and backgrounds, and those who write for them."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final, Literal

from workbench.sandbox import codes
from workbench.sandbox.dice import Dice
from workbench.sandbox.identity import SYSTEMS, Kind, Register
from workbench.sandbox.names import Background, names
from workbench.sandbox.organisation import BY_PROFESSION, ORGANISATION, Member
from workbench.sandbox.workdays import DAY, day_of, instant

Language = Literal["nb", "nn", "en"]
Group = Literal["baby", "child", "youth", "woman", "adult", "senior", "old"]
Writer = Literal["self", "parent", "proxy"]

AGES: Final[dict[Group, tuple[float, float]]] = {
    "baby": (0.1, 1.9),
    "child": (2, 11.9),
    "youth": (16, 22),
    "woman": (20, 41),
    "adult": (19, 66),
    "senior": (55, 79),
    "old": (80, 97),
}
YEAR: Final = 365.25
LANGUAGES: Final = {"nb": "Norsk bokmål", "nn": "Norsk nynorsk", "en": "English"}
SHARED_NAME: Final = 0.01
"""How many of a hundred people carry a name that others have too."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What a text asks of the patient it is about; what is None is left to chance."""

    group: Group = "adult"
    language: Language = "nb"
    female: bool | None = None
    given: str | None = None
    family: str | None = None
    born: date | None = None
    age: float | None = None
    kind: Kind | None = None
    confidential: bool | None = None


ANYONE: Final = Wish()


@dataclass(slots=True)
class Person:
    """A patient, and what the rest of a scene needs to know of them."""

    id: str
    given: str
    family: str
    born: date
    female: bool
    language: Language
    doctor: Member
    shown: dict[str, str]
    """FHIR Reference to the patient, with a display."""
    writers: dict[Writer, tuple[str, dict[str, str]]]
    """Who may write: first name and FHIR Reference."""
    documents: dict[str, dict[str, str]] = field(default_factory=dict)
    """FHIR References to documents of the record that may be sent, one for each type."""
    appointment: dict[str, str] | None = None
    """FHIR Reference to the next appointment."""


class People:
    """Makes patients."""

    def __init__(self, dice: Dice, now: float) -> None:
        """Draw with `dice`; ages are those at `now` (seconds)."""
        self._dice = dice
        self._now = now
        self._today = day_of(now)
        self._names = names()
        self._register = Register(dice)

    def person(self, wish: Wish) -> Person:
        """Return a new patient as wished."""
        dice = self._dice
        female = dice.random() < 0.55 if wish.female is None else wish.female
        if wish.group == "woman":
            female = True
        given, family = self._name(wish, female)
        identity = dice.uuid()
        shown = {"reference": f"Patient/{identity}", "display": f"{given} {family}"}
        born = wish.born or self._birth_date(wish)
        doctor = dice.pick(BY_PROFESSION["doctor"])
        return Person(identity, given, family, born, female, wish.language, doctor, shown, {"self": (given, shown)})

    def patient(self, person: Person, wish: Wish) -> dict[str, object]:
        """Return the Patient of `person`."""
        dice = self._dice
        # Who has a confidential address can neither represent others nor be represented (helsenorge.no/innboks).
        alone = wish.group in ("adult", "woman", "senior")
        confidential = alone and dice.random() < 0.008 if wish.confidential is None else wish.confidential
        chance = dice.random()
        kind: Kind = wish.kind or ("help" if chance < 0.004 else "d" if chance < 0.02 else "national")
        number = self._register.number(kind, person.born, person.female)
        meta: dict[str, object] = {"lastUpdated": instant(self._now - dice.between(30, 700) * DAY)}
        if confidential:
            meta["security"] = [codes.VERY_RESTRICTED]
        patient: dict[str, object] = {
            "resourceType": "Patient",
            "id": person.id,
            "meta": meta,
            "identifier": [{"use": "official", "system": SYSTEMS[kind], "value": number}],
            "active": True,
            "name": [{"use": "official", "family": person.family, "given": person.given.split()}],
            "telecom": _telecom(dice),
            "gender": "female" if person.female else "male",
            "birthDate": person.born.isoformat(),
            "communication": SPEAKS[person.language],
            "generalPractitioner": [person.doctor.shown],
            "managingOrganization": ORGANISATION,
        }
        if not confidential:
            code, city = dice.pick(self._names.places)
            line = f"{dice.pick(self._names.streets)} {dice.whole(1, 98)}"
            patient["address"] = [{"use": "home", "line": [line], "postalCode": code, "city": city, "country": "NO"}]
        return patient

    def relatives(self, person: Person) -> Iterator[dict[str, object]]:
        """Yield who may write for `person` (a parent, or an adult with a power of attorney) and enter them there."""
        age = (self._today - person.born).days / YEAR
        if age < 16:
            yield self._related(person, "parent", self._dice.between(24, 38))
        elif age >= 65:
            yield self._related(person, "proxy", -self._dice.between(22, 30))

    def _related(self, person: Person, role: Writer, older: float) -> dict[str, object]:
        """Return someone `older` years older than `person`, who from now on may write as `role`."""
        dice = self._dice
        female = dice.random() < 0.6
        backgrounds = self._names.backgrounds
        background = next((one for one in backgrounds if person.family in one.family), backgrounds[0])
        given = dice.pick(background.female if female else background.male)
        identity = dice.uuid()
        born = person.born - timedelta(days=int(older * YEAR))
        person.writers[role] = (
            given,
            {"reference": f"RelatedPerson/{identity}", "display": f"{given} {person.family}"},
        )
        return {
            "resourceType": "RelatedPerson",
            "id": identity,
            "meta": {"lastUpdated": instant(self._now - dice.between(30, 700) * DAY)},
            "identifier": [{"system": codes.NATIONAL_NUMBER, "value": self._register.number("national", born, female)}],
            "active": True,
            "patient": person.shown,
            "relationship": RELATIONSHIPS[role, female],
            "name": [{"use": "official", "family": person.family, "given": given.split()}],
            "telecom": _telecom(dice),
            "gender": "female" if female else "male",
            "birthDate": born.isoformat(),
        }

    def _name(self, wish: Wish, female: bool) -> tuple[str, str]:
        if not wish.given and self._dice.random() < SHARED_NAME:
            return self._dice.pick(
                [(given, family) for of_woman, given, family in self._names.shared if of_woman == female]
            )
        background = self._background(wish.language)
        given = wish.given or self._dice.pick(background.female if female else background.male)
        return given, wish.family or self._dice.pick(background.family)

    def _background(self, language: Language) -> Background:
        if language == "nn":
            return self._names.nynorsk
        return self._dice.pick(self._names.backgrounds if language == "nb" else self._names.abroad)

    def _birth_date(self, wish: Wish) -> date:
        low, high = AGES[wish.group]
        age = self._dice.between(low, high) if wish.age is None else wish.age + self._dice.between(0.05, 0.9)
        return self._today - timedelta(days=int(age * YEAR))


SPEAKS: Final = {
    code: [{"language": codes.concept(codes.LANGUAGE, code, name), "preferred": True}]
    for code, name in LANGUAGES.items()
}
MANDATE: Final = codes.concept(codes.ROLE_CODE, "POWATT", "power of attorney") | {"text": "fullmakt"}
RELATIONSHIPS: Final[dict[tuple[Writer, bool], list[dict[str, object]]]] = {
    ("parent", True): [codes.concept(codes.ROLE_CODE, "MTH", "mother") | {"text": "mor"}],
    ("parent", False): [codes.concept(codes.ROLE_CODE, "FTH", "father") | {"text": "far"}],
    ("proxy", True): [codes.concept(codes.ROLE_CODE, "DAUC", "daughter") | {"text": "datter"}, MANDATE],
    ("proxy", False): [codes.concept(codes.ROLE_CODE, "SONC", "son") | {"text": "sønn"}, MANDATE],
}


def _telecom(dice: Dice) -> list[dict[str, str]]:
    """Return a telephone number that cannot be called: no Norwegian number of eight digits begins with 0."""
    return [
        {
            "system": "phone",
            "value": f"+47 00 {dice.whole(10, 99)} {dice.whole(10, 99)} {dice.whole(10, 99)}",
            "use": "mobile",
        }
    ]
