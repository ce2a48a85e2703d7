"""The code systems of the sandbox portal, and the codings it uses, made once and shared by every resource."""

from typing import Final

BASE: Final = "https://dialogue-workbench.github.io/fhir"
"""Base of the project's own systems; a portal of others brings its own."""

KIND: Final = f"{BASE}/CodeSystem/kind"
CATEGORY: Final = f"{BASE}/CodeSystem/category"
TASK: Final = f"{BASE}/CodeSystem/task"
BUSINESS_STATUS: Final = f"{BASE}/CodeSystem/business-status"
POOL: Final = f"{BASE}/CodeSystem/pool"
REROUTE_REASON: Final = f"{BASE}/CodeSystem/reroute-reason"
CLIENT_ID: Final = f"{BASE}/NamingSystem/client-id"

# Norwegian systems, as the no-basis profiles name them.
NATIONAL_NUMBER: Final = "urn:oid:2.16.578.1.12.4.1.4.1"
D_NUMBER: Final = "urn:oid:2.16.578.1.12.4.1.4.2"
SHARED_HELP_NUMBER: Final = "urn:oid:2.16.578.1.12.4.1.4.3"
HPR_NUMBER: Final = "urn:oid:2.16.578.1.12.4.1.4.4"
ORGANISATION_NUMBER: Final = "urn:oid:2.16.578.1.12.4.1.4.101"
HER_ID: Final = "urn:oid:2.16.578.1.12.4.1.2"
PERSONNEL: Final = "urn:oid:2.16.578.1.12.4.1.1.9060"
DOCUMENT_TYPE: Final = "urn:oid:2.16.578.1.12.4.1.1.9602"

LOINC: Final = "http://loinc.org"
CONFIDENTIALITY: Final = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"
ROLE_CODE: Final = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
LANGUAGE: Final = "urn:ietf:bcp:47"

CATEGORY_NAMES: Final = {
    "e-kontakt": "E-kontakt",
    "e-konsultasjon": "E-konsultasjon",
    "reseptfornyelse": "Reseptfornyelse",
    "timeendring": "Timeendring",
    "skjema": "Skjema",
    "journalinnsyn": "Journalinnsyn",
    "samvalg": "Samvalg",
    "samhandling": "Samhandling",
    "annet": "Annet",
}
POOL_NAMES: Final = {"legekontor": "Legekontor", "resept": "Resept", "time": "Time", "sykepleier": "Sykepleier"}
BUSINESS_NAMES: Final = {
    "new": "Ny",
    "claimed": "Tatt",
    "waiting-patient": "Venter på pasienten",
    "waiting-colleague": "Venter på en kollega",
    "escalated": "Løftet",
    "answered": "Besvart",
    "snoozed": "Utsatt",
}


def coding(system: str, code: str, display: str | None = None) -> dict[str, str]:
    """Return one FHIR Coding."""
    return {"system": system, "code": code} | ({"display": display} if display else {})


def concept(system: str, code: str, display: str | None = None) -> dict[str, object]:
    """Return one FHIR CodeableConcept with a single coding."""
    return {"coding": [coding(system, code, display)]}


KINDS: Final = {code: concept(KIND, code) for code in ("thread", "message", "internal", "receipt")}
CATEGORIES: Final = {code: concept(CATEGORY, code, name) for code, name in CATEGORY_NAMES.items()}
POOLS: Final = {code: concept(POOL, code, name) for code, name in POOL_NAMES.items()}
BUSINESS: Final = {code: concept(BUSINESS_STATUS, code, name) for code, name in BUSINESS_NAMES.items()}
TASKS: Final = {code: concept(TASK, code) for code in ("respond", "follow-up", "co-sign", "fill-form", "read-receipt")}

RESTRICTED: Final = coding(CONFIDENTIALITY, "R", "restricted")
VERY_RESTRICTED: Final = coding(CONFIDENTIALITY, "V", "very restricted")
