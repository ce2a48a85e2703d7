"""`workbench` with the store's key given, for machines without a keyring; all else is as a user starts it."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import Final

from workbench import compose
from workbench.cli.main import main
from workbench.config import Settings

KEY: Final = bytes(range(32))
"""The key of every store that tests make this way."""
usual = compose.place_of


def place_of(settings: Settings) -> compose.Place:
    """Where the profile's store lies, with the key of tests."""
    return replace(usual(settings), key=lambda _folder: KEY)


if __name__ == "__main__":
    setattr(compose, "place_of", place_of)  # noqa: B010 - the keyring is what is replaced
    sys.exit(main())
