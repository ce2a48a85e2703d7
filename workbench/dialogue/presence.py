"""Who is at a conversation just now: a courtesy among colleagues, never a lock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Final

LASTS: Final = timedelta(minutes=5)
"""How long somebody is taken to be there after they last said so: a workbench that died tells nobody that it left."""


class Doing(StrEnum):
    """What somebody does in a conversation."""

    READING = "reading"
    WRITING = "writing"


@dataclass(frozen=True, slots=True)
class Presence:
    """A colleague who is at a conversation."""

    who: str
    """Reference of the colleague."""
    name: str
    """Empty while the portal has not told it; text from outside."""
    doing: Doing


def by_weight(presence: Presence) -> tuple[bool, str, str]:
    """Sorts those who write before those who read, then by name."""
    return presence.doing is not Doing.WRITING, presence.name, presence.who
