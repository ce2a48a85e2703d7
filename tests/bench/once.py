"""What is measured once a run, whatever the size of what is held."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from time import monotonic

from tests.bench.measures import LAUNCH, environment, workbench
from tests.bench.stores import ME, Held
from tests.terminal.harness import ROOT
from tests.terminal.portal import Portal


def sync(folder: Path, conversations: int) -> tuple[float, int]:
    """Syncs an empty store with a portal, as a process of its own.

    Returns:
        Seconds from its start to its end, and messages and notes fetched.
    """
    with Portal(folder / "portal", conversations=conversations) as portal:
        env = {"PATH": os.environ["PATH"], **environment(folder / "home")}
        command = [*LAUNCH, "sync", "--portal", portal.base, "--as", ME]
        begun = monotonic()
        subprocess.run(command, env=env, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        took = monotonic() - begun
        return took, sum("partOf" in each for each in portal.search("Communication", _count="500"))


def idle(folder: Path, conversations: int, seconds: float) -> float:
    """Share of one processor, in per cent, that the workbench uses beside a portal where nothing happens."""
    home = Held(folder / "home", conversations, 0)
    with Portal(folder / "portal", conversations=conversations) as portal, workbench(home, portal.base) as program:
        program.settle(quiet=2.0, seconds=120)
        before, begun = program.busy(), monotonic()
        program.settle(quiet=seconds, seconds=seconds)
        return (program.busy() - before) / 1e7 / (monotonic() - begun)
