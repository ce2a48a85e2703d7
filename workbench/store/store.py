"""The store: two encrypted files in one folder, opened together."""

from __future__ import annotations

from pathlib import Path

from workbench.store.cache import NAME as CACHE_NAME
from workbench.store.cache import Cache, open_cache, wipe
from workbench.store.cipher import private_folder
from workbench.store.database import Database
from workbench.store.drafts import Drafts
from workbench.store.files import Files, Mint
from workbench.store.journal import Clock, JournalLine, read_journal
from workbench.store.outbox import Outbox
from workbench.store.work import open_work


class Store:
    """Drafts, outbox and file copies (`work.db`), and what the portals hold (`cache.db`)."""

    def __init__(self, folder: Path, key: bytes, work: Database, clock: Clock, mint: Mint) -> None:
        self.folder = folder
        self._key = key
        self._work = work
        self._clock = clock
        self.files = Files(work, clock, mint)
        self.drafts = Drafts(work, clock)
        self.outbox = Outbox(work, self.files, clock, mint)
        self.cache: Cache = open_cache(folder, key, clock)

    @classmethod
    def open(cls, folder: Path, key: bytes, *, clock: Clock, uuid: Mint) -> Store:
        """Open the files of a folder, or make them.

        What a dead process left under way becomes `unknown`. A `work.db` that cannot be opened is left as it
        is; a `cache.db` that cannot be opened, though `work.db` could with the same key, is made anew.

        Args:
            folder: Made when it is not there; only its owner may look into it.
            key: 32 raw bytes.
            clock: Tells the time, aware.
            uuid: Makes identifiers.

        Raises:
            StoreError: Its subclass says what is wrong; nothing was changed.
        """
        private_folder(folder)
        work = open_work(folder, key, uuid)
        try:
            store = cls(folder, key, work, clock, uuid)
        except BaseException:
            work.close()
            raise
        try:
            store.outbox.recover()
            store.files.purge()
        except BaseException:
            store.close()
            raise
        return store

    def journal(self, limit: int = 1000) -> tuple[JournalLine, ...]:
        """What happened to what the user made, newest first."""
        return read_journal(self._work, limit)

    def wipe_cache(self) -> None:
        """Throw away what the portals held and start empty; drafts and outbox stay."""
        self.cache.close()
        wipe(self.folder / CACHE_NAME)
        self.cache = open_cache(self.folder, self._key, self._clock)

    def close(self) -> None:
        """Close everything; a second call does nothing."""
        self.cache.close()
        self._work.close()
