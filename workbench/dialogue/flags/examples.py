"""Whether rules do what their own examples say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workbench.dialogue.flags.rules import Rules
from workbench.dialogue.flags.scan import scan


@dataclass(frozen=True, slots=True)
class Failed:
    """An example that a rule does not live up to."""

    rule: str
    text: str
    """The example."""
    wanted: bool
    """Whether the rule should mark it."""
    words: str = ""
    """What it marked although it should not."""


def failed(rules: Rules) -> Iterator[Failed]:
    """Every example that its rule marks and should not, or the other way about."""
    for rule in rules.rules:
        for text in rule.yes:
            if not _marked(rule.id, text, rules):
                yield Failed(rule.id, text, wanted=True)
        for text in rule.no:
            for words in _marked(rule.id, text, rules)[:1]:
                yield Failed(rule.id, text, wanted=False, words=words)


def _marked(rule: str, text: str, rules: Rules) -> list[str]:
    return [hit.words for hit in scan(text, rules) if hit.rule == rule]
