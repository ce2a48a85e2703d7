"""What a rule found in a message."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Hit:
    """Words of a message that a rule marks."""

    start: int
    """Where they begin, in characters of the text as it came."""
    end: int
    """Where they end."""
    rule: str
    """Id of the rule."""
    words: str
    """The words as they were written; not yet made safe to show."""
