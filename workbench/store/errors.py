"""What can go wrong with the store, each with a short word that the screen turns into a sentence."""

from __future__ import annotations

from pathlib import Path
from typing import ClassVar


class StoreError(Exception):
    """Something kept the store from doing what was asked; nothing was reported as saved."""

    word: ClassVar[str] = "store"
    """Stable code of the kind of failure."""

    def __init__(self, says: str, path: Path | None = None) -> None:
        super().__init__(says if path is None else f"{says}: {path.name}")
        self.says = says
        """One clause in English, for logs; never holds a patient's words."""
        self.path = path
        """The file concerned, None when there is none."""


class WrongKey(StoreError):  # noqa: N818 - the name says what is wrong
    """The file does not open with this key."""

    word = "wrong-key"


class NewerVersion(StoreError):  # noqa: N818
    """The file was made by a newer version of the program."""

    word = "newer-version"

    def __init__(self, found: int, known: int, path: Path) -> None:
        super().__init__(f"made by a newer program (layout {found}, this one knows {known})", path)
        self.found = found
        self.known = known


class Damaged(StoreError):  # noqa: N818
    """The file is not whole, or somebody changed it."""

    word = "damaged"


class Older(StoreError):  # noqa: N818
    """The file is older than it was when it was last used here: another copy has been put in its place."""

    word = "older"

    def __init__(self, path: Path) -> None:
        super().__init__("it is older than when it was last used here", path)


class Missing(StoreError):  # noqa: N818
    """There is no file, though there was one when the store was last used here."""

    word = "missing"

    def __init__(self, path: Path) -> None:
        super().__init__("it was here and is gone", path)


class DamagedCache(Damaged):
    """What is kept of the portals is not whole: it is thrown away at the next start and fetched anew."""

    word = "damaged-cache"


class Unsafe(StoreError):  # noqa: N818
    """The file or folder is a link, or belongs to somebody else."""

    word = "unsafe"


class Locked(StoreError):  # noqa: N818
    """Another process holds the file."""

    word = "locked"


class Full(StoreError):  # noqa: N818
    """The disk takes nothing more: full, read-only, or failing. What was asked is not saved."""

    word = "full"


class NoKeyring(StoreError):  # noqa: N818
    """The key could not be had from, or put into, the platform's keyring."""

    word = "no-keyring"

    def __init__(self, reason: str, path: Path | None = None) -> None:
        super().__init__(f"no key from the keyring ({reason})", path)
        self.reason = reason
        """One of `absent`, `refused` (a backend that is not safe), `locked`, `slow`, `failed`, `key-missing`."""


class NotNow(StoreError):  # noqa: N818
    """What was asked of the outbox does not fit the entry's state; nothing was changed."""

    word = "not-now"
