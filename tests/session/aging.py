"""Time that passes for the outbox alone."""

from __future__ import annotations

from typing import Final

from workbench.store.outbox_sender import DOUBT
from workbench.store.store import Store
from workbench.sync.courier import HEEDED

MICROS: Final = int(HEEDED.total_seconds() * 1_000_000)


def aged(store: Store, outgoing: str) -> None:
    """As twenty seconds later: a try without an answer is that much older, and may be made again on most portals.

    Only where nothing of it is still on its way, as in a test whose portal answers at once.
    """
    with store.drafts._database.write() as cursor:
        cursor.execute(
            "UPDATE step SET value = CAST(value AS INTEGER) - ? WHERE outgoing = ? AND step = ?",
            (MICROS, outgoing, DOUBT),
        )
