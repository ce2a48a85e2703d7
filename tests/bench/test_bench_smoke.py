"""The benchmark command works and gives every figure; no time is held to anything here."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.bench.figures import Figures, growth, share
from tests.bench.peers.programs import PEERS
from tests.bench.report import BY_SIZE, ONCE, markdown
from tests.bench.watched import QUIET, Answer, end
from tests.terminal.harness import NS, ROOT

SMALL, LARGE = "120", "300"


def bench(tmp_path: Path, *options: str) -> tuple[dict[str, Any], str]:
    """Figures and what was printed."""
    file = tmp_path / "figures.json"
    command = [sys.executable, "-m", "tests.bench", "--quick", "--json", str(file), *options]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return json.loads(file.read_text()), done.stdout


@pytest.mark.slow
def test_the_benchmark_gives_every_figure(tmp_path: Path) -> None:
    figures, printed = bench(tmp_path, "--messages", f"{LARGE},{SMALL}")
    assert list(figures["sizes"]) == [SMALL, LARGE]
    for size, found in figures["sizes"].items():
        assert int(size) <= found["messages"]
        assert found["start_ratio"] > 0.5
        for name in BY_SIZE:
            assert math.isfinite(found[name]), name
            assert name in printed
    for name in ONCE:
        assert name in figures["run"]
        assert name in printed
    run = figures["run"]
    assert all(math.isfinite(run[name]) for name in ("sync_per_s", "idle_cpu_pct", "autosave_p99_ratio"))
    assert list(run["typing_sync_ratio"]) == ["list", "composer"]
    assert all(value is None or value > 0 for value in run["typing_sync_ratio"].values())
    assert figures["growth"] == growth(figures["sizes"])
    assert set(figures["growth"]) >= {"start_ms", "key_p50_ms", "key_p95_ms"}
    assert figures["peers"] == {}
    tables = markdown(figures)
    assert f"| key_p95_ms | {BY_SIZE['key_p95_ms'][0]} | {figures['sizes'][SMALL]['key_p95_ms']} |" in tables


@pytest.mark.slow
def test_other_programs_are_measured_where_they_are_installed_and_named_where_not(tmp_path: Path) -> None:
    figures, printed = bench(tmp_path, "--messages", SMALL, "--only", "peers")
    assert figures["sizes"] == {}
    assert figures["run"] == {}
    assert figures["peers"]["failed"] == {}
    for name in (*(peer.name for peer in PEERS), "notmuch"):
        if shutil.which(name):
            assert figures["peers"]["measured"][name]["100"]["search_ms"] > 0
        else:
            assert name in figures["peers"]["missing"]
            assert f"Not installed, so not measured: {name}." in printed


@pytest.mark.slow
def test_a_kept_store_is_measured_on_a_copy(tmp_path: Path) -> None:
    stores = tmp_path / "stores"
    options = ("--messages", SMALL, "--stores", str(stores), "--only", "undo")
    bench(tmp_path, *options)
    before = _files(stores)
    figures, _ = bench(tmp_path, *options)
    assert figures["sizes"][SMALL]["undo_p95_ms"] > 0
    assert "start_ms" not in figures["sizes"][SMALL]
    assert {name: data for name, data in _files(stores).items() if "work.db" not in name} == {
        name: data for name, data in before.items() if "work.db" not in name
    }


def test_answers_for_which_somebody_waited_count_only_when_there_are_few_others() -> None:
    calm, disturbed = Answer(1, 10, calm=True), Answer(1, 99, calm=False)
    assert share([calm, calm, disturbed], 95) == 10
    assert share([calm, disturbed, disturbed], 95) == 99


def test_an_answer_ends_where_nothing_changes_for_long_enough() -> None:
    quiet = int(QUIET * NS)
    assert end([5, 10, 10 + quiet, 10 + 2 * quiet, 11 + 3 * quiet], 10) == 10 + 2 * quiet
    assert end([5], 5) == 5


def test_growth_is_the_most_messages_over_the_fewest() -> None:
    by_size: dict[str, Figures] = {
        "100000": {"key_p95_ms": 999.0, "rss_mb": 999.0, "messages": 100_000},
        "1000000": {"key_p95_ms": 12.0, "rss_mb": 150.0, "open_p95_ms": 7.0, "messages": 1_000_000},
        "1000": {"key_p95_ms": 8.0, "rss_mb": 100.0, "open_p95_ms": None, "messages": 1_000},
    }
    assert growth(by_size) == {"key_p95_ms": 1.5, "rss_mb": 1.5}
    assert growth({"1000": {"key_p95_ms": 8.0}}) == {}


def test_a_verb_on_more_rows_is_no_growth() -> None:
    few, many = {"bulk_p50_ms": 10.0, "bulk_rows": 150}, {"bulk_p50_ms": 40.0, "bulk_rows": 450}
    assert growth({"1000": few, "10000": many}) == {}
    assert growth({"10000": many, "100000": many | {"bulk_p50_ms": 44.0}}) == {"bulk_p50_ms": 1.1}


def _files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
