"""The figures for a person: a table for the terminal, and tables in Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from tests.bench.figures import Figures

BY_SIZE: Final = {
    "start_ratio": ("start to a usable inbox, over a Textual hello-world of the same run", "1.25"),
    "start_ms": ("start to a usable inbox, ms", ""),
    "start_counts_ms": ("start to all queues counted, ms", ""),
    "key_p50_ms": ("key to paint in the list, p50, ms", ""),
    "key_p95_ms": ("key to paint in the list, p95, ms", ""),
    "page_p95_ms": ("a page of the list, p95, ms", ""),
    "open_p95_ms": ("open a held conversation, p95, ms", "50"),
    "search_p95_ms": ("first results of a search, p95, ms", "100"),
    "rare_p50_ms": ("the same for a word in five messages, p50, ms", ""),
    "rare_p95_ms": ("the same for a word in five messages, p95, ms", "100"),
    "counts_p95_ms": ("a verb, to the counts of list and queues, p95, ms", ""),
    "undo_p95_ms": ("undo, to the list as it was, p95, ms", ""),
    "bulk_p50_ms": ("one verb on many, p50, ms", ""),
    "bulk_rows": ("… on how many", ""),
    "rss_mb": ("memory after all of it, MB", "150"),
    "idle_held_pct": ("idle, no portal, % of a core", "under 1"),
}
"""What each figure by size is, and what it is to be at most."""
GROWTH: Final = {"start_ms": "1.25 x", "key_p50_ms": "1.1 x", "key_p95_ms": "1.1 x"}
"""How much a figure may grow from the fewest messages to the most."""
ONCE: Final = {
    "hello_ms": ("start of a Textual hello-world, ms", ""),
    "sync_per_s": ("first sync, encrypted and indexed, messages/s", "at least 2000"),
    "typing_sync_ratio": ("key to paint p95 while a first sync goes on, over idle", "2"),
    "typing_sync_ms": ("the same in ms", ""),
    "autosave_p99_ratio": ("a key in the composer p99, drafts saved over drafts never due", "not felt"),
    "autosave_p99_ms": ("the same in ms", ""),
    "idle_cpu_pct": ("idle beside a portal, % of a core", "under 1"),
}
PEER: Final = {
    "start_ms": "start to a usable inbox, p50, ms",
    "key_p50_ms": "down, p50, ms",
    "key_p95_ms": "down, p95, ms",
    "search_ms": "search of a word in five messages, p50, ms",
}


def table(figures: Figures) -> str:
    """The figures, each beside what it should be."""
    lines = [figures["machine"], ""]
    for rows in _tables(figures):
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        lines += [
            "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows
        ]
        lines.append("")
    lines += _notes(figures)
    return "\n".join(lines).rstrip()


def markdown(figures: Figures) -> str:
    """The same as tables for a page."""
    lines = [f"Measured on {figures['machine']}.", ""]
    for head, *rows in _tables(figures):
        lines += [_line(head), _line(["---"] * len(head))]
        lines += [_line(row) for row in rows]
        lines.append("")
    lines += _notes(figures)
    return "\n".join(lines).rstrip()


def _line(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _tables(figures: Figures) -> Iterator[list[list[str]]]:
    """Rows of each table, the first its head."""
    if any(set(each) - {"messages", "conversations"} for each in figures["sizes"].values()):
        yield _by_size(figures["sizes"], figures["growth"])
    once = [
        [name, words, _shown(figures["run"][name]), goal]
        for name, (words, goal) in ONCE.items()
        if name in figures["run"]
    ]
    if once:
        yield [["figure", "what", "measured", "goal"], *once]
    if figures["peers"].get("measured"):
        yield _peers(figures["peers"]["measured"], figures["sizes"])


def _by_size(sizes: Mapping[str, Figures], growth: Mapping[str, float]) -> list[list[str]]:
    head = [f"{each['messages']:,} messages, {each['conversations']:,} conversations" for each in sizes.values()]
    rows = [["figure", "what", *head, "growth", "goal"]]
    for name, (words, goal) in BY_SIZE.items():
        if not any(name in each for each in sizes.values()):
            continue
        grown = f"{growth[name]} x" if name in growth else ""
        goals = ", ".join(part for part in (goal, f"growth {GROWTH[name]}" if grown and name in GROWTH else "") if part)
        rows.append([name, words, *(_shown(each.get(name)) for each in sizes.values()), grown, goals])
    return rows


def _peers(measured: Mapping[str, Mapping[str, Figures]], sizes: Mapping[str, Figures]) -> list[list[str]]:
    rows = [["program", "messages", *PEER.values()]]
    for size, ours in sizes.items():
        found = {**ours, "search_ms": ours.get("rare_p50_ms")}
        rows.append(["workbench", f"{int(size):,}", *(_shown(found.get(name)) for name in PEER)])
    for program, by_size in measured.items():
        for size, found in by_size.items():
            rows.append([program, f"{int(size):,}", *(_shown(found.get(name)) for name in PEER)])
    return rows


def _notes(figures: Figures) -> list[str]:
    peers = figures["peers"]
    missing = [f"Not installed, so not measured: {name}." for name in peers.get("missing", ())]
    failed = [f"Not measured: {name} ({why})." for name, why in peers.get("failed", {}).items()]
    left_out = [f"Left out: {each}." for each in peers.get("left_out", ())]
    return [*missing, *failed, *left_out]


def _shown(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, Mapping):
        return ", ".join(f"{name} {_shown(each)}" for name, each in value.items())
    return f"{value:,}" if isinstance(value, (int, float)) else str(value)
