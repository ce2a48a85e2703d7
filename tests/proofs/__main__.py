"""Runs a proof: `python -m tests.proofs NAME [--runs N] [--seed S]`.

The last line is JSON; the exit code is 0 when nothing was lost, doubled, misdirected or unreadable.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from importlib import import_module
from inspect import signature
from random import SystemRandom
from time import monotonic
from typing import Final

from tests.proofs.verdict import Proof

PROOFS: Final = {
    "simulate": 100_000,
    "kill": 10_000,
    "terminal": 200,
    "power": 10_000,
    "disk": 0,
    "tamper": 1_000,
    "planted": 0,
}
"""How many runs of each the long suite makes; 0 for as many as there are places to try."""
SHOWN: Final = 40
"""Findings that are told one by one."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one proof, or all of them one after the other."""
    parser = argparse.ArgumentParser(prog="python -m tests.proofs", description=__doc__)
    parser.add_argument("name", choices=[*PROOFS, "all"], help="which; “all” is the long suite")
    parser.add_argument("--runs", type=int, metavar="N", help="how many (default: as the long suite has it)")
    parser.add_argument("--seed", type=int, metavar="S", help="to try the same again (default: a new one)")
    parser.add_argument("--first", action="store_true", help="stop at the first finding, where the proof can")
    parser.add_argument("--from", type=int, default=0, metavar="K", dest="begin", help="begin with the K-th, likewise")
    options = parser.parse_args(arguments)
    seed = SystemRandom().randrange(2**31) if options.seed is None else options.seed
    names = list(PROOFS) if options.name == "all" else [options.name]
    runs = {name: PROOFS[name] if options.runs is None else options.runs for name in names}
    choices = {"first": options.first, "begin": options.begin}
    return max([_one(name, runs[name], seed, choices) for name in names])


def _one(name: str, runs: int, seed: int, choices: Mapping[str, int]) -> int:
    proof: Proof = import_module(f"tests.proofs.{name}").prove
    known = signature(proof).parameters
    able = {choice: value for choice, value in choices.items() if choice in known}
    print(f"{name}: seed {seed}", flush=True)
    begun = monotonic()
    verdict = proof(runs, seed, **able)
    for note in verdict.notes[:SHOWN]:
        print(f"  {note}")
    if len(verdict.notes) > SHOWN:
        print(f"  … and {len(verdict.notes) - SHOWN} more")
    print(f"{name}: {verdict.runs} runs in {monotonic() - begun:.0f} s")
    print(verdict.line(), flush=True)
    return 0 if verdict.holds else 1


if __name__ == "__main__":
    sys.exit(main())
