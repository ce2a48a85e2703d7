"""The corpus, and what the command prints of it."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import ROOT
from tests.flags.measure import CORPUS, HELD_OUT, TUNING, Message, Tally, interval, read, tally
from workbench.dialogue.flags.rules import Rule, ready
from workbench.flag_rules import load_rules

SMALL = ready([Rule("x", {"nb": "x"}, {"nb": ("hjelp",)})], {}, {})
MESSAGES = [
    Message("hjelp", "nb", flag=True, kind="x"),
    Message("hjelp", "nn", flag=False, kind="mild"),
    Message("takk", "nb", flag=True, kind="x"),
    Message("takk", "en", flag=False, kind="thanks"),
    Message("hjelp", "nb", flag=True, kind="x"),
]


def test_what_is_counted() -> None:
    found = tally(MESSAGES, SMALL)
    assert found == Tally(hit=2, missed=1, false=1, quiet=1)
    assert found.sensitivity == pytest.approx(2 / 3)
    assert found.precision == pytest.approx(2 / 3)
    assert not found.reaches()
    assert Tally(hit=95, missed=5, false=60).reaches()
    assert not Tally(hit=94, missed=6).reaches()
    assert not Tally(hit=95, missed=5, false=65).reaches()
    assert Tally().sensitivity is None


def test_how_sure_a_share_is() -> None:
    low, high = interval(0.95, 150)
    assert 0.90 < low < 0.95 < high < 0.98


def test_the_tuning_half_is_far_above_the_goals() -> None:
    found = tally(read(TUNING), load_rules())
    assert found.sensitivity is not None
    assert found.sensitivity >= 0.98
    assert found.reaches()


@pytest.mark.skipif(not HELD_OUT.exists(), reason="there is no held-out half")
def test_the_held_out_half_reaches_the_goals() -> None:
    assert tally(read(HELD_OUT), load_rules()).reaches()


@pytest.mark.skipif(not HELD_OUT.exists(), reason="there is no held-out half")
def test_the_corpus_is_large_and_its_halves_are_apart() -> None:
    tuning, held_out = read(TUNING), read(HELD_OUT)
    assert len(tuning) + len(held_out) >= 600
    assert not {message.text for message in tuning} & {message.text for message in held_out}


def test_every_message_of_the_corpus_is_labelled() -> None:
    for file in CORPUS.glob("*.jsonl"):
        for message in read(file):
            assert message.text.strip()
            assert message.lang in ("nb", "nn", "en")
            assert isinstance(message.flag, bool)
            assert message.kind


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.flags", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def half(file: Path, *lines: tuple[str, bool]) -> Path:
    rows = [{"text": text, "lang": "nb", "flag": flag, "kind": "chest"} for text, flag in lines]
    file.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return file


def test_the_command_ends_with_1_below_the_goals(tmp_path: Path) -> None:
    good = half(tmp_path / "good", ("Jeg har vondt i brystet.", True), ("Takk for svar.", False))
    bad = half(tmp_path / "bad", ("Jeg har vondt i brystet.", True), ("Takk for svar.", True))
    done = run("--tuning", str(good), "--held-out", str(good))
    assert done.returncode == 0
    assert json.loads(done.stdout.splitlines()[-1])["held_out"]["sensitivity"] == 1.0
    done = run("--tuning", str(good), "--held-out", str(bad), "--show")
    assert done.returncode == 1
    assert json.loads(done.stdout.splitlines()[-1])["held_out"]["missed"] == 1
    assert "Takk for svar" not in done.stdout
    assert run("--tuning", str(good), "--held-out", str(tmp_path / "none")).returncode == 2
