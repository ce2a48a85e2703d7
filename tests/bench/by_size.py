"""The figures of several sizes, measured in turns so that all meet the same machine."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import ExitStack
from statistics import median
from typing import Any

from tests.bench import measures, verbs
from tests.bench.figures import Figures, share
from tests.bench.plan import Plan
from tests.bench.stores import Held
from tests.bench.watched import Answer, Watched

Say = Callable[[str], None]


def measure(
    stores: Mapping[int, Held], wanted: Collection[str], plan: Plan, say: Say
) -> tuple[dict[str, Figures], Figures]:
    """Measures what is wanted on stores that may be changed.

    Args:
        stores: By the number of messages that was asked for.
        wanted: Names of figures.
        plan: How often.
        say: Told what goes on.

    Returns:
        Figures by size, and those of the run.
    """
    found: dict[str, Figures] = {
        str(size): {"messages": held.messages, "conversations": held.conversations} for size, held in stores.items()
    }
    run: Figures = {}
    if "start" in wanted:
        say(f"start, {plan.runs} times")
        ours, hello = measures.starts(list(stores.values()), plan.runs)
        run["hello_ms"] = round(median(hello), 1)
        for figures, start in zip(found.values(), ours, strict=True):
            figures["start_ms"] = round(median(start.usable), 1)
            figures["start_ratio"] = round(median(start.usable) / median(hello), 3)
            figures["start_counts_ms"] = round(median(start.counted), 1)
    if set(wanted) - {"start"}:
        with ExitStack() as stack:
            programs = [stack.enter_context(measures.workbench(held)) for held in stores.values()]
            _running(programs, _Into(found), list(stores.values()), wanted, plan, say)
    return found, run


class _Into:
    """Figures by size, taken from answers in the order of the sizes."""

    def __init__(self, found: dict[str, Figures]) -> None:
        self._found = found

    def put(self, name: str, values: Sequence[Any]) -> None:
        for figures, value in zip(self._found.values(), values, strict=True):
            figures[name] = value

    def shares(self, name: str, answers: Sequence[Sequence[Answer]], *per_cents: int) -> None:
        for per_cent in per_cents:
            values = [share(each, per_cent) if each else None for each in answers]
            self.put(f"{name}_p{per_cent}_ms", values)


def _running(
    programs: Sequence[Watched], into: _Into, stores: Sequence[Held], wanted: Collection[str], plan: Plan, say: Say
) -> None:
    """What is measured in programs that run all the while: first what changes nothing."""
    if "idle" in wanted:
        say("idling")
        into.put("idle_held_pct", [round(each, 2) for each in measures.idles(programs, plan.seconds)])
    if "keys" in wanted:
        say("keys")
        into.shares("key", measures.keys(programs, plan.presses), 50, 95)
    if "page" in wanted:
        say("pages")
        into.shares("page", measures.pages(programs, plan.presses // 2), 95)
    if "open" in wanted:
        say("opening")
        into.shares("open", measures.opens(programs, plan.times), 95)
    if "search" in wanted:
        say("searching")
        words = measures.words_of(min(2_000, *(held.conversations for held in stores)), plan.times)
        into.shares("search", measures.searches(programs, words), 95)
    if "rare" in wanted:
        say("searching for rare words")
        into.shares("rare", measures.searches(programs, measures.rare(plan.times)), 50, 95)
    if {"counts", "undo"} & set(wanted):
        say("a verb, and taking it back")
        steps = verbs.steps(programs, plan.steps)
        into.shares("counts", [each.counts for each in steps], 95)
        into.shares("undo", [each.undo for each in steps], 95)
    if "bulk" in wanted:
        say("a verb on many")
        bulks = verbs.bulks(programs, plan.bulks)
        into.put("bulk_rows", [each.rows for each in bulks])
        into.shares("bulk", [each.done for each in bulks], 50)
    if "memory" in wanted:
        into.put("rss_mb", [round(program.memory(), 1) for program in programs])
