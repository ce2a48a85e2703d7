"""A keyring that a test can hold, and a sandbox portal that ends with the test."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import keyring
import pytest
from keyring.backend import KeyringBackend

from tests.cli.running import ROOT
from workbench.store import keys


class TestKeyring(KeyringBackend):
    """Keeps secrets for the length of a test."""

    __test__ = False
    priority = 1

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def own_keyring(monkeypatch: pytest.MonkeyPatch) -> Iterator[TestKeyring]:
    """The keyring of this process, counted among the safe ones."""
    before = keyring.get_keyring()
    backend = TestKeyring()
    monkeypatch.setattr(keys, "SAFE", frozenset({f"{TestKeyring.__module__}.{TestKeyring.__qualname__}"}))
    keyring.set_keyring(backend)
    yield backend
    keyring.set_keyring(before)


@pytest.fixture
def portal() -> Iterator[str]:
    """The base of a portal with eight conversations, run by the command line."""
    program = subprocess.Popen(
        [sys.executable, "-m", "workbench", "portal", "--conversations", "8", "--until-stdin-closes"],
        cwd=ROOT,
        env=os.environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with program:
        assert program.stdout is not None
        yield program.stdout.readline().removeprefix("READY ").strip()
        program.send_signal(signal.SIGTERM)
