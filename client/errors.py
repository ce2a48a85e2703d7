"""What can go wrong between us and a portal, one class a word for the screen."""
# ruff: noqa: N818  the classes are the words of one vocabulary, each named by what happened

from typing import ClassVar

TEXT_KEPT = 500
"""Characters kept of what a portal says about an error."""


class PortalError(Exception):
    """A call to a portal failed.

    `str()` of it names the word and the HTTP status only: what the portal said may hold patient text, so it
    stays in `text` and never reaches a log by itself.
    """

    word: ClassVar[str] = "server-fault"
    """Stable code of the fault; the screen has a sentence for each."""

    def __init__(
        self,
        text: str = "",
        *,
        status: int | None = None,
        retry_after: float | None = None,
        may_have_happened: bool = False,
    ) -> None:
        super().__init__(self.word if status is None else f"{self.word} ({status})")
        self.text = text[:TEXT_KEPT]
        """What the portal said, or one sentence of ours where it said nothing: text from outside."""
        self.status = status
        """HTTP status of the answer, None when there was none."""
        self.retry_after = retry_after
        """Seconds the portal asks us to wait, None when it does not say."""
        self.may_have_happened = may_have_happened
        """For a write: it may have been carried out although we have no readable answer."""


class Unreachable(PortalError):
    """No connection, or it was lost before anything was answered."""

    word = "unreachable"


class Tls(Unreachable):
    """The connection could not be made safe: certificate, version, or plain http to another machine."""

    word = "tls"


class Deadline(PortalError):
    """The whole call took longer than it may."""

    word = "deadline"


class Incomplete(PortalError):
    """The answer stopped before its end, or does not match the size or hash that was promised."""

    word = "incomplete"


class NotFhir(PortalError):
    """There was an answer, but not one of a FHIR server: HTML, bad JSON, another type, a redirect."""

    word = "not-fhir"


class TooLarge(PortalError):
    """The answer is larger than we accept, or what we sent is larger than the portal accepts (413)."""

    word = "too-large"


class Refused(PortalError):
    """The portal says no to what was asked (400, 422 and the like), or we refuse to ask it."""

    word = "refused"


class NotOffered(Refused):
    """The portal does not have what is asked for at all."""


class Unauthorised(PortalError):
    """Nobody is signed in, or no longer (401)."""

    word = "unauthorised"


class Forbidden(PortalError):
    """Who is signed in may not do this (403)."""

    word = "forbidden"


class NotFound(PortalError):
    """No such thing on the portal, or none that we may see (404)."""

    word = "not-found"


class Gone(PortalError):
    """It was there and has been deleted (410)."""

    word = "gone"


class Conflict(PortalError):
    """It was changed by somebody else since it was read (409, or 412)."""

    word = "conflict"


class SeveralMatches(PortalError):
    """More than one resource carries an identifier that is meant to be unique (412 on a conditional create)."""

    word = "several-matches"


class Throttled(PortalError):
    """The portal asks for patience (429)."""

    word = "throttled"


class ServerFault(PortalError):
    """The portal failed (5xx)."""

    word = "server-fault"


class Foreign(PortalError):
    """An address leads away from the portal: nothing was sent there."""

    word = "foreign-address"
