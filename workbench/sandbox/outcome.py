"""Refusals: every one leaves as an OperationOutcome with a status code and a sentence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that is wrong."""

    code: str
    """From http://hl7.org/fhir/issue-type: `invalid`, `required`, `not-found`, `conflict` ..."""
    text: str
    """One sentence for a person."""
    expression: str = ""
    """Where in the resource, as a FHIRPath: `Communication.payload[0]`; empty when it is nowhere in it."""


class Refusal(Exception):  # noqa: N818 - it is an answer, not an error of ours
    """The request is refused.

    Attributes:
        status: HTTP status code.
        issues: What is wrong, at least one.
        headers: HTTP headers that go with it, such as Allow.
    """

    def __init__(self, status: int, *issues: Issue, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(f"{status}: {'; '.join(issue.text for issue in issues)}")
        self.status = status
        self.issues = issues
        self.headers = dict(headers or {})


def refuse(status: int, code: str, text: str, expression: str = "") -> Refusal:
    """A refusal with one issue, to be raised."""
    return Refusal(status, Issue(code, text, expression))


def outcome(issues: Sequence[Issue], severity: str = "error") -> dict[str, object]:
    """The OperationOutcome that tells these issues."""
    return {"resourceType": "OperationOutcome", "issue": [_told(issue, severity) for issue in issues]}


def _told(issue: Issue, severity: str) -> dict[str, object]:
    told: dict[str, object] = {"severity": severity, "code": issue.code, "details": {"text": issue.text}}
    if issue.expression:
        told["expression"] = [issue.expression]
    return told
