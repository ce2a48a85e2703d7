"""The search parameters: one table that the index, the search and the CapabilityStatement read.

Source: the base search parameters of HL7 FHIR R4 (https://hl7.org/fhir/R4/searchparameter-registry.html), without
quantities and composites. A line is `name kind path`, where a path is element names with dots, and several paths have
commas between them. A kind that ends in `s` is kept as terms, for elements that repeat or have several values; the
others are a column. `=other` stands for another parameter, `=other>Type` for those of its references that name a type.
"""

import functools
from collections.abc import Iterator
from dataclasses import dataclass

from workbench.sandbox.elements import RESOURCES

TYPES = {
    "code": "token",
    "tokens": "token",
    "ref": "reference",
    "refs": "reference",
    "date": "date",
    "strings": "string",
    "uris": "uri",
    "canonicals": "reference",
}
"""What the CapabilityStatement calls each kind."""

COMMON = """
_tag tokens meta.tag
_security tokens meta.security
_profile uris meta.profile
_source uris meta.source
"""

_PERSON = """
active code active
address strings address
birthdate date birthDate
gender code gender http://hl7.org/fhir/administrative-gender
identifier tokens identifier
name strings name
telecom tokens telecom
phone =telecom>phone
email =telecom>email
"""

_TABLE = {
    "Patient": _PERSON
    + """
family strings name.family
given strings name.given
general-practitioner refs generalPractitioner
organization ref managingOrganization
link refs link.other
""",
    "RelatedPerson": _PERSON
    + """
patient ref patient
relationship tokens relationship
""",
    "Practitioner": _PERSON
    + """
family strings name.family
given strings name.given
communication tokens communication
""",
    "PractitionerRole": """
active code active
date date period
identifier tokens identifier
location refs location
organization ref organization
practitioner ref practitioner
role tokens code
service refs healthcareService
specialty tokens specialty
endpoint refs endpoint
telecom tokens telecom
phone =telecom>phone
email =telecom>email
""",
    "Organization": """
active code active
address strings address
identifier tokens identifier
name strings name,alias
partof ref partOf
type tokens type
endpoint refs endpoint
""",
    "CareTeam": """
category tokens category
date date period
encounter ref encounter
identifier tokens identifier
participant refs participant.member
status code status http://hl7.org/fhir/care-team-status
subject ref subject
patient =subject>Patient
""",
    "Communication": """
based-on refs basedOn
category tokens category
encounter ref encounter
identifier tokens identifier
instantiates-canonical canonicals instantiatesCanonical
instantiates-uri uris instantiatesUri
medium tokens medium
part-of refs partOf
received date received
recipient refs recipient
sender ref sender
sent date sent
status code status http://hl7.org/fhir/event-status
subject ref subject
patient =subject>Patient
""",
    "Task": """
authored-on date authoredOn
based-on refs basedOn
business-status tokens businessStatus
code tokens code
encounter ref encounter
focus ref focus
group-identifier tokens groupIdentifier
identifier tokens identifier
intent code intent http://hl7.org/fhir/task-intent
modified date lastModified
owner ref owner
part-of refs partOf
performer tokens performerType
period date executionPeriod
priority code priority http://hl7.org/fhir/request-priority
requester ref requester
status code status http://hl7.org/fhir/task-status
subject ref for
patient =subject>Patient
""",
    "DocumentReference": """
authenticator ref authenticator
author refs author
category tokens category
contenttype tokens content.attachment.contentType
custodian ref custodian
date date date
description strings description
encounter refs context.encounter
event tokens context.event
facility tokens context.facilityType
format tokens content.format
identifier tokens masterIdentifier,identifier
language tokens content.attachment.language
location uris content.attachment.url
period date context.period
related refs context.related
relatesto refs relatesTo.target
relation tokens relatesTo.code
security-label tokens securityLabel
setting tokens context.practiceSetting
status code status http://hl7.org/fhir/document-reference-status
subject ref subject
patient =subject>Patient
type tokens type
""",
    "Binary": "",
    "Appointment": """
actor refs participant.actor
appointment-type tokens appointmentType
based-on refs basedOn
date date start
identifier tokens identifier
location =actor>Location
part-status tokens participant.status
patient =actor>Patient
practitioner =actor>Practitioner
reason-code tokens reasonCode
reason-reference refs reasonReference
service-category tokens serviceCategory
service-type tokens serviceType
slot refs slot
specialty tokens specialty
status code status http://hl7.org/fhir/appointmentstatus
supporting-info refs supportingInformation
""",
    "Questionnaire": """
code tokens item.code
context tokens useContext.valueCodeableConcept
context-type tokens useContext.code
date date date
definition uris item.definition
description strings description
effective date effectivePeriod
identifier tokens identifier
jurisdiction tokens jurisdiction
name strings name
publisher strings publisher
status code status http://hl7.org/fhir/publication-status
subject-type tokens subjectType
title strings title
url uris url
version tokens version
""",
    "QuestionnaireResponse": """
author ref author
authored date authored
based-on refs basedOn
encounter ref encounter
identifier tokens identifier
part-of refs partOf
questionnaire canonicals questionnaire
source ref source
status code status http://hl7.org/fhir/questionnaire-answers-status
subject ref subject
patient =subject>Patient
""",
    "Provenance": """
agent refs agent.who
agent-role tokens agent.role
agent-type tokens agent.type
entity refs entity.what
location ref location
recorded date recorded
signature-type tokens signature.type
target refs target
patient =target>Patient
when date occurredDateTime,occurredPeriod
""",
    "AuditEvent": """
action code action http://hl7.org/fhir/audit-event-action
address strings agent.network.address
agent refs agent.who
agent-name strings agent.name
agent-role tokens agent.role
altid tokens agent.altId
date date recorded
entity refs entity.what
entity-name strings entity.name
entity-role tokens entity.role
entity-type tokens entity.type
outcome code outcome http://hl7.org/fhir/audit-event-outcome
policy uris agent.policy
site tokens source.site
source ref source.observer
subtype tokens subtype
type tokens type
patient =agent>Patient,=entity>Patient
""",
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One search parameter of one type."""

    name: str
    kind: str
    """A key of `TYPES`."""
    paths: tuple[tuple[str, ...], ...]
    """Where its values stand: element names from the resource downwards."""
    number: int
    """What the index calls it: one number for each parameter of each type."""
    system: str = ""
    """For a `code`: the code system that its value set implies."""
    stands_for: tuple[str, ...] = ()
    """For an alias: the parameters whose index it reads."""
    only: str = ""
    """For an alias: the one type of reference (or system of a contact point) that counts."""

    @property
    def type(self) -> str:
        """token, reference, date, string or uri."""
        return TYPES[self.kind]

    @property
    def is_column(self) -> bool:
        """Whether its value is a column of the type's own table, instead of rows in the table of terms."""
        return self.kind in ("code", "ref", "date")

    @property
    def is_period(self) -> bool:
        """Whether it is a date that may last longer than the year a dateTime may stand for."""
        return any(path[-1].lower().endswith("period") for path in self.paths)


@functools.cache
def parameters() -> dict[str, dict[str, Parameter]]:
    """All parameters that have an index or stand for one that has, by resource type and name."""
    numbers = iter(range(1, 10_000))
    return {kind: _read(_TABLE[kind] + COMMON, numbers) for kind in RESOURCES}


def _read(table: str, numbers: Iterator[int]) -> dict[str, Parameter]:
    found: dict[str, Parameter] = {}
    for line in table.split("\n"):
        name, kind, *rest = [*line.split(" "), ""]
        if not name:
            continue
        if kind.startswith("="):
            others = [one.partition(">") for one in kind.replace("=", "").split(",")]
            first = found[others[0][0]]
            stands_for = tuple(one[0] for one in others)
            found[name] = Parameter(name, first.kind, (), next(numbers), stands_for=stands_for, only=others[0][2])
        else:
            paths = tuple(tuple(path.split(".")) for path in rest[0].split(","))
            found[name] = Parameter(name, kind, paths, next(numbers), system=rest[1] if len(rest) > 2 else "")
    return found
