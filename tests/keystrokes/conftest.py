"""The sandbox portal, for the tasks to be done on: one after the other, on the same."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.session.conftest import copied
from tests.session.conftest import filled as filled


@pytest.fixture(scope="module")
def portal_base(filled: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of the sandbox portal."""
    with copied(filled, tmp_path_factory.mktemp("portal")) as address:
        yield address
