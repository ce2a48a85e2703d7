"""The key lives in a keyring that is known to encrypt and has shown that it keeps; else there is no store.

Each case runs in a process of its own, with a backend that poses as one of the platform's.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.store.made import KEY, open_store
from workbench.store.errors import Damaged
from workbench.store.identity import Identity, belongs, check_of, read_identity, write_identity
from workbench.store.keys import throwaway

ROOT = Path(__file__).parents[2]
CASE = """
import json, sys, time
from pathlib import Path
import keyring
from keyring import errors
from keyring.backend import KeyringBackend
from workbench.store.errors import StoreError
from workbench.store.keys import forget_key, keyring_key

folder, module, name, habit, verb = sys.argv[1:6]
kept_in = Path(folder).with_name("keyring.json")

class Fake(KeyringBackend):
    priority = 5
    def _all(self):
        return json.loads(kept_in.read_text()) if kept_in.exists() else {}
    def get_password(self, service, username):
        if habit == "hangs":
            time.sleep(60)
        if habit == "locked":
            raise errors.KeyringLocked("prompt dismissed")
        if habit == "breaks":
            raise RuntimeError("no such bus")
        return None if habit == "forgets" else self._all().get(service + " " + username)
    def set_password(self, service, username, password):
        if habit == "refuses":
            raise errors.InitError("prompt dismissed")
        kept_in.write_text(json.dumps({**self._all(), service + " " + username: password}))
    def delete_password(self, service, username):
        if habit != "keeps-all":
            left = self._all()
            del left[service + " " + username]
            kept_in.write_text(json.dumps(left))

Fake.__module__, Fake.__qualname__ = module, name
backend = Fake()
if habit.startswith("chain"):
    class Chain(KeyringBackend):
        priority = 10
        get_password = set_password = None
        backends = [backend] if habit == "chain" else []
    Chain.__module__, Chain.__qualname__ = "keyring.backends.chainer", "ChainerBackend"
    backend = Chain()
keyring.set_keyring(backend)
try:
    if verb == "forget":
        forget_key(Path(folder))
        print("forgotten")
    else:
        print(keyring_key(Path(folder), wait=3.0 if habit == "hangs" else 60.0).hex())
except StoreError as error:
    print(error.word, getattr(error, "reason", ""), error.path and error.path.name)
