"""Measures other programs in the same run: start, moving down, a search."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from time import monotonic
from typing import Final

from tests.bench.figures import Figures, share
from tests.bench.measures import SIZE, SPAN, rare, walking
from tests.bench.peers.mail import Box, mailbox
from tests.bench.peers.programs import PEERS, Peer, index, installed
from tests.bench.plan import Plan
from tests.bench.stores import HITS
from tests.bench.turns import REST, in_turns, said
from tests.bench.watched import Answer, Watched
from tests.terminal.harness import Unseen

LONG: Final = 600.0
"""Seconds to wait for a program that reads a whole mailbox."""
TOO_LARGE: Final = "other programs with {size:,} messages, as they keep a file for each"


def peers(folder: Path, messages: Sequence[int], plan: Plan, say: Callable[[str], None]) -> Figures:
    """Measures the programs that are installed, on mailboxes no larger than what is held.

    Args:
        folder: Mailboxes are kept there.
        messages: Sizes of what is held.
        plan: How often each thing is done, and sizes of mailboxes.
        say: Told what goes on.

    Returns:
        What was measured by program and size, what is not installed, what failed, and what was left out.
    """
    measured: dict[str, dict[str, Figures]] = {}
    failed: dict[str, str] = {}
    for size in (size for size in plan.boxes if size <= max(messages)):
        say(f"a mailbox with {size} messages")
        box = mailbox(folder / "peers" / str(size), size)
        for name, measure in _measures().items():
            say(f"{name} with {size} messages")
            try:
                measured.setdefault(name, {})[str(size)] = measure(box, plan)
            except (Unseen, subprocess.CalledProcessError) as error:
                failed[f"{name} with {size} messages"] = str(error).partition("\n")[0]
    return {
        "measured": measured,
        "missing": [name for name in (*(peer.name for peer in PEERS), "notmuch") if not installed(name)],
        "failed": failed,
        "left_out": [TOO_LARGE.format(size=size) for size in messages if size > max(plan.boxes)],
    }


def _measures() -> dict[str, Callable[[Box, Plan], Figures]]:
    """How each program that is installed is measured."""
    found: dict[str, Callable[[Box, Plan], Figures]] = {
        peer.name: partial(_on_screen, peer) for peer in PEERS if installed(peer.name)
    }
    return found | ({"notmuch": _notmuch} if installed("notmuch") else {})


def _on_screen(peer: Peer, box: Box, plan: Plan) -> Figures:
    peer.prepare(box)
    started = []
    for _ in range(plan.runs + 1):  # the first fills its caches and does not count
        with _running(peer, box) as program:
            started.append((program.seen_at - program.started) / 1e6)
    with _running(peer, box) as program:
        _go_to_top(peer, program)
        span = min(SPAN, box.messages - 1)
        (pressed,) = in_turns([program], partial(walking, "down", span, top=peer.top()), plan.presses, 10)
        searched = [answer for word in rare(plan.bulks) for answer in _search(peer, box, program, word)]
    return {
        "start_ms": round(median(started[1:]), 1),
        "key_p50_ms": share(pressed, 50) if pressed else None,
        "key_p95_ms": share(pressed, 95) if pressed else None,
        "search_ms": share(searched, 50) if searched else None,
    }


@contextmanager
def _running(peer: Peer, box: Box) -> Iterator[Watched]:
    with Watched(peer.command(box), env=peer.env(box), size=SIZE, colours=True) as program:
        program.wait(peer.ready(box), LONG)
        yield program


def _go_to_top(peer: Peer, program: Watched) -> None:
    program.settle(REST)
    program.press(peer.top())
    program.settle(REST)


def _search(peer: Peer, box: Box, program: Watched, word: str) -> list[Answer]:
    """From the key that starts it to the list of what was found."""
    _go_to_top(peer, program)
    answer = said(program.time_key(*peer.search(word), until=lambda: peer.found(program, box), seconds=LONG))
    program.settle(REST)
    program.press(*peer.all_again())
    program.wait_until(lambda: not peer.found(program, box), "the whole list")
    program.wait(peer.ready(box), LONG)
    return [] if answer is None else [answer]


def _notmuch(box: Box, plan: Plan) -> Figures:
    """A search as a process of its own, from its start to its end."""
    env, took = index(box), []
    for word in rare(plan.times):
        begun = monotonic()
        done = subprocess.run(
            ["notmuch", "search", "--output=messages", word], env=env, check=True, capture_output=True, text=True
        )
        took.append((monotonic() - begun) * 1e3)
        assert len(done.stdout.split()) == HITS, done.stdout
    return {"search_ms": round(median(took), 1)}
