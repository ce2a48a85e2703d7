"""The project's list of hostile inputs: what may come from outside, and what must not come of it."""

import json
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

DATA: Final = Path(__file__).parent / "data" / "hostile.jsonl"
MADE: Final[dict[str, Callable[[], str]]] = {
    "'a'*1_000_000": lambda: "a" * 1_000_000,
    "'\u6f22'*333_000": lambda: "\u6f22" * 333_000,
    "'['*300_000": lambda: "[" * 300_000,
    "('a'*30+'!')*20_000": lambda: ("a" * 30 + "!") * 20_000,
    "'['*100_000+']'*100_000": lambda: "[" * 100_000 + "]" * 100_000,
}
"""Texts too long for the file, by the words it names them with."""
SCENES: Final = frozenset({"100_000 conversations", "typing 200_000 characters"})
"""Lines of the file that are no text but something to do; they have tests of their own."""
UNSHOWABLE: Final = frozenset({"Cc", "Cs", "Co", "Cn", "Zl", "Zp"})
BIDI: Final = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


@dataclass(frozen=True, slots=True)
class Hostile:
    """One text from outside."""

    id: str
    group: str
    where: str
    must: str
    text: str


def hostile() -> list[Hostile]:
    """Every text of the list, the long ones made."""
    rows = [json.loads(line) for line in DATA.read_text("utf-8").splitlines()]
    return [
        Hostile(
            row["id"], row["group"], row["where"], row["must"], MADE[row["gen"]]() if "gen" in row else row["payload"]
        )
        for row in rows
        if row.get("gen") not in SCENES
    ]


def commanding(shown: str) -> set[str]:
    """The characters in some shown text that a terminal obeys, that reorder, or that nothing can draw."""
    return {char for char in shown if unicodedata.category(char) in UNSHOWABLE or char in BIDI}
