"""The configuration: what it takes, and what it says of all else."""

import os
import subprocess
import sys
from argparse import Namespace
from datetime import date, time
from pathlib import Path

import pytest
from textual.keys import Keys, _character_to_key

from workbench import language
from workbench.cli.config import run
from workbench.commands import COMMANDS
from workbench.config import THEMES, PortalSettings, Settings, load, write_portal
from workbench.dialogue.deadline import OfficeHours, Term, WorkingDays
from workbench.dialogue.office import WEEK, Hours, Office
from workbench.dialogue.receipt import TEXTS
from workbench.failure import Exit, Failure
from workbench.key_config import NAMED, SIGNS, is_key
from workbench.public_holidays import is_holiday
from workbench.theme import LOOKS

EXAMPLE = Path(__file__).parents[2] / "workbench/example.toml"
PORTAL = '[[portal]]\nname = "a"\nbase = "https://a.example/fhir"\n'
LONG = Hours(time(9), time(16, 5))
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
    "a key that no terminal sends": ('[keys]\nreply = "e"\nnote = "ctrl+alt+shift+zz"', 3, "ctrl+alt+shift+zz"),
    "a letter with shift, which is another letter": ('[keys]\nnote = "shift+e"', 2, "shift+e"),
    "a key that another verb has": ('[keys]\nhand-over = "h"', 2, "“hand-over” and “patient” cannot both"),
    "a key of a verb before it": ('[keys]\nhand-over = "r"', 2, "“reply” and “hand-over”"),
    "a key for two": ('[keys]\nnote = "e"\npriority = "f6,e"', 2, "“note” and “priority”"),
    "a key that a verb has everywhere": ('[keys]\nnote = "f9"', 2, "“note” and “theme”"),
    "a key that lists have": ('[keys]\ndone = "enter"', 2, "move and open"),
    "another name of a key that lists have": ('[keys]\ndone = "ctrl+m"', 2, "move and open"),
    "a letter for what is done while writing": ('[keys]\nsend = "s"', 2, "writing"),
    "a letter for what is done everywhere": ('[keys]\nquit = "ctrl+q,Q"', 2, "writing"),
    "keys that are no table": ('keys = "r"', 1, "keys"),
    "a portal that is no list": ('[portal]\nname = "a"', 1, "[[portal]]"),
    "a portal without an address": ('[[portal]]\nname = "a"', 1, "base"),
    "a portal without a name": ('\n[[portal]]\nbase = "https://a.example"', 2, "name"),
    "two portals of one name": (PORTAL + PORTAL, 5, "a"),
    "two portals whose names read alike": (PORTAL + PORTAL.replace('"a"', '"A "').replace("//a", "//b"), 5, "A "),
    "one portal under two names": (PORTAL + PORTAL.replace('"a"', '"b"'), 6, "“a” has this address"),
    "one portal under two names, written otherwise": (
        PORTAL + '[[portal]]\nname = "b"\nbase = "https://A.example:443/fhir/"',
        6,
        "“a” has this address",
    ),
    "an address that ends in a question": ('[[portal]]\nname = "a"\nbase = "https://a.example/fhir?"', 3, "question"),
    "plain http to another machine": ('[[portal]]\nname = "a"\nbase = "http://a.example/fhir"', 3, "https"),
    "an address of another kind": ('[[portal]]\nname = "a"\nbase = "ftp://a.example"', 3, "base"),
    "an address with a password": ('[[portal]]\nname = "a"\nbase = "https://me:word@a.example"', 3, "base"),
    "an address with a port that is none": ('[[portal]]\nname = "a"\nbase = "https://a.example:port"', 3, "base"),
    "somebody who is no practitioner": (PORTAL + 'as = "Patient/1"', 4, "Practitioner/ID"),
    "threads of a kind unknown": (PORTAL + 'threads = "all"', 4, "marked"),
    "a code unknown": (PORTAL + '[portal.codes]\nkind = "x"', 5, "kind_thread"),
    "a code that is no text": (PORTAL + "[portal.codes]\nkind_thread = 1", 5, "kind_thread"),
    "a list that is none": (PORTAL + '[portal.codes]\nsupport_words = "x"', 5, "support_words"),
    "a term that is no number": ('[deadlines]\nreseptfornyelse = "3"', 2, "reseptfornyelse"),
    "a term in words": ('[deadlines]\ndefault = "soon"', 2, "4 hours"),
    "truth for a term": ("[deadlines]\ndefault = true", 2, "default"),
    "a term that is no whole number": ("[deadlines]\nannet = 2.5", 2, "annet"),
    "a term before its time": ("[deadlines]\ndefault = -1", 2, "0 to 60"),
    "a term too long": ("[deadlines]\ndefault = 61", 2, "60"),
    "hours too many": ('[deadlines]\ndefault = "201 hours"', 2, "200"),
    "no hours at all": ('[deadlines]\ndefault = "0 hours"', 2, "default"),
    "deadlines that are no table": ("deadlines = 5", 1, "deadlines"),
    "a day unknown": ('[office]\nhours = "08:00-15:00"\nmandag = "closed"', 3, "monday"),
    "hours that are none": ('[office]\nhours = "8-15"', 2, "08:00-15:30"),
    "an office that closes before it opens": ('[office]\nfriday = "15:00-08:00"', 2, "friday"),
    "an office that closes as it opens": ('[office]\nfriday = "08:00-08:00"', 2, "friday"),
    "an hour there is not": ('[office]\nfriday = "08:00-24:00"', 2, "friday"),
    "an office that never opens": ('language = "nb"\n[office]\nhours = "closed"', 2, "open"),
    "a closed day there is not": ('[office]\nclosed = ["2026-02-29"]', 2, "2026-12-24"),
    "a closed day there never is": ('[office]\nclosed = ["12-24", "02-30"]', 2, "12-24"),
    "a closed day written as nobody here does": ('[office]\nclosed = ["20261224"]', 2, "closed"),
    "a closed day that is no text": ("[office]\nclosed = [2026-12-24]", 2, "closed"),
    "a closed day that is no list": ('[office]\nclosed = "2026-12-24"', 2, "list"),
    "closed days without end": (f"[office]\nclosed = {['12-24'] * 201}", 2, "200"),
    "a zone there is not": ('[office]\nzone = "Europe/Sorenga"', 2, "Europe/Oslo"),
    "a zone that is a folder": ('[office]\nzone = "Europe"', 2, "Europe/Oslo"),
    "a zone that is a path": ('[office]\nzone = "../passwd"', 2, "Europe/Oslo"),
    "a zone that is nothing": ('[office]\nzone = ""', 2, "Europe/Oslo"),
    "a receipt in a language we do not speak": ('[receipt]\nse = "{by}"', 2, "nb, nn, en"),
    "a default in a language we do not speak": ('[receipt]\ndefault = "se"', 2, "nb, nn, en"),
    "a receipt with a placeholder unknown": ('[receipt]\nnb = "Hei {patient}, svar {by}"', 2, "{patient}"),
    "a receipt that looks into its placeholder": ('[receipt]\nnb = "{by.__class__}"', 2, "{by.__class__}"),
    "a receipt that shapes its placeholder": ('[receipt]\nnb = "{by!r:>9}"', 2, "{by!r:>9}"),
    "a receipt with a placeholder without a name": ('[receipt]\nnb = "{by} {}"', 2, "{}"),
    "a receipt with half a bracket": ('[receipt]\nnb = "svar {by"', 2, "bracket"),
    "a receipt with the other half": ('[receipt]\nnb = "svar by} {by}"', 2, "bracket"),
    "a receipt without a day": ('[receipt]\nnn = "Svar {{by}} kjem."', 2, "{by}"),
    "a receipt of nothing": ('[receipt]\nnn = " "', 2, "nn"),
    "a receipt too long": (f'[receipt]\nen = "{{by}}{"x" * 997}"', 2, "1000"),
    "a receipt a terminal obeys": ('[receipt]\nen = "{by}\\u001b[2J"', 2, "control"),
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


