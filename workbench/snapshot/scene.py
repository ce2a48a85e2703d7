"""A scene: everything a picture of the workbench depends on, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Final

from workbench.dialogue.outgoing import Sending
from workbench.dialogue.status import Connection

ZONE: Final = timezone(timedelta(hours=1), "CET")
"""Norwegian winter time: a fixed offset, so that no machine's own table of zones matters."""
NOW: Final = datetime(2026, 2, 3, 14, 2, 11, tzinfo=ZONE)
"""A Tuesday far from a change to summer time."""
WORDS: Final = "type:"
"""How a step begins that types words instead of pressing one key."""
DATA: Final = ("everyday", "hostile", "empty")
ROLES: Final = ("clinician", "support", "nobody")
SMALLEST: Final = (20, 5)
LARGEST: Final = (400, 200)


@dataclass(frozen=True, slots=True)
class Scene:
    """One picture, before it is drawn."""

    name: str
    """File name of the picture: small letters, digits and hyphens."""
    title: str = ""
    """What it shows, in a few words (message id)."""
    data: str = "everyday"
    """One of `DATA`: the sandbox's conversations, the same with hostile texts in them, or none."""
    conversations: int = 60
    seed: int = 7
    now: datetime = NOW
    """Aware; its offset is the zone of everything on screen."""
    size: tuple[int, int] = (120, 40)
    """Columns and rows."""
    language: str = "nb"
    look: str = "fjord"
    """Name of one of `workbench.theme.LOOKS`."""
    role: str = "clinician"
    """One of `ROLES`; `nobody` is asked who acts."""
    portals: int = 1
    """One, or two in one inbox; the second answers whatever the first does."""
    connection: Connection = Connection.ONLINE
    """How the only portal, or the first of two, answers."""
    problem: str = ""
    """Code of what is wrong with the portal (`client.errors`), empty when all is well."""
    said: str = ""
    """What the portal said of it."""
    age: int | None = 1
    """Minutes since the portal last answered; None when it never has."""
    received: int = 0
    """Resources received in the sync that is going on."""
    outbox: tuple[Sending, ...] = ()
    """For each, a reply that has come so far; those that need the user were stopped by the patient's words and by a
    colleague's claim in turn."""
    arrived: int = 0
    """Replies that arrived before those; the portal did not let the last one's Task be told."""
    keys: tuple[str, ...] = ()
    """What is pressed, one after the other: Textual's names of keys, or `type:` and words."""
