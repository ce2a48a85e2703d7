"""`workbench flags`: tries the rules for red flags, on their own examples or on a text."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from workbench import language
from workbench.cli.shown import as_json
from workbench.dialogue.clean import visible
from workbench.dialogue.flags.examples import Failed, failed
from workbench.dialogue.flags.rules import Rules
from workbench.dialogue.flags.scan import scan
from workbench.failure import Exit, Failure
from workbench.flag_rules import load_rules
from workbench.language import _, ngettext

MOST_TYPED = 1_000_000
"""Characters taken from standard input."""


def run(options: Namespace) -> int:
    """Runs what was asked for."""
    return _check(options.rules, options.json) if options.what == "check" else _test(options)


def _check(file: Path | None, json: bool) -> int:
    rules = load_rules(file)
    examples = sum(len(rule.yes) + len(rule.no) for rule in rules.rules)
    bad = list(failed(rules))
    if json:
        shown = [{"rule": each.rule, "example": each.text, "wanted": each.wanted, "words": each.words} for each in bad]
        print(as_json({"rules": len(rules.rules), "examples": examples, "failed": shown}))
        return Exit.FAILED if bad else Exit.WELL
    for each in bad:
        print(_sentence(each, rules))
    counted = ngettext("{number} rule", "{number} rules", len(rules.rules)).format(number=len(rules.rules))
    if bad:
        print(
            _("{rules}: {failed} of {examples} examples failed.").format(
                rules=counted, failed=len(bad), examples=examples
            )
        )
        return Exit.FAILED
    print(_("{rules}: all {examples} examples do as they should.").format(rules=counted, examples=examples))
    return Exit.WELL


def _sentence(each: Failed, rules: Rules) -> str:
    said = {"rule": _named(rules, each.rule), "text": visible(each.text, one_line=True)}
    if each.wanted:
        return _("{rule} does not mark “{text}”, but should: give it a phrase that does.").format(**said)
    return _("{rule} marks “{words}” in “{text}”, but should not: narrow the phrase, or put it under “unless”.").format(
        words=visible(each.words, one_line=True), **said
    )


def _test(options: Namespace) -> int:
    rules = load_rules(options.rules)
    text = sys.stdin.read(MOST_TYPED) if options.text == "-" else options.text
    if "\0" in text:  # UTF-16 as some editors save it: every word would be missed, and nothing said
        raise Failure(_("The text is not UTF-8: save it as such."), Exit.USAGE)
    hits = scan(text, rules)
    if options.json:
        shown = [{"rule": hit.rule, "words": hit.words, "start": hit.start, "end": hit.end} for hit in hits]
        print(as_json({"hits": shown}))
        return Exit.WELL
    for hit in hits:
        print(f"“{visible(hit.words, one_line=True)}”  {_named(rules, hit.rule)}")
    if not hits:
        print(_("Nothing was marked. That does not mean that the message can wait: the rules know words, not illness."))
    return Exit.WELL


def _named(rules: Rules, rule: str) -> str:
    """A rule by the name it has on screen, with its id."""
    return f"{visible(rules.rule(rule).names[language.current()], one_line=True)} ({rule})"
