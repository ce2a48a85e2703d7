"""The same surroundings for every test: no home, language, colours or network of the machine it runs on."""

import gc
import itertools
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.order import pytest_collection_modifyitems as pytest_collection_modifyitems
from tests.slices import slices as slices
from workbench import language

UNWANTED = (
    *("NO_COLOR", "FORCE_COLOR", "CLICOLOR", "COLUMNS", "LINES", "WORKBENCH", "TEXTUAL", "PYTHON_KEYRING", "LC_"),
    "PYTHONDONTWRITEBYTECODE",  # many programs are started: compiling them anew each time costs half as much again
)
OF_THE_PLUGIN = "TEXTUAL_SNAPSHOT_TEMPDIR"
LOOPBACK = ("127.", "::1", "localhost")


def pytest_addoption(parser: pytest.Parser) -> None:
    """What becomes of walks that are too long to be gone whole each time."""
    parser.addoption("--whole", action="store_true", help="walk everything that the suite otherwise takes slices of")
    parser.addoption("--slice-seed", type=int, metavar="S", help="take the slice again that a failed test has told of")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Two workers a processor: most of its time a test waits for a disk, a process or a portal."""
    return 2 * (os.cpu_count() or 1)


@pytest.fixture(scope="session")
def homes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Folders that do not exist yet, one for each test: `mktemp` would look through all that are there each time."""
    folder = tmp_path_factory.mktemp("homes")
    return (folder / str(number) for number in itertools.count())


@pytest.fixture(autouse=True)
def surroundings(homes: Iterator[Path], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A fixed environment and language; gives the folder that `WORKBENCH_HOME` names."""
    for name in [name for name in os.environ if name.startswith(UNWANTED) and name != OF_THE_PLUGIN]:
        monkeypatch.delenv(name)
    if OF_THE_PLUGIN in os.environ:  # noted, so that it is back after a test whose program drops such switches
        monkeypatch.setenv(OF_THE_PLUGIN, os.environ[OF_THE_PLUGIN])
    home = next(homes)
    home.mkdir(mode=0o700)
    for name, value in {
        "WORKBENCH_HOME": str(home),
        "HOME": str(home),
        "LANG": "nb_NO.UTF-8",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
    }.items():
        monkeypatch.setenv(name, value)
    if language.current() != "nb":  # a catalogue is read from disk
        language.use("nb")
    return home


@pytest.fixture(autouse=True)
def _garbage_is_found() -> Iterator[None]:
    """What a program that has ended set aside as loaded is garbage to the tests after it."""
    yield
    gc.unfreeze()


@pytest.fixture(autouse=True)
def _this_machine_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reaches another machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: object) -> None:
        if isinstance(address, tuple) and not str(address[0]).startswith(LOOPBACK):
            raise AssertionError(f"a test wanted to speak to {address[0]}")
        connect(self, address)  # type: ignore[arg-type]

    monkeypatch.setattr(socket.socket, "connect", guarded)
