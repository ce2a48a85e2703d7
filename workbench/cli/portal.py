"""`workbench portal`: the sandbox portal alone."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from argparse import Namespace
from contextlib import suppress


def run(options: Namespace) -> int:
    """Serves until it is stopped."""
    from workbench.sandbox.faults.spelling import LIST, faults_of, manual

    if LIST in (options.fault or ()):
        print(manual(), end="")
        return 0

    from workbench.sandbox.run import serve

    code = 1
    try:
        code = serve(
            port=options.port,
            conversations=options.conversations,
            seed=options.seed,
            data=options.data,
            now=options.now,
            live=options.live,
            subscriptions=options.subscriptions,
            faults=None if options.fault is None else faults_of(options.fault),
            until_stdin_closes=options.until_stdin_closes,
        )
        return code
    finally:
        if options.then_remove:
            if options.until_stdin_closes and code == 0:
                _wait_for_stdin()
            shutil.rmtree(options.then_remove, ignore_errors=True)


def _wait_for_stdin() -> None:
    """Waits until whoever started the portal is done with the folder too: it may have been stopped by another hand."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    with suppress(OSError, ValueError):
        while os.read(sys.stdin.fileno(), 4096):
            pass
