"""A conversation being told: what its header, its messages, its work item and its notes share."""

from dataclasses import dataclass
from typing import Final

from workbench.sandbox import codes
from workbench.sandbox.organisation import Member
from workbench.sandbox.people import Person
from workbench.sandbox.scripts import Script
from workbench.sandbox.timeline import State

Resource = dict[str, object]
Reference = dict[str, str]

THREAD: Final = {code: [codes.KINDS["thread"], concept] for code, concept in codes.CATEGORIES.items()}
"""Communication.category of a header, by category."""
MESSAGE: Final = {code: [codes.KINDS["message"], concept] for code, concept in codes.CATEGORIES.items()}
"""Communication.category of a message, by category."""


@dataclass(slots=True)
class Talk:
    """A conversation being told: what its resources share."""

    script: Script
    person: Person
    state: State
    staff: dict[str, Member]
    owner: Member | None
    writer: Reference
    subject: str
    said: list[float]
    """Seconds, one for each turn."""
    header: Reference
    participants: list[Reference]
    last_message: float = 0.0
    answer: Reference | None = None
    """The last message that staff sent."""
