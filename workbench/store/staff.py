"""Who works at each portal and who acts there, as the portal last told: known while it is away."""

from __future__ import annotations

import json
from dataclasses import asdict

from workbench.dialogue.held import Colleague, Directory, Pool
from workbench.dialogue.people import Me, Role
from workbench.store.database import Database
from workbench.store.portals import numbered


class Staff:
    """The people of the cache who are not patients. Any thread may call it."""

    def __init__(self, writer: Database, reader: Database) -> None:
        self._writer = writer
        self._reader = reader

    def directory(self, portal: str) -> Directory:
        """Who works at the site, as last told; empty before that."""
        with self._reader.read() as cursor:
            row = cursor.execute("SELECT directory FROM portal WHERE name = ?", (portal,)).fetchone()
        if row is None or not row[0]:
            return Directory()
        told = json.loads(row[0])
        return Directory(
            tuple(Colleague(**{**each, "pools": tuple(each["pools"])}) for each in told["colleagues"]),
            tuple(Pool(**each) for each in told["pools"]),
            told["site"],
        )

    def keep_directory(self, portal: str, directory: Directory) -> None:
        """Remember who works at the site."""
        with self._writer.write() as cursor:
            number = numbered(cursor, portal)
            cursor.execute("UPDATE portal SET directory = ? WHERE id = ?", (json.dumps(asdict(directory)), number))

    def person(self, portal: str) -> Me | None:
        """Who acts on a portal, as it last told; None before that."""
        with self._reader.read() as cursor:
            row = cursor.execute("SELECT person FROM portal WHERE name = ?", (portal,)).fetchone()
        if row is None or not row[0]:
            return None
        told = json.loads(row[0])
        return Me(**{**told, "role": Role(told["role"]), "pools": tuple(told["pools"])})

    def keep_person(self, me: Me) -> None:
        """Remember who acts, by name and role, so that it is known while the portal is away."""
        with self._writer.write() as cursor:
            number = numbered(cursor, me.portal)
            cursor.execute("UPDATE portal SET person = ? WHERE id = ?", (json.dumps(asdict(me)), number))
