"""Deletions on Medplum's FHIR engine, which tells no history of a type: they are learned by looking for them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from tests.contract.test_checking import test_versions_and_reading_one_by_one as test_versions_and_reading_one_by_one
from tests.contract.world import World
from tests.session.test_deletions import *  # noqa: F403  the tests themselves

pytestmark = pytest.mark.interop


async def test_there_is_no_history_of_a_type(world: World) -> None:
    assert await world.portal.deletions("Task", datetime.now(UTC), None) is None
    assert not [request for request in world.recorder.requests if "_history" in request.url.path]
