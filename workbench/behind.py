"""Keys struck behind one that leaves a text or a dialog: they are for what is beneath, once that has been left.

To leave takes a moment: words go to disk, a question is done with. Given to what has the focus still, the keys behind
would be written into a reply that was just left, though they begin a note, or narrow down a choice that was just made;
and the words behind a verb that was lost that way would be verbs themselves.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from textual import events
from textual.app import App
from textual.widgets import Input, TextArea

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
        leave = by_id("leave")
        self._leave = frozenset(remapped.get(leave.id, ",".join(leave.keys)).split(","))
        self._kept: list[Typed] | None = None
        self._key = ""
        self._from: tuple[object, object] = (None, None)

    def takes(self, event: Typed) -> bool:
        """Whether a key or a paste is kept, since something is being left."""
        if self._kept is None:
            return False
        self._kept.append(event)
        return True

    def begins(self, event: Typed) -> bool:
        """Whether a key leaves a text or a dialog; from then on keys are kept."""
        screen, focused = self._app.screen, self._app.focused
        if isinstance(focused, TextArea):
            ends = self._leave
        elif isinstance(focused, Input) or isinstance(screen, Leaving):
            ends = ENDS
        else:
            return False
        if not isinstance(event, events.Key) or event.key not in ends:
            return False
        self._kept, self._key, self._from = [], event.key, (screen, focused)
        return True

    @property
    def settled(self) -> bool:
        """Whether what was struck has had its effect, as far as the screen on top knows."""
        screen = self._app.screen
        if isinstance(screen, InboxScreen):
            return not screen.acting
        return screen is self._from[0] or self._app.focused is not None  # a dialog that stays asks nothing new

    def over(self) -> Iterable[Typed]:
        """It was left, or was not: gives what was kept for what has the focus now.

        The key that left a dialog, struck once more, was for that. Where a draft could not be left, what was to go
        elsewhere is not written into it.
        """
        kept, self._kept = self._kept or [], None
        screen, focused = self._from
        self._from = (None, None)
        if isinstance(focused, TextArea) and self._app.focused is focused:
            if kept:
                self._app.bell()
            return []
        while kept and isinstance(screen, Leaving) and isinstance(kept[0], events.Key) and kept[0].key == self._key:
            del kept[0]
        return kept
