"""How several portals are told apart on the screen; where there is only one, nothing is told of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from rich.cells import cell_len, set_cell_size

from widgets.cells import cut, outside
from workbench.dialogue.clean import CUT_SIGN

WHOLE: Final = 16
"""Cells of a portal's name where there is room."""
SHORT: Final = 3
"""Cells where there is little: an abbreviation, without a sign that something was left out."""


@dataclass(frozen=True, slots=True)
class PortalNames:
    """What each portal is called, in a long and a short form, no two alike."""

    known: frozenset[str] = frozenset()
    """The portals there are, by their names in the configuration."""
    whole: Mapping[str, str] = field(default_factory=dict)
    short: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, portals: Iterable[str]) -> PortalNames:
        """The names of all portals of this run, in their order."""
        names = tuple(portals)
        several = len(names) > 1
        forms = {cells: _forms(names, cells) if several else {} for cells in (WHOLE, SHORT)}
        return cls(frozenset(names), forms[WHOLE], forms[SHORT])

    def name(self, portal: str, *, short: bool = False) -> str:
        """What a portal is called; empty when there is no other that it could be taken for.

        One that is not among the portals of this run, as something in the outbox may be from, is always named.
        """
        if not self.known or (portal in self.known and not self.whole):
            return ""
        forms = self.short if short else self.whole
        return forms.get(portal) or _start(outside(portal), SHORT if short else WHOLE)

    def tag(self, portal: str, *, short: bool = False) -> str:
        """The name in brackets, which no patient's name on a row has; empty like `name`."""
        name = self.name(portal, short=short)
        return f"[{name}]" if name else ""


def _forms(names: tuple[str, ...], cells: int) -> dict[str, str]:
    """Each name in so many cells: its beginning where that tells them apart easily, else its end, else a number."""
    shown = {name: outside(name) for name in names}
    begin = {name: _start(text, cells) for name, text in shown.items()}
    if begin == shown or _differ(_start(text, (cells + 1) // 2) for text in shown.values()):
        return begin if _differ(begin.values()) else _numbers(names)
    end = {name: _end(text, cells) for name, text in shown.items()}
    return end if _differ(end.values()) else begin if _differ(begin.values()) else _numbers(names)


def _differ(texts: Iterable[str]) -> bool:
    """Whether all can be told from each other, and none is empty."""
    found = [text.casefold() for text in texts]
    return "" not in found and len(set(found)) == len(found)


def _numbers(names: tuple[str, ...]) -> dict[str, str]:
    return {name: str(place) for place, name in enumerate(names, 1)}


def _start(text: str, cells: int) -> str:
    if cells > SHORT or cell_len(text) <= cells:
        return cut(text, cells)
    return set_cell_size(text, cells).strip()


def _end(text: str, cells: int) -> str:
    if cell_len(text) <= cells:
        return text
    sign = CUT_SIGN if cells > SHORT else ""
    while cell_len(sign + text) > cells:
        text = text[1:]
    return sign + text


ONE_PORTAL: Final = PortalNames()
"""For where no portal needs a name."""
