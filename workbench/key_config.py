"""The user's own keys: which there are, and that none of them is taken from another verb."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

from workbench.command import ANYWHERE, DIALOG, INBOX, OUTBOX, OVERVIEW, PLACES, Command
from workbench.commands import COMMANDS, key_name
from workbench.dialogue.clean import visible
from workbench.language import _
from workbench.strict_toml import Table

SIGNS: Final = frozenset({
    "ampersand", "apostrophe", "asterisk", "at", "backslash", "circumflex_accent", "colon", "comma", "dollar_sign",
    "equals_sign", "exclamation_mark", "full_stop", "grave_accent", "greater_than_sign", "left_curly_bracket",
    "left_parenthesis", "left_square_bracket", "less_than_sign", "minus", "number_sign", "percent_sign", "plus",
    "question_mark", "quotation_mark", "right_curly_bracket", "right_parenthesis", "right_square_bracket",
    "semicolon", "slash", "tilde", "underscore", "vertical_line",
})  # fmt: skip
"""Names of signs as Textual writes them."""
MOVING: Final = frozenset({"up", "down", "pageup", "pagedown", "home", "end"})
EDITING: Final = frozenset({"left", "right", "enter", "tab", "space", "backspace", "delete"})
NAMED: Final = MOVING | EDITING | {"escape", "insert"} | {f"f{number}" for number in range(1, 25)}
"""Names of keys that write no sign."""
MODIFIED: Final = re.compile(r"(?P<with>(?:alt\+)?(?:ctrl\+)?(?:shift\+)?)(?P<key>[^+]+)")
"""A key with what is held down beside it, in the order in which Textual writes it."""
SAME: Final = MappingProxyType({"ctrl+i": "tab", "ctrl+m": "enter", "ctrl+h": "backspace"})
"""Keys that a terminal cannot tell from others."""
LISTS: Final = MOVING | {"j", "k", "tab", "shift+tab"}
"""Keys of every list, which it answers before any verb does."""
TAKEN: Final[Mapping[str, frozenset[str]]] = MappingProxyType({
    INBOX: LISTS | {"enter", "space"},
    OUTBOX: MOVING,
    OVERVIEW: (LISTS | {"left", "right"}) - {"tab"},
    ANYWHERE: LISTS | {"enter", "space"},
    DIALOG: frozenset(),
})  # fmt: skip
"""Keys that lists and pages have for themselves, by place."""


def own_keys(table: Table) -> Mapping[str, str]:
    """The keys of a `[keys]` table, by the id of the verb they are for.

    Raises:
        Failure: A verb or a key is not known, or a key has a meaning already where the verb is.
    """
    table.only(*(command.id for command in COMMANDS))
    given = table.strings()
    keys = {command.id: _keys(table, command, given) for command in COMMANDS}
    for command in COMMANDS:
        if command.id in given:
            _refuse_taken(table, command, keys[command.id])
    for one, other, key in _clashes(keys):
        raise table.refuse(
            one.id if one.id in given else other.id,
            _("“{one}” and “{other}” cannot both have the key {key}: give one of them another.").format(
                one=one.id, other=other.id, key=key_name(key)
            ),
        )
    return MappingProxyType(given)


def is_key(name: str) -> bool:
    """Whether a terminal can send a key of that name, as Textual calls it."""
    found = MODIFIED.fullmatch(name)
    if found is None:
        return False
    held, key = found["with"], found["key"]
    if key in NAMED:
        return True
    sign = key in SIGNS or (len(key) == 1 and key.isalnum())
    return sign and held != "shift+" and not (held and key != key.lower())


def types(name: str) -> bool:
    """Whether the key is needed to write a text."""
    return name in MOVING | EDITING | SIGNS or len(name) == 1


def _keys(table: Table, command: Command, given: Mapping[str, str]) -> tuple[str, ...]:
    if command.id not in given:
        return command.keys
    keys = tuple(given[command.id].split(","))
    for key in keys:
        if not is_key(key):
            raise table.refuse(
                command.id,
                _("“{key}” is no key: “{verb}” must have one such as r, f6 or ctrl+r.").format(
                    key=visible(key, one_line=True), verb=command.id
                ),
            )
    return tuple(SAME.get(key, key) for key in keys)


def _refuse_taken(table: Table, command: Command, keys: tuple[str, ...]) -> None:
    """Refuses keys that are for lists or for writing; those the verb has of old it keeps."""
    for key in keys:
        if key in command.keys:
            continue
        if command.priority and types(key):
            said = _("{key} is needed for writing where “{verb}” is: give that another key, such as f6 or ctrl+r.")
        elif key in TAKEN.get(command.place, frozenset()):
            said = _("{key} is needed to move and open in lists: give “{verb}” another key, such as f6 or ctrl+r.")
        else:
            continue
        raise table.refuse(command.id, said.format(key=key_name(key), verb=command.id))


def _clashes(keys: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[Command, Command, str]]:
    """Verbs that have one key in one place."""
    for place in PLACES:
        seen: dict[str, Command] = {}
        for command in COMMANDS:
            if command.place in (place, ANYWHERE):
                for key in dict.fromkeys(keys[command.id]):
                    if key in seen:
                        yield seen[key], command, key
                    seen[key] = command
