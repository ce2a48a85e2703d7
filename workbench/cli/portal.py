"""`workbench portal`: the sandbox portal alone."""

from __future__ import annotations

from argparse import Namespace


def run(options: Namespace) -> int:
    """Serves until it is stopped."""
    raise NotImplementedError
