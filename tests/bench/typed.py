"""How keys are answered while something else goes on: a first sync, and drafts on their way to the disk."""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from typing import Final

from tests.bench.measures import LAUNCH, workbench
from tests.bench.stores import Held
from tests.bench.watched import Answer, Watched
from tests.terminal.composer import BOX, composer
from tests.terminal.portal import Portal

NEVER: Final = (sys.executable, "-m", "tests.bench.never_saves")
BESIDE: Final = "abcdefghijklmnopqrstuvwxyz"
WIDE: Final = 40
"""Characters after which the line that is typed is cleared, so that it is never wrapped."""
BETWEEN: Final = (0.05, 0.2)
"""Seconds from one key to the next, at random: a fast typist's. The answers do not set the pace: what follows a key,
as the conversation beside the list does, is to meet the next one as often while something goes on as while not."""
RHYTHM: Final = 0.35
"""Seconds at most between two keys, at random: longer than the pause after which a draft is saved, and shorter."""
DONE: Final = r"● (?:connected|live)"
"""What the status line says once a first round has ended."""


@dataclass(slots=True)
class Pair:
    """Answers to the same keys while something goes on, and while it does not."""

    busy: list[Answer] = field(default_factory=list)
    idle: list[Answer] = field(default_factory=list)


def while_syncing(folder: Path, conversations: int, presses: int) -> dict[str, Pair]:
    """Times keys in the list and in the composer while an empty store fetches everything, and afterwards.

    Args:
        folder: For the portal and the stores.
        conversations: Of the portal.
        presses: How many at least while nothing goes on; meanwhile there are as many as the sync leaves time for.

    Returns:
        By place.
    """
    found = {}
    with Portal(folder / "portal", conversations=conversations) as portal:
        for place, prepare, press in (("list", _list, _down), ("composer", _composer, _letter)):
            pair = found[place] = Pair()
            with workbench(Held(folder / place, conversations, 0), portal.base) as program:
                prepare(program)
                while not re.search(DONE, program.screen):
                    _press(program, press, pair.busy)
                program.wait(DONE, 120)
                program.settle(1.0, 3.0)  # a composer's cursor blinks, so that it never rests for so long
                # At least as many as met the sync: of few, one more that meets the conversation beside the list, which
                # is painted a moment after a key, moves the percentile from one kind of answer to the other.
                while len(pair.idle) < max(presses, len(pair.busy)):
                    _press(program, press, pair.idle)
    return found


def while_saving(held: Held, presses: int) -> Pair:
    """Times keys in the composer with drafts saved as one types, and with none ever due, in turns of ten."""
    pair = Pair()
    dice = random.Random(1)
    with ExitStack() as stack:
        programs = [stack.enter_context(workbench(held, launch=launch)) for launch in (LAUNCH, NEVER)]
        for program in programs:
            _composer(program)
        while len(pair.idle) < presses:
            for program, answers in zip(programs, (pair.busy, pair.idle), strict=True):
                for _ in range(10):
                    sleep(dice.uniform(0, RHYTHM))
                    answers += _letter(program)
    return pair


def _press(program: Watched, press: Callable[[Watched], list[Answer]], answers: list[Answer]) -> None:
    due = monotonic() + random.uniform(*BETWEEN)
    answers += press(program)
    sleep(max(0.0, due - monotonic()))


def _list(program: Watched) -> None:
    """Goes to the longest queue; while a sync goes on the screen never rests, so no rest is waited for."""
    program.press("g")
    program.wait("Go to queue")
    program.type("Unclaimed")
    program.wait_gone("type to narrow down")
    program.settle(0.1, 0.5)
    program.press("enter")
    program.wait(r"╭─ +Unclaimed · (?!0 )[\d,]+ +─*╮")
    program.settle(0.1, 0.5)


def _composer(program: Watched) -> None:
    _list(program)
    program.press("n")
    program.wait(BOX.pattern)
    program.settle(0.1, 0.5)


def _down(program: Watched) -> list[Answer]:
    """The down key, answered when the cursor stands on another conversation."""
    before = _row(program.screen)
    return _timed(program, "down", lambda: _row(program.terminal.text) not in ("", before))


def _letter(program: Watched) -> list[Answer]:
    """A letter, answered when it stands in the composer."""
    box = composer(program.screen)
    text = box.text if box else ""
    if len(text) >= WIDE:
        program.press("ctrl+u")
        program.wait_until(partial(_stands, program, ""), "an empty line")
        text = ""
    letter = BESIDE[len(text) % len(BESIDE)]
    return _timed(program, letter, partial(_stands, program, text + letter))


def _timed(program: Watched, key: str, until: Callable[[], bool]) -> list[Answer]:
    answer = program.time_key(key, until=until)
    # What else changes while a sync goes on is no answer: the time is that of the picture which shows the key's work.
    return [] if answer is None else [Answer(answer.first, answer.first, answer.calm)]


def _stands(program: Watched, text: str) -> bool:
    box = composer(program.terminal.text)
    return box is not None and box.text == text


def _row(picture: str) -> str:
    """The row of the list that the cursor is on."""
    found = re.search(r"││▌([^│]*)││", picture)
    return found[1] if found else ""
