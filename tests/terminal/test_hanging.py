"""A terminal that takes nothing for a while, as on a connection that hangs: what came from it is saved all the same."""

from __future__ import annotations

import os
import select
import signal
import sys
import time
from pathlib import Path

import pytest

from tests.terminal.day import LAUNCH, open_queue, reply, surroundings, workbench
from tests.terminal.harness import PATIENCE, Program
from tests.terminal.portal import Portal

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")]
LOOKS = b"\x1b[20~"
"""The key that changes the look: the whole screen is painted anew."""

REST = " ringer i dag"
MANY = 60
"""Pictures, more than wait for a terminal that takes nothing."""


def fill_up(program: Program) -> None:
    """Has the program paint more than a terminal holds that takes nothing, and types the end of a sentence."""
    for _ in range(20):
        program.write(LOOKS)
    program.write(REST.encode())


def has_worked(program: Program, looks: int = 20, read: float = 0.0) -> None:
    """Waits until the program has done with all that was typed: it used no time between so many looks at it asleep.

    Args:
        program: Which.
        looks: How many, 0.05 seconds apart; while it would run if it were let, none counts.
        read: Seconds in which it must have painted nothing either; 0 takes nothing of what it paints.
    """
    deadline, quiet, used = time.monotonic() + 6 * PATIENCE, 0, [""]
    while quiet < looks:
        assert time.monotonic() < deadline, "it goes on and on"
        if read:
            program.settle(read)
        else:
            select.select([], [], [], 0.05)
        state, *rest = Path(f"/proc/{program.pid}/stat").read_text().rpartition(")")[2].split()
        if state == "S":
            quiet, used = (quiet + 1 if used == rest[10:12] else 0), rest[10:12]


def ended_unread(program: Program) -> int:
    """Waits for the end of the program without taking what it paints."""
    deadline = time.monotonic() + PATIENCE
    while not (found := os.waitpid(program.pid, os.WNOHANG))[0]:
        assert time.monotonic() < deadline, "it still runs"
        os.sched_yield()
    program.status = os.waitstatus_to_exitcode(found[1])
    return program.status


def test_words_from_a_terminal_that_takes_nothing_are_saved_at_the_end(tmp_path: Path) -> None:
    with Portal(tmp_path / "portal", conversations=10) as portal:
        with workbench(tmp_path, portal.base) as program:
            open_queue(program, "Unclaimed")
            reply(program, "Ola")
            fill_up(program)
            has_worked(program)
            program.signal(signal.SIGTERM)
            assert ended_unread(program) == 0
        with workbench(tmp_path, portal.base) as program:
            open_queue(program, "Unclaimed")
            program.wait("draft of a reply, r goes on: Ola" + REST)


def test_a_terminal_that_goes_on_taking_shows_the_whole_screen(tmp_path: Path) -> None:
    with Portal(tmp_path / "portal", conversations=10) as portal, workbench(tmp_path, portal.base) as program:
        open_queue(program, "Unclaimed")
        reply(program, "Ola")
        has_worked(program, 3, read=0.15)
        before = program.screen.split("\n")[2:30]
        fill_up(program)
        program.wait("Ola" + REST)
        for _ in REST:
            program.press("backspace")
        program.wait_until(lambda: program.terminal.text.split("\n")[2:30] == before, "the screen as it was")
        program.wait("Ola  ")
        program.press("escape")
        program.wait_gone("REPLY to")
        program.press("ctrl+q")
        assert program.ended() == 0


def test_pictures_that_nobody_takes_are_left_out_and_the_last_is_painted_once_somebody_does(tmp_path: Path) -> None:
    with Portal(tmp_path / "portal", conversations=10) as portal, workbench(tmp_path, portal.base) as program:
        open_queue(program, "Unclaimed")
        reply(program, "Ola")
        has_worked(program, 3, read=0.15)
        told = len(program.output)
        program.write(LOOKS)
        has_worked(program, 3, read=0.15)
        picture, told = len(program.output) - told, len(program.output)
        for _ in range(MANY):
            program.write(LOOKS)
            has_worked(program, 3)  # each is painted by itself
        program.press("escape")
        has_worked(program)
        program.wait("draft of a reply, r goes on: Ola")
        has_worked(program, 3, read=0.15)
        assert len(program.output) - told < picture * MANY * 3 / 4
        program.press("ctrl+q")
        assert program.ended() == 0


def test_a_terminal_that_another_program_left_so_that_it_makes_nobody_wait_is_written_to_all_the_same(
    tmp_path: Path,
) -> None:
    left = """
import fcntl, os, sys
fcntl.fcntl(2, fcntl.F_SETFL, os.O_RDWR | os.O_NONBLOCK)
os.execv(sys.argv[1], sys.argv[1:])
"""
    with Portal(tmp_path / "portal", conversations=10) as portal:
        command = [sys.executable, "-c", left, *LAUNCH, "--portal", portal.base]
        with Program(command, env=surroundings(tmp_path), size=(120, 40)) as program:
            open_queue(program, "Unclaimed")
            reply(program, "Ola")
            fill_up(program)
            has_worked(program)
            program.wait("Ola" + REST)
            program.press("escape")
            program.wait_gone("REPLY to")
            program.press("ctrl+q")
            assert program.ended() == 0
