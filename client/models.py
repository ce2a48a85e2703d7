"""Slim models of the FHIR resources we read: what is not shown or decided on is left out.

They are for reading only: what is changed goes out as a patch of the portal's own resource, never as one of these,
so that nothing a model does not know can be lost. Dates are strings, since FHIR allows partial ones. A list that is
left out is made anew rather than given as a default: pydantic copies those in depth, for each resource that is read.
"""

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _without_nulls(value: Any) -> Any:
    """FHIR JSON puts null into a list where only an extension of that entry exists."""
    return [inner for inner in value if inner is not None] if isinstance(value, list) else value or []


class Wire(BaseModel):
    """Base of all models."""

    model_config = ConfigDict(extra="ignore", defer_build=True)


def _whole_size(value: Any) -> int | None:
    """Bytes of a file, None where none are told: some write -1 or 0 for what they do not know."""
    return value if isinstance(value, int) and value > 0 else None


NoNulls = BeforeValidator(_without_nulls)


class Coding(Wire):
    """A code in a system."""

    system: str = ""
    code: str = ""
    display: str = ""


class CodeableConcept(Wire):
    """A meaning, in codes and words."""

    coding: Annotated[list[Coding], NoNulls] = Field(default_factory=list)
    text: str = ""


Concepts = Annotated[list[CodeableConcept], NoNulls]


class Identifier(Wire):
    """A number or code that names something outside the portal."""

    use: str = ""
    system: str = ""
    value: str = ""


Identifiers = Annotated[list[Identifier], NoNulls]


class Reference(Wire):
    """A pointer to another resource."""

    reference: str = ""
    display: str = ""
    kind: str = Field("", alias="type")


References = Annotated[list[Reference], NoNulls]


class Period(Wire):
    """A stretch of time."""

    start: str = ""
    end: str = ""


class Meta(Wire):
    """Version and labels of a resource."""

    version: str = Field("", alias="versionId")
    updated: str = Field("", alias="lastUpdated")
    security: Annotated[list[Coding], NoNulls] = Field(default_factory=list)


class Extension(Wire):
    """Something the standard leaves to others; only its presence and address are looked at."""

    url: str = ""


class Resource(Wire):
    """What all resources share."""

    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9\-.]{1,64}$")]
    meta: Meta = Meta.model_construct(version="", updated="", security=[])
    modifiers: Annotated[list[Extension], NoNulls] = Field(default_factory=list, alias="modifierExtension")
    rules: str = Field("", alias="implicitRules")


class HumanName(Wire):
    """A name, in parts or as one text."""

    use: str = ""
    text: str = ""
    family: str = ""
    given: Annotated[list[str], NoNulls] = Field(default_factory=list)
    period: Period | None = None


Names = Annotated[list[HumanName], NoNulls]


class ContactPoint(Wire):
    """A telephone number or the like."""

    system: str = ""
    value: str = ""
    use: str = ""


class Attachment(Wire):
    """A file, by address or in the resource itself."""

    content_type: str = Field("", alias="contentType")
    data: str = ""
    url: str = ""
    size: Annotated[int | None, BeforeValidator(_whole_size)] = None
    hash: str = ""
    title: str = ""


class Payload(Wire):
    """One part of what is communicated."""

    model_config = ConfigDict(extra="allow")

    text: str = Field("", alias="contentString")
    attachment: Attachment | None = Field(None, alias="contentAttachment")
    reference: Reference | None = Field(None, alias="contentReference")
    modifiers: Annotated[list[Extension], NoNulls] = Field(default_factory=list, alias="modifierExtension")

    @property
    def unknown(self) -> bool:
        """Whether it says something in a way that is not known here."""
        known = self.text or self.attachment or self.reference
        return not known and any(name.lstrip("_").startswith("content") for name in self.model_extra or ())


