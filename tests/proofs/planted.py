"""Plants mistakes in a copy of the program, one at a time: each must turn the proof that guards against it red."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tests.proofs.verdict import Verdict

ROOT: Final = Path(__file__).parents[2]
ROOMS: Final = ("workbench", "client", "screens", "widgets", "tests")
LONGEST: Final = 3_600
"""Seconds one proof may take to notice."""


@dataclass(frozen=True, slots=True)
class Plant:
    """One mistake."""

    name: str
    file: str
    good: str
    """A piece of the file that stands in it once."""
    bad: str
    proof: str
    runs: int
    """How many runs are enough to notice it."""
    also: tuple[tuple[str, str, str], ...] = ()
    """The same mistake in other files: each with its piece and what takes its place."""


PLANTS: Final = (
    Plant(
        "synchronous-off",
        "workbench/store/cipher.py",
        "{'FULL' if settings.durable else 'NORMAL'}",
        "OFF",
        "power",
        400,
    ),
    Plant(
        "commit-without-fsync",
        "workbench/store/cipher.py",
        "{'FULL' if settings.durable else 'NORMAL'}",
        "NORMAL",
        "power",
        400,
    ),
    Plant("names-not-on-disk", "workbench/store/disk.py", "        os.fsync(opened)\n", "        pass\n", "power", 400),
    Plant(
        "an-older-store-passes",
        "workbench/store/store.py",
        "remembered = _remembered(witness)",
        "remembered = 0",
        "tamper",
        60,
    ),
    Plant("a-short-log-passes", "workbench/store/look.py", "    if cut:\n", "    if False:\n", "tamper", 200),
    Plant(
        "identifier-per-attempt",
        "workbench/sync/courier.py",
        "            item.id,\n            item.key.thread,\n            readers_in",
        "            str(__import__('uuid').uuid4()),\n            item.key.thread,\n            readers_in",
        "simulate",
        2_000,
    ),
    Plant(
        "no-version-check",
        "workbench/sync/courier.py",
        "        if came:\n",
        "        if came and not seen:\n",
        "simulate",
        2_000,
    ),
    Plant(
        "redirects-followed",
        "client/http.py",
        "follow_redirects=False",
        "follow_redirects=True",
        "simulate",
        2_000,
    ),
    Plant(
        "unknown-is-sent-again-as-new",
        "workbench/store/outbox.py",
        "not sure or (entry.verb in WORDS and in_doubt(cursor, outgoing_id, self._moment()))",
        "not sure",
        "simulate",
        4_000,
    ),
    Plant(
        "nothing-looked-for-before-sending-again",  # neither by a search nor in the conversation: one alone suffices
        "workbench/sync/push.py",
        "found = words and await courier.find(item)",
        "found = False",
        "simulate",
        2_000,
        (
            (
                "workbench/sync/courier.py",
                "return already(item, posts, tried, others, self.me.reference, uploaded)",
                "return None",
            ),
        ),
    ),
    Plant(
        "other-readers-are-fine",
        "workbench/sync/courier.py",
        " or frozenset(readers_in(header)) != seen.readers",
        "",
        "simulate",
        2_000,
    ),
    Plant(
        "a-draft-is-written-over",
        "workbench/store/drafts.py",
        "if there is not None and _elsewhere(draft, there)",
        "if there is not None and there is draft",
        "simulate",
        2_000,
    ),
    Plant(
        "a-draft-goes-before-it-is-queued",
        "workbench/store/outbox.py",
        "            remove_sent(cursor, draft)\n        return entry",
        "            cursor.execute('DELETE FROM draft')\n        return entry",
        "simulate",
        1_000,
    ),
    Plant(
        "resume-point-before-its-page",
        "workbench/sync/pull.py",
        "changed = self._cache.apply(self._portal.name, batch, walk.stream, self._resuming.moved(walk.stream, mark))",
        "self._cache.apply(self._portal.name, Batch(), walk.stream, self._resuming.moved(walk.stream, mark))\n"
        "        changed = self._cache.apply(self._portal.name, batch, walk.stream)",
        "simulate",
        6_000,
    ),
    Plant(
        "replies-to-any-portal",
        "workbench/sync/push.py",
        "for item in self._outbox.due(self._portal) if",
        "for item in self._outbox.due('national') if",
        "simulate",
        1_000,
    ),
    Plant(
        "a-receipt-counts-as-an-answer",
        "workbench/store/apply_dialogue.py",
        "return RECEIPT if post.receipt else STAFF_SIDE",
        "return STAFF_SIDE",
        "simulate",
        1_000,
    ),
    Plant(
        "receipts-by-the-clock-alone",
        "workbench/dialogue/receipts.py",
        "    return any(set(words)",
        "    return bool(earlier) and False and any(set(words)",
        "simulate",
        4_000,
    ),
    Plant(
        "a-snooze-does-not-look",
        "workbench/sync/courier.py",
        "        if change.snoozes:\n",
        "        if not change:\n",
        "simulate",
        4_000,
    ),
)
"""What once was, or easily could be, done wrong."""


def prove(runs: int, seed: int, *, names: tuple[str, ...] = ()) -> Verdict:
    """Plants each mistake and looks whether it is noticed; without any, the same proofs must hold.

    Args:
        runs: How many of the mistakes, from the first; 0 for all.
        seed: Of the proofs.
        names: Which mistakes, instead.
    """
    chosen = [each for each in PLANTS if each.name in names] if names else list(PLANTS[: runs or None])
    total = Verdict("planted", 0, seed)
    for plant in chosen:
        unnoticed = _unnoticed(plant, seed)
        notes = (f"{plant.name}: {unnoticed}",) if unnoticed else ()
        print(f"{plant.name}: {unnoticed or 'noticed'}", flush=True)
        total += Verdict("planted", 1, seed, lost=len(notes), notes=notes)
    return total


def _unnoticed(plant: Plant, seed: int) -> str:
    """Why a mistake counts as unnoticed; empty when its proof went red, as it should."""
    with tempfile.TemporaryDirectory(prefix="planted-") as folder:
        copy = Path(folder)
        for room in ROOMS:
            shutil.copytree(ROOT / room, copy / room, ignore=shutil.ignore_patterns("node_modules"))
        for name, good, bad in ((plant.file, plant.good, plant.bad), *plant.also):
            text = (copy / name).read_text(encoding="utf-8")
            if text.count(good) != 1:
                return f"it cannot be planted: its place in {name} has changed"
            (copy / name).write_text(text.replace(good, bad), encoding="utf-8")
        try:
            done = _proved(copy, plant, seed)
        except subprocess.TimeoutExpired:
            return f"{plant.proof} was not done within {LONGEST} s"
    if done.returncode == 0:
        return f"{plant.proof} holds all the same"
    last = done.stdout.strip().rsplit("\n", 1)[-1]
    return "" if done.returncode == 1 and last.startswith('{"proof"') else f"{plant.proof} broke: {done.stderr[-500:]}"


def _proved(copy: Path, plant: Plant, seed: int) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.proofs", plant.proof, "--runs", str(plant.runs), "--seed", str(seed)]
    env = {**os.environ, "PYTHONPATH": str(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [*command, "--first"], cwd=copy, env=env, capture_output=True, text=True, timeout=LONGEST, check=False
    )
