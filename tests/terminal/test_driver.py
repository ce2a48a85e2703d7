"""The driver in a real terminal: nothing types itself, and a terminal that goes away ends the program."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminal.harness import Program

ANSWERS = {
    "device attributes": "\x1b[?64;1;2c",
    "clipboard": "\x1b]52;c;UEFTVE9SRA==\x1b\\",
    "background": "\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\",
    "name": "\x1bP>|x(1)\x1b\\",
}
APP = """
import asyncio, pathlib, signal, sys
from textual.app import App
from textual.widgets import Static, TextArea
from workbench.driver import tolerant_driver

class Writing(App):
    ENABLE_COMMAND_PALETTE = False
    BINDINGS = [("ctrl+s", "send", "Send"), ("escape", "leave", "Leave")]
    def get_driver_class(self):
        return tolerant_driver(super().get_driver_class())
    def compose(self):
        yield TextArea()
        yield Static("ready", id="said", markup=False)
    def on_mount(self):
        asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, self.hung_up)
        self.set_interval(0.05, self.refresh)
    def on_text_area_changed(self, event):
        self.query_one("#said", Static).update(f"holds {len(event.text_area.text)} <{event.text_area.text[-30:]!a}>")
    def action_send(self):
        self.query_one("#said", Static).update("SENT")
    def action_leave(self):
        self.query_one("#said", Static).update("LEFT")
    def hung_up(self):
        pathlib.Path(sys.argv[1]).write_text("hung up with " + self.query_one(TextArea).text)
        self.exit(7)

sys.exit(Writing().run())
"""


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    command = [sys.executable, "-c", APP, str(tmp_path / "last")]
    with Program(command, env={"TERM": "xterm-256color", "LANG": "C.UTF-8"}, size=(70, 12)) as program:
        program.wait("ready")
        yield program


def test_a_byte_that_is_not_utf_8_does_no_harm(program: Program) -> None:
    program.write(b"a\xffb\xe2\x82")
    program.wait(r"holds 3 <'a\\ufffdb'>")
    program.type("c")
    program.wait(r"holds 5 <'a\\ufffdb\\ufffdc'>")


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS.keys())
def test_what_the_terminal_answers_is_not_typed(program: Program, answer: str) -> None:
    program.type("a")
    program.write(answer.encode())
    program.type("b")
    program.wait("holds 2 <'ab'>")


def test_a_paste_stays_text_whatever_it_holds(program: Program) -> None:
    program.write(b"\x1b[200~hei\x1b[201~\x13\x1b[200~x\x1b[201~")
    program.wait(r"holds 5 <'hei\\x13x'>")
    program.press("backspace")
    program.wait(r"holds 4 <'hei\\x13'>")
    program.paste("\x1b" + "y" * 40 + "\x13")
    program.wait(r"holds 46 <'y{29}\\x13'>")
    program.press("ctrl+s")
    program.wait("SENT")


def test_a_large_paste_arrives_whole_and_sends_nothing(program: Program) -> None:
    words = "".join(f"linje {n} æøå\n" for n in range(4000))
    program.write(b"\x1b[200~" + words.encode() + b"\x1b[201~\x13")
    program.wait(rf"holds {len(words) + 1} .*999 \\xe6\\xf8\\xe5\\n\\x13'>")


def test_a_paste_that_nothing_ends_gives_the_keyboard_back(program: Program) -> None:
    program.write(b"\x1b[200~abc")
    program.wait("holds 3 <'abc'>")
    program.type("d")
    program.wait("holds 4 <'abcd'>")


def test_a_paste_that_a_stop_cuts_stays_text(program: Program) -> None:
    program.write(b"a\x1b[200~bc\xc3")
    program.wait("holds 1 <'a'>")
    program.signal(signal.SIGSTOP)
    os.waitpid(program.pid, os.WUNTRACED)
    program.write(b"\xa5d\x13e\x1b[201~\x13")
    program.signal(signal.SIGCONT)
    program.wait(r"holds 8 <'abc\\xe5d\\x13e\\x13'>")


def test_the_escape_key_alone_is_heard(program: Program) -> None:
    program.press("escape")
    program.wait("LEFT")


def test_a_terminal_that_goes_away_ends_the_program_with_its_words_kept(program: Program, tmp_path: Path) -> None:
    program.type("viktig")
    program.wait("holds 6")
    program.hang_up()
    assert program.ended() == 7
    assert (tmp_path / "last").read_text() == "hung up with viktig"
