"""The workbench opened from a command line, in a real terminal: demo, another portal, the first run."""

import json
import os
import re
import signal
import socket
import sys
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.interop import servers
from tests.terminal.harness import Program

PATIENCE = 40.0
"""Seconds; a slow machine fills a portal and starts two programs meanwhile."""
NO_KEYRING = "keyring.backends.fail.Keyring"


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    """Where the program makes its temporary folders."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    return folder


@contextmanager
def workbench(scratch: Path, *arguments: str, **environment: str) -> Iterator[Program]:
    """The program in a terminal wide enough for a sentence."""
    env = {
        **os.environ,
        "TMPDIR": str(scratch),
        "LANG": "en_GB.UTF-8",
        "PYTHON_KEYRING_BACKEND": NO_KEYRING,
        **environment,
    }
    with Program([sys.executable, "-m", "workbench", *arguments], env=env, size=(160, 30)) as program:
        yield program


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def communications(port: int) -> int:
    address = f"http://127.0.0.1:{port}/fhir/Communication?_summary=count"
    with urllib.request.urlopen(address, timeout=5) as answer:
        return int(json.load(answer)["total"])


def until(program: Program, look: Callable[[], bool], name: str) -> None:
    program.wait_until(look, name, PATIENCE)


def says(program: Program, words: str) -> None:
    """Waits for words of a sentence, wherever its lines break: the path in it is as long as the machine makes it."""
    wanted = re.compile(re.sub(r"\s", "", words))
    until(program, lambda: bool(wanted.search(re.sub(r"\s", "", program.terminal.text))), words)


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_a_demo_opens_can_be_read_over_plain_http_and_leaves_nothing(scratch: Path) -> None:
    port = free_port()
    with workbench(scratch, "demo", "--port", str(port), "--conversations", "12") as program:
        program.wait("Kari Nordmann", PATIENCE)
        program.wait("● (connected|live)", PATIENCE)
        assert communications(port) > 12
        program.press("ctrl+q")
        assert program.ended(PATIENCE) == 0
        assert not program.screen.strip(), "something was left on the terminal"
    assert not listens(port)
    assert not list(scratch.iterdir())


def test_a_terminal_on_which_nothing_can_be_drawn_is_left_at_once(scratch: Path) -> None:
    with workbench(scratch, "demo", "--conversations", "3", TERM="dumb") as program:
        says(program, "Nothing can be drawn on this terminal")
        assert program.ended(PATIENCE) == 2


def test_support_staff_opens_as_support_staff(scratch: Path) -> None:
    with workbench(scratch, "demo", "--conversations", "3", "--role", "support") as program:
        program.wait("Lise Sekretær", PATIENCE)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_a_demo_that_is_ended_from_outside_leaves_neither_portal_nor_folder(scratch: Path, number: int) -> None:
    port = free_port()
    with workbench(scratch, "demo", "--port", str(port), "--conversations", "3") as program:
        program.wait("● (connected|live)", PATIENCE)
        program.signal(number)
        program.ended(PATIENCE)
    await_that(lambda: not listens(port), "the portal ended")
    await_that(lambda: not list(scratch.rglob("*")), f"nothing is left in {scratch}")


def await_that(look: Callable[[], bool], name: str) -> None:
    """Looks until it is so; the portal of a killed demo ends in its own time."""
    import time

    end = time.monotonic() + PATIENCE
    while not look():
        assert time.monotonic() < end, f"it never came to this: {name}"
        time.sleep(0.05)


def test_a_kept_demo_goes_on_where_it_was_even_after_a_kill(scratch: Path, tmp_path: Path) -> None:
    kept, port = tmp_path / "kept", free_port()
    with workbench(scratch, "demo", "--keep", str(kept), "--port", str(port), "--conversations", "3") as program:
        program.wait("● (connected|live)", PATIENCE)
        body = json.dumps({"resourceType": "Communication", "status": "in-progress"}).encode()
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}/fhir/Communication",
            body,
            {"Content-Type": "application/fhir+json", "X-Test": "1"},
        )
        with urllib.request.urlopen(request, timeout=5):
            count = communications(port)
        program.kill()
        program.ended(PATIENCE)
    await_that(lambda: not listens(port), "the portal ended")
    with workbench(scratch, "demo", "--keep", str(kept), "--port", str(port), "--conversations", "3") as program:
        program.wait("● (connected|live)", PATIENCE)
        assert communications(port) == count
        program.press("ctrl+q")
        says(program, "Kept in .*kept")
        assert program.ended(PATIENCE) == 0
    assert kept.exists()
    assert not list(scratch.iterdir())


@pytest.mark.parametrize("where", ["/dev/null", "file/deeper"])
def test_a_place_where_nothing_can_be_kept_is_said_in_one_language(scratch: Path, tmp_path: Path, where: str) -> None:
    (tmp_path / "file").touch()
    with workbench(scratch, "--lang", "nb", "demo", "--keep", str(tmp_path / where)) as program:
        says(program, "er ingen mappe det kan skrives i")
        assert program.ended(PATIENCE) == 2
    assert "--port" not in program.screen


def test_a_second_demo_in_a_folder_is_told_of_the_first(scratch: Path, tmp_path: Path) -> None:
    kept = ("demo", "--keep", str(tmp_path / "kept"), "--conversations", "3")
    with workbench(scratch, *kept) as first:
        first.wait("● (connected|live)", PATIENCE)
        with workbench(scratch, *kept) as second:
            says(second, "Another demo has .*kept open")
            assert second.ended(PATIENCE) == 6
        assert "--port" not in second.screen


def test_a_folder_with_something_else_in_it_is_said(scratch: Path, tmp_path: Path) -> None:
    (tmp_path / "portal").mkdir()
    (tmp_path / "portal" / "portal.db").write_text("something else")
    with workbench(scratch, "demo", "--keep", str(tmp_path)) as program:
        says(program, "choose another folder with --keep")
        assert program.ended(PATIENCE) == 6


def test_a_port_that_is_taken_is_said(scratch: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with workbench(scratch, "demo", "--port", str(port)) as program:
            program.wait("--port", PATIENCE)
            assert program.ended(PATIENCE) == 5
    assert not list(scratch.iterdir())


def test_another_portal_opens_for_whom_one_says(scratch: Path, portal: str) -> None:
    with workbench(scratch, "--portal", portal, "--as", "Practitioner/kari-nordmann", "--throwaway") as program:
        program.wait("Kari Nordmann", PATIENCE)
        program.wait("● (connected|live)", PATIENCE)
        program.press("ctrl+q")
        assert program.ended(PATIENCE) == 0
    assert not list(scratch.iterdir())


def test_a_demo_of_two_portals_shows_both_in_one_list_and_leaves_nothing(scratch: Path) -> None:
    with workbench(scratch, "demo", "--portals", "2", "--conversations", "12") as program:
        program.wait(r"\[nat(ional)?\] ", PATIENCE)
        program.wait(r"\[reg(ional)?\] ", PATIENCE)
        program.press("ctrl+q")
        assert program.ended(PATIENCE) == 0
    await_that(lambda: not list(scratch.iterdir()), f"nothing is left in {scratch}")


def test_of_two_portals_each_asks_who_one_is_and_the_one_that_goes_down_is_named(scratch: Path, portal: str) -> None:
    with ExitStack() as second, ExitStack() as running:
        other = second.enter_context(servers.python("workbench.sandbox.run", "--conversations", "3", "--seed", "2"))
        program = running.enter_context(workbench(scratch, "--portal", other, "--portal", portal, "--throwaway"))
        for address in (other, portal):
            program.wait(f"Who are you on the portal {urlsplit(address).netloc}", PATIENCE)
            program.wait("Ola Pr", PATIENCE)
            program.type("kari")
            program.wait_gone("Ola Pr", PATIENCE)
            program.press("enter")
            program.wait_gone(f"on the portal {urlsplit(address).netloc}", PATIENCE)  # till then it takes the keys
        program.wait("Kari Nordmann.*(connected|live)", PATIENCE)
        program.wait(r"help +\d+ / \d+", PATIENCE)  # the keys have a row to act on
        program.type("r")
        program.wait(r"\[127.0.0.1:\d+\] REPLY to", PATIENCE)
        program.press("escape")
        program.wait_gone("REPLY to", PATIENCE)
        second.close()
        program.wait(rf"{urlsplit(other).netloc}: ○ offline", PATIENCE)
        program.wait("● (connected|live)", PATIENCE)
        program.press("ctrl+q")
        assert program.ended(PATIENCE) == 0


def test_without_a_keyring_nothing_is_kept_in_the_open(scratch: Path, portal: str, surroundings: Path) -> None:
    with workbench(scratch, "--portal", portal) as program:
        program.wait("has no keyring", PATIENCE)
        assert program.ended(PATIENCE) == 6
    assert not list(surroundings.rglob("*.db"))


def test_the_first_run_asks_until_a_portal_answers_and_remembers_it(
    scratch: Path, portal: str, surroundings: Path
) -> None:
    file = surroundings / "config.toml"
    with workbench(scratch, "--throwaway") as program:
        program.wait("Address of the portal:", PATIENCE)
        program.type("portal.example")
        program.press("enter")
        program.wait("it must look like", PATIENCE)
        program.type("http://127.0.0.1:9/fhir")
        program.press("enter")
        program.wait("does not answer", PATIENCE)
        assert not file.exists()
        program.type(portal)
        program.press("enter")
        program.wait("Who are you", PATIENCE)
        assert f'base = "{portal}"' in file.read_text(encoding="utf-8")
        program.wait("Kari Nordmann", PATIENCE)


def test_the_first_run_can_be_left(scratch: Path, surroundings: Path) -> None:
    with workbench(scratch) as program:
        program.wait("Address of the portal:", PATIENCE)
        program.press("enter")
        program.wait("workbench demo", PATIENCE)
        assert program.ended(PATIENCE) == 3
    assert not (surroundings / "config.toml").exists()


@pytest.mark.parametrize("arguments", [("--throwaway",), ("demo",)])
def test_a_terminal_of_another_encoding_gets_a_sentence_and_no_rows_that_run_off_the_screen(
    scratch: Path, arguments: tuple[str, ...]
) -> None:
    with workbench(scratch, *arguments, PYTHONIOENCODING="latin-1") as program:
        program.wait("The terminal does not speak UTF-8 but [a-z0-9-]+: set LANG", PATIENCE)
        assert program.ended(PATIENCE) == 1
