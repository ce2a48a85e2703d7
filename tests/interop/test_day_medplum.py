"""A full session of the workbench on Medplum's engine, by keys alone."""

from pathlib import Path

import pytest

from tests.contract.world import World
from tests.screens import day

pytestmark = pytest.mark.interop


async def test_a_day_on_medplum(world: World, tmp_path: Path) -> None:
    await day.work(world, tmp_path)
