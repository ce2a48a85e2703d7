"""The sandbox portal as a child process, which ends when its standard input does: however this process ends."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import BinaryIO

from workbench.dialogue.clean import visible
from workbench.failure import Exit, Failure
from workbench.language import _

READY = "READY "
PATIENCE = 5.0
"""Seconds the portal has to end by itself before it is killed."""


class Sandbox:
    """A portal that has been started and may not be ready yet."""

    def __init__(self, process: subprocess.Popen[str], errors: BinaryIO) -> None:
        self._process = process
        self._errors = errors

    def base(self) -> str:
        """Waits until the portal listens; its FHIR base.

        Raises:
            Failure: It ended instead, and why.
        """
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith(READY):
                return line.removeprefix(READY).strip()
        self._process.wait()
        self._errors.seek(0)
        said = self._errors.read().decode(errors="replace").strip().rpartition("\n")[2].rstrip(".")
        raise Failure(
            _(
                "The sandbox portal did not start ({reason}): try another --port, or run workbench portal to see more."
            ).format(reason=visible(said, one_line=True) or self._process.returncode),
            Exit.UNREACHABLE,
        )


@contextmanager
def sandbox(options: Sequence[str]) -> Iterator[Sandbox]:
    """Starts the portal, and ends it when the block ends.

    Args:
        options: What stands after `workbench portal`.
    """
    command = [sys.executable, "-m", "workbench", "portal", "--until-stdin-closes", *options]
    with tempfile.TemporaryFile() as errors:
        # A session of its own: ctrl+c and a closing terminal are for the workbench, which then ends the portal.
        process = subprocess.Popen(  # noqa: S603 - our own program, with options we checked
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
            encoding="utf-8",
            start_new_session=True,
        )
        try:
            yield Sandbox(process, errors)
        finally:
            _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    with suppress(OSError):
        process.stdin.close()
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()
