"""`cache.db`: opened where it is whole, and begun anew where it is not, since a sync fills it again."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Final

from workbench.dialogue.site import Site
from workbench.store.cache import Cache
from workbench.store.cache_schema import STEPS
from workbench.store.cipher import CACHE_READER, CACHE_WRITER, COMPANIONS, connect, private_file
from workbench.store.database import Database, sign_of_damage, translated
from workbench.store.errors import Damaged, DamagedCache, Full, NewerVersion, WrongKey
from workbench.store.journal import Clock
from workbench.store.migrations import migrate

NAME: Final = "cache.db"


def open_cache(folder: Path, key: bytes, clock: Clock, site: Site) -> Cache:
    """Open the cache, and start an empty one when the file is damaged, of another key or of a newer program.

    Call it only with a key that has opened `work.db`: what does not open is thrown away.

    Raises:
        Locked, Full, Unsafe: It cannot be used for a reason that throwing it away does not mend.
    """
    path = folder / NAME
    damaged = sign_of_damage(path).exists()
    if not damaged:
        try:
            return _open(path, key, clock, site)
        except (WrongKey, NewerVersion, Damaged) as error:
            damaged = not isinstance(error, NewerVersion)
    wipe(path)
    made = _open(path, key, clock, site)
    made.was_damaged = damaged
    return made


def wipe(path: Path) -> None:
    """Delete the cache's files."""
    for each in (*(path.with_name(path.name + companion) for companion in COMPANIONS), sign_of_damage(path)):
        try:
            each.unlink(missing_ok=True)
        except OSError as error:
            raise Full(f"it cannot be deleted ({error.strerror})", path) from error


def _open(path: Path, key: bytes, clock: Clock, site: Site) -> Cache:
    private_file(path, create=True)
    writer = Database(partial(connect, path, key, CACHE_WRITER), path, DamagedCache)
    try:
        migrate(writer, STEPS)
        reader = Database(partial(connect, path, key, CACHE_READER), path, DamagedCache)
    except BaseException:
        writer.close()
        raise
    try:
        with translated(path):
            return Cache(writer, reader, clock, site)
    except BaseException:
        reader.close()
        writer.close()
        raise
