"""Text from outside, made safe to show: nothing commands the terminal, and nothing vanishes.

Textual and Rich pass escape sequences in content on to the terminal, so every character that commands,
hides or reorders is turned into a sign that can be read. What is stored and sent stays as it was.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

PLAIN = re.compile(r"[ -~\n¡-¬®-ɏ‐-‧‰-⁞€™]*")
"""Text made of these needs no second look: ASCII, Latin letters, usual punctuation."""
MARKS_KEPT = 3
"""Combining marks left on one letter; Vietnamese needs two, stacks of hundreds smear over other lines."""
HIDDEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
"""Characters of harmless categories that draw nothing."""
JOINERS = "\u200c\u200d"
CUT_SIGN = "…"


def sign(char: str, times: int = 1) -> str:
    """How a character that must not be drawn is shown: its code point in brackets."""
    return f"⟦U+{ord(char):04X}⟧" if times == 1 else f"⟦U+{ord(char):04X}×{times}⟧"


def visible(text: str, *, one_line: bool = False) -> str:
    r"""Text from outside with every character visible and none that a terminal obeys.

    Newlines stay (a carriage return before one is dropped), tabs become spaces, joiners stay inside
    emoji and inside words of scripts that need them, and at most three combining marks stay on a letter.
    All else of the Unicode categories Cc, Cf, Cs, Co, Cn, Zl and Zp becomes `⟦U+XXXX⟧`.

    Args:
        text: Anything, lone surrogates included.
        one_line: Show line breaks as `⏎` instead of breaking the line.

    Returns:
        Printable text, `\n` apart; it encodes to UTF-8 and holds no control character.
    """
    text = text.replace("\r\n", "\n").replace("\t", "    ")
    if not PLAIN.fullmatch(text):
        text = _seen(text, sign)
    return text.replace("\n", "⏎") if one_line else text


def clip(text: str, characters: int, lines: int) -> tuple[str, bool]:
    """The beginning of a text, bounded both ways.

    Args:
        text: Any text.
        characters: At most this many characters are kept.
        lines: At most this many lines are kept.

    Returns:
        What is kept, and whether anything was left out.
    """
    kept = text[:characters]
    end = -1
    for _ in range(lines):
        end = kept.find("\n", end + 1)
        if end < 0:
            return kept, len(kept) < len(text)
    return kept[:end], True


def _dropped(_char: str, _times: int = 1) -> str:
    return ""


def _seen(text: str, show: Callable[..., str]) -> str:
    out: list[str] = []
    at, end = 0, len(text)
    while at < end:
        char = text[at]
        if _selector(char):
            out.append(char if _emoji(out[-1:]) else show(char))
            at += 1
        elif char in " \n" or (char.isprintable() and char not in HIDDEN and not _mark(char)):
            out.append(char)
            at += 1
        elif _mark(char):
            run = _run_of_marks(text, at)
            out.append(text[at : at + min(run, MARKS_KEPT)])
            if run > MARKS_KEPT:
                out.append(show(char, run - MARKS_KEPT))
            at += run
        elif unicodedata.category(char) == "Zs" or (char in JOINERS and _joins(text, at)):
            out.append(char)
            at += 1
        else:
            out.append(show(char))
            at += 1
    return "".join(out)


def _run_of_marks(text: str, at: int) -> int:
    end = at
    while end < len(text) and _mark(text[end]):
        end += 1
    return end - at


def _mark(char: str) -> bool:
    """Whether a character is drawn on the one before it."""
    return unicodedata.category(char) in ("Mn", "Me") and char not in HIDDEN and not _selector(char)


def _selector(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


def _emoji(before: list[str]) -> bool:
    last = before[0][-1] if before and before[0] else ""
    return bool(last) and unicodedata.category(last) in ("So", "Sk", "Po", "Nd", "Sm")


def _joins(text: str, at: int) -> bool:
    """Whether a joiner stands between two characters that a script or an emoji joins by it."""
    if not 0 < at < len(text) - 1:
        return False
    around = {unicodedata.category(text[at - 1]), unicodedata.category(text[at + 1])}
    return around <= {"So", "Sk", "Mn", "Sm"} or around <= {"Lo", "Mn", "Mc"}


def pasted(text: str) -> str:
    """Text as it may enter a draft: line ends made one kind, and nothing in it that cannot be seen.

    What a paste brings besides words (controls, soft hyphens, zero-width and direction characters) is
    left out, since the user could neither see nor delete it and the patient would receive it.

    Args:
        text: What the clipboard or an older draft held.

    Returns:
        Text in NFC of which `visible` changes nothing.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
    for line_end in ("\r", "\v", "\f", "\x85", "\u2028", "\u2029"):
        text = text.replace(line_end, "\n")
    text = text.replace("\t", "    ")
    return text if PLAIN.fullmatch(text) else _seen(text, _dropped)
