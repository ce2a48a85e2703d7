"""Take in patients and everybody else, in the transaction that is open."""

from __future__ import annotations

import json
from collections.abc import Sequence

from workbench.dialogue.held import HeldParty, HeldPatient
from workbench.store.applying import Applying, known, news
from workbench.store.encoding import dump_list, to_micros


def take_patients(work: Applying, values: Sequence[HeldPatient]) -> None:
    """Patients; their conversations show and find them by the new name."""
    new, _ = news(work, "patient", "reference", "0", values)
    if not new:
        return
    work.cursor.executemany(
        """INSERT INTO patient (portal, reference, version, updated, name, birth, national, gender, language,
                                confidential, deceased, phone)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
           ON CONFLICT DO UPDATE SET version = excluded.version, updated = excluded.updated, name = excluded.name,
               birth = excluded.birth, national = excluded.national, gender = excluded.gender,
               language = excluded.language, confidential = excluded.confidential, deceased = excluded.deceased,
               phone = excluded.phone""",
        [_patient_row(work.portal, held) for held in new],
    )
    references = [held.patient.reference for held in new]
    known(work, references)
    work.named.update(threads_of(work, references))


def _patient_row(portal: int, held: HeldPatient) -> tuple[object, ...]:
    return (
        portal,
        held.patient.reference,
        held.stamp.version,
        to_micros(held.stamp.updated),
        held.patient.name,
        held.patient.birth,
        held.patient.national_id,
        held.patient.gender,
        held.patient.language,
        held.patient.confidential,
        held.patient.deceased,
        held.patient.phone,
    )


def threads_of(work: Applying, patients: Sequence[str]) -> list[int]:
    """The conversations of some patients."""
    rows = work.cursor.execute(
        """SELECT id FROM thread
           WHERE portal = ? AND patient IN (SELECT value FROM json_each(?)) AND patient <> ''""",
        (work.portal, json.dumps(patients)),
    )
    return [row[0] for row in rows]


def take_parties(work: Applying, values: Sequence[HeldParty]) -> None:
    """Staff, relatives, teams."""
    new, _ = news(work, "party", "reference", "0", values)
    if not new:
        return
    work.cursor.executemany(
        "INSERT OR REPLACE INTO party VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                work.portal,
                held.party.reference,
                held.stamp.version,
                to_micros(held.stamp.updated),
                held.party.name,
                held.party.kind.value,
                held.party.detail,
                held.patient,
                dump_list(held.pools),
            )
            for held in new
        ],
    )
    references = [held.party.reference for held in new]
    known(work, references)
    for column in ("writer", "owner"):
        rows = work.cursor.execute(
            f"SELECT id FROM item WHERE portal = ? AND {column} <> '' "  # noqa: S608
            f"AND {column} IN (SELECT value FROM json_each(?)) LIMIT 1000",
            (work.portal, json.dumps(references)),
        )
        work.named.update(row[0] for row in rows)
