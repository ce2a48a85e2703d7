"""Which elements the R4 types have: the table that validation reads.

Source: HL7 FHIR R4 (4.0.1), the element tables of https://hl7.org/fhir/R4/resourcelist.html and datatypes.html, for the
resources this server holds and the data types they use. Any other type is taken as it comes.

A line is `Type Base element:type ...`; an indented line goes on with the one before. After an element's name `!` means
required, `*` a list, `+` a list that may not be absent. `=a|b` are the codes of a required binding, `>A|B` the types a
reference may name. `value[x]:A,B` stands for `valueA` or `valueB`, and `value[x]:*` for any type.
"""

import functools
import re
from dataclasses import dataclass

RESOURCES = (
    "Patient",
    "RelatedPerson",
    "Practitioner",
    "PractitionerRole",
    "Organization",
    "CareTeam",
    "Communication",
    "Task",
    "DocumentReference",
    "Binary",
    "Appointment",
    "Questionnaire",
    "QuestionnaireResponse",
    "Provenance",
    "AuditEvent",
)
"""The resource types this server holds, in the order a person would name them."""

_PRIMITIVES = (
    "boolean integer decimal string uri url canonical base64Binary instant date dateTime time code oid id markdown"
    " unsignedInt positiveInt uuid xhtml"
)
PRIMITIVES = frozenset(_PRIMITIVES.split(" "))
"""The types whose value is a JSON string, number or boolean."""

_BASES = {
    "Element": "id:string extension*:Extension",
    "Backbone": "id:string extension*:Extension modifierExtension*:Extension",
    "Resource": "id:id implicitRules:uri language:code meta:Meta",
    "DomainResource": "id:id implicitRules:uri language:code meta:Meta contained*:Resource extension*:Extension"
    " modifierExtension*:Extension text:Narrative",
}

_UNTOLD = ("Age", "Count", "Distance", "Dosage", "Duration", "Expression", "RelatedArtifact", "SampledData", "Timing")
"""Types that an open choice may have and the table does not tell."""

