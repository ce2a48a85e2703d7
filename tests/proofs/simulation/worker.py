"""Plays some histories: `python -m tests.proofs.simulation.worker SEED FIRST COUNT [--trace]`; a line of JSON each."""

from __future__ import annotations

import argparse
import gc
import json
import os
import shutil
import sys
from hashlib import blake2s

from tests.proofs.simulation.history import Stage, play, where


def main() -> int:
    """Plays them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("seed", type=int)
    parser.add_argument("first", type=int)
    parser.add_argument("count", type=int)
    parser.add_argument("--trace", action="store_true", help="tell all that happens")
    options = parser.parse_args()
    if os.environ.get("PYTHONHASHSEED") != "0":  # the order of a set must not be chance
        os.execve(
            sys.executable, [sys.executable, "-m", __spec__.name, *sys.argv[1:]], {**os.environ, "PYTHONHASHSEED": "0"}
        )
    stage = Stage(where())
    try:
        stage.prepare()
        gc.freeze()
        gc.disable()  # a history's garbage is let go when it is over: looked for all the time it costs a tenth
        for number in range(options.first, options.first + options.count):
            history = play(stage, options.seed, number)
            gc.collect()
            if options.trace:
                print("\n".join(history.trace), file=sys.stderr)
            found = history.found
            print(
                json.dumps(
                    {
                        "number": number,
                        "counts": [len(found.lost), len(found.doubled), len(found.misdirected), len(found.unreadable)],
                        "notes": found.all(),
                        "trace": blake2s("\n".join(history.trace).encode()).hexdigest()[:16],
                        "queued": len(history.ledger.queued),
                    }
                ),
                flush=True,
            )
    finally:
        shutil.rmtree(stage.folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
