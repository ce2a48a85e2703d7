"""Hostile text in every place a portal holds text, walked through in a real terminal.

Every text is opened and read; a slice of them is taken further, to the dialogs (all of them with `--whole`).

What the program tells its terminal must have the same shapes as with harmless text of the same size: whatever a
text could make it say besides is a shape that harmless text never gives.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import pytest

from tests.hostile import Hostile, hostile
from tests.slices import Slices
from tests.terminal.clinic import colleague, conversation
from tests.terminal.harness import Program, Unseen
from tests.terminal.portal import Portal
from tests.terminal.refusing import refusing
from tests.terminal.shapes import shapes
from workbench.dialogue.clean import visible

LAUNCH: Final = (sys.executable, "-m", "tests.terminal.launch", "--lang", "en", "--as", "Practitioner/kari-nordmann")
LONGEST: Final = 20_000
"""Characters of a text; what a longer one costs is measured elsewhere."""
SEEN: Final = 60
"""Characters of a text that are looked for on the screen."""
GROUPS: Final = "ABCDEF"
EVERYWHERE: Final = "ACZ"
"""Groups that are taken to every dialog; the others' texts do nothing by being shown once more."""
SLICE: Final = 8
"""Of so many texts one is taken further than to its conversation."""
SAID: Final = re.compile(r"\d Mar \d\d:\d\d|REPLY · ")
"""When something in a conversation was said, or what was answered, which may push a long message's first line out of
sight; until a message has come, nothing can be answered."""
Text = tuple[str, str]
"""Name, and the text itself."""


def texts(group: str) -> list[Text]:
    """The list's texts of a group that a portal can hold: not empty, no half characters."""
    return [(each.id, each.text[:LONGEST]) for each in hostile() if each.group[0] == group and _held(each)]


def _held(each: Hostile) -> bool:
    return bool(each.text.strip()) and not re.search("[\ud800-\udfff]", each.text)


HARMLESS: Final[list[Text]] = [
    ("Z01", "Hei"),
    ("Z03", "Jeg har vondt i ryggen igjen. " * 3),
    ("Z05", "Kan jeg få time?\nHelst tirsdag.\n" * 30),
    ("Z07", "a" * LONGEST),
    ("Z09", "漢字" * 40),
]


@contextmanager
def clinic(folder: Path, given: list[Text], size: tuple[int, int]) -> Iterator[Program]:
    """The workbench on a portal where every text stands everywhere, and that refuses every message with them."""
    env = {"WORKBENCH_HOME": str(folder / "home"), "HOME": str(folder), "LANG": "en_GB.UTF-8", "TERM": "xterm-256color"}
    with Portal(folder / "portal") as portal:
        for place, (name, text) in enumerate(given):
            portal.fill(conversation(name, text, place, patient=f"{name} {text}"))
            portal.fill(colleague(name, f"{name} {text}"))
        with (
            refusing(portal.base, [text for _, text in given]) as base,
            Program([*LAUNCH, "--portal", base], env={**env, "COLORTERM": "truecolor"}, size=size) as program,
        ):
            program.wait(rf"Unclaimed +{len(given)}\b|Unclaimed · {len(given)}\b")
            yield program


def find(program: Program, name: str) -> None:
    """Searches for a patient and opens the conversation."""
    program.press("/")
    program.wait("Search words")
    program.type(name)
    program.wait(rf"Search · 1 · «{name}»")
    program.press("enter")
    _settled(program, rf"││ {name} ")  # it stands beside the list already: the line to search in must have been left
    program.press("enter")
    program.wait_until(lambda: SAID.search(pane(program.terminal.text)), f"a message of {name}")
    _settled(program, rf"││ {name} ")


def walk(program: Program, name: str, *, far: bool) -> Iterator[tuple[str, str]]:
    """Goes to a conversation, and everywhere in it; yields where it is, and what the terminal shows there."""
    find(program, name)
    yield "conversation", program.screen
    if far:
        yield from further(program, name)
    leave(program, r"╭─ (Unclaimed|Mine) ·")


