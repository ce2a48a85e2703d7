"""How figures are printed for programs and for people: never a word that a patient or a colleague wrote."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import zip_longest

from rich.cells import cell_len

from workbench.dialogue.clean import visible
from workbench.dialogue.outgoing import Sending
from workbench.dialogue.status import PortalStatus


def as_json(value: object) -> str:
    """JSON with one space for every level, in a stable order."""
    return json.dumps(value, ensure_ascii=False, indent=1)


def moment(value: datetime | None) -> str | None:
    """A time as RFC 3339 has it, in its own zone and in whole seconds."""
    return None if value is None else value.isoformat(timespec="seconds")


def columns(rows: Sequence[Sequence[str]], between: int = 2) -> Iterator[str]:
    """Rows as lines of one table, made harmless: names to the left, figures to the right, some blanks between."""
    cells = [[visible(cell, one_line=True) for cell in row] for row in rows]
    widths = [max(map(cell_len, column)) for column in zip_longest(*cells, fillvalue="")]
    for row in cells:
        filled = [" " * (width - cell_len(cell)) for cell, width in zip(row, widths, strict=False)]
        told = [
            cell + blanks if not place else blanks + cell
            for place, (cell, blanks) in enumerate(zip(row, filled, strict=True))
        ]
        yield (" " * between).join(told).rstrip()


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
