"""Time that passes for the outbox alone."""

from __future__ import annotations

from datetime import timedelta

from workbench.store.doubt import DOUBT, TICKS
from workbench.store.store import Store
from workbench.sync.courier import HEEDED


def aged(store: Store, outgoing: str, by: timedelta = HEEDED) -> None:
    """As some time later: a try without an answer is that much older, and may be made again.

    Only where nothing of it is still on its way, as in a test whose portal answers at once. The clock stays, since one
    that leaps makes the next pull begin further back, which would hide what an earlier one has lost.

    Args:
        store: Open.
        outgoing: Identifier of what was tried.
        by: Twenty seconds, after which most portals let it be made again; `IN_DOUBT` for all.
    """
    with store.drafts._database.write() as cursor:
        cursor.execute(
            "UPDATE step SET value = CAST(value AS INTEGER) - ? WHERE outgoing = ? AND step IN (?, ?)",
            (by // timedelta(microseconds=1), outgoing, DOUBT, TICKS),
        )
