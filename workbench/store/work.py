"""`work.db`: what the user made and the portal does not hold yet. It is never replaced, and nothing here deletes it."""

from __future__ import annotations

import os
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final

from workbench.store.cipher import COMPANIONS, WORK, connect, private_file
from workbench.store.database import Database
from workbench.store.disk import sync_folder
from workbench.store.errors import Damaged, Full, Locked, Missing, WrongKey
from workbench.store.files import Mint
from workbench.store.identity import belongs
from workbench.store.look import look
from workbench.store.migrations import migrate
from workbench.store.work_schema import STEPS

NAME: Final = "work.db"


def open_work(folder: Path, key: bytes, mint: Mint, remembered: int = 0) -> Database:
    """Open the file, or make it when there is none.

    A new one is made whole under another name and then given its own, so that a `work.db` that exists is
    always complete, and one that is empty has been damaged. One that is there is looked at first.

    Args:
        folder: Where it is, or will be.
        key: 32 raw bytes.
        mint: Names the new file while it is made.
        remembered: How old it is, as far as its witness remembers (`generation`).

    Raises:
        WrongKey, NewerVersion, Older, Missing, Damaged, Locked, Full, Unsafe: It stays as it is.
    """
    path = folder / NAME
    if private_file(path, create=False):
        _look(path, key, remembered)
    else:
        _refuse_orphans(path)
        if remembered:
            raise Missing(path)
        _make(path, key, mint)
    database = Database(partial(connect, path, key, WORK), path)
    try:
        migrate(database, STEPS)
    except BaseException:
        database.close()
        raise
    return database


def _look(path: Path, key: bytes, remembered: int) -> None:
    try:
        empty = path.stat().st_size == 0
    except OSError as error:
        raise Full(f"it cannot be read ({error.strerror})", path) from error
    if empty:
        raise Damaged("it is empty", path)
    try:
        look(path, key, len(STEPS), remembered)
    except WrongKey:
        # A damaged first page looks like a wrong key, unless the key is known to be right.
        if belongs(path.parent, key):
            raise Damaged("its first page is damaged", path) from None
        raise


def _refuse_orphans(path: Path) -> None:
    """A journal without its database may hold the only copy of a draft: nothing new is put in its place."""
    for companion in COMPANIONS[1:]:
        beside = path.with_name(path.name + companion)
        if beside.exists() and beside.stat().st_size:
            raise Damaged("its journal is there and it is not", beside)


def _make(path: Path, key: bytes, mint: Mint) -> None:
    new = path.with_name(f".{path.name}.{mint()}")
    try:
        private_file(new, create=True)
        database = Database(partial(connect, new, key, WORK), new)
        try:
            migrate(database, STEPS)
            # Closing would do it too, and not say when a full disk let it do half.
            if not database.take_log_over():
                raise Locked("it is in use before it has its name", new)
        finally:
            database.close()
        _name(new, path)
    finally:
        for companion in COMPANIONS:
            with suppress(OSError):  # what is left of it harms nobody
                new.with_name(new.name + companion).unlink(missing_ok=True)


def _name(new: Path, path: Path) -> None:
    """Give the finished file its name, unless another process was faster, and put the name on disk.

    Without that a power cut could leave the log of what was written since, and not the file that it belongs to.
    """
    try:
        try:
            os.link(new, path)
        except FileExistsError:
            return
        except OSError:
            # Some file systems know no second names.
            new.rename(path)
        sync_folder(path.parent)
    except OSError as error:
        raise Full(f"it cannot be made ({error.strerror})", path) from error
