"""The line in which words to search for are typed; hidden until it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from textual import on
from textual.message import Message
from textual.widgets import Input

from widgets.later import Later
from widgets.text_input import TextInput

LONGEST: Final = 1_000
"""Characters it takes: 250,000 words pasted by mistake would be searched for for minutes, while all else waits."""
PAUSE: Final = 0.02
"""Seconds between keys after which the words are searched for."""


class SearchLine(TextInput):
    """Posts the words as they are typed."""

    DEFAULT_CSS = """
    SearchLine {
        display: none; height: 1; border: none; padding: 0 1; background: $boost;
        &:focus { border: none; }
        &.-open { display: block; }
    }
    """

    @dataclass
    class Asked(Message):
        """These words are to be searched for; empty for none."""

        words: str

    def __init__(self, hint: str) -> None:
        super().__init__(placeholder=hint, id="search", compact=True, max_length=LONGEST)
        self._pause = Later(self.set_timer)
        self._asked = ""
        """What was last to be searched for."""

    @property
    def is_open(self) -> bool:
        """Whether it is shown."""
        return self.has_class("-open")

    def open(self) -> None:
        """Shows it and goes there."""
        self.add_class("-open")
        self.focus()

    def close(self) -> None:
        """Hides and empties it, without searching."""
        self._pause.drop()
        with self.prevent(Input.Changed):
            self.value = self._asked = ""
        self.remove_class("-open")

    @on(Input.Changed)
    def typed(self, event: Input.Changed) -> None:
        """Searches at the next pause."""
        event.stop()
        self._pause.put_off(PAUSE, self._ask)

    async def action_submit(self) -> None:
        """Searches at once: a key that follows is for what is found, never for what the list showed before.

        Of letters that were struck together with this nothing has been told yet, so that no pause waits.
        """
        self._pause.drop()
        self._ask()
        await super().action_submit()

    def _ask(self) -> None:
        if self.value != self._asked:
            self._asked = self.value
            self.post_message(self.Asked(self.value if self.value.strip() else ""))
