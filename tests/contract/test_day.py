"""A day's work by keys alone, on the sandbox portal and on a server of other habits."""

from pathlib import Path

from tests.contract.world import World
from tests.screens import day


async def test_a_day(world: World, tmp_path: Path) -> None:
    await day.work(world, tmp_path)
