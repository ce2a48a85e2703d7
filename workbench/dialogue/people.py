"""Who takes part in a dialogue: patients, those who write for them, and staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final


class PartyKind(StrEnum):
    """What somebody who writes or reads is to the patient."""

    PATIENT = "patient"
    RELATED = "related"
    STAFF = "staff"
    TEAM = "team"
    DEVICE = "device"
    UNKNOWN = "unknown"


KINDS: Final = {
    "Patient": PartyKind.PATIENT,
    "RelatedPerson": PartyKind.RELATED,
    "Practitioner": PartyKind.STAFF,
    "PractitionerRole": PartyKind.STAFF,
    "Organization": PartyKind.TEAM,
    "CareTeam": PartyKind.TEAM,
    "HealthcareService": PartyKind.TEAM,
    "Group": PartyKind.TEAM,
    "Device": PartyKind.DEVICE,
}
"""What somebody is by the type in a reference, while the portal has not told more."""
OUTSIDE: Final = (PartyKind.PATIENT, PartyKind.RELATED, PartyKind.UNKNOWN)
NOWHERE: Final = "/?"
"""End of a reference to somebody of whom no more is known than what they are; no id has such a sign."""
TAIL: Final = 5
"""Characters of a national number that are shown, and by which its patient is found."""
SOMEBODY: Final = "?"
"""Reference to somebody of whom nothing is known."""


def kind_of(reference: str) -> PartyKind:
    """What somebody is by the type in a reference; unknown for none."""
    return KINDS.get(reference.partition("/")[0], PartyKind.UNKNOWN)


def outside(reference: str) -> bool:
    """Whether what somebody wrote counts as words from the patient's side.

    Who cannot be told to be staff counts so too: words of a patient's that are taken for an answer are never read.
    """
    return kind_of(reference) in OUTSIDE


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who writes, reads, owns or is named in a dialogue."""

    reference: str
    """`Type/id` on the portal the dialogue came from; empty when only a name is known."""
    name: str
    kind: PartyKind
    detail: str = ""
    """What stands beside the name: a profession, or the relation to the patient. Text from outside."""

    @property
    def outside(self) -> bool:
        """Whether this party is on the patient's side, or cannot be told not to be."""
        return self.kind in OUTSIDE


@dataclass(frozen=True, slots=True)
class Patient:
    """A patient as the banner and the identity checks need one."""

    reference: str
    name: str
    birth: str = ""
    """FHIR date, possibly partial (`1979`, `1979-03`), as the portal wrote it; empty when unknown."""
    national_id: str = ""
    """National number, D-number or help number as the portal wrote it; empty when the patient has none."""
    gender: str = ""
    """FHIR administrative gender code, empty when unknown."""
    language: str = ""
    """BCP 47 tag of the language the patient prefers, empty when unknown."""
    confidential: bool = False
    """Address is confidential (kode 6/7): neither represents nor is represented by others."""
    deceased: bool = False
    phone: str = ""

    @property
    def id_tail(self) -> str:
        """The last five characters of the number, masked in front; empty without a number."""
        return "·····" + self.national_id[-TAIL:] if self.national_id else ""

    def age(self, today: date) -> int | None:
        """Whole years on a day, or None when the birth date is unknown, partial, impossible or still to come."""
        try:
            born = date.fromisoformat(self.birth)
        except ValueError:
            return None
        if born > today:
            return None
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day))


class Role(StrEnum):
    """The two kinds of staff whose work differs here."""

    CLINICIAN = "clinician"
    SUPPORT = "support"


@dataclass(frozen=True, slots=True)
class Me:
    """Who acts in this workbench, on one portal."""

    portal: str
    reference: str
    """`Practitioner/id`."""
    name: str
    role: Role
    title: str = ""
    """Profession as the portal words it."""
    site: str = ""
    """Name of the organisation, for the header line."""
    pools: tuple[str, ...] = ()
    """Codes of the pools this person belongs to."""
