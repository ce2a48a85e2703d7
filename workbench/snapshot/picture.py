"""What is on the screen, cell by cell: the one thing that text, SVG and PNG are made from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from rich.color import Color
from rich.style import Style

if TYPE_CHECKING:
    from rich.segment import Segment
    from textual.app import App


@dataclass(frozen=True, slots=True)
class Ink:
    """How a stretch of cells is drawn."""

    colour: str
    """`#rrggbb`."""
    ground: str
    """`#rrggbb`."""
    bold: bool = False
    italic: bool = False
    underline: bool = False
    strike: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring cells of one row that are drawn alike."""

    x: int
    """Column of the first."""
    cells: int
    text: str
    ink: Ink


@dataclass(frozen=True, slots=True)
class Picture:
    """One screen."""

    width: int
    """Columns."""
    height: int
    """Rows."""
    title: str
    ground: str
    """Colour behind everything, `#rrggbb`."""
    rows: tuple[tuple[Run, ...], ...]

    @property
    def text(self) -> str:
        """The characters alone, each row as wide as the screen and ended by a newline."""
        return "".join("".join(run.text for run in row) + "\n" for row in self.rows)


def picture(app: App[Any], title: str) -> Picture:
    """Takes a picture of what a running program shows.

    Args:
        app: Running; call it on its own loop.
        title: What the picture shows.
    """
    update = app.screen._compositor.render_update(full=True, screen_stack=app._background_screens)
    strips: list[Iterable[Iterable[Segment]]] = getattr(update, "strips")  # noqa: B009 - a full update has them
    colours = app.theme_variables
    usual = Ink(colours["foreground"].lower(), colours["background"].lower())
    width, height = app.size
    rows = tuple(tuple(_runs(chain.from_iterable(row), usual)) for row in strips[:height])
    return Picture(width, height, title, usual.ground, rows)


def _runs(segments: Iterable[Segment], usual: Ink) -> Iterator[Run]:
    """Segments of a row, neighbours of the same looks joined."""
    x, text, ink = 0, "", usual
    for segment in segments:
        if segment.control or not segment.text:
            continue
        looks = _ink(segment.style, usual)
        if looks != ink and text:
            yield Run(x, cell_len(text), text, ink)
            x, text = x + cell_len(text), ""
        text, ink = text + segment.text, looks
    if text:
        yield Run(x, cell_len(text), text, ink)


def _ink(style: Style | None, usual: Ink) -> Ink:
    if style is None:
        return usual
    colour, ground = _hex(style.color, usual.colour), _hex(style.bgcolor, usual.ground)
    if style.reverse:
        colour, ground = ground, colour
    return Ink(colour, ground, bool(style.bold), bool(style.italic), bool(style.underline), bool(style.strike))


def _hex(colour: Color | None, usual: str) -> str:
    return usual if colour is None or colour.is_default else colour.get_truecolor().hex


def clusters(run: Run) -> Iterator[tuple[int, int, str]]:
    """Column, cells and text of each character of a run, with what is drawn on top of it."""
    x, held = run.x, ""
    for char in run.text:
        cells = cell_len(char)
        if held and cells:
            yield x, cell_len(held), held
            x, held = x + cell_len(held), ""
        held += char
    if held:
        yield x, cell_len(held), held