def further(program: Program, name: str) -> Iterator[tuple[str, str]]:
    """Goes on to what is asked before a reply is sent, and what is said of one that is refused."""
    program.press("r")
    program.wait("REPLY to")
    program.type("x")
    program.wait("draft saved")
    program.press("ctrl+s")
    yield "confirm", _settled(program, r"Send the reply\?")
    program.press("enter")
    program.wait_gone("REPLY to")
    if name[0] in EVERYWHERE:
        yield from dialogs(program, name)


def dialogs(program: Program, name: str) -> Iterator[tuple[str, str]]:
    """Goes to the dialogs of an open conversation."""
    program.press("o")
    program.wait("The record")
    yield "record", _settled(program, "No coming appointments")
    program.press("escape")
    program.wait_gone("The record")
    program.press("v")
    yield "attachments", _settled(program, "Save an attachment")
    program.press("escape")
    program.wait_gone("Save an attachment")
    program.press("t")
    program.wait("Category ·")
    program.press("enter")
    program.wait_gone("Category ·")
    yield "toast", _settled(program, rf"\b{name} ")


def leave(program: Program, goal: str) -> None:
    """Presses escape until the goal is there: where the focus was decides how often."""
    for _ in range(4):
        program.press("escape")
        with suppress(Unseen):
            program.wait(goal, 0.6)
            return
    program.wait(goal)


def lists(program: Program, name: str) -> str:
    """Reads the outbox, whom one can hand over to, and the queues."""
    find(program, name)
    seen = []
    for key, name in (("b", "╭─ Outbox"), ("f", "Hand over ·"), ("g", "Go to queue")):
        program.press(key)
        seen.append(_settled(program, name))
        for _ in range(4):
            program.press("pagedown")
            program.settle(0.1)
            seen.append(program.screen)
        program.press("escape")
        program.wait_gone(name)
    return "\n".join(seen)


def _settled(program: Program, pattern: str) -> str:
    program.wait(pattern)
    program.settle(0.06)
    return program.screen


def _reads(program: Program, name: str, wanted: str) -> None:
    """Waits for a text in the pane: a long one is painted some time after its banner, with pauses between."""
    program.wait_until(lambda: wanted in bare(pane(program.terminal.text)), f"{name} {wanted}")


def bare(text: str) -> str:
    """Text without what a screen breaks it by: blanks, frames, scroll bars, and marks that emulators join."""
    kept = unicodedata.normalize("NFC", text)
    return "".join(
        c for c in kept if not c.isspace() and not "─" <= c <= "▟" and unicodedata.category(c) not in "MnMeCf"
    )


def pane(screen: str) -> str:
    """The conversation's column."""
    lines = screen.split("\n")
    left = lines[1].rindex("╭")
    return "\n".join(line[left:] for line in lines)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory, testrun_uid: str) -> frozenset[str]:
    """The shapes that harmless text gives: walked once, by whichever of several test processes comes first."""
    base = tmp_path_factory.getbasetemp()
    kept = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / f"shapes-{testrun_uid}.json"
    with kept.open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        if not (told := file.read()):
            told = json.dumps(sorted(harmless(tmp_path_factory)))
            file.write(told)
    return frozenset(json.loads(told))


def harmless(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    """Walks through harmless text."""
    with clinic(tmp_path_factory.mktemp("harmless"), HARMLESS, (120, 40)) as program:
        for name, _ in HARMLESS:
            for _ in walk(program, name, far=True):
                pass
        lists(program, HARMLESS[0][0])
        program.press("ctrl+q")
        program.ended()
        return frozenset(shapes(bytes(program.output)))


@pytest.mark.slow
@pytest.mark.parametrize("group", GROUPS)
def test_hostile_text_makes_the_program_say_nothing_else_and_vanishes_nowhere(
    group: str, expected: frozenset[str], tmp_path: Path, slices: Slices
) -> None:
    given = texts(group)
    far = slices.some(given, SLICE)
    with clinic(tmp_path, given, (120, 40)) as program:
        for name, text in given:
            wanted = bare(visible(text))[:SEEN]
            for where, screen in walk(program, name, far=(name, text) in far):
                assert name in screen, f"{name} {where}\n{program.shown()}"
                if where == "conversation":
                    _reads(program, name, wanted)
                    assert "read by:" in screen, program.shown()
        lists(program, given[0][0])
        program.press("ctrl+q")
        assert program.ended() == 0
        assert set(shapes(bytes(program.output))) == expected
