"""`python -m tests.bench`: the figures of the whole program, measured in a terminal from outside."""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Final

from tests.bench import by_size, once, typed
from tests.bench.figures import Figures, against, growth, ratio
from tests.bench.kept import Shelf, copied
from tests.bench.peers.measure import peers
from tests.bench.plan import BY_SIZE, ONCE, PEERS, QUICK, Plan
from tests.bench.report import markdown, table
from tests.bench.stores import Held

SIZES: Final = (1_000, 100_000)


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures what is asked for and prints it."""
    options = _options(arguments)
    wanted = set(options.only or (*BY_SIZE, *ONCE)) | ({PEERS} if options.peers else set())
    with tempfile.TemporaryDirectory(prefix="workbench-bench-") as folder:
        place = Path(folder)
        shelf = Shelf(options.stores or place / "stores")
        if options.fill_only:
            for size in options.messages:
                fill(shelf, size)
            return 0
        figures = measure(place, shelf, options.messages, wanted, QUICK if options.quick else Plan())
    print(markdown(figures) if options.markdown else table(figures))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--json", metavar="FILE", type=Path, help="write the figures to a file too")
    parser.add_argument("--markdown", action="store_true", help="print the tables in Markdown")
    parser.add_argument(
        "--messages", metavar="N,N", type=sizes, default=SIZES, help="messages held (default: 1000,100000)"
    )
    parser.add_argument("--stores", metavar="DIR", type=Path, help="keep filled stores there, and use what is there")
    parser.add_argument("--fill-only", action="store_true", help="fill the stores and measure nothing")
    parser.add_argument(
        "--only", metavar="NAME,NAME", type=names, help=f"measure only: {', '.join((*BY_SIZE, *ONCE, PEERS))}"
    )
    parser.add_argument("--peers", action="store_true", help="measure neomutt, aerc and notmuch too, where installed")
    parser.add_argument("--quick", action="store_true", help="few runs: shows that it works, no more")
    return parser.parse_args(arguments)


def measure(folder: Path, shelf: Shelf, messages: Sequence[int], wanted: Collection[str], plan: Plan) -> Figures:
    """Fills what is not filled and measures the program, one thing after the other.

    Args:
        folder: For what is thrown away afterwards.
        shelf: For filled stores, which are copied and not touched.
        messages: Sizes.
        wanted: Names of figures.
        plan: How often each thing is done.
    """
    found: dict[str, Figures] = {}
    run: Figures = {}
    if set(wanted) & {*BY_SIZE, "autosave"}:
        stores = {}
        for size in messages:
            stores[size] = copied(fill(shelf, size), folder / "held" / str(size))
        found, run = by_size.measure(stores, set(wanted) & set(BY_SIZE), plan, say)
        if "autosave" in wanted:
            say("typing while drafts are saved")
            saved = typed.while_saving(stores[messages[0]], plan.saves)
            run |= {"autosave_p99_ratio": ratio(saved, 99), "autosave_p99_ms": against(saved, 99)}
    run |= _with_a_portal(folder, wanted, plan)
    others = peers(shelf.folder, messages, plan, say) if PEERS in wanted else {}
    return {"machine": machine(), "sizes": found, "growth": growth(found), "run": run, "peers": others}


def _with_a_portal(folder: Path, wanted: Collection[str], plan: Plan) -> Figures:
    """What is measured once, each beside a portal of its own."""
    run: Figures = {}
    if "sync" in wanted:
        say("first sync")
        took, fetched = once.sync(folder / "sync", plan.synced)
        run["sync_per_s"] = round(fetched / took)
    if "typing" in wanted:
        say("typing while everything is fetched")
        synced = typed.while_syncing(folder / "typed", plan.typed, plan.presses)
        run["typing_sync_ratio"] = {place: ratio(pair, 95) for place, pair in synced.items()}
        run["typing_sync_ms"] = {place: against(pair, 95) for place, pair in synced.items()}
    if "idle" in wanted:
        say("idling beside a portal")
        run["idle_cpu_pct"] = round(once.idle(folder / "idle", plan.idle, plan.seconds), 2)
    return run


def fill(shelf: Shelf, messages: int) -> Held:
    """The store of a size, telling so."""
    say(f"a store with {messages} messages")
    held = shelf.store(messages)
    say(f"{held.messages} messages in {held.conversations} conversations")
    return held


def machine() -> str:
    """What it was measured on."""
    model = ""
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
    return f"{os.cpu_count()} x {model or platform.machine()}, {platform.system()}, Python {platform.python_version()}"


def sizes(told: str) -> tuple[int, ...]:
    """Reads a comma list of numbers, the least first.

    Raises:
        ValueError: One is no number of messages.
    """
    found = tuple(sorted({int(each) for each in told.split(",")}))
    if found[0] < 100:
        raise ValueError("at least 100 messages")
    return found


def names(told: str) -> tuple[str, ...]:
    """Reads a comma list of names of figures.

    Raises:
        ValueError: One is no figure.
    """
    found = tuple(told.split(","))
    if not set(found) <= {*BY_SIZE, *ONCE, PEERS}:
        raise ValueError("no such figure")
    return found


def say(words: str) -> None:
    """Tells what goes on, where that does not mix with the figures."""
    print(f"… {words}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
