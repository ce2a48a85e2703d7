"""`workbench portal`: the sandbox portal alone."""

from __future__ import annotations

import shutil
from argparse import Namespace


def run(options: Namespace) -> int:
    """Serves until it is stopped."""
    from workbench.sandbox.faults.spelling import LIST, faults_of, manual

    if LIST in (options.fault or ()):
        print(manual(), end="")
        return 0

    from workbench.sandbox.run import serve

    try:
        return serve(
            port=options.port,
            conversations=options.conversations,
            seed=options.seed,
            data=options.data,
            now=options.now,
            live=options.live,
            faults=None if options.fault is None else faults_of(options.fault),
            until_stdin_closes=options.until_stdin_closes,
        )
    finally:
        if options.then_remove:
            shutil.rmtree(options.then_remove, ignore_errors=True)
