"""Several programs measured in turns, so that all meet the same machine."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from time import sleep
from typing import Final

from tests.bench.watched import Answer, Watched

GAP: Final = 0.02
"""Seconds at most that pass, at random, between one answer and the next key, so as not to keep step with timers."""
REST: Final = 0.3
"""Seconds of silence before a program's turn."""
LONGEST: Final = r"╭─ +Unclaimed · ((?!0 )[\d,]+) +─*╮"
"""The title of the list that is walked: those of teams and persons are short."""

One = Callable[[Watched], Answer | None]
"""Does something once and times it; None when nothing was seen of it."""


def in_turns(programs: Sequence[Watched], makes: Callable[[Watched], One], times: int, turn: int) -> list[list[Answer]]:
    """Does something so many times in each program.

    Args:
        programs: That run.
        makes: What to do, made anew for each program.
        times: How often it is done in each.
        turn: How often before the next program has its turn.

    Returns:
        The answers by program.
    """
    dice = random.Random(1)
    found: list[list[Answer]] = [[] for _ in programs]
    ones = [makes(program) for program in programs]
    for begun in range(0, times, turn):
        for program, one, answers in zip(programs, ones, found, strict=True):
            program.settle(REST)
            for _ in range(min(turn, times - begun)):
                sleep(dice.uniform(0, GAP))
                answer = one(program)
                if answer is not None:
                    answers.append(answer)
    return found


def longest_queue(program: Watched) -> int:
    """Goes to the top of the queue that holds the most open conversations; how many there are."""
    if not shows(program, LONGEST):
        program.press("g")
        program.wait("Go to queue")
        program.type("Unclaimed")
        program.settle(REST)
        program.press("enter")
    listed = program.wait(LONGEST)
    program.settle(REST)
    program.press("home")
    program.settle(REST)
    return number(listed[1])


def number(shown: str) -> int:
    """A number as the screen writes it."""
    return int(shown.replace(",", ""))


class Walk:
    """A list walked down so far as its shortest fellow allows, and then from its top again.

    Lists of all lengths are so walked alike: while the cursor moves on a page that stands still a key costs less than
    when the page moves under it, and a short list would have more of the one.
    """

    def __init__(self, program: Watched, span: int, top: str = "home") -> None:
        self._program = program
        self._top = top
        self._span = max(1, span)
        self._place = 0

    def on(self) -> None:
        """Goes to the top when the next step would leave the span."""
        if self._place == self._span:
            self._program.press(self._top)
            self._program.settle(REST)
            self._place = 0
        self._place += 1


def said(answer: Answer | None) -> Answer | None:
    """An answer that was there when the picture said so: what changes afterwards is no part."""
    return None if answer is None else Answer(answer.first, answer.first, answer.calm)


def shows(program: Watched, pattern: str) -> bool:
    """Whether a pattern is in the picture."""
    return re.search(pattern, program.terminal.text) is not None
