"""The file of rules: its own examples, a clinic's file beside it, and what is said of one that is wrong."""

from pathlib import Path

import pytest

from workbench.dialogue.flags.examples import failed
from workbench.dialogue.flags.rules import Rules
from workbench.dialogue.flags.scan import scan
from workbench.failure import Exit, Failure
from workbench.flag_rules import load_rules

RULE = """
[[rule]]
id = "itch"
name = { nb = "Kløe", nn = "Kløe", en = "Itching" }
nb = ["kløe|klør .. hele_kroppen"]
yes = ["Det klør over hele kroppen"]
no = ["Det klør ikke over hele kroppen"]
"""


def ids(rules: Rules, text: str) -> list[str]:
    return [hit.rule for hit in scan(text, rules)]


def written(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "rules.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_rules_that_come_along_do_what_their_examples_say(rules: Rules) -> None:
    assert list(failed(rules)) == []


def test_every_rule_has_names_and_examples_of_both_kinds(rules: Rules) -> None:
    for rule in rules.rules:
        assert all(rule.names[language] for language in ("nb", "nn", "en"))
        assert rule.yes
        assert rule.no
        assert all(rule.phrases[language] for language in ("nb", "nn", "en"))


def test_an_example_that_fails_is_told(tmp_path: Path) -> None:
    bad = RULE.replace('yes = ["', 'yes = ["Alt vel", "').replace('no = ["', 'no = ["Klør i hele kroppen", "')
    told = list(failed(load_rules(written(tmp_path, bad))))
    assert [(each.rule, each.text, each.wanted) for each in told] == [
        ("itch", "Alt vel", True),
        ("itch", "Klør i hele kroppen", False),
    ]
    assert told[1].words == "Klør i hele kroppen"


def test_a_clinic_s_file_adds(tmp_path: Path) -> None:
    rules = load_rules(written(tmp_path, RULE))
    assert ids(rules, "Det klør over hele kroppen. Jeg har vondt i brystet.") == ["itch", "chest"]
    assert list(failed(rules)) == []


def test_a_clinic_s_file_can_stand_alone(tmp_path: Path) -> None:
    rules = load_rules(written(tmp_path, f"instead = true\n{RULE}"))
    assert ids(rules, "Det klør over hele kroppen. Jeg har vondt i brystet.") == ["itch"]


def test_a_rule_of_the_same_id_takes_the_place_of_ours(tmp_path: Path) -> None:
    rules = load_rules(written(tmp_path, RULE.replace('"itch"', '"chest"')))
    assert ids(rules, "Det klør over hele kroppen.") == ["chest"]
    assert "chest" not in ids(rules, "Jeg har vondt i brystet.")
    assert [rule.id for rule in rules.rules] == [rule.id for rule in load_rules().rules]


def test_a_rule_can_be_turned_off(tmp_path: Path) -> None:
    rules = load_rules(written(tmp_path, 'off = ["chest", "acute", "heart"]'))
    assert ids(rules, "Jeg har vondt i brystet.") == []
    assert ids(rules, "Jeg får ikke puste.")


def test_lists_of_ours_can_be_used_and_added_to(tmp_path: Path) -> None:
    rules = load_rules(written(tmp_path, '[lists]\npain = ["auau"]\n[context.norwegian]\ndeny = ["nixen"]\n'))
    assert "chest" in ids(rules, "auau i brystet")
    assert "chest" in ids(rules, "ondt i bringa")
    assert ids(rules, "nixen auau i brystet") == []


def test_the_file_may_begin_with_a_mark_of_its_encoding(tmp_path: Path) -> None:
    file = tmp_path / "rules.toml"
    file.write_bytes(b"\xef\xbb\xbf" + RULE.encode())
    assert load_rules(file).rule("itch")


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("\nlanguage = 1", 2, "language"),
        ("instead = 1", 1, "true or false"),
        ('off = ["nonsense"]', 1, "nonsense"),
        ("off = 1", 1, "off"),
        ("[context.french]", 1, "french"),
        ("[context.english]\nnonsense = []", 2, "nonsense"),
        ('[lists]\npain = ["a-b"]', 2, "a-b"),
        ('[lists]\n"Å" = ["ab"]', 2, "Å"),
        (RULE.replace('"itch"', '"It ch"'), 3, "id"),
        (RULE.replace("nb = [", "nb = [1,"), 5, "nb"),
        (RULE.replace("kløe|klør ..", "kl* .."), 5, "three letters"),
        (RULE.replace("kløe|klør ..", "@nonsense"), 5, "@nonsense"),
        (RULE.replace("nb = [", "de = ["), 5, "de"),
        (RULE.replace('nb = ["kløe|klør .. hele_kroppen"]', ""), 2, "itch"),
        (RULE.replace('name = { nb = "Kløe", nn = "Kløe", en = "Itching" }', ""), 2, "name"),
        (RULE + RULE, 10, "itch"),
        (RULE.replace('"itch"', '"unread"'), 3, "unread"),
        ("rule = 1", 1, "[[rule]]"),
        ("nonsense", 1, "TOML"),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence_with_file_and_line(
    tmp_path: Path, text: str, line: int, said: str
) -> None:
    from workbench import language

    language.use("en")
    file = written(tmp_path, text)
    with pytest.raises(Failure) as raised:
        load_rules(file)
    sentence = raised.value.sentence
    assert sentence.startswith(f"{file}, line {line}: ")
    assert said in sentence
    assert sentence.endswith(".")
    assert sentence.isprintable()
    assert raised.value.code == Exit.CONFIGURATION


def test_a_file_that_is_not_there_or_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Failure, match=r"nowhere\.toml: "):
        load_rules(tmp_path / "nowhere.toml")
    with pytest.raises(Failure, match="1 MB"):
        load_rules(written(tmp_path, "#" * 1_000_001))


def test_what_stands_in_the_file_reaches_the_terminal_only_in_visible_signs(tmp_path: Path) -> None:
    with pytest.raises(Failure) as raised:
        load_rules(written(tmp_path, RULE.replace("kløe|klør ..", "\\u001b[2Jx")))
    assert "U+001B" in raised.value.sentence
