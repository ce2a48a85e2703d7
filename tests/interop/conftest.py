"""Medplum's FHIR engine, for the tests of this folder."""

from collections.abc import Iterator

import pytest

from tests.contract.world import world as world
from tests.interop import servers


@pytest.fixture(scope="session")
def portal_base() -> Iterator[str]:
    """Address of Medplum's FHIR router."""
    with servers.medplum() as address:
        yield address
