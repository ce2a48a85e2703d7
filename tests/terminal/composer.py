"""The composer, read off the screen as a person reads it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

BOX: Final = re.compile(r"[╭╔][─═] (?:REPLY to|NOTE ·)[^╮╗]*[╮╗]")
"""Its upper border."""


@dataclass(frozen=True, slots=True)
class Box:
    """The composer as it stands on the screen."""

    text: str
    state: str
    """What stands in its lower border."""


def composer(picture: str) -> Box | None:
    """Reads the composer off a picture; None when there is none."""
    lines = picture.split("\n")
    for place, line in enumerate(lines):
        if (top := BOX.search(line)) is None:
            continue
        inside: list[str] = []
        for below in lines[place + 1 :]:
            part = below[top.start() + 1 : top.end() - 1]
            if below[top.start() : top.start() + 1] in "╰╚":
                return Box(" ".join(filter(None, inside)), part)
            inside.append(part.strip())
    return None
