"""`tests.terminal.launch` of a program in which no draft is ever due to be saved: what autosave is held against."""

from __future__ import annotations

import sys

from screens import writing
from tests.terminal.launch import place_of
from workbench import compose
from workbench.cli.main import main

NEVER = 1e6
"""Seconds."""

if __name__ == "__main__":
    for name, value in (("PAUSE", NEVER), ("AT_MOST", NEVER)):
        setattr(writing, name, value)
    setattr(compose, "place_of", place_of)  # noqa: B010 - as tests.terminal.launch does
    sys.exit(main())
