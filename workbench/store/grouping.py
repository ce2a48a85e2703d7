"""Rows of one patient put together, where the highest of them stands."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from sqlcipher3 import dbapi2

from workbench.dialogue.queue import InGroup

COLUMNS: Final = "ord, id, portal, patient"
"""What is read of each row."""
Place = tuple[int, int]


def by_patient(cursor: dbapi2.Cursor, sql: str, values: Sequence[Any]) -> tuple[list[Place], dict[int, InGroup]]:
    """Rows by patient: groups in the order of their highest row, the rows of one in the common order.

    What names no patient stands alone, and the same reference on another portal is another patient.

    Args:
        cursor: Inside a reading transaction.
        sql: Gives `COLUMNS` of the rows; empty for no rows.
        values: Of its question marks.

    Returns:
        Their places in order, and by row number where each stands in its group, for groups of more than one.
    """
    if not sql:
        return [], {}
    groups: dict[tuple[int, str | int], list[Place]] = {}
    # In the common order, so that a group stands where its first row does: it costs less than window functions.
    for order, row_id, portal, patient in cursor.execute(f"{sql} ORDER BY 1, 2", values):
        groups.setdefault((portal, patient or row_id), []).append((order, row_id))
    stands = {
        row_id: InGroup(place, len(group))
        for group in groups.values()
        if len(group) > 1
        for place, (_, row_id) in enumerate(group, 1)
    }
    return [each for group in groups.values() for each in group], stands


def of_places(places: Sequence[Place]) -> tuple[str, list[Any]]:
    """Rows that are known by their places already, as SQL for `by_patient`."""
    sql = """SELECT value ->> 0 AS ord, item.id AS id, item.portal AS portal, item.patient AS patient
             FROM json_each(?) JOIN item ON item.id = value ->> 1"""
    return sql, [json.dumps(places)]
