"""What every command does with its arguments, before any portal or store comes in."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import ROOT, one_sentence, workbench
from workbench.cli import keys
from workbench.cli.main import main
from workbench.commands import COMMANDS


def test_a_command_that_does_not_exist_is_wrong_usage() -> None:
    done = workbench("--lang", "en", "frob")
    assert done.returncode == 2
    assert "frob" in one_sentence(done)


def test_what_was_typed_reaches_the_terminal_only_in_visible_signs() -> None:
    done = workbench("keys", "--\x1b]52;c;?\x07\u202e")
    assert done.returncode == 2
    assert "U+001B" in one_sentence(done)


@pytest.mark.parametrize("arguments", [("--lang", "en", "keys"), ("keys", "--lang", "en"), ("keys", "--lang=en")])
def test_an_option_of_every_command_stands_before_or_after_its_name(arguments: tuple[str, ...]) -> None:
    done = workbench(*arguments)
    assert done.returncode == 0
    assert "Write a reply to the patient" in done.stdout


def test_keys_lists_every_verb_with_the_key_it_has_now(surroundings: Path) -> None:
    (surroundings / "config.toml").write_text('[keys]\nhand-over = "ctrl+o"', encoding="utf-8")
    lines = workbench("keys").stdout.splitlines()
    for command in COMMANDS:
        assert any(f" {command.id} " in line for line in lines)
    assert next(line for line in lines if " hand-over " in line).strip().startswith("ctrl+o")


def test_a_portal_spoken_to_in_the_open_is_refused() -> None:
    done = workbench("--lang", "en", "keys", "--portal", "http://portal.example/fhir")
    assert done.returncode == 2
    assert "https" in one_sentence(done)


def test_a_wrong_configuration_has_its_own_exit_code(surroundings: Path) -> None:
    file = surroundings / "config.toml"
    file.write_text("\nlangauge = 1", encoding="utf-8")
    done = workbench("--lang", "en", "config")
    assert done.returncode == 3
    assert f"{file}, line 2: " in one_sentence(done)


def test_config_says_where_it_is_and_that_it_is_right(surroundings: Path) -> None:
    file = surroundings / "config.toml"
    assert workbench("config", "path").stdout == f"{file}\n"
    file.write_text(workbench("config", "example").stdout, encoding="utf-8")
    done = workbench("--lang", "en", "config", "check")
    assert done.returncode == 0
    assert "1 portal." in done.stdout


def test_a_saved_view_that_cannot_be_meant_is_told_with_its_line(surroundings: Path) -> None:
    (surroundings / "views").mkdir()
    (surroundings / "views" / "mine.toml").write_text('name = "Mine"\nsearch = 3\n', encoding="utf-8")
    done = workbench("--lang", "en", "config", "check")
    assert done.returncode == 3
    assert "mine.toml, line 2: " in one_sentence(done)


def test_the_configured_language_is_spoken_unless_another_is_asked_for(surroundings: Path) -> None:
    (surroundings / "config.toml").write_text('language = "en"', encoding="utf-8")
    assert "Write a reply to the patient" in workbench("keys").stdout
    assert workbench("keys", "--lang", "nn").stdout != workbench("keys").stdout


@pytest.mark.parametrize("command", ["login", "logout"])
def test_signing_in_is_said_not_to_be_there(command: str) -> None:
    done = workbench("--lang", "en", command)
    assert done.returncode == 4
    assert "--as" in one_sentence(done)


def test_a_reader_that_goes_away_is_no_fault() -> None:
    program = subprocess.Popen(
        [sys.executable, "-m", "workbench", "config", "example"],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert program.stdout is not None
    program.stdout.close()
    assert program.stderr is not None
    assert program.stderr.read() == b""
    program.stderr.close()
    assert program.wait() == 1


def in_shell(line: str) -> subprocess.CompletedProcess[str]:
    """Runs the program with what a shell does to its streams."""
    return subprocess.run(
        ["/bin/sh", "-c", f"'{sys.executable}' -m workbench --lang en {line}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("command", ["keys", "config example", "flags test 'Takk for svar.' --json"])
def test_output_that_has_no_room_is_said_to_have_none(command: str) -> None:
    done = in_shell(f"{command} > /dev/full")
    assert done.returncode == 1
    assert "The output cannot be written" in one_sentence(done)


@pytest.mark.skipif(os.name != "posix", reason="needs a shell that closes streams")
def test_closed_output_is_written_nowhere_and_is_no_fault() -> None:
    done = in_shell("keys >&-")
    assert (done.returncode, done.stderr) == (0, "")
    assert in_shell("frob 2>&-").returncode == 2


def test_a_fault_of_our_own_says_where_and_not_one_word_of_what_it_held(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(_options: object) -> int:
        raise ValueError("Ola Nordmann has a rash")

    monkeypatch.setattr(keys, "run", fail)
    assert main(["--lang", "en", "keys"]) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith(
        "workbench: A fault of the program's own stopped it (ValueError at test_command_line.py:"
    )
    assert printed.err.count("\n") == 1
    assert "Ola" not in printed.err


@pytest.mark.parametrize("command", ["status", "outbox", "overview", "effort", "wipe"])
def test_a_store_that_cannot_be_looked_at_is_not_told_to_be_empty(command: str) -> None:
    """A folder that the system refuses to look into, here for the length of its name, as for whose it is."""
    home = ("/" + "a/" * 2040)[:4075].rstrip("/")
    done = workbench("--lang", "en", command, WORKBENCH_HOME=home)
    assert done.returncode == 6
    assert one_sentence(done).endswith("see who owns the folder; what was saved is kept.")


def test_a_home_that_nobody_has_is_named() -> None:
    done = workbench("--lang", "en", "status", WORKBENCH_HOME="~nobody-of-that-name/x")
    assert done.returncode == 6
    assert "~nobody-of-that-name/x" in one_sentence(done)
