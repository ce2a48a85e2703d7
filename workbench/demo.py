"""The sandbox portal as a child process, which ends when its standard input does: however this process ends."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from workbench.dialogue.clean import visible
from workbench.failure import Exit, Failure
from workbench.language import _

READY = "READY "
PATIENCE = 5.0
"""Seconds the portal has to end by itself before it is killed."""


class Sandbox:
    """A portal that has been started and may not be ready yet."""

    def __init__(self, process: subprocess.Popen[str], kept: Path | None) -> None:
        self._process = process
        self._kept = kept

    def base(self) -> str:
        """Waits until the portal listens; its FHIR base.

        Raises:
            Failure: It ended instead, and why.
        """
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith(READY):
                return line.removeprefix(READY).strip()
        raise self._why(self._process.wait())

    def _why(self, code: int) -> Failure:
        from workbench.sandbox.ending import IN_USE, TAKEN

        folder = visible(str(self._kept), one_line=True)
        if code == TAKEN:
            return Failure(_("The sandbox portal's port is taken: try another --port, or none."), Exit.UNREACHABLE)
        if self._kept is None:
            return Failure(_("The sandbox portal did not start: run workbench portal to see why."), Exit.UNREACHABLE)
        if code == IN_USE:
            said = _("Another demo has {folder} open: leave that one first, or choose another folder with --keep.")
        else:
            said = _("The sandbox portal cannot go on from what is in {folder}: choose another folder with --keep.")
        return Failure(said.format(folder=folder), Exit.STORE)


@contextmanager
def sandbox(options: Sequence[str], kept: Path | None = None) -> Iterator[Sandbox]:
    """Starts the portal, and ends it when the block ends.

    Args:
        options: What stands after `workbench portal`.
        kept: The folder that the user chose to keep everything in, None for none.
    """
    command = [sys.executable, "-m", "workbench", "portal", "--until-stdin-closes", *options]
    # A session of its own: ctrl+c and a closing terminal are for the workbench, which then ends the portal.
    process = subprocess.Popen(  # noqa: S603 - our own program, with options we checked
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # what it says is English, and for whoever runs it alone
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )
    try:
        yield Sandbox(process, kept)
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
