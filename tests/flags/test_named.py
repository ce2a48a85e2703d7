"""By what name the rules are known: another name is what makes the store read anew what it holds."""

from pathlib import Path

import pytest

from workbench import flagger
from workbench.flagger import OWN, READERS, Flagger


def test_another_way_of_reading_has_another_name_though_the_rules_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = Flagger().name
    reader = tmp_path / "silence.py"
    reader.write_text("reads otherwise", encoding="utf-8")
    monkeypatch.setattr(flagger, "READERS", (*READERS, reader))
    assert Flagger().name != before


def test_what_reads_messages_is_all_there() -> None:
    read = {file for each in READERS for file in ([each] if each.is_file() else each.glob("*.py"))}
    assert {OWN.parent / "silence.py", OWN.parent / "words.py", OWN.parents[1] / "fold.py"} <= read


def test_a_clinic_s_own_rules_have_another_name(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text("", encoding="utf-8")
    assert Flagger(own).name == Flagger().name
    own.write_text('off = ["testicle"]\n', encoding="utf-8")
    assert Flagger(own).name != Flagger().name
