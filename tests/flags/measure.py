"""Sensitivity and precision on a labelled corpus."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from workbench.dialogue.flags.rules import Rules
from workbench.dialogue.flags.scan import scan

CORPUS = Path(__file__).parents[1] / "data" / "red-flags"
TUNING = CORPUS / "tuning.jsonl"
"""The half the rules were tuned on."""
HELD_OUT = CORPUS / "held_out.jsonl"
"""The half nobody who writes rules looks at."""
SENSITIVITY, PRECISION = 0.95, 0.6
"""What the held-out half must reach."""


@dataclass(frozen=True, slots=True)
class Message:
    """A labelled message."""

    text: str
    lang: str
    flag: bool
    kind: str
    """What it tells of; for one that is not urgent, why not."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Messages by what they are and what was marked."""

    hit: int = 0
    missed: int = 0
    false: int = 0
    quiet: int = 0

    @property
    def sensitivity(self) -> float | None:
        """Share of the urgent ones that were marked."""
        return _share(self.hit, self.missed)

    @property
    def precision(self) -> float | None:
        """Share of the marked ones that are urgent."""
        return _share(self.hit, self.false)

    def reaches(self) -> bool:
        """Whether the goals are met."""
        return (self.sensitivity or 0) >= SENSITIVITY and (self.precision or 0) >= PRECISION

    def figures(self) -> dict[str, object]:
        """All of it as JSON has it."""
        return {
            "hit": self.hit,
            "missed": self.missed,
            "false": self.false,
            "quiet": self.quiet,
            "sensitivity": _rounded(self.sensitivity),
            "precision": _rounded(self.precision),
        }


def read(file: Path) -> list[Message]:
    """The messages of a half."""
    lines = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
    return [Message(line["text"], line["lang"], line["flag"], line["kind"]) for line in lines]


def tally(messages: Iterable[Message], rules: Rules) -> Tally:
    """What the rules make of messages."""
    counts = {(urgent, marked): 0 for urgent in (True, False) for marked in (True, False)}
    for message in messages:
        counts[message.flag, bool(scan(message.text, rules))] += 1
    return Tally(counts[True, True], counts[True, False], counts[False, True], counts[False, False])


def by(messages: list[Message], key: Callable[[Message], str], rules: Rules) -> dict[str, Tally]:
    """A tally for each value of a key."""
    return {
        value: tally((message for message in messages if key(message) == value), rules)
        for value in sorted({key(message) for message in messages})
    }


def interval(share: float, number: int) -> tuple[float, float]:
    """Where a share lies with a probability of 95 per cent (Wilson), given how many it was counted on."""
    z = 1.96
    middle = (share + z * z / (2 * number)) / (1 + z * z / number)
    half = z * math.sqrt(share * (1 - share) / number + z * z / (4 * number * number)) / (1 + z * z / number)
    return max(0.0, middle - half), min(1.0, middle + half)


def _share(some: int, others: int) -> float | None:
    return some / (some + others) if some + others else None


def _rounded(share: float | None) -> float | None:
    return None if share is None else round(share, 4)
