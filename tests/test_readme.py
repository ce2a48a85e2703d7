"""What the README says of keys is what the registry holds."""

from pathlib import Path

from workbench import language
from workbench.commands import COMMANDS, table

README = (Path(__file__).parents[1] / "README.md").read_text()


def test_the_key_table_is_the_registry() -> None:
    language.use("en")
    inside = README.partition("<!-- keys -->\n")[2].partition("\n<!-- /keys -->")[0]
    assert inside == table(), "run: workbench keys --markdown --lang en"


def test_no_key_means_two_things_in_one_place() -> None:
    seen: dict[tuple[str, str], str] = {}
    for command in COMMANDS:
        for key in command.keys:
            place = (command.place, key)
            assert place not in seen, f"{key} is {seen.get(place)} and {command.id}"
            seen[place] = command.id


def test_no_key_needs_altgr_on_a_norwegian_keyboard() -> None:
    altgr = {
        "at",
        "left_square_bracket",
        "right_square_bracket",
        "left_curly_bracket",
        "right_curly_bracket",
        "backslash",
        "vertical_line",
        "tilde",
        "dollar_sign",
    }
    for command in COMMANDS:
        assert set(command.keys) - altgr, f"{command.id} has no key without AltGr"
