"""A tester's own scenes, in a TOML file: read strictly, and added to by recording."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from workbench.config import NAME
from workbench.dialogue.outgoing import Sending
from workbench.dialogue.status import Connection
from workbench.failure import Exit, Failure
from workbench.language import LANGUAGES, _
from workbench.snapshot.scene import DATA, LARGEST, ROLES, SMALLEST, Scene
from workbench.strict_toml import read
from workbench.theme import LOOKS

if TYPE_CHECKING:
    from workbench.strict_toml import Table

SIZE: Final = re.compile(r"(\d{1,3})x(\d{1,3})")
MOST: Final = 5000
"""Conversations in a scene."""
WAITING: Final = tuple(state.value for state in Sending if state is not Sending.SENT)
USUAL: Final = Scene("")


def scenes_in(file: Path) -> tuple[Scene, ...]:
    """The scenes of a file.

    Raises:
        Failure: It is missing, cannot be read, or holds what is not allowed; the sentence names file and line.
    """
    table = read(file)
    if table is None:
        raise Failure(_("There is no file {file}: check the name.").format(file=file), Exit.CONFIGURATION)
    table.only("scene")
    found: dict[str, Scene] = {}
    for each in table.tables("scene"):
        scene = _scene(each)
        if scene.name in found:
            raise each.refuse("name", _("Two scenes have the name “{name}”.").format(name=scene.name))
        found[scene.name] = scene
    return tuple(found.values())


def check(file: Path, name: str) -> None:
    """Makes sure that a scene of a name can be added to a file.

    Raises:
        Failure: The name is none, the file is not one of scenes, or has one of that name.
    """
    if not NAME.fullmatch(name):
        raise Failure(_("A scene needs a name of small letters, digits and hyphens."), Exit.USAGE)
    if file.exists() and any(each.name == name for each in scenes_in(file)):
        raise Failure(
            _("{file} has a scene “{name}” already: choose another name.").format(file=file, name=name), Exit.USAGE
        )


def add(file: Path, scene: Scene) -> None:
    """Writes a scene at the end of a file, which is made when it is not there.

    Raises:
        Failure: It cannot be written.
    """
    try:
        with file.open("a", encoding="utf-8") as lines:
            lines.write("\n".join(_lines(scene)) + "\n\n")
    except OSError as error:
        raise Failure(_("{file} cannot be written ({reason}).").format(file=file, reason=error.strerror)) from error


def _scene(table: Table) -> Scene:
    table.only(*(field.name for field in dataclasses.fields(Scene)))
    name = table.string("name")
    if not NAME.fullmatch(name):
        raise table.refuse("name", _("A scene needs a name of small letters, digits and hyphens."))
    return Scene(
        name,
        table.string("title"),
        table.choice("data", DATA, USUAL.data),
        _whole(table, "conversations", MOST, USUAL.conversations),
        _whole(table, "seed", 2**31, USUAL.seed),
        _moment(table),
        _size(table),
        table.choice("language", LANGUAGES, USUAL.language),
        table.choice("look", [look.name for look in LOOKS], USUAL.look),
        table.choice("role", ROLES, USUAL.role),
        _whole(table, "portals", 2, USUAL.portals, least=1),
        Connection(table.choice("connection", list(Connection), USUAL.connection)),
        table.string("problem"),
        table.string("said"),
        None if table.values.get("age") == "never" else _whole(table, "age", 10**6, USUAL.age or 0),
        _whole(table, "received", 10**9, USUAL.received),
        tuple(_waiting(table)),
        _whole(table, "arrived", 20, USUAL.arrived),
        table.list_of_strings("keys") if "keys" in table.values else (),
    )


def _whole(table: Table, key: str, most: int, usual: int, *, least: int = 0) -> int:
    return int(table.number(key, least, most, usual))


def _moment(table: Table) -> datetime:
    """The clock; TOML's own date and time with an offset, or the same as text."""
    value: Any = table.values.get("now", USUAL.now)
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        moment = None
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise table.refuse("now", _("“now” must be a time with its offset, such as 2026-02-03T14:02:00+01:00."))
    return moment


def _size(table: Table) -> tuple[int, int]:
    value = table.string("size", "x".join(map(str, USUAL.size)))
    match = SIZE.fullmatch(value)
    size = (int(match[1]), int(match[2])) if match else (0, 0)
    if not all(least <= n <= most for least, n, most in zip(SMALLEST, size, LARGEST, strict=True)):
        raise table.refuse("size", _("“size” must be columns and rows, from 20x5 to 400x200, such as 120x40."))
    return size


def _waiting(table: Table) -> Iterator[Sending]:
    for word in table.list_of_strings("outbox") if "outbox" in table.values else ():
        if word not in WAITING:
            raise table.refuse("outbox", _("“outbox” may name {known}.").format(known=", ".join(WAITING)))
        yield Sending(word)


def _lines(scene: Scene) -> Iterator[str]:
    """A scene as TOML: what is as usual is left out."""
    yield "[[scene]]"
    for field in dataclasses.fields(Scene):
        value = getattr(scene, field.name)
        if value != getattr(USUAL, field.name):
            yield f"{field.name} = {_toml(field.name, value)}"


def _toml(name: str, value: Any) -> str:
    if name == "size":
        return json.dumps("x".join(map(str, value)))
    if isinstance(value, datetime):
        return value.isoformat()
    return json.dumps("never" if value is None else value, ensure_ascii=False)
