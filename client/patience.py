"""How long to wait and how often to try again."""

import random
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

RESET_EXTENSION = "https://medplum.com/fhir/StructureDefinition/rate-limit-reset"
"""Medplum's OperationOutcome extension on a 429: seconds until the limit is lifted."""
_RATE_LIMIT = re.compile(r"r=(\d+)\s*;\s*t=(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds, bytes and attempts a call may take."""

    connect: float = 10.0
    """Seconds to make a connection."""
    idle: float = 20.0
    """Seconds between two pieces of an answer, or of what we send."""
    whole: float = 60.0
    """Seconds for a whole call, tries and waits included."""
    whole_binary: float = 300.0
    """The same for a file."""
    json_bytes: int = 32 * 1024 * 1024
    binary_bytes: int = 50 * 1024 * 1024
    attempts: int = 4
    """Tries of one call, the first included."""
    budget: float = 10.0
    """Second tries that may be open at once over all calls; each success gives back a fifth of one."""
    first_wait: float = 0.5
    """Seconds: the most the first wait takes; each next may take twice as long."""
    longest_wait: float = 8.0
    obeyed_wait: float = 30.0
    """Seconds a portal may ask us to wait inside one call; more is told to the caller."""


class Patience:
    """Decides on second tries: full jitter, and a budget that a portal in trouble soon uses up."""

    def __init__(self, limits: Limits, dice: random.Random) -> None:
        self._limits = limits
        self._dice = dice
        self._budget = limits.budget

    def succeeded(self) -> None:
        """Give back some of the budget."""
        self._budget = min(self._budget + 0.2, self._limits.budget)

    def wait(self, tries: int, asked: float | None) -> float | None:
        """Seconds to wait before trying again, or None when it should not be tried again.

        Args:
            tries: How often it has been tried.
            asked: Seconds the portal asked for, None when it did not.
        """
        if tries >= self._limits.attempts or self._budget < 1:
            return None
        if asked is not None and asked > self._limits.obeyed_wait:
            return None
        self._budget -= 1
        longest = min(self._limits.longest_wait, self._limits.first_wait * 2 ** (tries - 1))
        return max(asked or 0.0, self._dice.uniform(0, longest))


def asked_wait(headers: Mapping[str, str], outcome: object, now: datetime) -> float | None:
    """Seconds a portal asks us to wait.

    Read from Retry-After (seconds or an HTTP date), Medplum's extension on the outcome, or the `t=` of those
    limits in the RateLimit header that are used up. What is negative or cannot be read counts as not said.

    Args:
        headers: Of the answer.
        outcome: Its parsed body, of any shape.
        now: Aware; what an HTTP date is compared with.
    """
    said = [_retry_after(headers.get("retry-after", ""), now), _extension(outcome), _rate_limit(headers)]
    known = [seconds for seconds in said if seconds is not None]
    return max(known) if known else None


def _retry_after(value: str, now: datetime) -> float | None:
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:12])
    try:
        when = parsedate_to_datetime(value)
        seconds = (when.replace(tzinfo=when.tzinfo or UTC) - now).total_seconds()
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return seconds if seconds >= 0 else None


def _extension(outcome: object) -> float | None:
    if not isinstance(outcome, dict):
        return None
    issues = outcome.get("issue")
    for holder in [outcome, *(issues if isinstance(issues, list) else [])]:
        extensions: Any = holder.get("extension") if isinstance(holder, dict) else None
        for extension in extensions if isinstance(extensions, list) else []:
            if isinstance(extension, dict) and extension.get("url") == RESET_EXTENSION:
                seconds = extension.get("valueUnsignedInt")
                return float(seconds) if isinstance(seconds, int) and seconds >= 0 else None
    return None


def _rate_limit(headers: Mapping[str, str]) -> float | None:
    limits = _RATE_LIMIT.findall(headers.get("ratelimit", ""))
    return max((float(reset) for left, reset in limits if int(left) == 0), default=None)
