"""Keys as they are pressed one after the other: counted, and written down for people."""

from __future__ import annotations

from typing import Final


class Typed(str):
    """Text that is typed, a key a character."""

    __slots__ = ()


Keys = tuple[str, ...]
"""What is pressed, in order: names of keys, and `Typed`."""


def pressed(keys: Keys) -> int:
    """How many keys that is."""
    return sum(len(key) if isinstance(key, Typed) else 1 for key in keys)


def written(keys: Keys) -> str:
    """The keys as people read them."""
    return " ".join(f"“{key}”" if isinstance(key, Typed) else f"`{key}`" for key in keys)


WORDS: Final = Typed("Kom innom")
"""What is written to the patient, or noted."""
REASON: Final = Typed("haster")
NAME: Final = Typed("solberg")
