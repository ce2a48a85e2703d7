"""The small file beside the two databases: what the store is called in the keyring, and how its key is recognised."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from workbench.store.disk import write_whole
from workbench.store.errors import Damaged, Full, Unsafe

NAME: Final = "store.json"
LABEL: Final = b"clinician-dialogue-workbench"
WORD: Final = re.compile(r"[0-9a-f-]{1,64}")


@dataclass(frozen=True, slots=True)
class Identity:
    """What is known of a store without its key."""

    store: str
    """The account in the keyring: a UUID."""
    check: str
    """Eight bytes of an HMAC of a fixed text under the key, in hex: tells a wrong key from a damaged file."""


def check_of(key: bytes) -> str:
    """The check that belongs to a key."""
    return hmac.digest(key, LABEL, hashlib.sha256)[:8].hex()


def read_identity(folder: Path) -> Identity | None:
    """What the file says, None when there is none.

    Raises:
        Damaged: It says something else.
        Unsafe: It is a link.
    """
    path = folder / NAME
    if path.is_symlink():
        raise Unsafe("it is a link", path)
    try:
        told = json.loads(path.read_bytes())
        found = Identity(told["store"], told["check"])
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Full(f"it cannot be read ({error.strerror})", path) from error
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Damaged("it does not say what it should", path) from None
    for word in (found.store, found.check):
        if not isinstance(word, str) or not WORD.fullmatch(word):
            raise Damaged("it does not say what it should", path)
    return found


def write_identity(folder: Path, identity: Identity) -> None:
    """Write the file whole, or not at all.

    Raises:
        Full: It cannot be written.
    """
    path = folder / NAME
    try:
        write_whole(path, json.dumps({"store": identity.store, "check": identity.check}).encode())
    except OSError as error:
        raise Full(f"it cannot be written ({error.strerror})", path) from error


def belongs(folder: Path, key: bytes) -> bool:
    """Whether a key is known to be this store's."""
    try:
        identity = read_identity(folder)
    except (Damaged, Full, Unsafe):
        return False
    return identity is not None and hmac.compare_digest(identity.check, check_of(key))
