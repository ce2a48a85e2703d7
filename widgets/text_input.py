"""A line to type in, safe against what a paste may carry."""

from __future__ import annotations

from textual import events
from textual.widgets import Input

from workbench.dialogue.clean import pasted


class TextInput(Input):
    """An `Input` whose pastes hold nothing that cannot be seen, and come in with all their lines, side by side."""

    def _on_paste(self, event: events.Paste) -> None:
        self.replace(" ".join(pasted(event.text).strip("\n").split("\n")), *self.selection)
        event.stop()
        event.prevent_default()
