"""`python -m tests.bench`: the figures of the whole program, measured in a terminal from outside."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any, Final

from tests.bench import measures, typed
from tests.bench.stores import full, thin
from tests.bench.typed import Pair
from tests.bench.watched import Answer

GOALS: Final = {
    "start_ratio": "at most 1.25",
    "start_ms": "",
    "hello_ms": "",
    "key_p95_ms": "equal (1.1 x) at 1000 and 250000",
    "key_p50_ms": "",
    "open_p95_ms": "50",
    "search_p95_ms": "100",
    "sync_per_s": "2000",
    "typing_sync_ratio": "at most 2",
    "typing_sync_ms": "",
    "autosave_p99_ratio": "nothing one can feel",
    "autosave_p99_ms": "",
    "rss_mb": "150 at 1000000 messages",
    "idle_cpu_pct": "under 1",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures everything and prints it."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the figures to a file too")
    parser.add_argument("--messages", metavar="N", type=int, default=100_000, help="messages held (default: 100000)")
    parser.add_argument("--quick", action="store_true", help="tiny sizes and few runs: shows that it works, no more")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="workbench-bench-") as folder:
        figures = measure(Path(folder), options.messages, quick=options.quick)
    print(table(figures))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 0


def measure(folder: Path, messages: int, *, quick: bool) -> dict[str, Any]:
    """Fills stores of the sizes asked for and measures the program on them, one thing after the other."""
    lists = (30, 120) if quick else (1_000, 250_000)
    runs, presses, times, seconds = (1, 10, 2, 1.0) if quick else (7, 200, 30, 10.0)
    say(f"filling a store with {messages} messages")
    held = full(folder / "held", messages)
    say(f"start, {runs} times")
    ours, theirs = measures.starts(held, runs)
    say("opening and searching")
    with measures.workbench(held) as program:
        opened = measures.opens(program, times)
        searched = measures.searches(program, measures.words_of(min(held.conversations, 2_000), times))
        rss = program.memory()
    say("filling stores for the list")
    stores = [thin(folder / f"list-{number}", number) for number in lists]
    say("keys")
    pressed = measures.keys(stores, presses)
    say("first sync")
    took, fetched = measures.sync(folder / "sync", 20 if quick else 4_000)
    say("typing while everything is fetched")
    synced = typed.while_syncing(folder / "typed", 300 if quick else 7_500, presses // 2)
    say("typing while drafts are saved")
    saved = typed.while_saving(stores[0], presses if quick else 2 * presses)
    say("idling")
    idle = measures.idle(folder / "idle", lists[0], seconds)
    return {
        "machine": machine(),
        "messages": held.messages,
        "conversations": held.conversations,
        "start_ratio": round(median(ours) / median(theirs), 3),
        "start_ms": round(median(ours), 1),
        "hello_ms": round(median(theirs), 1),
        "key_p95_ms": {str(n): share(found, 95) for n, found in zip(lists, pressed, strict=True)},
        "key_p50_ms": {str(n): share(found, 50) for n, found in zip(lists, pressed, strict=True)},
        "open_p95_ms": share(opened, 95),
        "search_p95_ms": share(searched, 95),
        "sync_per_s": round(fetched / took),
        "typing_sync_ratio": {place: ratio(pair, 95) for place, pair in synced.items()},
        "typing_sync_ms": {place: against(pair, 95) for place, pair in synced.items()},
        "autosave_p99_ratio": ratio(saved, 99),
        "autosave_p99_ms": against(saved, 99),
        "rss_mb": round(rss, 1),
        "idle_cpu_pct": round(idle, 2),
    }


def share(answers: Sequence[Answer], per_cent: int) -> float:
    """A percentile of the time to the last change, in ms, of the answers for which nobody waited for a processor.

    Where fewer than half are such, the machine is too busy to tell, and all of them count.
    """
    calm = [answer.last for answer in answers if answer.calm]
    times = sorted(calm if 2 * len(calm) >= len(answers) else [answer.last for answer in answers])
    return round(times[round(per_cent / 100 * (len(times) - 1))], 1)


def ratio(pair: Pair, per_cent: int) -> float | None:
    """A percentile while something goes on, over the same while it does not; None when it was over before a key."""
    return round(share(pair.busy, per_cent) / share(pair.idle, per_cent), 2) if pair.busy else None


def against(pair: Pair, per_cent: int) -> str:
    """Both percentiles in ms, with how many answers they are of."""
    busy = f"{share(pair.busy, per_cent)} ({len(pair.busy)} keys)" if pair.busy else "no key"
    return f"{busy} against {share(pair.idle, per_cent)} ({len(pair.idle)} keys)"


def machine() -> str:
    """What it was measured on."""
    model = ""
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
    return f"{os.cpu_count()} x {model or platform.machine()}, {platform.system()}, Python {platform.python_version()}"


def table(figures: dict[str, Any]) -> str:
    """The figures for a person, each beside what it should be."""
    lines = [figures["machine"], f"{figures['messages']} messages in {figures['conversations']} conversations held", ""]
    for name, goal in GOALS.items():
        value = figures[name]
        shown = ", ".join(f"{n}: {v}" for n, v in value.items()) if isinstance(value, dict) else str(value)
        lines.append(f"{name:<18} {shown:<28} {goal and f'goal: {goal}'}".rstrip())
    return "\n".join(lines)


def say(words: str) -> None:
    """Tells what goes on, where that does not mix with the figures."""
    print(f"… {words}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
