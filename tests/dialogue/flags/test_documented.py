"""The page on red flags says what the rules do."""

import re
from pathlib import Path

from tests.cli.running import ROOT
from workbench.dialogue.flags.examples import failed
from workbench.dialogue.flags.matching import LONGEST
from workbench.dialogue.flags.phrase import FAR, MOST_PARTS, NEAR
from workbench.dialogue.flags.rules import CONTEXT, Rules
from workbench.dialogue.flags.scan import MOST_READ
from workbench.flag_rules import load_rules

PAGE = (ROOT / "docs/red-flags.md").read_text(encoding="utf-8")


def test_every_rule_and_every_list_of_small_words_stands_on_the_page(rules: Rules) -> None:
    for rule in rules.rules:
        assert f"| `{rule.id}` |" in PAGE
    for name in CONTEXT:
        assert f"`{name}`" in PAGE


def test_the_example_on_the_page_is_a_file_of_rules_whose_examples_hold(tmp_path: Path) -> None:
    found = re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert found
    file = tmp_path / "rules.toml"
    file.write_text(found[1], encoding="utf-8")
    rules = load_rules(file)
    assert rules.rule("dialysis")
    assert list(failed(rules)) == []


def test_the_bounds_on_the_page_are_those_of_the_program() -> None:
    assert (NEAR, FAR, MOST_PARTS) == (2, 14, 8)
    assert "at most two other words" in PAGE
    assert "at most fourteen" in PAGE
    assert f"{MOST_READ:,} characters" in PAGE
    assert LONGEST > 3 * FAR
