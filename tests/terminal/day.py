"""What a person does at the workbench, by keys alone."""

from __future__ import annotations

import socket
import sys
from pathlib import Path
from typing import Any, Final

from tests.terminal.harness import WORKBENCH, Program
from tests.terminal.portal import Asked

LAUNCH: Final = (sys.executable, "-m", "tests.terminal.launch", "--lang", "en", "--as", "Practitioner/kari-nordmann")
FIRST_SHOWN: Final = r"╮╭─ (.{4})[^\n]*\n[^\n]*▌[●✎×! ]*\1"
"""The conversation beside the list is the first one's: both begin with the same letters of its subject."""


def surroundings(home: Path) -> dict[str, str]:
    """A user's environment, with everything kept in one folder."""
    return {
        "HOME": str(home),
        "WORKBENCH_HOME": str(home),
        "LANG": "en_GB.UTF-8",
        "TERM": "xterm-256color",
        "COLORTERM": "truecolor",
    }


ALL_HAS_COME = r"(?:live|connected)\b|offline"
"""How the portal stands once the first sync is over, or cannot begin."""
LOOKED_FOR: Final = 90.0
"""Seconds until what went without an answer has been settled: it is looked for once more after twenty."""


def demo(folder: Path, port: int, size: tuple[int, int] = (120, 40)) -> Program:
    """`workbench demo` on a kept folder, which goes on from there when it is started again."""
    command = [*WORKBENCH, "--lang", "en", "demo", "--port", str(port), "--keep", str(folder / "demo")]
    return Program(command, env=surroundings(folder), size=size)


def workbench(folder: Path, base: str, size: tuple[int, int] = (120, 40)) -> Program:
    """The workbench on a portal that is a process of its own."""
    return Program([*LAUNCH, "--portal", base], env=surroundings(folder), size=size)


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def open_queue(program: Program, name: str) -> None:
    """Goes to a queue and opens its first conversation, once all that the portal gives has come."""
    program.wait(r"╭─ \S[^╮]* · [1-9]\d* ─")
    program.wait(ALL_HAS_COME)
    program.press("g")
    program.wait("Go to queue")
    program.type(name)
    program.wait_gone("type to narrow down")
    program.settle(0.1)
    program.press("enter")
    program.wait(rf"╭─ {name} · [1-9]\d* ─")
    program.wait(FIRST_SHOWN)
    program.press("enter")


def find(program: Program, words: str) -> None:
    """Searches for the one conversation with these words, and opens it."""
    program.wait(r"╭─ \S[^╮]* · [1-9]\d* ─")
    program.press("/")
    program.wait("Search words")
    program.type(words)
    program.wait(rf"Search · 1 · «{words[:12]}")
    program.press("enter")
    program.wait(rf"╮╭─ {words[:8]}")
    program.press("enter")


def whose(program: Program) -> str:
    """Words that only the open conversation has: its subject and its patient's name."""
    title = program.wait(r"╮╭─ ([^╮─]+) ─*╮$").group(1).strip(" …")
    return f"{title} {patient(program)}"


def patient(program: Program) -> str:
    """Whose conversation is open, as the banner tells."""
    return program.wait(r"│ ([^│·]+) · \d+ (?:years?|months?)\b").group(1).strip()


def reply(program: Program, words: str) -> None:
    """Writes a reply until it is saved."""
    program.press("r")
    program.wait("REPLY to")
    program.type(words)
    program.wait("draft saved")


def send(program: Program, question: str = "Send the reply") -> None:
    """Sends what is written, saying yes to the question."""
    program.press("ctrl+s")
    program.wait(rf"{question}\?")
    program.press("enter")
    program.wait_gone(rf"{question}\?")


def said(portal: Asked, words: str) -> list[dict[str, Any]]:
    """Every message or note with these words that the portal holds."""
    return [
        each
        for each in portal.search("Communication", _count="200")
        if any(words in part.get("contentString", "") for part in each.get("payload", ()))
    ]
