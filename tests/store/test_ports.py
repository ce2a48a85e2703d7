"""The store is what sync asks for."""

from __future__ import annotations

from workbench.store.store import Store
from workbench.sync.ports import CachePort, OutboxPort


def test_the_store_has_both_halves_that_sync_asks_for(store: Store) -> None:
    cache: CachePort = store.cache
    outbox: OutboxPort = store.outbox
    for port, given in ((CachePort, cache), (OutboxPort, outbox)):
        asked = {name for name in vars(port) if not name.startswith("_")}
        assert asked
        assert asked <= set(dir(given))
