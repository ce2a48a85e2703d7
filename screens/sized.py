"""Screens that are laid out for one size: the terminal's now."""

from __future__ import annotations

from textual import events
from textual.screen import Screen, ScreenResultType


class Sized(Screen[ScreenResultType]):
    """A screen that takes no notice of a size that the terminal had.

    Textual lays out for every size a screen is told, and tells the screen each time what it was laid out for: of two
    sizes that are told before the first has been laid out, as when a window is put in its place just after the start,
    each would bring back the other for ever, with nothing painted.
    """

    async def on_event(self, event: events.Event) -> None:
        """Passes over a size that is not the terminal's any more; the one that is has been told too."""
        if not isinstance(event, events.Resize) or event.size == self.app.size:
            await super().on_event(event)
