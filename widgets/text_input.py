"""A line to type in, safe against what a paste may carry, and the order in which keys reach a text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.widgets import Input

from workbench.dialogue.clean import pasted

if TYPE_CHECKING:
    from textual.widget import Widget as _Text
else:
    _Text = object  # looks and focus are taken from the first base that is a widget


class InTurn(_Text):
    """A text in which each key does its work in its turn, however fast the keys come.

    Textual writes letters at once, but has a backspace or an arrow first come back to the program: the letters that
    were struck behind it are in the text by then, and of `10`, backspace, `2` it is the 2 that is taken away.
    """

    async def _on_key(self, event: events.Key) -> None:
        for binding in self._bindings.key_to_bindings.get(event.key, ()):
            if not binding.priority and await self.app.run_action(binding.action, self):
                event.stop()
                event.prevent_default()
                return


class TextInput(InTurn, Input):
    """An `Input` whose pastes hold nothing that cannot be seen, and come in with all their lines, side by side.

    Where it takes only so many characters, it rings for those of a paste that it leaves out, as for those typed.
    """

    def _on_paste(self, event: events.Paste) -> None:
        text = " ".join(pasted(event.text).strip("\n").split("\n"))
        if self.max_length:
            room = max(self.max_length - len(self.value) + len(self.selected_text), 0)
            if len(text) > room:
                text = text[:room]
                self.app.bell()
        self.replace(text, *self.selection)
        event.stop()
        event.prevent_default()
