"""Prints how well the rules do: `python -m tests.flags [--rules FILE] [--held-out FILE] [--show]`.

Sensitivity and precision of the half the rules were tuned on and of the half they were not, in all, for each language
and for each kind; the last line is JSON. Ends with 1 when the held-out half is under the goals, with 2 without one.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from tests.flags.measure import HELD_OUT, PRECISION, SENSITIVITY, TUNING, Message, Tally, by, interval, read, tally
from workbench.dialogue.flags.rules import Rules
from workbench.dialogue.flags.scan import scan
from workbench.flag_rules import load_rules


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.flags", description=__doc__)
    parser.add_argument("--rules", type=Path, help="a clinic's own file; without it the rules that come along")
    parser.add_argument("--tuning", type=Path, default=TUNING)
    parser.add_argument("--held-out", type=Path, default=HELD_OUT)
    parser.add_argument("--show", action="store_true", help="print what is wrong in the tuning half; never the other")
    options = parser.parse_args()
    rules = load_rules(options.rules)
    tuning = read(options.tuning)
    figures = {"tuning": _half("Tuning half", tuning, rules)}
    if options.show:
        _show(tuning, rules)
    if not options.held_out.exists():
        print(f"There is no held-out half at {options.held_out}: nothing is known of messages the rules do not know.")
        print(json.dumps(figures))
        return 2
    held_out = read(options.held_out)
    figures["held_out"] = _half("Held-out half", held_out, rules)
    reached = tally(held_out, rules).reaches()
    print(f"Goals for the held-out half: {SENSITIVITY:.2f} and {PRECISION:.2f}; {'reached' if reached else 'missed'}.")
    print(json.dumps(figures))
    return 0 if reached else 1


def _half(name: str, messages: list[Message], rules: Rules) -> dict[str, object]:
    whole = tally(messages, rules)
    urgent = whole.hit + whole.missed
    print(f"{name}: {len(messages)} messages, {urgent} of them urgent")
    print(f"  {'':14}{'urgent':>8}{'marked':>8}{'sens.':>8}{'prec.':>8}{'falsely':>9}")
    languages = by(messages, lambda message: message.lang, rules)
    kinds = by(messages, lambda message: message.kind, rules)
    for label, each in [("all", whole), *languages.items(), *kinds.items()]:
        print(_line(label, each))
    low, high = interval(whole.sensitivity or 0, max(urgent, 1))
    print(f"  sensitivity lies between {low:.3f} and {high:.3f} (95 %), as so few were counted\n")
    return {
        **whole.figures(),
        "by_language": {label: each.figures() for label, each in languages.items()},
        "by_kind": {label: each.figures() for label, each in kinds.items()},
    }


def _line(label: str, each: Tally) -> str:
    urgent, others = each.hit + each.missed, each.false + each.quiet
    counted = f"{urgent:>8}{each.hit:>8}{each.sensitivity:8.3f}" if urgent else f"{'':24}"
    precise = f"{each.precision:8.3f}" if urgent and others and each.precision is not None else f"{'':8}"
    falsely = f"{each.false:>5}/{others}" if others else ""
    return f"  {label:14}{counted}{precise}{falsely}".rstrip()


def _show(messages: list[Message], rules: Rules) -> None:
    for message in messages:
        hits = scan(message.text, rules)
        if message.flag and not hits:
            print(f"  missed ({message.kind}, {message.lang}): {message.text}")
        elif hits and not message.flag:
            marked = [(hit.rule, hit.words) for hit in hits]
            print(f"  falsely ({message.kind}, {message.lang}): {marked} in {message.text}")


if __name__ == "__main__":
    sys.exit(main())
