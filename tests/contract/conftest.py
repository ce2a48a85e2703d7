"""The servers the contract is run against."""

from collections.abc import Iterator

import pytest

from tests.contract.world import world as world
from tests.interop import servers


@pytest.fixture(scope="session", params=["habits", "sandbox"])
def portal_base(request: pytest.FixtureRequest) -> Iterator[str]:
    """A portal of other habits, and the sandbox."""
    if request.param == "habits":
        with servers.python("tests.contract.habits") as address:
            yield address
    else:
        with servers.python("workbench.sandbox.run", "--port", "0", "--conversations", "0") as address:
            yield address
