"""What looking costs, by size: starting, moving, opening, searching; all sizes in turns."""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any, Final

from tests.bench.stores import BASE, ME, RARE, SEED, Held
from tests.bench.turns import REST, One, Walk, in_turns, longest_queue
from tests.bench.watched import Answer, Watched
from workbench.sandbox.scene import resources

HELLO: Final = (sys.executable, "-m", "tests.bench.hello")
LAUNCH: Final = (sys.executable, "-m", "tests.terminal.launch")
LIST: Final = r"╭─ +([^╮]*) · ((?!0 )[\d,]+) +─*╮"
"""The list's title with its count: it is drawn, and the keys work."""
COUNTED: Final = r"│.Done +[\d,]+ │"
"""The side bar's last queue with its count: all queues are counted in one go."""
SIZE: Final = (120, 40)
SPAN: Final = 100
"""Rows that are walked down at most."""
PAGE: Final = 20
"""Rows that a page certainly does not exceed."""


@dataclass(slots=True)
class Starts:
    """Milliseconds from the start of a program, one each a run."""

    usable: list[float] = field(default_factory=list)
    counted: list[float] = field(default_factory=list)


@contextmanager
def workbench(held: Held, base: str = BASE, launch: Sequence[str] = LAUNCH) -> Iterator[Watched]:
    """The workbench on a filled store, with its inbox on the screen."""
    command = [*launch, "--lang", "en", "--portal", base, "--as", ME]
    with Watched(command, env=environment(held.home), size=SIZE, colours=True) as program:
        program.wait(LIST, 60)
        yield program


def environment(home: Path) -> dict[str, str]:
    """A user's surroundings, with everything kept in one folder."""
    return {
        "HOME": str(home),
        "WORKBENCH_HOME": str(home),
        "LANG": "en_GB.UTF-8",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
        "TZ": "Europe/Oslo",
    }


def starts(stores: Sequence[Held], runs: int) -> tuple[list[Starts], list[float]]:
    """Starts the workbench on each store and a Textual hello-world, in turns.

    Returns:
        By store, and milliseconds to the hello; a first turn is not counted.
    """
    ours: list[Starts] = [Starts() for _ in stores]
    theirs: list[float] = []
    for turn in range(runs + 1):
        for held, found in zip(stores, ours if turn else [Starts() for _ in stores], strict=True):
            with workbench(held) as program:
                usable = program.seen_at
                if not re.search(COUNTED, program.terminal.text):
                    program.wait(COUNTED, 60)
                found.usable.append((usable - program.started) / 1e6)
                found.counted.append((program.seen_at - program.started) / 1e6)
        with Watched(HELLO, env=environment(stores[0].home), size=SIZE, colours=True) as program:
            program.wait("hello ready")
            if turn:
                theirs.append((program.seen_at - program.started) / 1e6)
    return ours, theirs


def keys(programs: Sequence[Watched], presses: int) -> list[list[Answer]]:
    """Times the down key, in turns of ten."""
    span = min(SPAN, *(longest_queue(program) - 1 for program in programs))
    return in_turns(programs, partial(walking, "down", span), presses, 10)


def pages(programs: Sequence[Watched], presses: int) -> list[list[Answer]]:
    """Times the key for the next page, in turns of ten; in lists that hold no second page it is the last row's."""
    span = min(longest_queue(program) for program in programs) // PAGE
    return in_turns(programs, partial(walking, "pagedown", span), presses, 10)


def walking(key: str, span: int, program: Watched, top: str = "home") -> One:
    """A key that walks down a list, pressed once a time; `top` goes back to where it began."""
    walk = Walk(program, span, top)

    def press(program: Watched) -> Answer | None:
        walk.on()
        return program.time_key(key)

    return press


def opens(programs: Sequence[Watched], times: int) -> list[list[Answer]]:
    """Times opening a conversation that is held: from the enter key to the last change of the picture it brings."""
    span = min(SPAN, *(longest_queue(program) - 1 for program in programs))
    return in_turns(programs, partial(_opening, span), times, 5)


def _opening(span: int, program: Watched) -> One:
    walk = Walk(program, span)

    def open_next(program: Watched) -> Answer | None:
        walk.on()
        # No rest between the two keys: a rest would show the conversation before it is opened.
        answer = program.time_key("down", "enter", until=partial(_other_pane, program, _pane(program)))
        program.settle(0.2)
        program.press("escape")
        program.settle(0.2)
        return answer

    return open_next


def searches(programs: Sequence[Watched], words: Sequence[str]) -> list[list[Answer]]:
    """Times searching: from the last key of each word to the list of what was found."""
    for program in programs:
        program.press("/")
        program.settle(REST)
    found = in_turns(programs, partial(_searching, words), len(words), 5)
    for program in programs:
        program.press("escape")
        program.settle(REST)  # a key that comes at once would be one with the escape before it
        longest_queue(program)
    return found


def rare(times: int) -> list[str]:
    """Words that stand in five messages each, as often as asked for."""
    return [RARE[each % len(RARE)] for each in range(times)]


def _searching(words: Sequence[str], _program: Watched) -> One:
    left = iter(words)

    def search(program: Watched) -> Answer | None:
        word = next(left)
        answer = program.time_key(*word, until=partial(_listed, program, word), seconds=30)
        program.press("ctrl+u")
        program.wait_gone(re.escape(f"«{word}»"))
        program.settle(0.2)
        return answer

    return search


def words_of(conversations: int, count: int) -> list[str]:
    """Words that stand in the messages: some in many, some in few, some in one only, by the seed's own order."""
    told: Iterator[dict[str, Any]] = resources(conversations, SEED, datetime(2026, 3, 2, 12, tzinfo=UTC))
    known: set[str] = set()
    for part in (part for each in told if each["resourceType"] == "Communication" for part in each.get("payload", ())):
        known |= set(re.findall(r"[a-zæøå]{4,12}", part.get("contentString", "").lower()))
    return random.Random(1).sample(sorted(known), min(count, len(known)))


def idles(programs: Sequence[Watched], seconds: float) -> list[float]:
    """Share of one processor, in per cent, that each uses while nobody touches it and no portal answers."""
    for program in programs:
        program.settle(quiet=2.0, seconds=30)
    before, begun = [program.busy() for program in programs], monotonic()
    programs[0].settle(quiet=seconds, seconds=seconds)
    took = monotonic() - begun
    return [(program.busy() - used) / 1e7 / took for program, used in zip(programs, before, strict=True)]


def _listed(program: Watched, word: str) -> bool:
    """Whether the list is what was found for a word."""
    return re.search(rf"╭─ [^╮]* · [\d,]+\+? · «{re.escape(word)}»", program.terminal.text) is not None


def _pane(program: Watched) -> str:
    """What stands in the conversation's column."""
    lines = program.terminal.text.split("\n")
    left = max(line.rfind("╭") for line in lines)
    return "\n".join(line[left:] for line in lines)


def _other_pane(program: Watched, before: str) -> bool:
    return _pane(program) != before
