"""The line at the bottom: which keys do what here."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from rich.cells import cell_len
from textual.content import Content
from textual.widget import Widget

from widgets.display import for_display

BETWEEN: Final = "  "


class KeyLine(Widget):
    """As many hints as the width allows, the first ones first; the one for help always."""

    DEFAULT_CSS = """
    KeyLine { height: 1; background: $panel; color: $foreground; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._hints: tuple[tuple[str, str], ...] = ()
        self._help = ("", "")
        self._place = ""

    def stand(self, place: str) -> None:
        """Shows at the end where in the queue one stands."""
        if place != self._place:
            self._place = place
            self.refresh()

    def show(self, hints: Sequence[tuple[str, str]], help_hint: tuple[str, str]) -> None:
        """Shows keys with their words.

        Args:
            hints: Key and word, the most useful first.
            help_hint: Key and word of help, which stands last and is never left out.
        """
        before = self._hints, self._help
        self._hints, self._help = tuple(hints), help_hint
        if before != (self._hints, self._help):
            self.refresh()

    def render(self) -> Content:
        """The line, as wide as there is room."""
        return key_line(self._hints, self._help, self.size.width, self._place)


def key_line(hints: Sequence[tuple[str, str]], help_hint: tuple[str, str], width: int, place: str = "") -> Content:
    """The line in at most so many cells, a place in the queue at its end."""
    if place and width > 3 * cell_len(place):
        room = width - cell_len(place) - 1
        return Content.assemble(key_line(hints, help_hint, room - 1).truncate(room, pad=True), place, " ")
    left = width - 1 - _cells(help_hint)
    shown = []
    for hint in hints:
        left -= _cells(hint) + len(BETWEEN)
        if left < 0:
            break
        shown.append(hint)
    pieces = [_hint(key, word) for key, word in (*shown, help_hint) if key]
    return Content.assemble(" ", Content(BETWEEN).join(pieces)).truncate(width, ellipsis=True)


def _hint(key: str, word: str) -> Content:
    return Content.assemble(for_display(key, "bold $text-accent", one_line=True), " ", for_display(word, one_line=True))


def _cells(hint: tuple[str, str]) -> int:
    return cell_len(hint[0]) + 1 + cell_len(hint[1])
