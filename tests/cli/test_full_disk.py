"""Commands on a full disk: one sentence that says so, and the exit code of the store, wherever it ran full."""

import os
import subprocess
import sys

import pytest

from tests.cli.running import ROOT

PLENTY = 10**9
KARI = "Practitioner/kari-nordmann"
pytestmark = pytest.mark.skipif(os.name != "posix", reason="the library is found as on Linux")


def on_disk(writes: int, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.cli.full_disk", str(writes), "--lang", "en", *arguments],
        cwd=ROOT,
        env=os.environ,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_a_command_that_finds_the_disk_full_says_so_wherever_it_is(portal: str) -> None:
    at = ("--portal", portal, "--as", KARI)
    assert on_disk(PLENTY, "sync", *at).returncode == 0
    told = [on_disk(writes, "sync", *at, *json) for writes, json in ((0, ()), (1, ("--json",)), (8, ()))]
    told.append(on_disk(0, "wipe", *at))
    for done in told:
        assert done.returncode == 6, done.stderr
        assert "The disk is full" in done.stderr
        assert done.stderr.count("\n") == 1
