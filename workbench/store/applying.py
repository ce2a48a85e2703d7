"""One batch on its way into the cache: what it touches, what it names, and what of it is news."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from sqlcipher3 import dbapi2

from workbench.dialogue.held import HeldParty, HeldPatient, HeldPost, HeldPresence, HeldTask, HeldThread, Stamp
from workbench.store.encoding import to_micros

HEADER: Final = "Communication/"
Held = TypeVar("Held", HeldThread, HeldPost, HeldTask, HeldPatient, HeldParty, HeldPresence)


@dataclass(slots=True)
class Applying:
    """One batch on its way into the cache."""

    cursor: dbapi2.Cursor
    portal: int
    truth: bool = False
    """What comes replaces even a later edition of itself."""
    touched: set[int] = field(default_factory=set)
    """Threads of which anything changed."""
    worded: set[int] = field(default_factory=set)
    """Threads whose words changed."""
    named: set[int] = field(default_factory=set)
    """Threads that name other people than before, or people of another name."""
    wanted: set[str] = field(default_factory=set)
    """References that were named."""

    def touch(self, threads: Iterable[int], *, words: bool = False) -> None:
        """Remember threads of which something changed."""
        listed = tuple(threads)
        self.touched.update(listed)
        if words:
            self.worded.update(listed)


def _newest(values: Sequence[Held]) -> dict[str, Held]:
    """The newest edition of each resource in a batch, by its name."""
    found: dict[str, Held] = {}
    for value in values:
        name = _name(value)
        if name not in found or value.stamp.updated >= found[name].stamp.updated:
            found[name] = value
    return found


def _name(value: HeldThread | HeldPost | HeldTask | HeldPatient | HeldParty | HeldPresence) -> str:
    if isinstance(value, HeldPatient):
        return value.patient.reference
    return value.party.reference if isinstance(value, HeldParty) else value.stamp.id


def news(work: Applying, table: str, name: str, extra: str, values: Sequence[Held]) -> tuple[list[Held], list[Any]]:
    """What of some values is newer than what is held, and the `extra` column of the rows it will replace."""
    newest = _newest(values)
    if not newest:
        return [], []
    rows = work.cursor.execute(
        f"SELECT {name}, version, updated, {extra} FROM {table} "  # noqa: S608
        f"WHERE portal = ? AND {name} IN (SELECT value FROM json_each(?))",
        (work.portal, json.dumps(list(newest))),
    )
    replaced = []
    for key, version, updated, value in rows.fetchall():
        if version is not None and not work.truth and not _newer(newest[key].stamp, version, updated):
            del newest[key]
        else:
            replaced.append(value)
    return list(newest.values()), replaced


def _newer(stamp: Stamp, version: str, updated: int) -> bool:
    """A portal that tells no versions is taken at its last word: it may be another at the same moment, or at none."""
    moment = to_micros(stamp.updated)
    return moment > updated or (moment == updated and (stamp.version != version or not version))


def thread_ids(work: Applying, refs: Iterable[str]) -> dict[str, int]:
    """The row numbers of headers, by their ids; those that are not known get a row without a version."""
    wanted = dict.fromkeys(refs)  # in the order given: what is newer gets the higher number
    if not wanted:
        return {}
    question = "SELECT ref, id FROM thread WHERE portal = ? AND ref IN (SELECT value FROM json_each(?))"
    found = dict(work.cursor.execute(question, (work.portal, json.dumps(list(wanted)))).fetchall())
    if new := [ref for ref in wanted if ref not in found]:
        work.cursor.executemany("INSERT INTO thread (portal, ref) VALUES (?, ?)", [(work.portal, ref) for ref in new])
        found.update(work.cursor.execute(question, (work.portal, json.dumps(list(new)))).fetchall())
        work.wanted.update(HEADER + ref for ref in new)
    return found


def known(work: Applying, references: Sequence[str]) -> None:
    """Ask no more for what has come."""
    work.cursor.executemany(
        "DELETE FROM wanted WHERE portal = ? AND reference = ?", [(work.portal, each) for each in references]
    )
