"""The main job, end to end: from a patient's message to an answer on the portal, by keys alone in a real terminal."""

from __future__ import annotations

import random
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.terminal.day import (
    LOOKED_FOR,
    demo,
    find,
    free_port,
    open_queue,
    patient,
    reply,
    said,
    send,
    whose,
    workbench,
)
from tests.terminal.harness import Program
from tests.terminal.portal import Asked, Portal

pytestmark = pytest.mark.slow
WORDS = "Hei, dette ordner vi i dag"


@pytest.mark.parametrize("size", [(120, 40), (80, 24)], ids=["wide", "80x24"])
def test_open_claim_reply_send_note_done(tmp_path: Path, size: tuple[int, int]) -> None:
    port = free_port()
    portal = Asked(f"http://127.0.0.1:{port}/fhir")
    with demo(tmp_path, port, size) as program:
        open_queue(program, "Unclaimed")
        name = patient(program)
        program.press("c")
        program.wait("claimed")
        reply(program, WORDS)
        program.press("ctrl+s")
        question = program.wait(r"Send the reply\?(.|\n)*esc go back").group()
        assert name in question
        program.press("enter")
        program.wait_gone("REPLY to")
        program.wait(rf"Kari Nordmann [^│]*today [\d:]+ *│+\n.*{WORDS}")
        program.press("n")
        program.wait(r"NOTE · \S[^│]*staff")
        program.type("Ringte apoteket")
        send(program, "Save the note")
        program.wait(r"┆ Ringte apoteket")
        program.press("d")
        program.wait(rf"{name}: done")
        program.wait_until(lambda: arrived(portal, name), "the work item done on the portal")
        program.press("ctrl+q")
        assert program.ended() == 0


def arrived(portal: Asked, name: str) -> bool:
    """One copy of each where it belongs, the reply with a reader on the patient's side; whether the work is done."""
    (message,) = said(portal, WORDS)
    header = message["partOf"][0]["reference"]
    thread = portal.read(header)
    assert message["subject"] == thread["subject"]
    assert name.split()[-1] in str(portal.read(message["subject"]["reference"])["name"])
    assert message["sender"]["reference"] == "Practitioner/kari-nordmann"
    assert any(each["reference"].startswith(("Patient/", "RelatedPerson/")) for each in message["recipient"])
    (note,) = said(portal, "Ringte apoteket")
    assert "subject" not in note
    side = portal.read(note["partOf"][0]["reference"])
    assert side["about"][0]["reference"] == header
    found = portal.search("Task", focus=header)
    (task,) = [each for each in found if each["code"]["coding"][0]["code"] != "presence"]
    return bool(task["status"] == "completed" and task["owner"]["reference"] == message["sender"]["reference"])


def test_a_draft_is_back_after_the_power_was_cut_while_typing(tmp_path: Path) -> None:
    port = free_port()
    with demo(tmp_path, port) as program:
        open_queue(program, "Unclaimed")
        name = whose(program)
        reply(program, "Dette er lagret.")
        program.type(" Dette kanskje ikke")
        program.kill()
    with demo(tmp_path, port) as program:
        find(program, name)
        program.wait("draft of a reply")
        program.press("r")
        program.wait(r"REPLY to(.|\n)*Dette er lagret\.")


def test_power_cut_while_sending_leaves_one_copy_or_the_draft(tmp_path: Path) -> None:
    seed = random.randrange(1 << 30)
    print(f"seed {seed}")
    dice = random.Random(seed)
    with Portal(tmp_path / "portal", conversations=20) as portal:
        name = words = ""
        for turn in range(3):
            with workbench(tmp_path, portal.base) as program:
                if turn:
                    settled(program, portal, name, words)
                else:
                    open_queue(program, "Unclaimed")
                    name = whose(program)
                words = f"Svar nummer {turn} til deg"
                reply(program, words)
                program.press("ctrl+s")
                program.wait(r"Send the reply\?")
                program.press("enter")
                program.settle(quiet=dice.uniform(0.0, 0.05), seconds=dice.uniform(0.0, 0.2))
                program.kill()
        with workbench(tmp_path, portal.base) as program:
            settled(program, portal, name, words)


def settled(program: Program, portal: Portal, name: str, words: str) -> None:
    """The words are on the portal once, or still in the draft; never both, never neither."""
    program.wait("● (connected|live)")
    program.wait_gone("outbox: ", LOOKED_FOR)
    find(program, name)
    program.settle(0.5)
    drafted = "draft of a reply" in program.screen
    assert len(said(portal, words)) == (0 if drafted else 1), program.shown()
    if drafted:
        program.press("r")
        program.wait(rf"REPLY to(.|\n)*{words}")
        send(program)
        program.wait_until(lambda: said(portal, words), "the reply on the portal")
        program.settle(0.5)
        assert len(said(portal, words)) == 1
        program.wait_gone("REPLY to")


def test_a_reply_written_without_the_portal_leaves_when_it_is_back(tmp_path: Path) -> None:
    with Portal(tmp_path / "portal", conversations=20) as portal, workbench(tmp_path, portal.base) as program:
        open_queue(program, "Unclaimed")
        name = whose(program)
        portal.stop()
        reply(program, WORDS)
        send(program)
        program.wait(r"outbox: \d+ wait")
        program.wait("offline")
        program.kill()
        with workbench(tmp_path, portal.base) as again:
            again.wait(r"outbox: \d+ wait")
            portal.start()
            again.press("f5")
            again.wait("● (connected|live)")
            again.wait_gone("outbox: ")
            find(again, name)
            again.wait(rf"Kari Nordmann [^│]*today [\d:]+ *│+\n.*{WORDS}")
        assert len(said(portal, WORDS)) == 1


ENDS: dict[str, Callable[[Program], None]] = {
    "SIGTERM": lambda program: program.signal(signal.SIGTERM),
    "SIGHUP": lambda program: program.signal(signal.SIGHUP),
    "SIGINT": lambda program: program.signal(signal.SIGINT),
    "closed terminal": lambda program: program.hang_up(),
}


@pytest.mark.parametrize("end", ENDS.values(), ids=ENDS.keys())
def test_whatever_ends_the_program_saves_the_draft_first(tmp_path: Path, end: Callable[[Program], None]) -> None:
    with Portal(tmp_path / "portal", conversations=10) as portal:
        with workbench(tmp_path, portal.base) as program:
            open_queue(program, "Unclaimed")
            name = whose(program)
            program.press("r")
            program.wait("REPLY to")
            program.type("Siste ord")
            program.wait("Siste ord")
            end(program)
            assert program.ended(10) == 0
        with workbench(tmp_path, portal.base) as program:
            find(program, name)
            program.wait("draft of a reply")
            program.press("r")
            program.wait(r"REPLY to(.|\n)*Siste ord")
