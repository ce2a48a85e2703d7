"""The configuration: what it takes, and what it says of all else."""

import os
from pathlib import Path

import pytest

from workbench import language
from workbench.config import THEMES, PortalSettings, Settings, load, write_portal
from workbench.failure import Exit, Failure
from workbench.theme import LOOKS

EXAMPLE = Path(__file__).parents[2] / "workbench/example.toml"
PORTAL = '[[portal]]\nname = "a"\nbase = "https://a.example/fhir"\n'
REFUSED = {
    "an unknown setting": ('language = "nb"\nlangauge = "nn"', 2, "langauge"),
    "an unknown setting of the second portal": (
        PORTAL + '\n[[portal]]\nname = "b"\nbase = "https://b.x"\nbas = 1',
        8,
        "bas",
    ),
    "a language we do not speak": ('\nlanguage = "se"', 2, "nb, nn, en"),
    "a theme that does not exist": ('theme = "fjor"', 1, "fjord"),
    "a number for a text": ("language = 3", 1, "language"),
    "a text for a number": ('poll_seconds = "soon"', 1, "poll_seconds"),
    "truth for a number": ("poll_seconds = true", 1, "poll_seconds"),
    "a number out of bounds": ("# slow\npoll_seconds = 0", 2, "3600"),
    "not a number": ("poll_seconds = nan", 1, "poll_seconds"),
    "a profile that is a path": ('profile = "../other"', 1, "profile"),
    "a verb that does not exist": ('[keys]\nreply = "r"\nrepyl = "q"', 3, "repyl"),
    "a key that is none": ('[keys]\nreply = "ctrl + r"', 2, "reply"),
    "keys that are no table": ('keys = "r"', 1, "keys"),
    "a portal that is no list": ('[portal]\nname = "a"', 1, "[[portal]]"),
    "a portal without an address": ('[[portal]]\nname = "a"', 1, "base"),
    "a portal without a name": ('\n[[portal]]\nbase = "https://a.example"', 2, "name"),
    "two portals of one name": (PORTAL + PORTAL, 5, "a"),
    "plain http to another machine": ('[[portal]]\nname = "a"\nbase = "http://a.example/fhir"', 3, "https"),
    "an address of another kind": ('[[portal]]\nname = "a"\nbase = "ftp://a.example"', 3, "base"),
    "an address with a password": ('[[portal]]\nname = "a"\nbase = "https://me:word@a.example"', 3, "base"),
    "an address with a port that is none": ('[[portal]]\nname = "a"\nbase = "https://a.example:port"', 3, "base"),
    "somebody who is no practitioner": (PORTAL + 'as = "Patient/1"', 4, "Practitioner/ID"),
    "threads of a kind unknown": (PORTAL + 'threads = "all"', 4, "marked"),
    "a code unknown": (PORTAL + '[portal.codes]\nkind = "x"', 5, "kind_thread"),
    "a code that is no text": (PORTAL + "[portal.codes]\nkind_thread = 1", 5, "kind_thread"),
    "a list that is none": (PORTAL + '[portal.codes]\nsupport_words = "x"', 5, "support_words"),
    "no TOML": ('language = "nb"\npoll', 2, "TOML"),
    "no TOML, ending early": ('language = "nb"\nprofile = "x', 2, "TOML"),
}


@pytest.fixture(autouse=True)
def _english() -> None:
    language.use("en")


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_allowed_is_refused_with_file_line_and_what_is_allowed(case: str, tmp_path: Path) -> None:
    text, line, says = REFUSED[case]
    file = tmp_path / "config.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(Failure) as refused:
        load(file)
    assert refused.value.code == Exit.CONFIGURATION
    assert refused.value.sentence.startswith(f"{file}, line {line}: ")
    assert says in refused.value.sentence
    assert refused.value.sentence.endswith(".")
    assert "\n" not in refused.value.sentence


def test_every_theme_can_be_chosen() -> None:
    assert tuple(theme.name for theme in LOOKS) == THEMES


def test_a_file_that_is_not_utf8_names_the_line(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes('language = "nb"\n# S\xf8renga'.encode("latin-1"))
    with pytest.raises(Failure, match=r"line 2: .*UTF-8"):
        load(file)


def test_a_folder_in_the_file_s_place_is_said(tmp_path: Path) -> None:
    with pytest.raises(Failure, match="cannot be read") as refused:
        load(tmp_path)
    assert refused.value.code == Exit.CONFIGURATION


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs a user whom permissions hold")
def test_a_file_one_may_not_read_is_said(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.touch(0o000)
    with pytest.raises(Failure, match="cannot be read"):
        load(file)


def test_escape_sequences_in_the_file_reach_nobody_s_terminal(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('"\\u001b[2J" = 1', encoding="utf-8")
    with pytest.raises(Failure) as refused:
        load(file)
    assert "\x1b" not in refused.value.sentence
    assert "U+001B" in refused.value.sentence


def test_no_file_means_the_defaults(tmp_path: Path) -> None:
    assert load(tmp_path / "config.toml") == Settings()


def test_a_file_as_notepad_saves_it_is_read(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_bytes(b'\xef\xbb\xbflanguage = "nn"\r\n' + PORTAL.replace("\n", "\r\n").encode())
    assert load(file).language == "nn"
    assert load(file).portals == (PortalSettings("a", "https://a.example/fhir"),)


def test_the_example_is_read_whole() -> None:
    settings = load(EXAMPLE)
    portal = settings.portals[0]
    assert portal.as_ == "Practitioner/kari-nordmann"
    assert portal.conventions.kind_thread == "conversation"
    assert portal.conventions.kind_message == "message"
    assert settings.keys == {"hand-over": "h"}


def test_a_portal_is_added_to_what_was_there(tmp_path: Path) -> None:
    file = tmp_path / "new/config.toml"
    write_portal(file, 'Says "hi" \\ ø', "https://a.example/fhir", "Practitioner/k")
    first = file.read_text(encoding="utf-8")
    write_portal(file, "b", "https://b.example/fhir")
    assert file.read_text(encoding="utf-8").startswith(first)
    assert load(file).portals == (
        PortalSettings('Says "hi" \\ ø', "https://a.example/fhir", "Practitioner/k"),
        PortalSettings("b", "https://b.example/fhir"),
    )
    assert file.stat().st_mode & 0o077 == 0
    assert [path.name for path in file.parent.iterdir()] == ["config.toml"]


def test_a_portal_that_would_not_be_read_again_changes_nothing(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    write_portal(file, "a", "https://a.example/fhir")
    before = file.read_bytes()
    with pytest.raises(Failure):
        write_portal(file, "a", "https://b.example/fhir")
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["config.toml"]
