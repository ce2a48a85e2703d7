"""How a fault is written on a command line: `KIND[:ARGUMENT][@CALL][*HOW OFTEN]`."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from typing import Final

from workbench.sandbox.faults.calls import FAMILIES, check
from workbench.sandbox.faults.kinds import KINDS, Kind, told_of_all
from workbench.sandbox.faults.plan import ALWAYS, Fault, Often

LIST: Final = "list"
"""Instead of a fault: tell of all kinds."""
NONE: Final = "none"
"""Instead of a fault: nothing goes wrong until something is set."""
SHAPE: Final = "KIND[:ARG][@CALL][*TIMES]"
_WHOLE = re.compile(
    r"(?P<kind>[^:@*]*)(:(?P<argument>[^@*]*))?(@(?P<calls>.*?))?(\*(?P<often>[^*/]+(/[^*/]+)?))?", re.S
)


def parse(text: str) -> Fault:
    """A fault as it was written: `lost-reply@POST/Communication*2`, `429:5@patch-Task`, `cut:120*1/3`, `500*20%`.

    Raises:
        ValueError: One sentence says what is wrong with it.
    """
    found = _WHOLE.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"“{text}” is no fault: it is written {SHAPE}")
    kind = KINDS.get(found["kind"])
    if kind is None:
        near = get_close_matches(found["kind"], KINDS, 1)
        hint = f"did you mean “{near[0]}”?" if near else f"“{LIST}” tells of all"
        raise ValueError(f"there is no fault “{found['kind']}”: {hint}")
    return Fault(kind, _argument(kind, found["argument"]), _calls(found["calls"]), _often(found["often"]))


def faults_of(texts: Iterable[str]) -> tuple[Fault, ...]:
    """Faults as they were written, one or more; `NONE` is none.

    Raises:
        ValueError: One sentence says what is wrong with the first that is.
    """
    return tuple(parse(text) for text in texts if text != NONE)


def spelled(fault: Fault) -> str:
    """A fault as `parse` reads it."""
    argument = f":{fault.argument}" if fault.argument != fault.kind.default else ""
    calls = f"@{fault.calls}" if fault.calls else ""
    often = fault.often
    times = ""
    if often.first is not None:
        times = f"*{often.first}"
    elif often.every != 1:
        times = f"*1/{often.every}"
    elif often.chance < 1:
        times = f"*{often.chance * 100:g}%"
    return f"{fault.kind.name}{argument}{calls}{times}"


def manual() -> str:
    """Everything one can say, in words."""
    calls = "\n".join(f"  {name:<16} {words}" for name, words in FAMILIES.items())
    return (
        f"A fault is written {SHAPE}; --fault may be given more than once:\n\n"
        "  lost-reply@POST/Communication*2   the first two messages are kept, and no answer comes\n"
        "  429:5@patch-Task                  no Task can be changed: wait five seconds\n"
        "  cut:120@GET/Communication*1/3     one in three reads of a Communication stops after 120 bytes\n"
        "  500*20%                           a fifth of all calls fails\n"
        "  none                              nothing yet: set faults while the portal runs\n\n"
        f"KIND and what it does:\n{told_of_all()}\n\n"
        f"CALL, every one without it: METHOD/path (a * in it stands for anything), or\n{calls}\n\n"
        "TIMES, always without it: N for the first N calls, 1/N for one in N, P% by chance.\n\n"
        "While the portal runs: GET, POST (a fault a line) or DELETE /faults, beside /fhir.\n"
    )


def _argument(kind: Kind, text: str | None) -> str:
    if text is None:
        return kind.default
    if not kind.argument:
        raise ValueError(f"“{kind.name}” takes nothing after a colon")
    text = text.partition("=")[2] if re.match(r"[a-z-]+=", text) else text
    try:
        kind.check(text)
        if kind.check is not str and float(text) < 0 and kind.name != "skew":
            raise ValueError
    except ValueError:
        raise ValueError(f"“{kind.name}:{text}”: after the colon stand {kind.argument}") from None
    if any(ord(sign) < 32 for sign in text):
        raise ValueError(f"“{kind.name}”: what stands after the colon must fit on one line")
    return text


def _calls(text: str | None) -> str:
    return "" if text is None else check(text)


def _often(text: str | None) -> Often:
    if text is None:
        return ALWAYS
    try:
        if text.endswith("%"):
            chance = float(text[:-1]) / 100
            if not 0 < chance <= 1:
                raise ValueError
            return Often(chance=chance)
        one, slash, every = text.partition("/")
        number = int(every if slash else one)
        if number < 1 or (slash and int(one) != 1):
            raise ValueError
        return Often(every=number) if slash else Often(first=number)
    except ValueError:
        raise ValueError(f"“*{text}” is no number of times: *2 for the first two, *1/3, or *20%") from None
