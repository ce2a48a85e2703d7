"""A sandbox portal of its own for each test: what one test leaves there would have to be read by all that follow."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.contract.world import world as world
from tests.sandbox.conftest import running
from workbench.sandbox.load import prepared
from workbench.sandbox.scene import resources
from workbench.sandbox.store import Store
from workbench.sandbox.subscriptions import Subscriptions

SEED = 1
CONVERSATIONS = 20


@pytest.fixture(scope="session")
def filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of a portal that is filled, to be copied."""
    file = tmp_path_factory.mktemp("portal") / "portal.db"
    store = _store(file)
    store.load(prepared(resources(CONVERSATIONS, SEED, _now())))
    store.close()
    return file


@pytest.fixture
def portal_base(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the sandbox portal."""
    with copied(filled, tmp_path_factory.mktemp("portal")) as address:
        yield address


@contextmanager
def copied(filled: Path, folder: Path) -> Iterator[str]:
    """Address of a portal on a copy of a file, which lies in a folder."""
    store = _store(Path(shutil.copy(filled, folder)))
    try:
        with running(store, subscriptions=Subscriptions(store)) as portal:
            yield portal.base
    finally:
        store.close()


def _store(file: Path) -> Store:
    return Store(file, _now, SEED)


def _now() -> datetime:
    return datetime.now(UTC)
