"""The rules for red flags, read from their files: the program's own, and a clinic's that adds or replaces."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Final

from workbench.dialogue.clean import visible
from workbench.dialogue.flags.phrase import Fault, Lists, PhraseError, Reader
from workbench.dialogue.flags.rules import CONTEXT, SIDES, UNREAD, Rule, Rules, Side, ready
from workbench.flagger import OWN
from workbench.language import _
from workbench.strict_toml import Table, read, refusal

ID: Final = re.compile(r"[a-z][a-z0-9-]{0,39}")
LIST: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
MOST_FILE: Final = 1_000_000
"""Bytes of a rule file: far more than anybody writes by hand."""


def load_rules(file: Path | None = None) -> Rules:
    """The rules to scan with.

    Args:
        file: A clinic's own file; without it the program's own rules alone.

    Raises:
        Failure: The file is not there or not right; one sentence with file, line, what and what to do.
    """
    rules, lists, contexts = _read(OWN, {}, {})
    if file is None:
        return ready(rules, lists, contexts)
    own, lists, contexts = _read(file, lists, contexts)
    top = _top(file)
    if top.values.get("instead"):
        return ready(own, lists, contexts)
    named = {rule.id: rule for rule in own}
    off = top.list_of_strings("off") if "off" in top.values else ()
    for each in off:
        if each not in {rule.id for rule in rules}:
            raise top.refuse("off", _("there is no rule “{id}” to turn off.").format(id=visible(each, one_line=True)))
    kept = [named.pop(rule.id, rule) for rule in rules if rule.id not in off]
    return ready([*kept, *(rule for rule in own if rule.id in named)], lists, contexts)


Contexts = Mapping[Side, Lists]


def _read(file: Path, lists: Lists, contexts: Contexts) -> tuple[list[Rule], Lists, Contexts]:
    """A file's rules, with the lists it adds to."""
    top = _top(file)
    lists = _added(lists, top.table("lists"), LIST.fullmatch)
    sides = top.table("context")
    sides.only(*dict.fromkeys(SIDES.values()))
    contexts = {
        side: _added(contexts.get(side, {}), sides.table(side), CONTEXT.__contains__)
        for side in dict.fromkeys(SIDES.values())
    }
    _check_lists(top.table("lists"), lists)
    for side, given in contexts.items():
        _check_lists(sides.table(side), {**lists, **given})
    rules: list[Rule] = []
    reader = Reader(lists)
    for table in top.tables("rule"):
        rule = _rule(table, reader)
        if rule.id == UNREAD or any(rule.id == other.id for other in rules):
            raise table.refuse("id", _("“{id}” is taken; give each rule its own id.").format(id=rule.id))
        rules.append(rule)
    return rules, lists, contexts


def _top(file: Path) -> Table:
    try:
        if file.stat().st_size > MOST_FILE:
            raise refusal(file, 0, _("it is too large for a file of rules; at most 1 MB."))
    except OSError as error:
        raise refusal(
            file,
            0,
            _("the rules for red flags cannot be read ({reason}); see that the file is there.").format(
                reason=error.strerror
            ),
        ) from error
    top = read(file)
    assert top is not None  # it was there a moment ago
    top.only("instead", "off", "lists", "context", "rule")
    if not isinstance(top.values.get("instead", False), bool):
        raise top.refuse("instead", _("“{key}” must be true or false.").format(key="instead"))
    return top


def _added(lists: Lists, table: Table, known: Callable[[str], object]) -> Lists:
    added = dict(lists)
    for key in table.values:
        if not known(key):
            raise table.refuse(
                key,
                _("there is no list “{key}” here; docs/red-flags.md names them.").format(
                    key=visible(key, one_line=True)
                ),
            )
        added[key] = (*added.get(key, ()), *table.list_of_strings(key))
    return MappingProxyType(added)


def _check_lists(table: Table, lists: Lists) -> None:
    reader = Reader(lists)
    for key in table.values:
        for word in table.list_of_strings(key):
            _checked(table, key, word, reader.item)


def _rule(table: Table, reader: Reader) -> Rule:
    table.only("id", "name", "nb", "nn", "en", "unless", "yes", "no")
    id_ = table.string("id")
    if not ID.fullmatch(id_):
        raise table.refuse("id", _("“id” must be small letters, digits and hyphens, at most 40, a letter first."))
    name = table.table("name")
    name.only(*SIDES)
    names = name.strings()
    if not names or not all(names.values()):
        raise table.refuse("name", _("“name” must say what the rule is called, in nb, nn or en."))
    given = {key: table.list_of_strings(key) for key in (*SIDES, "unless", "yes", "no") if key in table.values}
    if not any(given.get(language) for language in SIDES):
        raise table.refuse("", _("rule “{id}” has no phrases; write some under nb, nn or en.").format(id=id_))
    for key in (*SIDES, "unless"):
        for phrase in given.get(key, ()):
            _checked(table, key, phrase, reader.phrase)
    any_name = next(iter(names.values()))
    return Rule(
        id=id_,
        names=MappingProxyType({language: names.get(language, any_name) for language in SIDES}),
        phrases=MappingProxyType({language: given[language] for language in SIDES if language in given}),
        unless=given.get("unless", ()),
        yes=given.get("yes", ()),
        no=given.get("no", ()),
    )


def _checked(table: Table, key: str, written: str, read_it: Callable[[str], object]) -> None:
    try:
        read_it(written)
    except PhraseError as error:
        said = {
            Fault.EMPTY: _("it is empty; write its words"),
            Fault.SIGN: _("“{piece}” is neither a word nor a number; leave out other signs"),
            Fault.SHORT: _("“{piece}” is met by too many words; give at least three letters beside the *"),
            Fault.NUMBERS: _("“{piece}” goes down; write the lower number first"),
            Fault.LIST: _("there is no list “{piece}”, or it names itself; see [lists]"),
            Fault.PLACE: _("a sign of “{piece}” has no word beside it; write words on both sides"),
            Fault.LONG: _("it has more than eight places; make two phrases of it"),
        }[error.fault].format(piece=visible(error.piece, one_line=True))
        raise table.refuse(
            key,
            _("the phrase “{phrase}” cannot be read: {reason}.").format(
                phrase=visible(written, one_line=True), reason=said
            ),
        ) from error
