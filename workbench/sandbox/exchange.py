"""One interaction with the portal, whether it came alone or as an entry of a Bundle."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from workbench.sandbox.store import Version

FHIR_JSON = "application/fhir+json; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Upload:
    """Raw bytes sent to Binary."""

    media: str
    """Their content type."""
    data: bytes


@dataclass(frozen=True, slots=True)
class Call:
    """What is asked."""

    method: str
    path: tuple[str, ...]
    """Segments below the base, decoded: `("Task", "1")`."""
    base: str
    """The base as the client addressed it, without a slash at the end: `http://127.0.0.1:8080/fhir`."""
    pairs: tuple[tuple[str, str], ...] = ()
    """The parameters of the address, and of the form for `_search`."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """By name in lower case: if-match, if-none-match, if-none-exist, prefer, accept, x-security-context."""
    content: object = None
    """The JSON that was sent, read; an `Upload`; or None."""
    new_id: str = ""
    """The id that a create must use, when a transaction has promised it already."""
    promised: frozenset[str] = frozenset()
    """References (`Type/id`) that exist once the transaction is through."""

    def prefers(self, what: str) -> bool:
        """Whether the Prefer header asks for `return=what`."""
        wishes = self.headers.get("prefer", "").replace(",", ";").split(";")
        return f"return={what}" in (wish.strip() for wish in wishes)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered."""

    status: int
    body: str | bytes = ""
    """JSON as text, or the bytes of a Binary; empty for none."""
    media: str = FHIR_JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    version: Version | None = None
    """The version that was read or made, if it is about one."""


def etag(version: Version) -> str:
    """The ETag of a version: weak, around `meta.versionId`."""
    return f'W/"{version.number}"'


def as_json(value: object) -> str:
    """Compact JSON."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)
