"""The key of a store: random, kept in the platform's keyring and nowhere else.

A keyring backend is used only when its class is known to encrypt, and only after it has kept, returned and
deleted a trial entry: what a backend says of its own priority is no test of safety.
"""

from __future__ import annotations

import base64
import binascii
import secrets
from collections.abc import Callable
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import TYPE_CHECKING, Final, TypeVar
from uuid import uuid4

from workbench.store.cipher import KEY_BYTES, private_folder
from workbench.store.errors import NoKeyring, StoreError, WrongKey
from workbench.store.identity import NAME, Identity, check_of, read_identity, write_identity
from workbench.store.work import NAME as WORK

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE: Final = "clinician-dialogue-workbench"
SAFE: Final = frozenset(
    {
        "keyring.backends.SecretService.Keyring",
        "keyring.backends.libsecret.Keyring",
        "keyring.backends.kwallet.DBusKeyring",
        "keyring.backends.macOS.Keyring",
        "keyring.backends.Windows.WinVaultKeyring",
    }
)
"""Backends that keep secrets encrypted under the user's own sign-in."""
CHAIN: Final = "keyring.backends.chainer.ChainerBackend"
ABSENT: Final = frozenset({"keyring.backends.fail.Keyring", "keyring.backends.null.Keyring"})
WAIT: Final = 120.0
"""Seconds to wait for the keyring: the desktop may be asking the user for a password."""

T = TypeVar("T")


def throwaway() -> bytes:
    """A key that is kept nowhere: its store can be read by nobody once the program has ended."""
    return secrets.token_bytes(KEY_BYTES)


def keyring_key(folder: Path, *, wait: float = WAIT) -> bytes:
    """The key of the store in a folder, made when there is neither store nor key.

    Args:
        folder: Where the store is, or will be.
        wait: Seconds after which the keyring counts as not answering.

    Returns:
        32 bytes.

    Raises:
        NoKeyring: `reason` says why; with a store there and no key for it, nothing is made.
        WrongKey: The keyring's key is not this store's.
        StoreError: The folder cannot be used.
    """
    private_folder(folder)
    return in_time(lambda: _key(folder), wait)


def forget_key(folder: Path, *, wait: float = WAIT) -> None:
    """Delete a store's key, after which nobody can read the store again.

    Raises:
        NoKeyring: The keyring did not do it.
    """
    identity = read_identity(folder)
    if identity is None:
        return

    def forget() -> None:
        backend = safe_backend()
        for account in (identity.store, generation_of(identity.store)):
            if backend.get_password(SERVICE, account) is not None:
                backend.delete_password(SERVICE, account)

    in_time(forget, wait)
    (folder / NAME).unlink(missing_ok=True)


def generation_of(store: str) -> str:
    """The account under which the keyring remembers how old a store is."""
    return f"{store}-generation"


def proven_backend() -> str:
    """The class of the keyring backend that is used, once it has kept, returned and deleted a trial entry.

    Raises:
        NoKeyring: None can be used.
    """

    def prove() -> str:
        backend = safe_backend()
        _try_out(backend)
        return _name(backend)

    return in_time(prove, WAIT)


def _key(folder: Path) -> bytes:
    identity = read_identity(folder)
    if identity is None:
        if (folder / WORK).exists():
            raise NoKeyring("key-missing", folder / WORK)
        return _new(folder, str(uuid4()))
    kept = safe_backend().get_password(SERVICE, identity.store)
    if kept is None:
        if (folder / WORK).exists():
            raise NoKeyring("key-missing", folder / WORK)
        return _new(folder, identity.store)
    try:
        key = base64.b64decode(kept, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != KEY_BYTES or check_of(key) != identity.check:
        raise WrongKey("the keyring's key is another store's", folder / NAME)
    return key


def _new(folder: Path, store: str) -> bytes:
    backend = safe_backend()
    _try_out(backend)
    key = secrets.token_bytes(KEY_BYTES)
    text = base64.b64encode(key).decode()
    backend.set_password(SERVICE, store, text)
    if backend.get_password(SERVICE, store) != text:
        raise NoKeyring("failed")
    write_identity(folder, Identity(store, check_of(key)))
    return key


def _try_out(backend: KeyringBackend) -> None:
    """Have a trial entry kept, returned and deleted."""
    account, secret = f"trial-{uuid4()}", secrets.token_hex(16)
    backend.set_password(SERVICE, account, secret)
    if backend.get_password(SERVICE, account) != secret:
        raise NoKeyring("failed")
    backend.delete_password(SERVICE, account)
    if backend.get_password(SERVICE, account) is not None:
        raise NoKeyring("failed")


def safe_backend() -> KeyringBackend:
    """The platform's keyring, when it is one that is safe.

    Raises:
        NoKeyring: It is not, or there is none.
    """
    import keyring

    backend = keyring.get_keyring()
    if _name(backend) == CHAIN:
        # The chain may hold plain files further down: only its first choice counts, and is used alone.
        backend = next(iter(backend.backends), backend)  # type: ignore[attr-defined]
    name = _name(backend)
    if name in ABSENT:
        raise NoKeyring("absent")
    if name not in SAFE:
        raise NoKeyring("refused")
    return backend


def _name(backend: KeyringBackend) -> str:
    return f"{type(backend).__module__}.{type(backend).__qualname__}"


def in_time(work: Callable[[], T], wait: float) -> T:
    """Do something with the keyring on a thread that may be left behind, as backends can wait for ever.

    Raises:
        StoreError: `NoKeyring` when it failed, or took longer than `wait` seconds.
    """
    answers: Queue[tuple[T | None, BaseException | None]] = Queue()

    def run() -> None:
        try:
            answers.put((work(), None))
        except BaseException as error:  # noqa: BLE001 - backends raise what they like; it is raised again below
            answers.put((None, error))

    Thread(target=run, name="keyring", daemon=True).start()
    try:
        answer, error = answers.get(timeout=wait)
    except Empty:
        raise NoKeyring("slow") from None
    if error is not None:
        raise _told(error)
    return answer  # type: ignore[return-value]


def _told(error: BaseException) -> StoreError:
    """What a backend raised, in our words."""
    from keyring.errors import InitError, KeyringLocked, NoKeyringError

    if isinstance(error, StoreError):
        return error
    reason = "failed"
    if isinstance(error, (KeyringLocked, InitError)):
        reason = "locked"
    elif isinstance(error, NoKeyringError):
        reason = "absent"
    told = NoKeyring(reason)
    told.__cause__ = error
    return told
