"""A choice from a short list, found by typing."""

from __future__ import annotations

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content

from screens.dialog import Dialog
from widgets.picker import Choice, Picker


class Choose(Dialog[str | None]):
    """Shows choices; gives back the id of the one picked, or None."""

    DEFAULT_CSS = """
    Choose {
        align: center middle;
        & > Vertical {
            width: 72; max-width: 96%; height: auto; max-height: 80%;
            border: round $primary; border-title-style: bold; background: $surface; padding: 0 1;
        }
    }
    """

    def __init__(self, title: Content, choices: Sequence[Choice], *, highlighted: str | None = None) -> None:
        super().__init__()
        self._title, self._choices, self._highlighted = title, tuple(choices), highlighted

    def compose(self) -> ComposeResult:
        """The list in a box."""
        with Vertical() as box:
            box.border_title = self._title
            yield Picker(self._choices, highlighted=self._highlighted)

    @on(Picker.Picked)
    def picked(self, event: Picker.Picked) -> None:
        """Gives back the choice."""
        event.stop()
        self.dismiss(event.id)

    @on(Picker.Cancelled)
    def cancelled(self, event: Picker.Cancelled) -> None:
        """Gives back nothing."""
        event.stop()
        self.dismiss(None)
