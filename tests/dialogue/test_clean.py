"""Text from outside: nothing commands the terminal, nothing vanishes."""

import random
import unicodedata

import pytest

from workbench.dialogue.clean import clip, pasted, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Hei, 5 mg × 2 – «takk» …", "Hei, 5 mg × 2 – «takk» …"),
        ("a\x1b[2Jb", "a⟦U+001B⟧[2Jb"),
        ("\x9b31m", "⟦U+009B⟧31m"),
        ("hemmelig\rfalsk", "hemmelig⟦U+000D⟧falsk"),
        ("en\r\nto", "en\nto"),
        ("epikrise_\u202efdp.exe", "epikrise_⟦U+202E⟧fdp.exe"),
        ("null\x00bjelle\x07", "null⟦U+0000⟧bjelle⟦U+0007⟧"),
        ("\ud800 alene", "⟦U+D800⟧ alene"),
        ("a\u0301b", "a\u0301b"),
        ("e" + "\u0301" * 100, "e" + "\u0301" * 3 + "⟦U+0301×97⟧"),
        ("👩\u200d⚕\ufe0f", "👩\u200d⚕\ufe0f"),
        ("a\u200db", "a⟦U+200D⟧b"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("\u3164skjult", "⟦U+3164⟧skjult"),
        ("x\ufe0f", "x⟦U+FE0F⟧"),
        ("a\tb", "a    b"),
        ("1\u2044 2 mg, 0,5 vs 0.5 vs \u0660\u066b\u0665", "1\u2044 2 mg, 0,5 vs 0.5 vs \u0660\u066b\u0665"),
    ],
)
def test_shown_as(text: str, shown: str) -> None:
    assert visible(text) == shown


def test_one_line_shows_the_break() -> None:
    assert visible("a\nb", one_line=True) == "a⏎b"


def test_random_text_is_printable_and_whole() -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")
    rng = random.Random(seed)
    for _ in range(300):
        text = "".join(chr(rng.choice((rng.randrange(0x20, 0x250), rng.randrange(0x110000)))) for _ in range(60))
        shown = visible(text)
        shown.encode()
        bad = {c for c in shown if unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn", "Zl", "Zp") and c != "\n"}
        assert not bad, (seed, text)
        for char in text:
            there = char in shown or f"⟦U+{ord(char):04X}" in shown or char in "\t\r"
            assert there, (seed, char)


def test_shown_text_is_shown_the_same_again() -> None:
    once = visible("a\x1b\u202e\u0301\u0301\u0301\u0301\u0301")
    assert visible(once) == once


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("hei\x1b[201~\u200bdu", "hei[201~du"),
        ("en\r\nto\rtre\u2028fire", "en\nto\ntre\nfire"),
        ("a\u030a", "å"),
        ("⟦U+001B⟧ skrevet\x1b slik", "⟦U+001B⟧ skrevet slik"),
    ],
)
def test_pasted(text: str, kept: str) -> None:
    assert pasted(text) == kept
    assert visible(pasted(text)) == pasted(text)


@pytest.mark.parametrize(
    ("text", "characters", "lines", "kept", "cut"),
    [
        ("abc", 10, 10, "abc", False),
        ("abc", 2, 10, "ab", True),
        ("a\nb\nc", 99, 2, "a\nb", True),
        ("a\nb", 99, 2, "a\nb", False),
    ],
)
def test_clip(text: str, characters: int, lines: int, kept: str, cut: bool) -> None:
    assert clip(text, characters, lines) == (kept, cut)
