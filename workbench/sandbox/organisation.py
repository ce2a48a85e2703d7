"""The site of the sandbox portal: one doctors' office, the people who work there, and what each is there for."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, Literal

from workbench.sandbox import codes

Profession = Literal["doctor", "nurse", "secretary", "psychologist"]

ORGANISATION_ID: Final = "sorenga-legesenter"
ORGANISATION: Final = {"reference": f"Organization/{ORGANISATION_ID}", "display": "Sørenga legesenter"}
ORGANISATION_NUMBER: Final = "310000000"
"""Check digit right; 3 opens the synthetic organisations of the Tax Administration's test population."""

CATEGORIES: Final[dict[Profession, tuple[str, str, str]]] = {
    "doctor": ("LE", "Lege", "lege"),
    "nurse": ("SP", "Sykepleier", "sykepleier"),
    "secretary": ("HE", "Helsesekretær", "helsesekretær"),
    "psychologist": ("PS", "Psykolog", "psykolog"),
}
"""Personnel category (9060): code, display, and the word after a name."""


@dataclass(frozen=True, slots=True)
class Member:
    """Someone who works at the site."""

    id: str
    given: str
    family: str
    female: bool
    profession: Profession
    pools: tuple[str, ...]
    """Codes of the pools whose work this person sees."""
    hpr: str
    """HPR number; the series 90000000 and up is synthetic."""

    name: str = field(init=False)
    """Full name."""
    shown: dict[str, str] = field(init=False)
    """FHIR Reference with a display."""

    def __post_init__(self) -> None:
        # Made once and shared: a scene of 100,000 conversations asks for them a million times.
        object.__setattr__(self, "name", f"{self.given} {self.family}")
        object.__setattr__(self, "shown", {"reference": self.reference, "display": self.name})

    @property
    def reference(self) -> str:
        """Reference, as `--as` takes it."""
        return f"Practitioner/{self.id}"


DOCTOR_POOLS: Final = ("legekontor", "resept")
NURSE_POOLS: Final = ("sykepleier", "resept")
SECRETARY_POOLS: Final = ("legekontor", "time", "resept")

STAFF: Final = (
    Member("kari-nordmann", "Kari", "Nordmann", True, "doctor", DOCTOR_POOLS, "90000001"),
    Member("ola-provedal", "Ola", "Prøvedal", False, "doctor", DOCTOR_POOLS, "90000002"),
    Member("amina-testdal", "Amina", "Testdal", True, "doctor", DOCTOR_POOLS, "90000003"),
    Member("jonas-eksempelvik", "Jonas", "Eksempelvik", False, "doctor", DOCTOR_POOLS, "90000004"),
    Member("siri-testmoen", "Siri", "Testmoen", True, "nurse", NURSE_POOLS, "90000005"),
    Member("tor-provestad", "Tor", "Prøvestad", False, "nurse", NURSE_POOLS, "90000006"),
    Member("biret-eksempelgaard", "Biret", "Eksempelgård", True, "nurse", NURSE_POOLS, "90000007"),
    Member("lise-sekretaer", "Lise", "Sekretær", True, "secretary", SECRETARY_POOLS, "90000008"),
    Member("mona-proveberg", "Mona", "Prøveberg", True, "secretary", SECRETARY_POOLS, "90000009"),
    Member("yusuf-testby", "Yusuf", "Testby", False, "secretary", SECRETARY_POOLS, "90000010"),
    Member("eva-eksempelstad", "Eva", "Eksempelstad", True, "psychologist", ("legekontor",), "90000011"),
)
BY_PROFESSION: Final[dict[Profession, tuple[Member, ...]]] = {
    profession: tuple(member for member in STAFF if member.profession == profession) for profession in CATEGORIES
}
OPENED: Final = "2024-01-08T07:00:00.000Z"
"""When the site's own resources were last changed; never after the clock of a scene."""


def default_practitioner(role: Literal["clinician", "support"]) -> str:
    """Return the reference of who acts when nobody else is named: the first doctor, or the first secretary."""
    return BY_PROFESSION["doctor" if role == "clinician" else "secretary"][0].reference


def site() -> Iterator[dict[str, object]]:
    """Yield the organisation, then each of its people with their role."""
    yield {
        "resourceType": "Organization",
        "id": ORGANISATION_ID,
        "meta": {"lastUpdated": OPENED},
        "identifier": [
            {"system": codes.ORGANISATION_NUMBER, "value": ORGANISATION_NUMBER},
            {"system": codes.HER_ID, "value": "80000001"},
        ],
        "active": True,
        "name": "Sørenga legesenter",
        "telecom": [{"system": "phone", "value": "+47 00 00 01 00", "use": "work"}],
        "address": [{"use": "work", "line": ["Sørengkaia 1"], "postalCode": "0194", "city": "Oslo", "country": "NO"}],
    }
    for member in STAFF:
        yield _practitioner(member)
        yield _role(member)


def _practitioner(member: Member) -> dict[str, object]:
    code, display, _ = CATEGORIES[member.profession]
    return {
        "resourceType": "Practitioner",
        "id": member.id,
        "meta": {"lastUpdated": OPENED},
        "identifier": [{"system": codes.HPR_NUMBER, "value": member.hpr}],
        "active": True,
        "name": [{"use": "official", "family": member.family, "given": [member.given]}],
        "gender": "female" if member.female else "male",
        "qualification": [{"code": codes.concept(codes.PERSONNEL, code, display)}],
    }


def _role(member: Member) -> dict[str, object]:
    code, display, _ = CATEGORIES[member.profession]
    return {
        "resourceType": "PractitionerRole",
        "id": f"{member.id}-rolle",
        "meta": {"lastUpdated": OPENED},
        "active": True,
        "practitioner": member.shown,
        "organization": ORGANISATION,
        "code": [codes.concept(codes.PERSONNEL, code, display), *(codes.POOLS[pool] for pool in member.pools)],
    }
