"""Words that tell where they belong: a text begins with a name of its own, and its letters follow from its length."""

from __future__ import annotations

import re
from itertools import cycle, islice
from typing import Final

NAME: Final = re.compile(r"<([\d.]+)> ")
LETTERS: Final = (
    "Hei, dette ser vi på i dag. Ta medisinen som før, og ring oss dersom det blir verre. Vennlig hilsen Kari. "
)


def words(name: str, length: int) -> str:
    """The first so many characters of the text of a name."""
    begin = f"<{name}> "
    return begin + "".join(islice(cycle(LETTERS), max(0, length - len(begin))))


def parts_of(text: str) -> dict[str, str]:
    """The texts that stand in a text, by name: two that were joined stand below each other, after a blank line."""
    return {found[1]: part for part in text.split("\n\n") if (found := NAME.match(part))}


def contents(name: str, size: int) -> bytes:
    """The bytes of a file attached to the text of a name."""
    return b"".join(islice(cycle([f"file of {name}\n".encode()]), 1 + size // 16))[:size]
