"""Where it is remembered how old a store is: beside its key in the keyring, or in a file beside its key."""

from __future__ import annotations

from pathlib import Path
from threading import Lock, Thread

from workbench.store.disk import write_whole
from workbench.store.errors import NoKeyring, StoreError
from workbench.store.identity import read_identity
from workbench.store.keys import SERVICE, WAIT, generation_of, in_time, safe_backend


class FileWitness:
    """Remembers in a small file, for a store whose key is in one."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self.trouble = ""

    def remembered(self) -> int:
        """What the file says; 0 when there is none, or none that can be read."""
        try:
            return int(self._path.read_text())
        except (OSError, ValueError):
            return 0

    def remember(self, number: int) -> None:
        """Written at once."""
        if number <= self.remembered():
            return
        try:
            write_whole(self._path, str(number).encode())
        except OSError as error:
            self.trouble = error.strerror or "failed"

    def finish(self, seconds: float) -> None:
        """Nothing is waited for."""


class KeyringWitness:
    """Remembers in the platform's keyring. It is told on a thread of its own, as a keyring can take its time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._wanted = 0
        self._heard: int | None = None
        self._teller: Thread | None = None
        self.trouble = ""

    def remembered(self) -> int:
        """What the keyring said when it was first asked.

        Raises:
            StoreError: It cannot be asked, or the store's own file cannot be read.
        """
        if self._heard is None:
            self._heard = self._ask()
        return self._heard

    def _ask(self) -> int:
        identity = read_identity(self._folder)
        if identity is None:
            return 0
        told = in_time(lambda: safe_backend().get_password(SERVICE, generation_of(identity.store)), WAIT)
        return int(told) if told is not None and told.isdecimal() else 0

    def remember(self, number: int) -> None:
        """Told soon, by a thread that ends when nothing is left to tell."""
        with self._lock:
            self._wanted = max(self._wanted, number)
            if self._teller is not None:
                return
            self._teller = Thread(target=self._tell, name="witness", daemon=True)
            self._teller.start()

    def finish(self, seconds: float) -> None:
        """Waits for that thread."""
        teller = self._teller
        if teller is not None:
            teller.join(seconds)

    def _tell(self) -> None:
        told = 0
        while True:
            with self._lock:
                if told == self._wanted:
                    self._teller = None
                    return
                told = self._wanted
            self.trouble = self._told(told)

    def _told(self, number: int) -> str:
        try:
            identity = read_identity(self._folder)
            if identity is None:
                return "the store's own file is gone"
            if number > self._ask():
                account = generation_of(identity.store)
                in_time(lambda: safe_backend().set_password(SERVICE, account, str(number)), WAIT)
        except NoKeyring as error:
            return error.reason
        except StoreError as error:
            return error.says
        return ""
