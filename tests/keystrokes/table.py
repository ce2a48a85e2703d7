"""The table of keys a task, for the README: here as counted, elsewhere as documented."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tests.keystrokes.elsewhere import GMAIL, NEOMUTT, Elsewhere
from tests.keystrokes.keys import Keys, pressed, written

NAMES: Final[Mapping[str, str]] = {
    "done": "mark the open one done and read the next",
    "next": "read the next and leave this one as it is",
    "claim": "claim and open",
    "reply": "reply with two words (9 keys) and send",
    "note": "note the same words for colleagues only",
    "person": "assign to a person",
    "team": "hand to a team, with a reason (6 keys)",
    "category": "set the category",
    "priority": "set the priority",
    "search": "search a patient by name (7 keys) and open the first",
    "queue": "go to another queue",
    "take-back": "take back a reply that has not left, and edit it",
}


def figures(counted: Mapping[str, Keys]) -> list[dict[str, object]]:
    """Every task with its keys, for programs."""
    return [
        {
            "task": name,
            "keys": pressed(counted[name]),
            "pressed": list(counted[name]),
            "gmail": pressed(GMAIL[name].keys) or None,
            "neomutt": pressed(NEOMUTT[name].keys) or None,
        }
        for name in NAMES
    ]


def table(counted: Mapping[str, Keys]) -> str:
    """Markdown: a row a task, and a footnote a task that says which keys were counted."""
    rows = ["| task | here | Gmail | neomutt |", "| --- | --- | --- | --- |"]
    for name, words in NAMES.items():
        others = [str(pressed(other[name].keys) or "–") for other in (GMAIL, NEOMUTT)]
        rows.append(f"| {words} [^{name}] | {' | '.join([str(pressed(counted[name])), *others])} |")
    notes = [
        f"[^{name}]: here {written(counted[name])}; Gmail {_told(GMAIL[name])}; neomutt {_told(NEOMUTT[name])}."
        for name in NAMES
    ]
    return "\n".join([*rows, "", *notes])


def _told(other: Elsewhere) -> str:
    return f"{written(other.keys) or '–'} ({other.how})" if other.how else written(other.keys)
