"""What a site decides for itself about what its patients write: what is urgent, and when an answer is due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

Flag = tuple[str, str]
"""Name of the rule that found an urgent symptom and the words it found, both empty where none did."""
NO_FLAG: Final[Flag] = ("", "")


@dataclass(frozen=True, slots=True)
class Site:
    """The rules of one site; those of a site that has none unless told otherwise."""

    name: str = ""
    """Names these rules: rules that judge anything otherwise have another name."""
    flag_of: Callable[[str], Flag] = lambda _text: NO_FLAG
    """What of a patient's message is urgent, by its text as it was written."""
    places_of: Callable[[str], tuple[tuple[int, int], ...]] = lambda _text: ()
    """Where in a patient's message that is, from and to in characters."""
    rule_name: Callable[[str, str], str] = lambda rule, _language: rule
    """What a rule is called, by its name and a language."""
    due_of: Callable[[datetime, str], datetime | None] = lambda _received, _category: None
    """By when a message of a type is to be answered, for where the portal names no deadline."""


PLAIN: Final = Site()
"""A site that has no rules of its own."""
