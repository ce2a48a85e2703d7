"""The store: two encrypted files in one folder, opened together."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final

from workbench.dialogue.site import PLAIN, Site
from workbench.store.cache import Cache
from workbench.store.cache_file import NAME as CACHE_NAME
from workbench.store.cache_file import open_cache, wipe
from workbench.store.cipher import private_folder
from workbench.store.database import Database
from workbench.store.doubt import Ticks
from workbench.store.drafts import Drafts
from workbench.store.effort import EffortLines
from workbench.store.errors import DamagedCache, Missing, Older, StoreError
from workbench.store.files import Files, Mint
from workbench.store.generation import Nobody, Witness, raise_number
from workbench.store.journal import Clock, JournalLine, read_journal
from workbench.store.outbox import Outbox
from workbench.store.portals import Destinations
from workbench.store.work import open_work

PATIENCE: Final = 2.0
"""Seconds that the end of the program waits for a keyring that is slow to remember how old the store is."""


class Store:
    """Drafts, outbox and file copies (`work.db`), and what the portals hold (`cache.db`)."""

    def __init__(
        self,
        folder: Path,
        key: bytes,
        work: Database,
        clock: Clock,
        mint: Mint,
        witness: Witness | None = None,
        site: Site = PLAIN,
        ticks: Ticks | None = None,
    ) -> None:
        self.folder = folder
        self.witness: Witness = witness or Nobody()
        self._key = key
        self._work = work
        self._clock = clock
        self.site = site
        self._told = 0
        """How much had changed in `work.db` when its witness was last told."""
        self.files = Files(work, clock, mint)
        self.drafts = Drafts(work, clock)
        self.outbox = Outbox(work, self.files, clock, mint, ticks)
        self.effort = EffortLines(work, clock, key)
        self._destinations = Destinations(work)
        self.cache: Cache = open_cache(folder, key, clock, site)

    @classmethod
    def open(
        cls,
        folder: Path,
        key: bytes,
        *,
        clock: Clock,
        uuid: Mint,
        witness: Witness | None = None,
        accept_older: bool = False,
        site: Site = PLAIN,
        ticks: Ticks | None = None,
    ) -> Store:
        """Open the files of a folder, or make them.

        What a dead process left under way becomes `unknown`. A `work.db` that cannot be opened is left as it
        is; a `cache.db` that cannot be opened, though `work.db` could with the same key, is made anew.

        Args:
            folder: Made when it is not there; only its owner may look into it.
            key: 32 raw bytes.
            clock: Tells the time, aware.
            uuid: Makes identifiers.
            witness: Remembers how old `work.db` is. One that cannot be asked is no reason not to open it.
            accept_older: The user has said that an older `work.db`, or none, is to be used: all that waits in it
                may have been sent, and becomes `unknown`.
            site: What the site decides about what its patients write.
            ticks: Tells seconds of a clock that only rises, the same for all processes: with it nobody is deceived
                by a clock that is set while something is in doubt.

        Raises:
            StoreError: Its subclass says what is wrong; nothing was changed.
        """
        private_folder(folder)
        remembered = _remembered(witness)
        work, older = _open_work(folder, key, uuid, remembered, accept_older=accept_older)
        try:
            store = cls(folder, key, work, clock, uuid, witness, site, ticks)
        except BaseException:
            work.close()
            raise
        try:
            if older:
                store.outbox.doubt()
                store.attest(remembered)
            store.outbox.recover()
            store.files.purge()
        except BaseException:
            store.close()
            raise
        return store

    def attest(self, least: int = 0) -> None:
        """Make every copy of `work.db` that was taken before this an older one, and tell the witness.

        Args:
            least: The new number is higher than this.

        Raises:
            StoreError: It could not be written; the witness remembers what it did.
        """
        if isinstance(self.witness, Nobody):
            return
        number = raise_number(self._work, least)
        self._told = self._work.changes
        if self._work.take_log_over():
            self.witness.remember(number)

    def journal(self, limit: int = 1000) -> tuple[JournalLine, ...]:
        """What happened to what the user made, newest first."""
        return read_journal(self._work, limit)

    def examine(self) -> bool:
        """Read every page of both files and check it; takes a while.

        Returns:
            Whether what is held of the portals is whole; when it is not it is made anew at the next start.

        Raises:
            Damaged: `work.db` is not whole.
        """
        self._work.examine()
        try:
            self.cache.examine()
        except DamagedCache:
            return False
        return True

    def wipe_cache(self) -> None:
        """Throw away what the portals held and start empty; drafts and outbox stay."""
        self.cache.close()
        wipe(self.folder / CACHE_NAME)
        self.cache = open_cache(self.folder, self._key, self._clock, self.site)

    def moved(self, bases: Mapping[str, str]) -> tuple[str, ...]:
        """Which portals lay elsewhere when something was held of them or written for them.

        Args:
            bases: Their addresses, by their names.
        """
        return _moved(bases, self.cache.addresses.held(), self._destinations.held())

    def lie_at(self, bases: Mapping[str, str]) -> None:
        """Take note of where the portals lie, before any is spoken to.

        At another address the same ids are of other patients: what was held is thrown away, what waits for a portal
        that lay elsewhere stops, and it and the drafts stand in no conversation until it lies there again.

        Args:
            bases: Their addresses, by their names.
        """
        held, meant = self.cache.addresses.held(), self._destinations.held()
        if moved := _moved(bases, held, meant):
            self.outbox.stop(moved)
            for name in moved:
                if (lay := meant.get(name) or held[name]) != bases[name]:
                    self.drafts.move(name, lay, bases[name])
                    self.outbox.move(name, lay, bases[name])
            self.wipe_cache()
            held = {}
        with suppress(StoreError):  # a full disk must not keep it from being read
            if any(meant.get(name) != base for name, base in bases.items()):
                self._destinations.keep(bases)
            if any(held.get(name) != base for name, base in bases.items()):
                self.cache.addresses.keep(bases)

    def close(self) -> None:
        """Close everything, with a new number for a file that has changed; a second call does nothing."""
        self.cache.close()
        if self._work.is_open and self._work.changes != self._told:
            with suppress(StoreError):  # a disk that takes nothing must not keep the program from ending
                self.attest()
        self._work.close()
        self.witness.finish(PATIENCE)


def _remembered(witness: Witness | None) -> int:
    try:
        return 0 if witness is None else witness.remembered()
    except StoreError:
        return 0


def _open_work(folder: Path, key: bytes, mint: Mint, remembered: int, *, accept_older: bool) -> tuple[Database, bool]:
    """The file, and whether it is an older one than the witness remembers."""
    try:
        return open_work(folder, key, mint, remembered), False
    except (Older, Missing):
        if not accept_older:
            raise
        return open_work(folder, key, mint), True


def _moved(bases: Mapping[str, str], held: Mapping[str, str], meant: Mapping[str, str]) -> tuple[str, ...]:
    """Which portals lie elsewhere than where something was held of them, or was meant to go."""
    return tuple(name for name, base in bases.items() if {held.get(name, base), meant.get(name, base)} != {base})