@pytest.mark.parametrize(
    "text", ['reply = "f"\nhand-over = "r"', 'hand-over = "h"\npatient = "æ"', 'note = "n,ctrl+shift+left,alt+n"']
)
def test_keys_can_be_swapped_and_more_than_one(text: str, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f"[keys]\n{text}", encoding="utf-8")
    assert load(file).keys


def test_every_key_that_a_terminal_sends_is_known() -> None:
    assert all(is_key(key) for command in COMMANDS for key in command.keys)
    written = {_character_to_key(character) for character in map(chr, range(33, 127))}
    assert {key for key in written if not is_key(key)} == set()
    assert {name for name in SIGNS if name not in written} == set()
    sent = {key.value for key in Keys if key.value.rpartition("+")[2] in NAMED}
    assert {key for key in sent if not is_key(key)} == set()


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


@pytest.mark.skipif(os.name != "posix", reason="needs pipes that have a name")
def test_a_pipe_in_the_file_s_place_is_said_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "config.toml")
    with pytest.raises(Failure, match="no file") as refused:
        load(tmp_path / "config.toml")
    assert refused.value.code == Exit.CONFIGURATION


def test_what_is_nested_too_deep_is_said(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f"x = {'[' * 5000}", encoding="utf-8")
    with pytest.raises(Failure, match="not TOML") as refused:
        load(file)
    assert refused.value.code == Exit.CONFIGURATION


