"""The benchmark command works and gives every figure; no time is held to anything here."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path

import pytest

from tests.bench.__main__ import share
from tests.bench.watched import Answer
from tests.terminal.harness import ROOT

FIGURES = ("start_ratio", "open_p95_ms", "search_p95_ms", "sync_per_s", "rss_mb", "idle_cpu_pct")


@pytest.mark.slow
def test_the_benchmark_gives_every_figure(tmp_path: Path) -> None:
    file = tmp_path / "figures.json"
    command = [sys.executable, "-m", "tests.bench", "--quick", "--messages", "300", "--json", str(file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    figures = json.loads(file.read_text())
    for name in FIGURES:
        assert math.isfinite(figures[name]), name
        assert name in done.stdout
    assert figures["start_ratio"] > 0.5
    assert figures["messages"] >= 300
    assert list(figures["key_p95_ms"]) == ["30", "120"]
    assert list(figures["typing_sync_ratio"]) == ["list", "composer"]
    assert all(value is None or value > 0 for value in figures["typing_sync_ratio"].values())
    assert figures["autosave_p99_ratio"] > 0
    assert all(math.isfinite(value) for value in figures["key_p95_ms"].values())


def test_answers_for_which_somebody_waited_count_only_when_there_are_few_others() -> None:
    calm, disturbed = Answer(1, 10, calm=True), Answer(1, 99, calm=False)
    assert share([calm, calm, disturbed], 95) == 10
    assert share([calm, disturbed, disturbed], 95) == 99
