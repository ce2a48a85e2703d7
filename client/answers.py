"""From an answer, or the lack of one, to the right error."""

import ssl
from datetime import datetime
from typing import Any

import httpx

from client import errors
from client.json import JsonError, parse
from client.patience import asked_wait

OUTCOME_BYTES = 256 * 1024
"""What is read of an answer that says no."""

_BY_STATUS: dict[int, type[errors.PortalError]] = {
    401: errors.Unauthorised,
    403: errors.Forbidden,
    404: errors.NotFound,
    408: errors.Deadline,
    409: errors.Conflict,
    410: errors.Gone,
    412: errors.Conflict,
    413: errors.TooLarge,
    429: errors.Throttled,
    501: errors.Refused,
}


def said(outcome: object) -> str:
    """What an OperationOutcome says in words: `details.text` (Medplum), else `diagnostics` (HAPI), of each issue."""
    if not isinstance(outcome, dict) or outcome.get("resourceType") != "OperationOutcome":
        return ""
    issues = outcome.get("issue")
    texts = [_issue(issue) for issue in issues if isinstance(issue, dict)] if isinstance(issues, list) else []
    return "; ".join(dict.fromkeys(text for text in texts if text))


def for_status(
    status: int, headers: httpx.Headers, body: bytes, *, writes: bool, conditional: bool, now: datetime
) -> errors.PortalError:
    """The error of an answer that is no success.

    Args:
        status: HTTP status, not 200, 201 or 204.
        headers: Of the answer.
        body: As much of it as was read; only an OperationOutcome is looked at.
        writes: The call would have changed something.
        conditional: It was a create with If-None-Exist, where 412 means more than one match.
        now: Aware; for a Retry-After that is a date.
    """
    try:
        outcome = parse(body)
    except JsonError:
        outcome = None
    text = said(outcome)
    if status < 400:
        where = " to another address" if 300 <= status < 400 else ""
        return errors.NotFhir(
            text or f"The portal answered with {status}{where}; check its address.",
            status=status,
            may_have_happened=writes,
        )
    if status == 404 and "html" in headers.get("content-type", "").lower():
        return errors.NotFhir("The portal answered with 404 and a web page; check its address.", status=status)
    if status == 412 and conditional:
        return errors.SeveralMatches(text, status=status)
    kind = _BY_STATUS.get(status) or (errors.ServerFault if status >= 500 else errors.Refused)
    wait = asked_wait(headers, outcome, now) if status in (429, 503) else None
    doubtful = writes and (kind is errors.ServerFault or status == 408)
    return kind(text, status=status, retry_after=wait, may_have_happened=doubtful)


def for_connecting(error: httpx.HTTPError) -> errors.PortalError:
    """The error of a connection that was never made."""
    cause: BaseException | None = error
    while cause:
        if isinstance(cause, ssl.SSLError):
            reason = getattr(cause, "verify_message", "") or cause.reason or ""
            return errors.Tls(f"No safe connection: {reason}".rstrip(": "))
        cause = cause.__cause__ or cause.__context__
    return errors.Unreachable()


def for_transport(error: httpx.HTTPError, *, writes: bool, answering: bool) -> errors.PortalError:
    """The error of a connection that failed once something could have been sent.

    Args:
        error: What httpx raised.
        writes: The call would have changed something.
        answering: The headers of an answer had come.
    """
    if isinstance(error, httpx.TimeoutException):
        return errors.Deadline(may_have_happened=writes)
    if isinstance(error, httpx.RemoteProtocolError) and not _cut(error):
        return errors.NotFhir("The answer is not HTTP as it should be.", may_have_happened=writes)
    if answering:
        return errors.Incomplete(may_have_happened=writes)
    return errors.Unreachable(may_have_happened=writes)


def _cut(error: httpx.RemoteProtocolError) -> bool:
    """Whether the other side went away, which h11 and httpcore tell in words only."""
    return "disconnected" in str(error) or "peer closed" in str(error)


def _issue(issue: dict[str, Any]) -> str:
    details = issue.get("details")
    text = details.get("text") if isinstance(details, dict) else None
    for candidate in (text, issue.get("diagnostics")):
        if isinstance(candidate, str) and candidate.strip():
            return candidate.strip()
    return ""
