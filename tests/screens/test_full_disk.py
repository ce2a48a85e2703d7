"""On a full disk the composer says that nothing is saved, keeps the words, and saves them when there is room again."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.contract.world import World
from widgets.problems import STORE

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(os.name != "posix", reason="the library is found as on Linux")
async def test_a_full_disk_is_told_and_never_called_saved(world: World, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "tests.screens.full_disk", str(tmp_path), world.base, world.ref("doctor")]
    done = await asyncio.to_thread(
        subprocess.run, [*words, world.id("header")], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert "draft saved" in seen["with room"]
    assert seen["refused"]
    assert STORE["full"] in seen["told"]
    assert "not saved" in seen["without room"][-1]
    assert not [line for line in seen["without room"][1:] if "draft saved" in line]
    assert seen["stays"] == ["InboxScreen", "Det som fikk plass og ikke", "Det som fikk plass"]
    assert seen["queued"] == 0
    assert "draft saved" in seen["again"]
    assert seen["shown"]
