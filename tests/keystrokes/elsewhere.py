"""Keys that Gmail and neomutt take for the tasks, counted from their documentation, not measured.

Gmail: the help page on its keyboard shortcuts, with shortcuts turned on and the conversation open or under the cursor.
neomutt: the default bindings and default settings of its guide, the message under the cursor, vi as the editor. What
they complete by themselves is counted as completed after the same one letter as here, and a chord as one key.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tests.keystrokes.keys import NAME, REASON, WORDS, Keys, Typed


@dataclass(frozen=True)
class Elsewhere:
    """How another program does a task; no keys where it has no such thing."""

    keys: Keys = ()
    how: str = ""


VI: Final = ("Esc", Typed(":wq"), "Enter")
"""Saves the text and leaves the editor."""
PROMPTS: Final = ("Enter", "Enter", "Enter")
"""Agrees to the recipient, the subject and quoting the message."""

GMAIL: Final[Mapping[str, Elsewhere]] = {
    "done": Elsewhere(("]",), "archive and go to the next"),
    "next": Elsewhere(("j",)),
    "claim": Elsewhere(how="a mailbox has one owner"),
    "reply": Elsewhere(("r", WORDS, "Ctrl+Enter"), "sends without asking"),
    "note": Elsewhere(how="every answer leaves"),
    "person": Elsewhere(("f", Typed("y"), "Enter", "Ctrl+Enter"), "forwards a copy; nobody has it"),
    "team": Elsewhere(("f", Typed("r"), "Enter", "Tab", REASON, "Ctrl+Enter"), "forwards a copy to the team"),
    "category": Elsewhere(("l", Typed("t"), "Enter"), "label, completed"),
    "priority": Elsewhere(("+",), "important or not: two levels"),
    "search": Elsewhere(("/", NAME, "Enter", "Enter"), "in all mail"),
    "queue": Elsewhere(("g", "l", Typed("l"), "Enter"), "a label, completed; two keys to the few built-in ones"),
    "take-back": Elsewhere(("z",), "within the 5 to 30 seconds that it waits"),
}
NEOMUTT: Final[Mapping[str, Elsewhere]] = {
    "done": Elsewhere(("d",), "there is no done: marks it deleted and goes to the next"),
    "next": Elsewhere(("j",)),
    "claim": Elsewhere(how="a mailbox has one owner"),
    "reply": Elsewhere(("r", *PROMPTS, "i", WORDS, *VI, "y"), "with `$fast_reply` and another editor fewer"),
    "note": Elsewhere(how="every answer leaves"),
    "person": Elsewhere(("b", Typed("y"), "Tab", "Enter", "Enter"), "bounces it to an alias; nobody has it"),
    "team": Elsewhere(
        ("f", Typed("r"), "Tab", "Enter", "Enter", "i", REASON, *VI, "y"), "forwards a copy to the team's alias"
    ),
    "category": Elsewhere(("Y", Typed("t"), "Tab", "Enter"), "label, completed"),
    "priority": Elsewhere(("F",), "flagged or not: two levels"),
    "search": Elsewhere(("/", NAME, "Enter", "Enter"), "sender and subject in this mailbox"),
    "queue": Elsewhere(("c", Typed("=l"), "Tab", "Enter"), "a mailbox, completed"),
    "take-back": Elsewhere(how="what is sent has left"),
}
