"""The tables: one for the versions, one for the terms, and one for each resource type with its parameters as columns.

`rid` is the number of a resource, the `seq` of its first version. A version points at the one before, so that the
history needs no index. Indexes are made apart from the tables, since a bulk load is quicker without them.
"""

import hashlib
import sqlite3

from workbench.sandbox.elements import RESOURCES
from workbench.sandbox.index import indexers
from workbench.sandbox.parameters import Parameter, parameters

_FIXED = (
    "CREATE TABLE setting (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE system (number INTEGER PRIMARY KEY, uri TEXT NOT NULL UNIQUE)",
    "CREATE TABLE version (seq INTEGER PRIMARY KEY, previous INTEGER, number INTEGER NOT NULL, method TEXT NOT NULL,"
    " updated INTEGER NOT NULL, body TEXT NOT NULL)",
    "CREATE TABLE term (rid INTEGER, param INTEGER, value TEXT, system INTEGER,"
    " PRIMARY KEY (rid, param, value, system)) WITHOUT ROWID",
    "CREATE TABLE deleted (type TEXT, id TEXT, rid INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (type, id))"
    " WITHOUT ROWID",
    "CREATE TABLE page (number INTEGER PRIMARY KEY, token TEXT NOT NULL UNIQUE, asked TEXT NOT NULL)",
)


def columns(parameter: Parameter) -> tuple[str, ...]:
    """The quoted columns that hold a parameter: one, or for a date its two ends."""
    if parameter.kind == "date":
        return f'"{parameter.name}"', f'"{parameter.name} end"'
    return (f'"{parameter.name}"',)


def width(kind: str) -> int:
    """How many columns the table of a type has."""
    return 4 + sum(len(columns(parameter)) for parameter in indexers()[kind].columns)


def tables() -> list[str]:
    """The statements that make the tables."""
    return [*_FIXED, *(_table(kind) for kind in RESOURCES)]


def indexes() -> list[str]:
    """The statements that make the indexes."""
    made = ['CREATE INDEX "term found" ON term (param, value, system, rid)']
    for kind in RESOURCES:
        made.append(f'CREATE UNIQUE INDEX "{kind} id" ON "{kind}" (id)')
        made.append(f'CREATE INDEX "{kind} _lastUpdated" ON "{kind}" (updated)')
        made.extend(
            f'CREATE INDEX "{kind} {one.name}" ON "{kind}" ({columns(one)[0]})' for one in indexers()[kind].columns
        )
    return made


def fingerprint() -> str:
    """Changes when the tables, the indexes or the numbers of the parameters do."""
    told = "\n".join([*tables(), *indexes(), repr(parameters())])
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def create(connection: sqlite3.Connection) -> None:
    """Make the tables in an empty database."""
    for statement in tables():
        connection.execute(statement)


def _table(kind: str) -> str:
    own: list[str] = []
    for parameter in indexers()[kind].columns:
        sort = "INTEGER" if parameter.kind == "date" else "TEXT"
        own.extend(f"{column} {sort} NOT NULL" for column in columns(parameter))
    fixed = ["rid INTEGER PRIMARY KEY", "id TEXT NOT NULL", "seq INTEGER NOT NULL", "updated INTEGER NOT NULL"]
    return f'CREATE TABLE "{kind}" ({", ".join([*fixed, *own])})'
