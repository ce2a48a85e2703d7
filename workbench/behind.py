"""Keys struck behind one that leaves a dialog or a search: they are for what is beneath, once that has been left.

To leave takes a moment. Given to what has the focus still, the keys behind would narrow down a choice that was just
made, or be searched for; and the words behind a verb that was lost that way would be verbs themselves. What follows a
key that leaves a draft `TypeAhead` keeps.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from textual import events
from textual.app import App
from textual.widgets import Input

from screens.dialog import Leaving
from screens.inbox import InboxScreen
from workbench.commands import by_id

if TYPE_CHECKING:
    from collections.abc import Mapping

    from workbench.type_ahead import Typed

ENDS: Final = frozenset({"enter", "escape"})
"""Keys that leave a dialog, or a line to type in."""


class Behind:
    """Keeps keys while something is being left."""

    def __init__(self, app: App[int], remapped: Mapping[str, str]) -> None:
        self._app = app
        ends = by_id("quit")
        self._quit = frozenset(remapped.get(ends.id, ",".join(ends.keys)).split(","))
        self._kept: list[Typed] | None = None
        self._key = ""
        self._from: object = None
        self._clicked = False

    def clicked(self) -> None:
        """The mouse, which waits for nothing, went elsewhere: whom what is kept was struck for cannot be told."""
        self._clicked = True

    def takes(self, event: Typed) -> bool:
        """Whether a key or a paste is kept, since something is being left."""
        if self._kept is None or (not self._kept and isinstance(event, events.Key) and event.key in self._quit):
            return False  # who ends the program at once is told of what could not be done, and stays
        self._kept.append(event)
        return True

    def begins(self, event: Typed) -> bool:
        """Whether a key leaves a dialog, or a line to type in; from then on keys are kept."""
        screen = self._app.screen
        if not isinstance(self._app.focused, Input) and not isinstance(screen, Leaving):
            return False
        if not isinstance(event, events.Key) or event.key not in ENDS:
            return False
        self._kept, self._key, self._from, self._clicked = [], event.key, screen, False
        return True

    @property
    def settled(self) -> bool:
        """Whether what was struck has had its effect, as far as the screen on top knows."""
        screen = self._app.screen
        if isinstance(screen, InboxScreen):
            return not screen.acting and screen.listing.arrived  # what was searched for, or was there before
        return screen is self._from or self._app.focused is not None  # a dialog that stays asks nothing new

    def over(self) -> Sequence[Typed]:
        """It was left, or was not: gives what was kept for what has the focus now.

        The key that left a dialog, struck once more, was for that.
        """
        kept, self._kept = self._kept or [], None
        screen, self._from = self._from, None
        while kept and isinstance(screen, Leaving) and isinstance(kept[0], events.Key) and kept[0].key == self._key:
            del kept[0]
        if kept and self._clicked:
            self._app.bell()
            return ()
        return kept