def test_rules_for_red_flags_that_are_not_there_are_said_when_it_is_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_HOME", str(tmp_path))
    (tmp_path / "config.toml").write_text(f"[red_flags]\nfile = '{tmp_path / 'rules.toml'}'", encoding="utf-8")
    with pytest.raises(Failure, match="rules for red flags cannot be read"):
        run(Namespace(what="check"))


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
    assert settings.keys == {"hand-over": "e"}
    assert settings.deadlines.term("reseptfornyelse") == WorkingDays(3)
    assert settings.deadlines.term("e-kontakt") == OfficeHours(4)
    assert settings.deadlines.term("annet") == WorkingDays(5)
    office = settings.deadlines.office
    assert office.week == (*WEEK[:4], Hours(time(8), time(14)), None, None)
    assert (set(office.closed), set(office.closed_yearly)) == ({date(2026, 5, 15)}, {(12, 24)})
    assert settings.receipt.texts["nb"].endswith("Akutt: 113.")
    assert settings.receipt.texts["nn"] == TEXTS["nn"]


@pytest.mark.parametrize(
    ("text", "week"),
    [
        ("", WEEK),
        ('hours = "closed"\nsaturday = "10.00 - 13.00"', (*[None] * 5, Hours(time(10), time(13)), None)),
        ('hours = "9:00–16:05"\nwednesday = "closed"', (*[LONG] * 2, None, *[LONG] * 2, None, None)),
    ],
)
def test_office_hours_are_those_of_the_week_and_a_day_s_own(
    text: str, week: tuple[Hours | None, ...], tmp_path: Path
) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f"[office]\n{text}", encoding="utf-8")
    assert load(file).deadlines.office == Office(is_holiday, week)


@pytest.mark.parametrize(
    ("written", "term"),
    [("0", WorkingDays(0)), ("60", WorkingDays(60)), ('"1 hour"', OfficeHours(1)), ('"200 hours"', OfficeHours(200))],
)
def test_terms_are_working_days_or_office_hours_of_any_category(written: str, term: Term, tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text(f'[deadlines]\n"vår.egen kode" = {written}', encoding="utf-8")
    assert load(file).deadlines.term("vår.egen kode") == term


def test_a_receipt_keeps_its_lines_and_its_brackets(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text('[receipt]\ndefault = "nn"\nnn = """\r\nHei.\r\nSvar {by}. {{-:"""', encoding="utf-8")
    texts = load(file).receipt
    assert (texts.default, texts.texts["nn"], texts.texts["nb"]) == ("nn", "Hei.\nSvar {by}. {{-:", TEXTS["nb"])


def test_what_is_configured_of_the_office_loads_no_holidays() -> None:
    asked = f"from pathlib import Path; from workbench.config import load; load(Path({str(EXAMPLE)!r}))"
    done = subprocess.run(
        [sys.executable, "-c", f"{asked}; import sys; print(*sys.modules)"],
        cwd=EXAMPLE.parents[1], capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert not {"holidays", "dateutil", "babel"} & set(done.stdout.split())


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
