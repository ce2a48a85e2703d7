"""An empty store in a folder of its own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.store.made import ME, PORTAL, Clock, open_store
from workbench.store.cache import Cache
from workbench.store.store import Store


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[Store]:
    opened = open_store(tmp_path / "store", clock=clock)
    yield opened
    opened.close()


@pytest.fixture
def cache(store: Store) -> Cache:
    """Its cache, in which somebody acts."""
    store.cache.me(PORTAL, ME)
    return store.cache
