"""`tests.terminal.launch` of a program that says of a draft that it is saved, and writes nothing."""

from __future__ import annotations

import sys
from dataclasses import replace

from tests.terminal.launch import place_of
from workbench import compose
from workbench.cli.main import main
from workbench.dialogue.outgoing import Draft
from workbench.session import Session


async def save_draft(session: Session, draft: Draft) -> Draft:
    """Only says so."""
    return replace(draft, saved=session.clock())


if __name__ == "__main__":
    setattr(compose, "place_of", place_of)  # noqa: B010 - as tests.terminal.launch does
    setattr(Session, "save_draft", save_draft)  # noqa: B010 - what is broken
    sys.exit(main())
