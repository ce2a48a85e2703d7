"""What passes between a client and a portal, as values: asked, told, and how what is told goes out."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

Resource = dict[str, Any]
FHIR_JSON = "application/fhir+json"
NEVER = math.inf
"""Seconds that do not end."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A request."""

    method: str
    path: str
    """Below the base as it was sent, without slashes at its ends: `Task/1`; empty for the base."""
    query: str = ""
    """As it was sent, without the question mark."""
    base: str = ""
    """The base as the client addressed it: `http://127.0.0.1:8080/fhir`."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """By name in lower case."""
    body: bytes = b""

    @property
    def address(self) -> str:
        """The whole address."""
        return f"{self.base}/{self.path}".rstrip("/") + (f"?{self.query}" if self.query else "")


@dataclass(frozen=True, slots=True)
class Told:
    """An answer."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    """Names in lower case, in order; a length is none of them, as it is the way out that tells it."""
    body: bytes = b""

    def header(self, name: str) -> str:
        """The first value of a header, empty when it is not there."""
        return next((value for given, value in self.headers if given == name), "")

    def headed(self, **values: str) -> Told:
        """With these headers instead of those of the same names; an empty value takes one away."""
        new = {name.replace("_", "-"): value for name, value in values.items()}
        kept = tuple(pair for pair in self.headers if pair[0] not in new)
        return replace(self, headers=(*kept, *((name, value) for name, value in new.items() if value)))

    def json(self) -> Resource | None:
        """The body as a JSON object; None when it is none."""
        if "json" not in self.header("content-type"):
            return None
        try:
            value = json.loads(self.body)
        except ValueError:
            return None
        return value if isinstance(value, dict) else None

    def saying(self, value: object) -> Told:
        """With another body, as JSON."""
        return replace(self, body=json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode())


@dataclass(frozen=True, slots=True)
class Delivery:
    """How an answer goes out."""

    told: Told | None
    """None: not a byte, the connection is closed."""
    wait: float = 0.0
    """Seconds before the first byte; `NEVER` when nothing comes and the connection stays."""
    pace: float = 0.0
    """Seconds before each byte of the body."""
    cut: int | None = None
    """The connection is closed after so many bytes of the body; None when all of it goes out."""
    cut_head: int | None = None
    """The same within status line and headers."""
    lengthless: bool = False
    """No length is told: the body ends where the connection does, so that one cut short looks whole."""
    raw: bytes | None = None
    """Instead of HTTP."""

    @property
    def answers(self) -> bool:
        """Whether a readable status and headers come at all."""
        return self.told is not None and self.wait != NEVER and self.cut_head is None and self.raw is None

    @property
    def body(self) -> bytes:
        """The bytes of the body that arrive."""
        told = self.told.body if self.told else b""
        return told if self.cut is None else told[: self.cut]

    @property
    def whole(self) -> bool:
        """Whether all that was told to come arrives, as far as one can see."""
        return self.answers and self.told is not None and (self.lengthless or len(self.body) == len(self.told.body))


def outcome(status: int, text: str) -> Told:
    """A refusal in FHIR's words."""
    issue = {"severity": "error", "code": "processing", "details": {"text": text}}
    return Told(status, (("content-type", FHIR_JSON),)).saying({"resourceType": "OperationOutcome", "issue": [issue]})
