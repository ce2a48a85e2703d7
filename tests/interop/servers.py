"""Starts servers in processes of their own and waits until they listen."""

import queue
import re
import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
STARTS_WITHIN = 60
"""Seconds."""


@contextmanager
def running(*command: str, folder: Path = ROOT) -> Iterator[str]:
    """Run a server that prints `READY <address>` once it listens; gives the address, and stops it afterwards."""
    process = subprocess.Popen(
        command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout
    assert process.stderr
    said: queue.Queue[str | None] = queue.Queue()
    problems: list[str] = []
    readers = [
        threading.Thread(target=_lines, args=(process.stdout, said), daemon=True),
        threading.Thread(target=lambda stream: problems.extend(stream), args=(process.stderr,), daemon=True),
    ]
    for reader in readers:
        reader.start()
    try:
        yield _ready(said, problems)
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for reader in readers:
            reader.join(5)
        process.stdout.close()
        process.stderr.close()


@contextmanager
def python(module: str, *arguments: str) -> Iterator[str]:
    """Run one of our own modules as a server."""
    with running(sys.executable, "-m", module, *arguments) as address:
        yield address


@contextmanager
def medplum(*arguments: str) -> Iterator[str]:
    """Run Medplum's FHIR router; skips the test where Node is missing or too old."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        pytest.skip("Node is not installed: nothing was tried against Medplum's FHIR engine")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    if tuple(int(part) for part in re.findall(r"\d+", version)[:2]) < (20, 19):
        pytest.skip(f"Node {version.strip()} is older than 20.19: nothing was tried against Medplum's FHIR engine")
    _install(npm)
    with running(node, "fhir_medplum.mjs", *arguments, folder=HERE) as address:
        yield address


def _install(npm: str) -> None:
    """Install the locked packages, once, whichever of several test processes comes first."""
    import fcntl

    with (HERE / "package-lock.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (HERE / "node_modules/.package-lock.json").exists():
            subprocess.run([npm, "ci", "--no-audit", "--no-fund"], cwd=HERE, check=True, capture_output=True)


def _lines(stream: IO[str], said: "queue.Queue[str | None]") -> None:
    for line in stream:
        said.put(line)
    said.put(None)


def _ready(said: "queue.Queue[str | None]", problems: list[str]) -> str:
    while True:
        try:
            line = said.get(timeout=STARTS_WITHIN)
        except queue.Empty:
            raise AssertionError("the server did not start in time") from None
        if line is None:
            raise AssertionError("the server stopped: " + "".join(problems)[-2000:])
        if line.startswith("READY "):
            return line.split()[1]
