"""How the workbench stands towards its portals: what the status line always tells."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from workbench.dialogue.key import Key


class Connection(StrEnum):
    """How the portal answers."""

    CONNECTING = "connecting"
    ONLINE = "online"
    SYNCING = "syncing"
    OFFLINE = "offline"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class PortalStatus:
    """One portal's connection and the age of what is held of it."""

    portal: str
    connection: Connection
    data_from: datetime | None = None
    """When the portal last answered a full round of pulling; None before the first."""
    word: str = ""
    """Code of the last error (`client.errors`), empty when all is well."""
    text: str = ""
    """What the portal said of it; text from outside."""
    received: int = 0
    """Resources received in the round that is going on, for the progress shown at a first sync."""
    set_aside: int = 0
    """Resources the portal gave that could not be read, since the program started."""
    incomplete: bool = False
    """The portal gave less than it said it had, or did not give its Tasks at all."""
    untold: int = 0
    """Replies that arrived and whose Task the portal did not let us tell, since the program started."""
    live: bool = False
    """It tells by itself when something changes."""
    next_try: datetime | None = None
    """When a portal that failed is spoken to again; None while it is spoken to as usual."""
    waits: tuple[tuple[str, datetime], ...] = ()
    """Identifiers of what the portal failed on, with when each is tried again."""


@dataclass(frozen=True, slots=True)
class OutboxStatus:
    """How many things are on their way."""

    waiting: int = 0
    unknown: int = 0
    needs_you: int = 0
    others: int = 0
    """What colleagues have on its way from here, which leaves when they act here again; in none of the above."""


@dataclass(frozen=True, slots=True)
class Status:
    """All the status line shows."""

    portals: tuple[PortalStatus, ...]
    outbox: OutboxStatus
    elsewhere: bool = False
    """Another process sends from this store; here everything is read and queued."""

    def portal(self, name: str) -> PortalStatus | None:
        """How a portal stands; None when there is none of that name."""
        return next((portal for portal in self.portals if portal.portal == name), None)


@dataclass(frozen=True, slots=True)
class Event:
    """Something changed; whoever shows it reads it again."""

    keys: frozenset[Key] = frozenset()
    """Conversations whose row or content changed; with `many`, more than are named."""
    many: bool = False
    status: bool = False
    """The connection, the age of the data or the outbox changed."""