class Communication(Resource):
    """A thread's header, a message or a note."""

    identifier: Identifiers = Field(default_factory=list)
    based_on: References = Field(default_factory=list, alias="basedOn")
    part_of: References = Field(default_factory=list, alias="partOf")
    status: str
    category: Concepts = Field(default_factory=list)
    subject: Reference | None = None
    topic: CodeableConcept | None = None
    about: References = Field(default_factory=list)
    sent: str = ""
    received: str = ""
    recipient: References = Field(default_factory=list)
    sender: Reference | None = None
    payload: Annotated[list[Payload], NoNulls] = Field(default_factory=list)


class Restriction(Wire):
    """Limits of a Task."""

    period: Period | None = None


class Task(Resource):
    """Work to be done."""

    status: str
    business: CodeableConcept | None = Field(None, alias="businessStatus")
    priority: str = ""
    code: CodeableConcept | None = None
    focus: Reference | None = None
    period: Period | None = Field(None, alias="executionPeriod")
    patient: Reference | None = Field(None, alias="for")
    authored: str = Field("", alias="authoredOn")
    performer: Concepts = Field(default_factory=list, alias="performerType")
    owner: Reference | None = None
    reason: CodeableConcept | None = Field(None, alias="reasonCode")
    restriction: Restriction | None = None
    note: Annotated[list[dict[str, Any]], NoNulls] = Field(default_factory=list)
    input: Annotated[list[dict[str, Any]], NoNulls] = Field(default_factory=list)
    output: Annotated[list[dict[str, Any]], NoNulls] = Field(default_factory=list)


class Speaks(Wire):
    """A language of a patient."""

    language: CodeableConcept | None = None
    preferred: bool = False


class Patient(Resource):
    """A patient."""

    identifier: Identifiers = Field(default_factory=list)
    name: Names = Field(default_factory=list)
    telecom: Annotated[list[ContactPoint], NoNulls] = Field(default_factory=list)
    gender: str = ""
    birth: str = Field("", alias="birthDate")
    deceased: bool = Field(False, alias="deceasedBoolean")
    deceased_at: str = Field("", alias="deceasedDateTime")
    communication: Annotated[list[Speaks], NoNulls] = Field(default_factory=list)


class RelatedPerson(Resource):
    """Somebody who acts for a patient."""

    active: bool = True
    period: Period | None = None
    patient: Reference | None = None
    relationship: Concepts = Field(default_factory=list)
    name: Names = Field(default_factory=list)


class Qualification(Wire):
    """A profession or approval."""

    code: CodeableConcept | None = None


class Practitioner(Resource):
    """Somebody who works in health care."""

    active: bool = True
    name: Names = Field(default_factory=list)
    qualification: Annotated[list[Qualification], NoNulls] = Field(default_factory=list)


class PractitionerRole(Resource):
    """What a practitioner does at an organisation."""

    active: bool = True
    practitioner: Reference | None = None
    organization: Reference | None = None
    code: Concepts = Field(default_factory=list)


class Named(Resource):
    """An Organization, CareTeam, HealthcareService or Group: all that matters is its name."""

    name: str = ""


class DeviceName(Wire):
    """A name of a device."""

    name: str = ""


class Device(Resource):
    """A machine that writes messages, such as a bot."""

    names: Annotated[list[DeviceName], NoNulls] = Field(default_factory=list, alias="deviceName")


class DocumentContent(Wire):
    """One format of a document."""

    attachment: Attachment | None = None


class DocumentReference(Resource):
    """A document of the record."""

    status: str = ""
    doc_status: str = Field("", alias="docStatus")
    type: CodeableConcept | None = None
    subject: Reference | None = None
    date: str = ""
    author: References = Field(default_factory=list)
    description: str = ""
    security: Concepts = Field(default_factory=list, alias="securityLabel")
    content: Annotated[list[DocumentContent], NoNulls] = Field(default_factory=list)


class Participant(Wire):
    """Who takes part in an appointment."""

    actor: Reference | None = None


class Appointment(Resource):
    """An appointment."""

    status: str = ""
    service: Concepts = Field(default_factory=list, alias="serviceType")
    type: CodeableConcept | None = Field(None, alias="appointmentType")
    description: str = ""
    start: str = ""
    participant: Annotated[list[Participant], NoNulls] = Field(default_factory=list)
