"""What a terminal may bring in that no finger pressed never sends, and never gets into a draft."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.terminal.day import LAUNCH, open_queue, reply, said, surroundings, workbench
from tests.terminal.harness import Program
from tests.terminal.portal import Portal
from workbench.type_ahead import PATIENCE

pytestmark = pytest.mark.slow
ANSWERS = (
    b"\x1b[?64;1;2c",
    b"\x1b]52;c;UEFTVE9SRA==\x1b\\",
    b"\x1b]11;rgb:1e1e/1e1e/1e1e\x1b\\",
    b"\x1bP>|xterm(1)\x1b\\",
    b"\x1b]lhacked\x1b\\",
    b"\x1b[8;40;120t",
)


def test_no_paste_sends_and_no_answer_is_typed(tmp_path: Path) -> None:
    with Portal(tmp_path / "portal", conversations=10) as portal, workbench(tmp_path, portal.base) as program:
        open_queue(program, "Unclaimed")
        program.write(b"\x1b[200~x\x1b[201~rFelle\x13\r")
        program.settle(0.5)
        assert "REPLY to" not in program.screen
        reply(program, "Sebra")
        for answer in ANSWERS:
            program.write(answer)
        program.write(b"\xff")
        program.write(b"\x1b[200~ du\x1b[201~\x13\r\x1b[200~ der\x1b[201~")
        program.wait("Sebra\ufffd du")
        program.settle(0.5)
        assert "Send the reply?" not in program.screen
        text = "".join(program.screen.split("REPLY to")[1].split("│"))
        assert not any(words in text for words in ("64;1;2", "UEFT", "1e1e", "xterm", "hacked", "120t"))
        program.press("ctrl+s")
        program.wait(r"Send the reply\?(.|\n)*Sebra\ufffd du")
        program.press("escape")
        program.wait_gone(r"Send the reply\?")
        assert not said(portal, "Sebra")
        assert not said(portal, "Felle")


def test_random_bytes_neither_end_the_program_nor_send(tmp_path: Path) -> None:
    seed = random.randrange(1 << 30)
    print(f"seed {seed}")
    dice = random.Random(seed)
    sequences = [
        *ANSWERS,
        b"\x1b[200~",
        b"\x1b[201~",
        b"\x1b[A",
        b"\x1bOB",
        b"\x1b[<0;30;10M",
        b"\x1b[5~",
        b"\x13",
        b"rnofv/gb",
    ]
    with Portal(tmp_path / "portal", conversations=10) as portal, workbench(tmp_path, portal.base) as program:
        open_queue(program, "Unclaimed")
        before = sum(1 for _ in portal.search("Communication", _count="200"))
        for _ in range(150):
            noise = dice.randbytes(dice.randrange(1, 12)).translate(None, b"\r\n\x11")
            program.write(noise + dice.choice(sequences))
            program.read(0.01)
        program.settle(0.5)
        assert program.status is None
        assert sum(1 for _ in portal.search("Communication", _count="200")) == before
        program.write(b"\x1b[201~")
        program.settle(PATIENCE + 1.2)  # by then, what was typed for a field that does not come has been let go
        for _ in range(6):
            program.press("escape")
            program.settle(0.15)
        program.press("ctrl+q")
        assert program.ended() == 0


def test_a_terminal_that_tells_no_size_has_the_usual_one(tmp_path: Path) -> None:
    """Two parts of the program make up a size then, and not the same."""
    told = ["sh", "-c", 'stty rows 0 cols 0 && exec "$@"', "sh", *LAUNCH]
    with Portal(tmp_path / "portal", conversations=10) as portal:
        command = [*told, "--portal", portal.base]
        with Program(command, env=surroundings(tmp_path), size=(80, 24)) as program:
            program.wait(r"╭─ \S[^╮]* · [1-9]\d* ─")
            program.press("ctrl+q")
            assert program.ended() == 0
