"""What comes in from a terminal is told apart, however it is cut into reads."""

from __future__ import annotations

import random

import pytest

from workbench.keyboard import UNENDED_ANSWER, UNENDED_PASTE, Keyboard, Pasted, Typed

ANSWERS = {
    "device attributes": "\x1b[?64;1;2c",
    "secondary attributes": "\x1b[>41;388;0c",
    "status": "\x1b[0n",
    "colour scheme": "\x1b[?997;1n",
    "size": "\x1b[8;40;120t",
    "background": "\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\",
    "clipboard": "\x1b]52;c;UEFTVE9SRA==\x1b\\",
    "title": "\x1b]lkritisk\x07",
    "name": "\x1bP>|xterm(1)\x1b\\",
    "capability": "\x1bP1+r544e=787465726d\x1b\\",
    "keyboard": "\x1b[?25u",
}
KEYS = ["a", "ø", "漢", "\r", "\x13", "\x1bOP", "\x1b[A", "\x1b[1;5B", "\x1b[<0;10;10M", "\x1b[I", "\x1b[?2026;2$y"]
PASTES = ["hei", "to\rlinjer", "\x1b]52;c;QQ==\x1b\\", "\x1b" + "a" * 40, "\x1b[20", "\x1b[?64;1;2c", ""]


def heard(keyboard: Keyboard, *reads: str) -> tuple[str, list[str]]:
    """Keys as one string, and the pastes."""
    found = [each for read in reads for each in keyboard.feed(read)]
    keys = "".join(each.text for each in found if isinstance(each, Typed))
    return keys, [each.text for each in found if isinstance(each, Pasted)]


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())
def test_what_the_terminal_says_of_itself_is_dropped_wherever_it_is_cut(answer: str) -> None:
    for cut in range(len(answer) + 1):
        assert heard(Keyboard(), f"x{answer[:cut]}", f"{answer[cut:]}y") == ("xy", [])


def test_keys_and_pastes_come_out_as_they_went_in_wherever_they_are_cut() -> None:
    seed = random.randrange(1 << 30)
    print(f"seed {seed}")
    dice = random.Random(seed)
    for _ in range(2000):
        sent, keys, pastes = "", "", []
        for _ in range(dice.randrange(1, 6)):
            match dice.randrange(3):
                case 0:
                    keys += (key := dice.choice(KEYS))
                    sent += key
                case 1:
                    sent += dice.choice(list(ANSWERS.values()))
                case _:
                    pastes.append(dice.choice(PASTES))
                    sent += f"\x1b[200~{pastes[-1]}\x1b[201~\0"
        cuts = sorted(dice.sample(range(len(sent) + 1), min(3, len(sent))))
        # Every paste is followed by a read of its own, as fingers are.
        reads = [part for a, b in zip([0, *cuts], [*cuts, len(sent)], strict=True) for part in sent[a:b].split("\0")]
        assert heard(Keyboard(), *reads) == (keys, pastes)


def test_what_follows_a_paste_in_the_same_burst_is_text_and_no_key() -> None:
    keyboard = Keyboard()
    assert heard(keyboard, "\x1b[200~hei\x1b[201~\x13\r\x1b[200~x\x1b[201~\x1b[13u") == ("", ["hei", "\x13\r", "x"])
    assert keyboard.feed("\x13", same_burst=True) == [Pasted("\x13")]
    assert keyboard.feed("\x13") == [Typed("\x13")]


def test_an_escape_alone_is_a_key_after_a_moment() -> None:
    keyboard = Keyboard()
    assert keyboard.feed("a\x1b") == [Typed("a")]
    assert keyboard.silence() == [Typed("\x1b")]
    assert keyboard.silence() == []


def test_a_paste_that_nothing_ends_ends_by_itself() -> None:
    keyboard = Keyboard()
    assert keyboard.feed("\x1b[200~abc\x1b[2") == []
    assert [keyboard.silence() for _ in range(UNENDED_PASTE)][-1] == [Pasted("abc\x1b[2")]
    assert keyboard.feed("d") == [Typed("d")]


def test_an_answer_that_nothing_ends_does_not_take_the_keyboard_with_it() -> None:
    keyboard = Keyboard()
    assert keyboard.feed("\x1b]52;c;UEFT") == []
    assert [each for _ in range(UNENDED_ANSWER) for each in keyboard.silence()] == []
    assert keyboard.feed("a") == [Typed("a")]
