"""Patients, those who write for them, staff and teams."""

from client import models
from client.dates import moment
from client.mapping.context import Context, codes, name, stamp, words
from workbench.dialogue.held import HeldParty, HeldPatient
from workbench.dialogue.people import KINDS, Party, PartyKind, Patient

NATIONAL_SYSTEMS = (
    "urn:oid:2.16.578.1.12.4.1.4.1",
    "urn:oid:2.16.578.1.12.4.1.4.2",
    "urn:oid:2.16.578.1.12.4.1.4.3",
)
"""National number, D-number, shared help number: no-basis-Patient's systems, the first present is shown."""
CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
STRICT = ("R", "V")
"""Restricted and very restricted."""


def patient(resource: models.Patient) -> HeldPatient:
    """Map a Patient.

    FHIR has no code for a confidential address (kode 6/7), so a record labelled restricted or very restricted is
    taken for one: the banner then warns once too often rather than once too seldom.
    """
    preferred = sorted(resource.communication, key=lambda each: not each.preferred)
    languages = [coding.code for each in preferred if each.language for coding in each.language.coding]
    return HeldPatient(
        stamp(resource),
        Patient(
            reference=f"Patient/{resource.id}",
            name=name(resource.name),
            birth=resource.birth,
            national_id=_national_id(resource.identifier),
            gender=resource.gender,
            language=languages[0] if languages else "",
            confidential=strict(resource.meta.security),
            deceased=resource.deceased or bool(resource.deceased_at),
            phone=_phone(resource.telecom),
        ),
    )


def strict(labels: list[models.Coding]) -> bool:
    """Whether a security label is stricter than normal."""
    return any(label.system == CONFIDENTIALITY and label.code in STRICT for label in labels)


def related(resource: models.RelatedPerson, context: Context) -> HeldParty:
    """Map a RelatedPerson; the detail is the relation to the patient."""
    relation = ", ".join(filter(None, (words(each) for each in resource.relationship)))
    party = Party(f"RelatedPerson/{resource.id}", name(resource.name), PartyKind.RELATED, relation)
    end = moment(resource.period.end, end=True) if resource.period else None
    over = not resource.active or (end is not None and end < context.now())
    return HeldParty(stamp(resource), party, patient=context.reference(resource.patient), over=over)


def practitioner(resource: models.Practitioner) -> HeldParty:
    """Map a Practitioner; the detail is the profession."""
    party = Party(f"Practitioner/{resource.id}", name(resource.name), PartyKind.STAFF, profession(resource))
    return HeldParty(stamp(resource), party)


def profession(resource: models.Practitioner) -> str:
    """The first qualification in words, empty when there is none."""
    return next((shown for each in resource.qualification if (shown := words(each.code))), "")


def role(resource: models.PractitionerRole, context: Context) -> HeldParty:
    """Map a PractitionerRole that takes part itself."""
    shown = resource.practitioner.display if resource.practitioner else ""
    what = next((words(each) for each in resource.code), "")
    party = Party(f"PractitionerRole/{resource.id}", shown or what, PartyKind.STAFF, what if shown else "")
    return HeldParty(stamp(resource), party, pools=codes(resource.code, context.conventions.pool_system))


def named(resource: models.Named, kind: str) -> HeldParty:
    """Map an Organization, CareTeam or other party of which only the name matters."""
    return HeldParty(stamp(resource), Party(f"{kind}/{resource.id}", resource.name, KINDS[kind]))


def device(resource: models.Device) -> HeldParty:
    """Map a Device."""
    shown = next((each.name for each in resource.names if each.name), "")
    return HeldParty(stamp(resource), Party(f"Device/{resource.id}", shown, PartyKind.DEVICE))


def _national_id(identifiers: list[models.Identifier]) -> str:
    for system in NATIONAL_SYSTEMS:
        for each in identifiers:
            if each.system == system and each.value and each.use != "old":
                return each.value
    return next((each.value for each in identifiers if each.value), "")


def _phone(telecom: list[models.ContactPoint]) -> str:
    phones = [each for each in telecom if each.system in ("phone", "sms") and each.value and each.use != "old"]
    return min(phones, key=lambda each: each.use != "mobile").value if phones else ""
