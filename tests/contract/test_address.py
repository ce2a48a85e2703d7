"""An address that is nearly right is told as such."""

import pytest

from client import errors
from client.http import Http
from client.origin import Base
from client.portal import Portal
from tests.contract.world import World


async def test_a_wrong_path_is_told_as_a_wrong_address(world: World) -> None:
    async with Portal("here", Http(Base(world.base + "/nope"))) as portal:
        with pytest.raises(errors.NotFhir):
            await portal.changes("Task", None, None)
        with pytest.raises(errors.NotFhir):
            await portal.practitioners()
