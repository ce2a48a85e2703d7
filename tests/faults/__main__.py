"""Prints the matrix of faults and calls as it is found now: `python -m tests.faults [--json] [--fault SPEC ...]`.

One line for each fault, the word each call gives; `?` where the call may have been carried out, `!` where it is not the
word that is expected or something was wrong once the fault had gone. Ends with 1 when anything was.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import sys

from tests.faults.calls import CALLS
from tests.faults.expected import word
from tests.faults.matrix import Found, Site, faults, row, site
from workbench.sandbox.faults.kinds import table
from workbench.sandbox.faults.plan import Fault
from workbench.sandbox.faults.spelling import SHAPE, parse


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    parser.add_argument("--json", action="store_true", help="an object a line for each cell")
    parser.add_argument("--fault", action="append", metavar=SHAPE, type=parse, help="this one only; all without it")
    parser.add_argument("--table", action="store_true", help="the kinds, as docs/testers.md has them")
    options = parser.parse_args()
    if options.table:
        print(table(), end="")
        return 0
    with site() as here:
        return asyncio.run(_print(here, options.fault or faults(here.away), as_json=options.json))


async def _print(here: Site, wanted: tuple[Fault, ...], *, as_json: bool) -> int:
    wrong = 0
    if not as_json:
        print("fault\t" + "\t".join(call.name for call in CALLS))
    for fault in wanted:
        async with here.world() as world:
            cells = await row(here, world, fault)
        wrong += sum(_is_wrong(cell, fault) for cell in cells) + here.visited
        for cell in cells if as_json else ():
            print(json.dumps(dataclasses.asdict(cell), ensure_ascii=False))
        if not as_json:
            print("\t".join((cells[0].fault, *(_shown(cell, fault) for cell in cells))), flush=True)
    return int(bool(wrong))


def _shown(cell: Found, fault: Fault) -> str:
    return cell.word + ("?" if cell.doubtful else "") + ("!" if _is_wrong(cell, fault) else "")


def _is_wrong(cell: Found, fault: Fault) -> bool:
    call = next(call for call in CALLS if call.name == cell.call)
    return bool(cell.afterwards) or cell.word != word(fault.kind.name, cell.call, writes=call.writes)


if __name__ == "__main__":
    sys.exit(main())
