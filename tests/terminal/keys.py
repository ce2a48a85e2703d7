"""Keys as a terminal sends them."""

from __future__ import annotations

from typing import Final

ARROWS: Final = {"up": "A", "down": "B", "right": "C", "left": "D", "home": "H", "end": "F"}
FUNCTION: Final = {
    "f1": "OP",
    "f2": "OQ",
    "f3": "OR",
    "f4": "OS",
    "f5": "[15~",
    "f6": "[17~",
    "f8": "[19~",
    "f9": "[20~",
}
TILDE: Final = {"insert": "[2~", "delete": "[3~", "pageup": "[5~", "pagedown": "[6~"}
PLAIN: Final = {"enter": "\r", "tab": "\t", "space": " ", "backspace": "\x7f", "escape": "\x1b"}


def encode(key: str, *, application: bool = False, kitty: bool = False) -> bytes:
    """The bytes of one key.

    Args:
        key: A character, or a name such as `enter`, `ctrl+s`, `ctrl+down`, `f5`.
        application: Cursor keys are in application mode.
        kitty: Every key is reported the kitty way, with its text.

    Raises:
        ValueError: There is no such key.
    """
    if key in ARROWS:
        return f"\x1b{'O' if application else '['}{ARROWS[key]}".encode()
    if key in FUNCTION or key in TILDE:
        return f"\x1b{FUNCTION.get(key) or TILDE[key]}".encode()
    if key.startswith("ctrl+") and key[5:] in ARROWS:
        return f"\x1b[1;5{ARROWS[key[5:]]}".encode()
    if key.startswith("ctrl+") and len(key) == 6:
        return f"\x1b[{ord(key[5])};5u".encode() if kitty else bytes([ord(key[5]) & 31])
    plain = PLAIN.get(key, key)
    if len(plain) != 1:
        raise ValueError(f"unknown key {key!r}")
    if not kitty:
        return plain.encode()
    return (
        f"\x1b[{ord(plain)}u".encode()
        if plain < " " or plain == "\x7f"
        else f"\x1b[{ord(plain)};;{ord(plain)}u".encode()
    )
