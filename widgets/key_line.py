"""One line of keys at the bottom: as many as fit, help always last."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import Static


class KeyLine(Static):
    """Shows keys with their words."""

    DEFAULT_CSS = """
    KeyLine { height: 1; padding: 0 1; color: $text-muted; background: $panel; }
    """

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._keys: tuple[tuple[str, str], ...] = ()
        self._last = ("", "")

    def show(self, keys: Sequence[tuple[str, str]], last: tuple[str, str]) -> None:
        """Shows these keys; `last` stands at the end however little room there is."""
        self._keys, self._last = tuple(keys), last
        self._fit()

    def on_resize(self) -> None:
        """Fits them anew."""
        self._fit()

    def _fit(self) -> None:
        room = max(self.size.width, 20)
        end = _hint(self._last)
        shown: list[Content] = []
        used = end.cell_length
        for key in self._keys:
            hint = _hint(key)
            if used + hint.cell_length + 2 > room:
                break
            shown.append(hint)
            used += hint.cell_length + 2
        self.update(Content("  ").join([*shown, end]))


def _hint(key: tuple[str, str]) -> Content:
    return Content.assemble((key[0], "bold $text-primary"), " ", key[1])
