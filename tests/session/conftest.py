"""The sandbox portal, for sessions to talk to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.world import world as world
from tests.interop import servers


@pytest.fixture(scope="session")
def portal_base() -> Iterator[str]:
    """Address of the sandbox portal."""
    with servers.python("workbench.sandbox.run", "--port", "0", "--conversations", "20") as address:
        yield address
