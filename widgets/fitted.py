"""Text whose lines are broken by us: anew for every width."""

from __future__ import annotations

from collections.abc import Callable

from textual.content import Content
from textual.geometry import Size
from textual.reactive import Reactive
from textual.widgets import Static


class Fitted(Static):
    """Fits its lines to a width before they are counted, so that none is cut off and none is left blank.

    Fitted once the size is known, they would be counted only now and then: Textual lays out anew what asks for it
    after being resized, but not what had asked before.
    """

    virtual_size = Reactive(Size(0, 0), layout=False)
    """Its own size, which Textual notes here once it is laid out: nothing scrolls, so no second layout is due."""

    def __init__(self, lines: Callable[[int], Content], *, classes: str | None = None) -> None:
        """Prepares it.

        Args:
            lines: The text with its line breaks, for so many cells a line; 0 while the width is not known.
            classes: As of any widget.
        """
        super().__init__(classes=classes, markup=False)
        self._lines = lines

    def refit(self) -> None:
        """Shows the text anew, as it is now."""
        self._fit(self.content_size.width)
        self.refresh(layout=True)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """How many lines there are at a width."""
        self._fit(width)
        return super().get_content_height(container, viewport, width)

    def on_resize(self) -> None:
        """Fits the lines to the width that it has in the end: others may have been tried."""
        self._fit(self.content_size.width)

    def _fit(self, width: int) -> None:
        lines = self._lines(width)
        if not (isinstance(self.content, Content) and lines.is_same(self.content)):
            self.update(lines, layout=False)
