"""What the terminal of the tests draws quickly is what pyte draws."""

from __future__ import annotations

from random import Random
from typing import Any, Final

import pyte
import pytest

from tests.terminal.emulator import Emulator
from tests.terminal.quick import Screen

COLUMNS: Final = 12
LINES: Final = 5
PIECES: Final = (
    *(
        "ord",
        "│▌ å ─╮",
        "·",
        "漢字",
        "e\u0301",
        "\u0301",
        "a\u00adb",
        "👩‍⚕️",
        "x" * COLUMNS,
        "y" * 3 * COLUMNS,
        "\r\n",
        "\b",
    ),
    *(
        "\x1b[4h",
        "\x1b[4l",
        "\x1b[?7l",
        "\x1b[?7h",
        "\x1b(0",
        "\x1b(B",
        "\x0e",
        "\x0f",
        "\x1b[31m",
        "\x1b[1;7m",
        "\x1b[m",
    ),
    *(
        "\x1b[H",
        "\x1b[3;4H",
        "\x1b[0;0H",
        "\x1b[99;99H",
        "\x1b[2;4r",
        "\x1b[r",
        "\x1b[?6h",
        "\x1b[?6l",
        "\x1b[K",
        "\x1b[2J",
    ),
)


def cells(screen: Any) -> list[list[Any]]:
    return [[screen.buffer[y][x] for x in range(COLUMNS)] for y in range(LINES)]


def place(screen: Any) -> tuple[int, int]:
    return screen.cursor.y, screen.cursor.x


@pytest.mark.parametrize("seed", range(40))
def test_a_quick_screen_is_pytes(seed: int) -> None:
    dice = Random(seed)
    ours, theirs = Screen(COLUMNS, LINES), pyte.Screen(COLUMNS, LINES)
    streams = [pyte.Stream(each) for each in (ours, theirs)]
    for _ in range(80):
        piece = dice.choice(PIECES)
        for stream in streams:
            stream.feed(piece)
        assert (cells(ours), place(ours), ours.dirty) == (cells(theirs), place(theirs), theirs.dirty), piece


@pytest.mark.parametrize("seed", range(20))
def test_the_cursor_goes_where_pyte_puts_it(seed: int) -> None:
    dice = Random(seed)
    emulator, theirs = Emulator(COLUMNS, LINES), pyte.Screen(COLUMNS, LINES)
    theirs.set_mode(pyte.modes.LNM)
    stream = pyte.Stream(theirs)
    for _ in range(40):
        piece = dice.choice(
            (
                "ord",
                "\n",
                "\x1b[2;4r",
                "\x1b[r",
                "\x1b[?6h",
                "\x1b[?6l",
                f"\x1b[{dice.randrange(7)};{dice.randrange(15)}H",
            )
        )
        emulator.feed(piece.encode())
        stream.feed(piece)
        assert emulator.cursor == (theirs.cursor.y, min(theirs.cursor.x, COLUMNS - 1)), piece
    assert emulator.text == "\n".join(theirs.display)
