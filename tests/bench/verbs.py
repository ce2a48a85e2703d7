"""What doing costs, by size: one verb with its counts, taking it back, one verb on five hundred; all offline."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Final

from tests.bench.turns import LONGEST, REST, longest_queue, number, said, shows
from tests.bench.watched import Answer, Watched

MINE: Final = r"│.Mine +([\d,]+) │"
UNCLAIMED: Final = r"│.Unclaimed +([\d,]+) │"
QUEUED: Final = r"outbox: [\d,]+ waits?"
TOAST: Final = "taken back"
"""A message at the corner that says so; while it stands it hides counts."""
SELECTED: Final = r"[\d,]+ selected"
PREVIEW: Final = r"· ([\d,]+) conversations? · [\d,]+ patients?"


@dataclass(slots=True)
class Steps:
    """Answers to one verb."""

    counts: list[Answer] = field(default_factory=list)
    """From the key of the verb to the picture in which the list and the queues count it."""
    undo: list[Answer] = field(default_factory=list)
    """From the key that takes it back to the picture in which the list counts as before."""


@dataclass(slots=True)
class Bulk:
    """Answers to one verb on many."""

    rows: int = 0
    done: list[Answer] = field(default_factory=list)
    """From the key that confirms the preview to the picture that says how many wait to be sent."""


def steps(programs: Sequence[Watched], times: int) -> list[Steps]:
    """Claims the uppermost conversation that nobody has, and takes it back, in turns."""
    found = [Steps() for _ in programs]
    for program in programs:
        longest_queue(program)
    for _ in range(times):
        for program, steps_of in zip(programs, found, strict=True):
            _claim(program, steps_of)
    return found


def _claim(program: Watched, found: Steps) -> None:
    program.wait_gone(TOAST)
    program.press("home")
    program.settle(REST)
    mine, listed = _counted(program, MINE), _counted(program, LONGEST)

    def counted(change: int) -> bool:
        text = program.terminal.text
        shown = [re.search(pattern, text) for pattern in (MINE, UNCLAIMED, LONGEST)]
        wanted = (mine + change, listed - change, listed - change)
        return all(match and number(match[1]) == due for match, due in zip(shown, wanted, strict=True))

    answer = said(program.time_key("c", until=partial(counted, 1), seconds=30))
    program.wait(QUEUED)
    program.settle(REST)
    if answer is not None:
        found.counts.append(answer)
    answer = said(program.time_key("u", until=partial(counted, 0), seconds=30))
    program.wait_gone(QUEUED)
    program.settle(REST)
    if answer is not None:
        found.undo.append(answer)


def bulks(programs: Sequence[Watched], times: int) -> list[Bulk]:
    """Gives all that the list holds, up to 500, another priority, and takes it back, in turns."""
    found = [Bulk() for _ in programs]
    for program in programs:
        longest_queue(program)
    for _ in range(times):
        for program, bulk in zip(programs, found, strict=True):
            _set_priority(program, bulk)
    return found


def _set_priority(program: Watched, found: Bulk) -> None:
    program.press("X")
    program.wait(SELECTED)
    program.press("p")
    program.wait("Priority ·")
    program.type("urgent")
    program.wait_gone("type to narrow down")
    program.settle(REST)
    program.press("enter")
    found.rows = number(program.wait(PREVIEW, 30)[1])
    program.wait("enter do it")
    program.settle(REST)
    answer = said(program.time_key("enter", until=partial(shows, program, QUEUED), seconds=60))
    program.settle(REST)
    if answer is not None:
        found.done.append(answer)
    program.press("u")
    program.wait_gone(QUEUED, 60)
    program.settle(1.0)
    if shows(program, SELECTED):
        program.press("escape")
        program.wait_gone(SELECTED)
        program.settle(REST)


def _counted(program: Watched, pattern: str) -> int:
    return number(program.wait(pattern)[1])
