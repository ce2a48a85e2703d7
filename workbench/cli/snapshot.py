"""`workbench snapshot`: the tester's pictures of named scenes."""

from __future__ import annotations

from argparse import REMAINDER, Namespace

from workbench.cli.described import Add
from workbench.language import _


def describe(add: Add) -> None:
    """Adds the command; what follows its name is read by the snapshot mode itself."""
    command = add("snapshot", _("pictures of named scenes: list, take, compare"), run)
    command.add_argument("rest", nargs=REMAINDER, metavar="list | take | compare")


def run(options: Namespace) -> int:
    """Hands over to the snapshot mode."""
    from workbench.snapshot.command import main

    return main(options.rest)
