"""The pseudo-terminal harness itself: what it sees, what it sends, what it tells apart."""

from __future__ import annotations

import signal
import sys
from collections.abc import Mapping

import pytest

from tests.terminal.harness import Program, Unseen
from tests.terminal.keys import encode
from tests.terminal.shapes import shapes

HELLO = """
from textual.app import App
from textual.widgets import Input, Static

class Hello(App):
    ENABLE_COMMAND_PALETTE = False
    def compose(self):
        yield Input(id="words")
        yield Static("hello", id="said", markup=False)
    def on_input_changed(self, event):
        self.query_one("#said", Static).update("said " + event.value[::-1] + " " + str(self.size.width))
    def on_key(self, event):
        if event.key in ("f5", "escape", "ctrl+down"):
            self.query_one("#said", Static).update("key " + event.key)

Hello().run()
"""
ENV: Mapping[str, str] = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8"}


@pytest.mark.parametrize("kitty", [False, True], ids=["legacy keys", "kitty keys"])
def test_a_textual_program_is_seen_and_hears_its_keys(kitty: bool) -> None:
    with Program([sys.executable, "-c", HELLO], env=ENV, size=(60, 12), kitty=kitty) as program:
        program.wait("hello")
        program.type("øre 1")
        program.wait("said 1 erø 60")
        program.press("f5")
        program.wait("key f5")
        program.press("escape")
        program.wait("key escape")
        program.press("ctrl+down")
        program.wait("key ctrl.down")
        program.paste("limt")
        program.wait("said tmil1 erø 60")
        program.resize(90, 12)
        program.press("backspace")
        program.wait("said mil1 erø 90")
        assert "C0 0D" not in shapes(bytes(program.output))
        program.press("ctrl+q")
        assert program.ended() == 0


def test_the_end_of_a_program_is_told_with_its_screen() -> None:
    with Program([sys.executable, "-c", "print('bye')"], env=ENV) as program:
        with pytest.raises(Unseen, match=r"ended before 'never' was seen:(.|\n)*bye"):
            program.wait("never")
        assert program.ended() == 0
    with Program([sys.executable, "-c", "import time; print('up'); time.sleep(60)"], env=ENV) as program:
        program.wait("up")
        program.signal(signal.SIGTERM)
        assert program.ended() == -signal.SIGTERM


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown key 'hyper'"):
        encode("hyper")


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        ("Hei æøå 漢 😀", {}),
        ("\x1b[1;31mx\x1b[0m", {"CSI m": 2}),
        ("\x1b[?25l\x1b[?2026h", {"CSI ?h 2026": 1, "CSI ?l 25": 1}),
        ("\x1b]52;c;QQ==\x1b\\\x1b]0;title\x07", {"OSC 52": 1, "OSC 0": 1}),
        ("\x1bPtmux;\x1b\x1b]52;c;QQ==\x07\x1b\\", {"DCS": 1}),
        ("a\x07\rb\x1b7\x1b(B", {"C0 07": 1, "C0 0D": 1, "ESC 7": 1, "ESC (B": 1}),
        ("\x9b31m", {"C1 9B": 1}),
        ("trygg\x1b", {"stray 1B": 1}),
        ("\x1b]52;never ends", {"ESC ]": 1}),
        ("\x1b[4i\x1b[c", {"CSI i 4": 1, "CSI c ": 1}),
    ],
)
def test_output_is_told_apart_by_shape(output: str, expected: dict[str, int]) -> None:
    assert dict(shapes(output.encode())) == expected


def test_bytes_that_are_not_utf_8_are_strays() -> None:
    assert dict(shapes(b"\xff\x9b\xe2\x82")) == {"stray FF": 1, "stray 9B": 1, "stray E2": 1, "stray 82": 1}