_TABLE = """
Patient DomainResource active:boolean address*:Address birthDate:date communication*:PatientCommunication
    contact*:PatientContact deceased[x]:boolean,dateTime gender:code=male|female|other|unknown
    generalPractitioner*:Reference>Organization|Practitioner|
        PractitionerRole identifier*:Identifier link*:PatientLink
    managingOrganization:Reference>Organization maritalStatus:CodeableConcept multipleBirth[x]:boolean,integer
    name*:HumanName photo*:Attachment telecom*:ContactPoint
RelatedPerson DomainResource active:boolean address*:Address birthDate:date communication*:RelatedPersonCommunication
    gender:code=male|female|other|unknown identifier*:Identifier name*:HumanName patient!:Reference>Patient
    period:Period photo*:Attachment relationship*:CodeableConcept telecom*:ContactPoint
Practitioner DomainResource active:boolean address*:Address birthDate:date communication*:CodeableConcept
    gender:code=male|female|other|unknown identifier*:Identifier name*:HumanName photo*:Attachment
    qualification*:PractitionerQualification telecom*:ContactPoint
PractitionerRole DomainResource active:boolean availabilityExceptions:string
    availableTime*:PractitionerRoleAvailableTime code*:CodeableConcept endpoint*:Reference>Endpoint
    healthcareService*:Reference>HealthcareService identifier*:Identifier location*:Reference>Location
    notAvailable*:PractitionerRoleNotAvailable organization:Reference>Organization period:Period
    practitioner:Reference>Practitioner specialty*:CodeableConcept telecom*:ContactPoint
Organization DomainResource active:boolean address*:Address alias*:string contact*:OrganizationContact
    endpoint*:Reference>Endpoint identifier*:Identifier name:string partOf:Reference>Organization
    telecom*:ContactPoint type*:CodeableConcept
CareTeam DomainResource category*:CodeableConcept encounter:Reference>Encounter identifier*:Identifier
    managingOrganization*:Reference>Organization name:string note*:Annotation participant*:CareTeamParticipant
    period:Period reasonCode*:CodeableConcept reasonReference*:Reference>Condition
    status:code=proposed|active|suspended|inactive|entered-in-error subject:Reference>Patient|Group
    telecom*:ContactPoint
Communication DomainResource about*:Reference basedOn*:Reference category*:CodeableConcept
    encounter:Reference>Encounter identifier*:Identifier inResponseTo*:Reference>Communication
    instantiatesCanonical*:canonical instantiatesUri*:uri medium*:CodeableConcept note*:Annotation partOf*:Reference
    payload*:CommunicationPayload priority:code=routine|urgent|asap|stat reasonCode*:CodeableConcept
    reasonReference*:Reference>Condition|Observation|DiagnosticReport|DocumentReference received:dateTime
    recipient*:Reference>Device|Organization|Patient|Practitioner|PractitionerRole|RelatedPerson|Group|CareTeam|
        HealthcareService
    sender:Reference>Device|Organization|Patient|Practitioner|PractitionerRole|RelatedPerson|HealthcareService
    sent:dateTime status!:code=preparation|in-progress|not-done|on-hold|stopped|completed|entered-in-error|unknown
    statusReason:CodeableConcept subject:Reference>Patient|Group topic:CodeableConcept
Task DomainResource authoredOn:dateTime basedOn*:Reference businessStatus:CodeableConcept code:CodeableConcept
    description:string encounter:Reference>Encounter executionPeriod:Period focus:Reference for:Reference
    groupIdentifier:Identifier identifier*:Identifier input*:TaskInput instantiatesCanonical:canonical
    instantiatesUri:uri insurance*:Reference>Coverage|ClaimResponse
    intent!:code=unknown|proposal|plan|order|original-order|reflex-order|filler-order|instance-order|option
    lastModified:dateTime location:Reference>Location note*:Annotation output*:TaskOutput
    owner:Reference>Practitioner|PractitionerRole|Organization|CareTeam|HealthcareService|Patient|Device|
        RelatedPerson
    partOf*:Reference>Task performerType*:CodeableConcept priority:code=routine|urgent|asap|stat
    reasonCode:CodeableConcept reasonReference:Reference relevantHistory*:Reference>Provenance
    requester:Reference>Device|Organization|Patient|Practitioner|PractitionerRole|RelatedPerson
    restriction:TaskRestriction
    status!:code=draft|requested|received|accepted|rejected|ready|cancelled|in-progress|on-hold|failed|completed|
        entered-in-error
    statusReason:CodeableConcept
DocumentReference DomainResource authenticator:Reference>Practitioner|PractitionerRole|Organization
    author*:Reference>Practitioner|PractitionerRole|Organization|Device|Patient|RelatedPerson
    category*:CodeableConcept content+:DocumentReferenceContent context:DocumentReferenceContext
    custodian:Reference>Organization date:instant description:string
    docStatus:code=preliminary|final|amended|entered-in-error identifier*:Identifier masterIdentifier:Identifier
    relatesTo*:DocumentReferenceRelatesTo securityLabel*:CodeableConcept
    status!:code=current|superseded|entered-in-error subject:Reference>Patient|Practitioner|Group|Device
    type:CodeableConcept
Binary Resource contentType!:code data:base64Binary securityContext:Reference
Appointment DomainResource appointmentType:CodeableConcept basedOn*:Reference>ServiceRequest
    cancelationReason:CodeableConcept comment:string created:dateTime description:string end:instant
    identifier*:Identifier minutesDuration:positiveInt participant+:AppointmentParticipant patientInstruction:string
    priority:unsignedInt reasonCode*:CodeableConcept
    reasonReference*:Reference>Condition|Procedure|Observation|ImmunizationRecommendation requestedPeriod*:Period
    serviceCategory*:CodeableConcept serviceType*:CodeableConcept slot*:Reference>Slot specialty*:CodeableConcept
    start:instant
    status!:code=proposed|pending|booked|arrived|fulfilled|cancelled|noshow|entered-in-error|checked-in|waitlist
    supportingInformation*:Reference
Questionnaire DomainResource approvalDate:date code*:Coding contact*:ContactDetail copyright:markdown date:dateTime
    derivedFrom*:canonical description:markdown effectivePeriod:Period experimental:boolean identifier*:Identifier
    item*:QuestionnaireItem jurisdiction*:CodeableConcept lastReviewDate:date name:string publisher:string
    purpose:markdown status!:code=draft|active|retired|unknown subjectType*:code title:string url:uri
    useContext*:UsageContext version:string
QuestionnaireResponse DomainResource
    author:Reference>Device|Practitioner|PractitionerRole|Patient|RelatedPerson|Organization authored:dateTime
    basedOn*:Reference>CarePlan|ServiceRequest encounter:Reference>Encounter identifier:Identifier
    item*:QuestionnaireResponseItem partOf*:Reference>Observation|Procedure questionnaire:canonical
    source:Reference>Patient|Practitioner|PractitionerRole|RelatedPerson
    status!:code=in-progress|completed|amended|entered-in-error|stopped subject:Reference
Provenance DomainResource activity:CodeableConcept agent+:ProvenanceAgent entity*:ProvenanceEntity
    location:Reference>Location occurred[x]:dateTime,Period policy*:uri reason*:CodeableConcept recorded!:instant
    signature*:Signature target+:Reference
AuditEvent DomainResource action:code=C|R|U|D|E agent+:AuditEventAgent entity*:AuditEventEntity outcome:code=0|4|8|
        12
    outcomeDesc:string period:Period purposeOfEvent*:CodeableConcept recorded!:instant source!:AuditEventSource
    subtype*:Coding type!:Coding
PatientCommunication Backbone language!:CodeableConcept preferred:boolean
PatientContact Backbone address:Address gender:code=male|female|other|unknown name:HumanName
    organization:Reference>Organization period:Period relationship*:CodeableConcept telecom*:ContactPoint
PatientLink Backbone other!:Reference>Patient|RelatedPerson type!:code=replaced-by|replaces|refer|seealso
RelatedPersonCommunication Backbone language!:CodeableConcept preferred:boolean
PractitionerQualification Backbone code!:CodeableConcept identifier*:Identifier issuer:Reference>Organization
    period:Period
PractitionerRoleAvailableTime Backbone allDay:boolean availableEndTime:time availableStartTime:time
    daysOfWeek*:code=mon|tue|wed|thu|fri|sat|sun
PractitionerRoleNotAvailable Backbone description!:string during:Period
OrganizationContact Backbone address:Address name:HumanName purpose:CodeableConcept telecom*:ContactPoint
CareTeamParticipant Backbone
    member:Reference>Practitioner|PractitionerRole|RelatedPerson|Patient|Organization|CareTeam
    onBehalfOf:Reference>Organization period:Period role*:CodeableConcept
CommunicationPayload Backbone content[x]!:Attachment,Reference,string
TaskInput Backbone type!:CodeableConcept value[x]!:*
TaskOutput Backbone type!:CodeableConcept value[x]!:*
TaskRestriction Backbone period:Period
    recipient*:Reference>Patient|Practitioner|PractitionerRole|RelatedPerson|Group|Organization
    repetitions:positiveInt
DocumentReferenceContent Backbone attachment!:Attachment format:Coding
DocumentReferenceContext Backbone encounter*:Reference>Encounter|EpisodeOfCare event*:CodeableConcept
    facilityType:CodeableConcept period:Period practiceSetting:CodeableConcept related*:Reference
    sourcePatientInfo:Reference>Patient
DocumentReferenceRelatesTo Backbone code!:code=replaces|transforms|signs|appends target!:Reference>DocumentReference
AppointmentParticipant Backbone
    actor:Reference>Patient|Practitioner|PractitionerRole|RelatedPerson|Device|HealthcareService|Location
    period:Period required:code=required|optional|information-only
    status!:code=accepted|declined|tentative|needs-action type*:CodeableConcept
QuestionnaireItem Backbone answerOption*:QuestionnaireItemAnswerOption answerValueSet:canonical code*:Coding
    definition:uri enableBehavior:code=all|any enableWhen*:QuestionnaireItemEnableWhen
    initial*:QuestionnaireItemInitial item*:QuestionnaireItem linkId!:string maxLength:integer prefix:string
    readOnly:boolean repeats:boolean required:boolean text:string
    type!:code=group|display|boolean|decimal|integer|date|dateTime|time|string|text|url|choice|open-choice|
        attachment|reference|quantity
QuestionnaireResponseItem Backbone answer*:QuestionnaireResponseItemAnswer definition:uri
    item*:QuestionnaireResponseItem linkId!:string text:string
ProvenanceAgent Backbone onBehalfOf:Reference>Practitioner|PractitionerRole|RelatedPerson|Patient|Device|
        Organization
    role*:CodeableConcept type:CodeableConcept
    who!:Reference>Practitioner|PractitionerRole|RelatedPerson|Patient|Device|Organization
ProvenanceEntity Backbone agent*:ProvenanceAgent role!:code=derivation|revision|quotation|source|removal
    what!:Reference
AuditEventAgent Backbone altId:string location:Reference>Location media:Coding name:string
    network:AuditEventAgentNetwork policy*:uri purposeOfUse*:CodeableConcept requestor!:boolean role*:CodeableConcept
    type:CodeableConcept who:Reference>PractitionerRole|Practitioner|Organization|Device|Patient|RelatedPerson
AuditEventEntity Backbone description:string detail*:AuditEventEntityDetail lifecycle:Coding name:string
    query:base64Binary role:Coding securityLabel*:Coding type:Coding what:Reference
AuditEventSource Backbone observer!:Reference>PractitionerRole|Practitioner|Organization|Device|Patient|
        RelatedPerson
    site:string type*:Coding
QuestionnaireItemAnswerOption Backbone initialSelected:boolean value[x]!:Coding,date,integer,Reference,string,time
QuestionnaireItemEnableWhen Backbone
    answer[x]!:boolean,Coding,date,dateTime,decimal,integer,Quantity,Reference,string,time
    operator!:code=exists|=|!=|>|<|>=|<= question!:string
QuestionnaireItemInitial Backbone
    value[x]!:Attachment,boolean,Coding,date,dateTime,decimal,integer,Quantity,Reference,string,time,uri
QuestionnaireResponseItemAnswer Backbone item*:QuestionnaireResponseItem
    value[x]:Attachment,boolean,Coding,date,dateTime,decimal,integer,Quantity,Reference,string,time,uri
AuditEventAgentNetwork Backbone address:string type:code
AuditEventEntityDetail Backbone type!:string value[x]!:base64Binary,string
Meta Element lastUpdated:instant profile*:canonical security*:Coding source:uri tag*:Coding versionId:id
Extension Element url!:uri value[x]:*
Narrative Element div!:xhtml status!:code=generated|extensions|additional|empty
Address Element city:string country:string district:string line*:string period:Period postalCode:string state:string
    text:string type:code=postal|physical|both use:code=home|work|temp|old|billing
Reference Element display:string identifier:Identifier reference:string type:uri
Identifier Element assigner:Reference>Organization period:Period system:uri type:CodeableConcept
    use:code=usual|official|temp|secondary|old value:string
CodeableConcept Element coding*:Coding text:string
HumanName Element family:string given*:string period:Period prefix*:string suffix*:string text:string
    use:code=usual|official|temp|nickname|anonymous|old|maiden
Attachment Element contentType:code creation:dateTime data:base64Binary hash:base64Binary language:code
    size:unsignedInt title:string url:url
ContactPoint Element period:Period rank:positiveInt system:code=phone|fax|email|pager|url|sms|other
    use:code=home|work|temp|old|mobile value:string
Period Element end:dateTime start:dateTime
Annotation Element author[x]:Reference,string text!:markdown time:dateTime
Coding Element code:code display:string system:uri userSelected:boolean version:string
ContactDetail Element name:string telecom*:ContactPoint
UsageContext Element code!:Coding value[x]!:CodeableConcept,Quantity,Range,Reference
Signature Element data:base64Binary
    onBehalfOf:Reference>Practitioner|PractitionerRole|RelatedPerson|Patient|Device|Organization sigFormat:code
    targetFormat:code type+:Coding when!:instant
    who!:Reference>Practitioner|PractitionerRole|RelatedPerson|Patient|Device|Organization
Quantity Element code:code comparator:code system:uri unit:string value:decimal
Range Element high:Quantity low:Quantity
Ratio Element denominator:Quantity numerator:Quantity
Money Element currency:code value:decimal
"""


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a type."""

    type: str
    """Name of its data type, a key of :func:`shapes`, a member of `PRIMITIVES`, or unknown."""
    many: bool
    required: bool
    """Must be there. For a choice, `Shape.choices` says so instead."""
    codes: frozenset[str] = frozenset()
    """The codes allowed; empty when any is."""
    targets: frozenset[str] = frozenset()
    """The resource types a reference may name; empty when any is."""


@dataclass(frozen=True, slots=True)
class Shape:
    """The elements of one type."""

    elements: dict[str, Element]
    choices: dict[str, tuple[frozenset[str], bool]]
    """By name of the choice (`value`): the elements of which at most one may be there, and whether one must."""


@functools.cache
def shapes() -> dict[str, Shape]:
    """All types of the table, by name."""
    joined = re.sub(r"\|\n +", "|", _TABLE.strip())
    lines = re.sub(r"\n +", " ", joined).splitlines()
    types = [line.split(" ")[0] for line in lines]
    return {line.split(" ")[0]: _shape(line.split(" ")[1:], types) for line in lines}


def _shape(words: list[str], types: list[str]) -> Shape:
    elements: dict[str, Element] = {}
    choices: dict[str, tuple[frozenset[str], bool]] = {}
    for word in _BASES[words[0]].split(" ") + words[1:]:
        named = re.fullmatch(r"(\w+)(\[x\])?([!*+]?):(.+)", word)
        if named is None:
            raise ValueError(f"the table of elements cannot be read at {word!r}")
        name, choice, mark, rest = named.groups()
        if choice:
            options = {name + _upper(one): Element(one, many=False, required=False) for one in _options(rest, types)}
            elements |= options
            choices[name] = (frozenset(options), mark == "!")
        else:
            elements[name] = _element(rest, mark)
    return Shape(elements, choices)


def _element(rest: str, mark: str) -> Element:
    kind, _, codes = rest.partition("=")
    kind, _, targets = kind.partition(">")
    return Element(
        kind,
        many=mark in ("*", "+"),
        required=mark in ("!", "+"),
        codes=frozenset(codes.split("|")) if codes else frozenset(),
        targets=frozenset(targets.split("|")) if targets else frozenset(),
    )


def _options(rest: str, types: list[str]) -> list[str]:
    if rest != "*":
        return rest.split(",")
    return [*sorted(PRIMITIVES - {"xhtml"}), *types[types.index("Meta") :], *_UNTOLD]


def _upper(name: str) -> str:
    return name[0].upper() + name[1:]
