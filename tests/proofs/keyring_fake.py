"""A keyring in memory that passes for one that is safe; what it is told can be heard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keyring
from keyring.backend import KeyringBackend


class Fake(KeyringBackend):
    """Keeps what it is given, at once."""

    priority: Any = 5

    def __init__(self, heard: Callable[[dict[str, str]], None], holds: dict[str, str]) -> None:
        self.heard, self.holds, self.asked = heard, holds, 0

    def get_password(self, service: str, username: str) -> str | None:
        self.asked += 1
        return self.holds.get(f"{service} {username}")

    def set_password(self, service: str, username: str, password: str) -> None:
        self.holds[f"{service} {username}"] = password
        self.heard(self.holds)

    def delete_password(self, service: str, username: str) -> None:
        self.holds.pop(f"{service} {username}", None)
        self.heard(self.holds)


Fake.__module__, Fake.__qualname__ = "keyring.backends.SecretService", "Keyring"


def use(heard: Callable[[dict[str, str]], None] = lambda _: None, holds: dict[str, str] | None = None) -> Fake:
    """Makes a new one this process's keyring."""
    ring = Fake(heard, dict(holds or {}))
    keyring.set_keyring(ring)
    return ring
