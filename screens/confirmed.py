"""What the user has said yes to is no longer a dialog, which the next one would take the place of."""

from __future__ import annotations

from typing import Final

from textual.worker import get_current_worker

CONFIRMED: Final = "confirmed"
"""The group of workers that do what was confirmed; nothing cancels it."""


def confirmed() -> None:
    """Takes the worker out of the dialogs: what it does from here on, and says of it, is done to its end."""
    get_current_worker().group = CONFIRMED