"""
SECRET_SERVICE = ("keyring.backends.SecretService", "Keyring")


def asked(folder: Path, backend: tuple[str, str] = SECRET_SERVICE, habit: str = "well", verb: str = "key") -> str:
    done = subprocess.run(
        [sys.executable, "-c", CASE, str(folder), *backend, habit, verb],
        capture_output=True, text=True, cwd=ROOT, timeout=60, check=True,
    )  # fmt: skip
    assert done.stderr == ""
    return done.stdout.strip()


def test_the_key_is_made_once_and_kept_nowhere_else(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    first = asked(folder)
    key = bytes.fromhex(first)
    assert len(key) == 32
    assert asked(folder) == first
    kept = json.loads((tmp_path / "keyring.json").read_text())
    identity = read_identity(folder)
    assert identity is not None
    assert kept == {f"clinician-dialogue-workbench {identity.store}": base64.b64encode(key).decode()}
    assert identity.check == check_of(key)
    store = open_store(folder, key=key)
    store.close()
    for path in folder.iterdir():
        assert key not in path.read_bytes()
        assert key.hex().encode() not in path.read_bytes()
        assert base64.b64encode(key) not in path.read_bytes()
    assert asked(tmp_path / "another") != first


@pytest.mark.parametrize(
    "backend",
    [
        SECRET_SERVICE,
        ("keyring.backends.libsecret", "Keyring"),
        ("keyring.backends.kwallet", "DBusKeyring"),
        ("keyring.backends.macOS", "Keyring"),
        ("keyring.backends.Windows", "WinVaultKeyring"),
    ],
)
def test_the_platforms_own_keyrings_are_taken(tmp_path: Path, backend: tuple[str, str]) -> None:
    assert len(asked(tmp_path / "store", backend)) == 64


@pytest.mark.parametrize(
    ("backend", "habit", "reason"),
    [
        (("keyrings.alt.file", "PlaintextKeyring"), "well", "refused"),
        (("keyrings.cryptfile.cryptfile", "CryptFileKeyring"), "well", "refused"),
        (("keyring.backends.SecretService", "Other"), "well", "refused"),
        (("keyring.backends.null", "Keyring"), "forgets", "absent"),
        (("keyring.backends.fail", "Keyring"), "well", "absent"),
        (SECRET_SERVICE, "forgets", "failed"),
        (SECRET_SERVICE, "keeps-all", "failed"),
        (SECRET_SERVICE, "breaks", "failed"),
        (SECRET_SERVICE, "locked", "locked"),
        (SECRET_SERVICE, "refuses", "locked"),
        (SECRET_SERVICE, "hangs", "slow"),
        (SECRET_SERVICE, "chain-of-none", "refused"),
        (("keyrings.alt.file", "PlaintextKeyring"), "chain", "refused"),
    ],
)
def test_any_other_keyring_is_refused_with_its_reason(
    tmp_path: Path, backend: tuple[str, str], habit: str, reason: str
) -> None:
    assert asked(tmp_path / "store", backend, habit) == f"no-keyring {reason} None"
    assert list((tmp_path / "store").iterdir()) == []


def test_the_first_of_a_chain_is_used_when_it_is_safe(tmp_path: Path) -> None:
    assert len(asked(tmp_path / "store", habit="chain")) == 64


def test_a_store_without_its_key_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    key = bytes.fromhex(asked(folder))
    open_store(folder, key=key).close()
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    (tmp_path / "keyring.json").unlink()
    assert asked(folder) == "no-keyring key-missing work.db"
    (folder / "store.json").unlink()
    assert asked(folder) == "no-keyring key-missing work.db"
    del before["store.json"]
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert not (tmp_path / "keyring.json").exists()


def test_a_key_that_is_another_stores_is_said(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    asked(folder)
    kept = json.loads((tmp_path / "keyring.json").read_text())
    for wrong in (base64.b64encode(b"x" * 32).decode(), "not base64!", ""):
        (tmp_path / "keyring.json").write_text(json.dumps(dict.fromkeys(kept, wrong)))
        assert asked(folder) == "wrong-key  store.json"


def test_a_key_is_made_anew_while_there_is_no_store(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    first = asked(folder)
    (tmp_path / "keyring.json").unlink()
    second = asked(folder)
    assert len(second) == 64
    assert second != first
    assert asked(folder) == second


def test_a_forgotten_key_is_gone(tmp_path: Path) -> None:
    folder = tmp_path / "store"
    open_store(folder, key=bytes.fromhex(asked(folder))).close()
    assert asked(folder, verb="forget") == "forgotten"
    assert json.loads((tmp_path / "keyring.json").read_text()) == {}
    assert asked(folder) == "no-keyring key-missing work.db"
    assert asked(folder, verb="forget") == "forgotten"


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", '{"store": 1, "check": "a"}', '{"store": "../x", "check": "a"}', "[" * 9999]
)
def test_an_identity_that_is_not_one_is_damage(tmp_path: Path, text: str) -> None:
    (tmp_path / "store.json").write_text(text)
    with pytest.raises(Damaged):
        read_identity(tmp_path)
    assert not belongs(tmp_path, KEY)
    assert asked(tmp_path) == "damaged  store.json"
    assert (tmp_path / "store.json").read_text() == text


def test_an_identity_comes_back(tmp_path: Path) -> None:
    assert read_identity(tmp_path) is None
    write_identity(tmp_path, Identity("ab-1", check_of(KEY)))
    assert read_identity(tmp_path) == Identity("ab-1", check_of(KEY))
    assert belongs(tmp_path, KEY)
    assert not belongs(tmp_path, b"x" * 32)


def test_a_throwaway_key_is_another_each_time() -> None:
    assert len({throwaway() for _ in range(10)}) == 10
    assert len(throwaway()) == 32
