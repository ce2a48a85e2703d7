"""What is measured, one function a figure."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Final

from tests.bench.stores import BASE, ME, SEED, Held
from tests.bench.watched import Answer, Watched
from tests.terminal.harness import ROOT
from tests.terminal.portal import Portal
from workbench.sandbox.scene import resources

HELLO: Final = (sys.executable, "-m", "tests.bench.hello")
LAUNCH: Final = (sys.executable, "-m", "tests.terminal.launch")
LIST: Final = r"╭─ +([^╮]*) · ((?!0 )[\d,]+) +─*╮"
"""The list's title with its count: it is drawn, and the keys work."""
SIZE: Final = (120, 40)
GAP: Final = 0.02
"""Seconds at most that pass, at random, between one answer and the next key, so as not to keep step with timers."""


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


def starts(held: Held, runs: int) -> tuple[list[float], list[float]]:
    """Starts the workbench and a Textual hello-world in turns.

    Returns:
        Milliseconds to a usable inbox and to the hello, one each a run; a first turn is not counted.
    """
    ours, theirs = [], []
    for _ in range(runs + 1):
        with workbench(held) as program:
            ours.append((program.seen_at - program.started) / 1e6)
        with Watched(HELLO, env=environment(held.home), size=SIZE, colours=True) as program:
            program.wait("hello ready")
            theirs.append((program.seen_at - program.started) / 1e6)
    return ours[1:], theirs[1:]


def keys(stores: Sequence[Held], presses: int) -> list[list[Answer]]:
    """Times the down key in lists of different lengths, in turns of ten, so that all meet the same machine."""
    found: list[list[Answer]] = [[] for _ in stores]
    dice = random.Random(1)
    with ExitStack() as stack:
        programs = [stack.enter_context(workbench(held)) for held in stores]
        for program in programs:
            _longest_queue(program)
        while len(found[0]) < presses:
            for program, answers in zip(programs, found, strict=True):
                program.settle(0.3)
                for _ in range(10):
                    sleep(dice.uniform(0, GAP))
                    answers += _some(program.time_key("down"))
    return found


def opens(program: Watched, times: int) -> list[Answer]:
    """Times opening a conversation that is held: from the enter key to the last change of the picture it brings."""
    _longest_queue(program)
    found = []
    for _ in range(times):
        # No rest between the two keys: a rest would show the conversation before it is opened.
        found += _some(program.time_key("down", "enter", until=partial(_other_pane, program, _pane(program))))
        program.settle(0.2)
        program.press("escape")
        program.settle(0.2)
    return found


def searches(program: Watched, words: Sequence[str]) -> list[Answer]:
    """Times searching: from the last key of the words to the list of what was found."""
    found = []
    program.press("/")
    program.settle(0.2)
    for word in words:
        listed = partial(_listed, program, word)
        found += _some(program.time_key(*word, until=listed, seconds=30))
        program.press("ctrl+u")
        program.wait_gone(re.escape(f"{word} ·"))
        program.settle(0.2)
    return found


def words_of(conversations: int, count: int) -> list[str]:
    """Words that stand in the messages: some in many, some in few, some in one only, by the seed's own order."""
    told: Iterator[dict[str, Any]] = resources(conversations, SEED, datetime(2026, 3, 2, 12, tzinfo=UTC))
    known: set[str] = set()
    for part in (part for each in told if each["resourceType"] == "Communication" for part in each.get("payload", ())):
        known |= set(re.findall(r"[a-zæøå]{4,12}", part.get("contentString", "").lower()))
    return random.Random(1).sample(sorted(known), min(count, len(known)))


def sync(folder: Path, conversations: int) -> tuple[float, int]:
    """Syncs an empty store with a portal, as a process of its own.

    Returns:
        Seconds from its start to its end, and messages and notes fetched.
    """
    with Portal(folder / "portal", conversations=conversations) as portal:
        env = {"PATH": os.environ["PATH"], **environment(folder / "home")}
        command = [*LAUNCH, "sync", "--portal", portal.base, "--as", ME]
        begun = monotonic()
        subprocess.run(command, env=env, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        took = monotonic() - begun
        return took, sum("partOf" in each for each in portal.search("Communication", _count="500"))


def idle(folder: Path, conversations: int, seconds: float) -> float:
    """Share of one processor, in per cent, that the workbench uses beside a portal where nothing happens."""
    home = Held(folder / "home", conversations, 0)
    with Portal(folder / "portal", conversations=conversations) as portal, workbench(home, portal.base) as program:
        program.settle(quiet=2.0, seconds=120)
        before, begun = program.busy(), monotonic()
        program.settle(quiet=seconds, seconds=seconds)
        return (program.busy() - before) / 1e7 / (monotonic() - begun)


def _longest_queue(program: Watched) -> None:
    """Goes to the queue that holds the most: the ones of teams and persons are short."""
    program.press("g")
    program.wait("Go to queue")
    program.type("Unclaimed")
    program.settle(0.3)
    program.press("enter")
    program.wait(r"╭─ +Unclaimed · (?!0 )[\d,]+ +─*╮")
    program.settle(0.5)


def _listed(program: Watched, word: str) -> bool:
    """Whether the list is what was found for a word."""
    return re.search(rf"╭─ [^╮]*\b{re.escape(word)} · [\d,]+ ", program.terminal.text) is not None


def _pane(program: Watched) -> str:
    """What stands in the conversation's column."""
    lines = program.terminal.text.split("\n")
    left = max(line.rfind("╭") for line in lines)
    return "\n".join(line[left:] for line in lines)


def _other_pane(program: Watched, before: str) -> bool:
    return _pane(program) != before


def _some(answer: Answer | None) -> list[Answer]:
    return [] if answer is None else [answer]
