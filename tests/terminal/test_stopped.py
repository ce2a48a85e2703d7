"""The program is stopped and continued from outside: the screen is whole again, every key counts, and it ends."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.terminal.composer import composer
from tests.terminal.day import open_queue, reply, workbench
from tests.terminal.harness import Program
from tests.terminal.portal import Portal

pytestmark = pytest.mark.slow
OTHERS = b"\x1b[?1049l\x1b[?1000l\x1b[?1003l\x1b[?1006l\x1b[?2004l\x1b[?25h\x1b[H\x1b[2J$ who wrote here?"
"""What a shell may do to the terminal while the program is stopped."""


def stop(program: Program, how: signal.Signals) -> None:
    """Stops the program and waits until it stands still."""
    program.signal(how)
    while not os.waitpid(program.pid, os.WUNTRACED | os.WNOHANG)[0]:
        program.read(0.02)
    program.settle(0.05)


@pytest.mark.parametrize("how", [signal.SIGTSTP, signal.SIGSTOP], ids=["asked", "forced"])
def test_who_goes_on_after_a_stop_sees_the_whole_screen_and_loses_no_key(tmp_path: Path, how: signal.Signals) -> None:
    with Portal(tmp_path / "portal", conversations=10) as portal, workbench(tmp_path, portal.base) as program:
        open_queue(program, "Unclaimed")
        reply(program, "Sebra")
        program.settle()
        before = program.screen.split("\n")[1:-1]
        for _round in range(2):
            stop(program, how)
            program.terminal.feed(OTHERS)
            program.signal(signal.SIGCONT)
            program.wait_until(lambda: program.terminal.text.split("\n")[1:-1] == before, "the screen as it was")
        assert [mode for mode in (25, 1000, 1003, 1004, 1006, 1049, 2004) if program.terminal.modes.get(mode)] == [
            1000, 1003, 1004, 1006, 1049, 2004,
        ]  # fmt: skip
        for char in " og løve, 0123456789":
            program.type(char)
            program.read(0.02)
        program.wait("Sebra og løve, 0123456789")
        box = composer(program.screen)
        assert box is not None
        assert box.text == "Sebra og løve, 0123456789"
        program.paste(" innlimt")
        program.wait("0123456789 innlimt")
        program.press("escape")
        program.wait_gone("REPLY to")
        program.press("ctrl+q")
        assert program.ended() == 0
        assert program.cooked, "the shell gets its terminal back as it was"
