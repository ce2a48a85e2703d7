"""How figures are printed for programs and for people: never a word that a patient or a colleague wrote."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime

from workbench.dialogue.outgoing import Sending
from workbench.dialogue.status import PortalStatus


def as_json(value: object) -> str:
    """JSON with one space for every level, in a stable order."""
    return json.dumps(value, ensure_ascii=False, indent=1)


def moment(value: datetime | None) -> str | None:
    """A time as RFC 3339 has it, in its own zone and in whole seconds."""
    return None if value is None else value.isoformat(timespec="seconds")


def counted(states: Mapping[Sending, int]) -> dict[str, int]:
    """The outbox in figures: what waits, what nobody knows the end of, what needs the user."""
    return {
        "waiting": states.get(Sending.QUEUED, 0) + states.get(Sending.SENDING, 0),
        "unknown": states.get(Sending.UNKNOWN, 0),
        "needs_you": states.get(Sending.NEEDS_YOU, 0),
    }


def portal_figures(status: PortalStatus) -> dict[str, object]:
    """A portal's connection and the age of its data."""
    return {
        "portal": status.portal,
        "connection": str(status.connection),
        "problem": status.word or None,
        "data_from": moment(status.data_from),
        "set_aside": status.set_aside,
        "incomplete": status.incomplete,
    }
