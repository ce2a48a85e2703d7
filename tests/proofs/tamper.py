"""Any byte of a store is changed, or an older store is put in its place: it is found and said, or it carries nothing.

Every run changes one byte in a copy of a store and opens it. What is refused must be as it was, byte for byte, and
be refused again; what opens must hold exactly what it held. Then copies of earlier moments are put back.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Final
from uuid import UUID

from tests.proofs import keyring_fake, swapped
from tests.proofs.acts import acts
from tests.proofs.held import Held, held
from tests.proofs.power import scratch
from tests.proofs.recorded import WITHIN, Clock
from tests.proofs.verdict import Verdict
from tests.proofs.vfs.child import in_child
from tests.store.made import PORTAL, key, random_batch
from workbench.dialogue.outgoing import Draft, Kind
from workbench.dialogue.queue import Query
from workbench.store.errors import DamagedCache, StoreError
from workbench.store.keys import keyring_key
from workbench.store.store import Store
from workbench.store.witness import KeyringWitness

ACTS: Final = 60
LARGE: Final = 9 * 1024 * 1024
"""Bytes of a file that makes a store too large to be read whole at every opening."""
CONVERSATIONS: Final = 40
LATER: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Specimen:
    """A store to be harmed, and what it holds."""

    name: str
    folder: Path
    ring: dict[str, str]
    held: Held
    cache: tuple[Any, ...]
    clock: Clock
    large: bool = False

    def files(self) -> dict[str, int]:
        """What may be changed, with how likely."""
        sizes = {path.name: path.stat().st_size for path in self.folder.iterdir()}
        likely = {"work.db": 6, "work.db-wal": 6, "work.db-shm": 1, "cache.db": 2, "cache.db-wal": 1}
        return {name: weight for name, weight in likely.items() if sizes.get(name)}


def prove(runs: int, seed: int) -> Verdict:
    """Changes so many bytes, and puts older stores in place of newer ones."""
    return in_child(partial(harmed, runs, seed)) + in_child(partial(swapped.tried, seed))


def harmed(runs: int, seed: int) -> Verdict:
    """Changes so many bytes, each in a fresh copy."""
    rng = Random(seed)
    verdict = Verdict("tamper", 0, seed)
    with scratch() as folder:
        specimens = [
            _specimen(folder / "closed", seed, closed=True),
            _specimen(folder / "killed", seed + 1, closed=False),
            _specimen(folder / "large", seed + 2, closed=True, file=LARGE),
        ]
        for _ in range(runs):
            specimen = rng.choices(specimens, (5, 6, 1))[0]
            verdict += _harm(specimen, folder / "harmed", rng, seed)
    return verdict


def _specimen(folder: Path, seed: int, *, closed: bool, file: int = 0) -> Specimen:
    """A store after a session; one that is not closed is as a killed program leaves it, log and all."""
    rng = Random(seed)
    ring = keyring_fake.use()
    clock = Clock()
    at_work = folder.with_name(folder.name + "-at-work") / "store"
    secret, witness = keyring_key(at_work), KeyringWitness(at_work)
    store = Store.open(at_work, secret, clock=clock, uuid=lambda: UUID(int=rng.getrandbits(128)), witness=witness)
    store.attest()
    for _, act in acts(store, rng, ACTS):
        act()
    store.cache.apply(PORTAL, random_batch(rng, CONVERSATIONS))
    if file:
        large = store.files.add("stor.bin", "application/octet-stream", rng.randbytes(file))
        store.drafts.save(Draft(key("large"), "me", Kind.REPLY, "Se vedlegg.", (large,)))
    if closed:
        store.close()
        store = Store.open(at_work, secret, clock=clock, uuid=lambda: UUID(int=rng.getrandbits(128)), witness=witness)
    holds, shows = held(store), _shown(store)
    if closed:
        store.close()
    witness.finish(WITHIN)
    shutil.copytree(at_work, folder)
    kept = dict(ring.holds)
    if not closed:
        store.close()
    return Specimen(folder.name, folder, kept, holds.reopened(), shows, clock, bool(file))


def _shown(store: Store) -> tuple[Any, ...]:
    page = store.cache.page(Query(), 0, 1000)
    return page.total, tuple(page.items), tuple(store.cache.conversation(item.key) for item in page.items)


def _harm(specimen: Specimen, folder: Path, rng: Random, seed: int) -> Verdict:
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(specimen.folder, folder)
    likely = specimen.files()
    name = rng.choices(list(likely), list(likely.values()))[0]
    data = bytearray((folder / name).read_bytes())
    at = rng.randrange(len(data) if name != "work.db-shm" else 136)
    data[at] ^= rng.randrange(1, 256)
    (folder / name).write_bytes(data)
    place = f"seed {seed}: {specimen.name}, {name}, byte {at} of {len(data)}"
    one = Verdict("tamper", 1, 0)
    keyring_fake.use(holds=specimen.ring)
    try:
        fault = (_cache_fault if name.startswith("cache") else _work_fault)(specimen, folder)
    except Exception as error:  # noqa: BLE001 - a crash is what is looked for
        fault = f"{type(error).__name__}: {error}"
    return replace(one, unreadable=1, notes=(f"{place}: {fault}",)) if fault else one


def _opened(specimen: Specimen, folder: Path) -> Store:
    clock = Clock(specimen.clock.now + LATER)
    dice = Random(3)
    return Store.open(
        folder,
        keyring_key(folder),
        clock=clock,
        uuid=lambda: UUID(int=dice.getrandbits(128)),
        witness=KeyringWitness(folder),
    )


def _work_fault(specimen: Specimen, folder: Path) -> str:
    """What is wrong with how a changed byte of `work.db` or its log was met; empty when nothing is."""
    before = _bytes(folder)
    try:
        store = _opened(specimen, folder)
    except StoreError:
        if _bytes(folder) != before:
            return "it was refused and is not as it was"
        return "" if _refused(partial(_opened, specimen, folder)) else "it was refused, and opened the next time"
    try:
        if specimen.large and _refused(partial(held, store)):
            # Where not every page is read at the opening, the doctor finds it, and so does whoever uses it.
            return "" if _refused(store.examine) else "a page that cannot be used is not found by looking at every page"
        if held(store) != specimen.held:
            return "it was not noticed, and something else is there than was"
    finally:
        store.close()
    store = _opened(specimen, folder)
    again = held(store)
    store.close()
    return "" if again == specimen.held else "it was not noticed, and something else is there after the next start"


def _cache_fault(specimen: Specimen, folder: Path) -> str:
    """The same for `cache.db`: it is right, or it is refused, thrown away at the next start, and that is said."""
    store = _opened(specimen, folder)
    try:
        if held(store) != specimen.held:
            return "the harm to the cache reached the drafts"
        if store.cache.was_damaged:
            return "" if _shown(store)[0] == 0 else "it is said to be made anew and is not empty"
        found = _met(store)
        if found is None and _shown(store) != specimen.cache and _shown(store)[0] == specimen.cache[0]:
            return "it was not noticed, and something else is shown"
        if found is None:
            return ""
        _met(store)
    finally:
        store.close()
    store = _opened(specimen, folder)
    try:
        if not store.cache.was_damaged or _shown(store)[0]:
            return "it was met and is not made anew at the next start"
        return "" if held(store) == specimen.held else "making it anew cost drafts"
    finally:
        store.close()


def _met(store: Store) -> DamagedCache | None:
    try:
        _shown(store)
    except DamagedCache as error:
        return error
    return None


def _refused(work: Callable[[], object]) -> bool:
    try:
        given = work()
    except StoreError:
        return True
    if isinstance(given, Store):
        given.close()
    return False


def _bytes(folder: Path) -> dict[str, bytes]:
    """All but the log's index, which SQLite makes anew from the log."""
    names = ("work.db", "work.db-wal", "store.json")
    return {name: (folder / name).read_bytes() for name in names if (folder / name).exists()}
