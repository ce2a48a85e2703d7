"""Runs the program as a person's shell does."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def workbench(*arguments: str, stdin: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """What the program printed and exited with."""
    return subprocess.run(
        [sys.executable, "-m", "workbench", *arguments],
        cwd=ROOT,
        env={**os.environ, "PYTHONUTF8": "1", **environment},
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )


def one_sentence(done: subprocess.CompletedProcess[str]) -> str:
    """The only line on standard error; nothing stands on standard output."""
    assert done.stdout == ""
    line, rest = done.stderr.split("\n", 1)
    assert rest == ""
    assert line.startswith("workbench: ")
    assert line.endswith(".")
    assert line.isprintable()
    return line
