"""`workbench snapshot`: the tester's pictures of named scenes."""

from __future__ import annotations

from argparse import Namespace


def run(options: Namespace) -> int:
    """Hands over to the snapshot mode."""
    from workbench.snapshot.command import main

    return main(options.rest)
