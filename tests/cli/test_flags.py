"""The commands that try the rules for red flags."""

import json
from pathlib import Path

from tests.cli.running import one_sentence, workbench


def test_check_says_that_all_is_well() -> None:
    done = workbench("--lang", "en", "flags", "check")
    assert done.returncode == 0
    assert "examples do as they should" in done.stdout


def test_check_says_in_words_which_example_failed(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text(
        '[[rule]]\nid = "x"\nname = { nb = "X" }\nnb = ["kløe"]\nyes = ["hoste\\u001b"]\nno = ["ille kløe"]\n',
        encoding="utf-8",
    )
    done = workbench("--lang", "en", "flags", "check", str(file))
    assert done.returncode == 1
    assert "X (x) does not mark “hoste⟦U+001B⟧”, but should" in done.stdout
    assert "X (x) marks “kløe” in “ille kløe”, but should not" in done.stdout
    done = workbench("flags", "check", str(file), "--json")
    assert done.returncode == 1
    assert [each["wanted"] for each in json.loads(done.stdout)["failed"]] == [True, False]


def test_check_refuses_a_file_that_is_wrong(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text("\nnonsense = 1", encoding="utf-8")
    done = workbench("--lang", "en", "flags", "check", str(file))
    assert done.returncode == 3
    assert f"{file}, line 2: " in one_sentence(done)


def test_test_shows_the_words_and_the_rule() -> None:
    done = workbench("--lang", "en", "flags", "test", "Hei. Jeg har vondt i brystet.")
    assert done.returncode == 0
    assert "“vondt i brystet”  Chest pain or pressure (chest)" in done.stdout
    done = workbench("flags", "test", "-", "--json", stdin="Hei. Jeg har vondt i brystet.")
    hits = json.loads(done.stdout)["hits"]
    assert {"rule": "chest", "words": "vondt i brystet", "start": 13, "end": 28} in hits


def test_text_that_cannot_be_read_is_not_said_to_hold_nothing() -> None:
    done = workbench("--lang", "en", "flags", "test", "-", stdin="\0".join("Jeg har vondt i brystet."))
    assert done.returncode == 2
    assert "not UTF-8" in one_sentence(done)


def test_nothing_marked_is_not_said_to_be_safe() -> None:
    done = workbench("--lang", "en", "flags", "test", "Takk for svar.")
    assert done.returncode == 0
    assert "does not mean that the message can wait" in done.stdout


def test_test_takes_a_clinic_s_rules_and_shows_only_visible_signs(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_text('instead = true\n[[rule]]\nid = "x"\nname = { nb = "X" }\nnb = ["a b"]\n', encoding="utf-8")
    done = workbench("flags", "test", "--rules", str(file), "a \x1b[2J\n b")
    assert "“a ⟦U+001B⟧[2J⏎ b”  X (x)" in done.stdout
