"""A picture as SVG that names no font to fetch and no address: the same everywhere, down to the byte."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final

from workbench.snapshot.boxes import Rect, rectangles
from workbench.snapshot.picture import Ink, Picture, Run, clusters

WIDTH: Final = 8
HEIGHT: Final = 17
"""Of a cell, in the picture's units."""
BASE: Final = 13
"""From the top of a cell to the foot of its letters."""
MARGIN: Final = 8
FONTS: Final = "ui-monospace,'DejaVu Sans Mono',Menlo,Consolas,monospace"
SIZE: Final = 13.2


def svg(picture: Picture) -> str:
    """The picture; text stays text, lines and blocks become shapes."""
    classes: dict[str, str] = {}
    grounds, shapes = Shapes(), Shapes()
    words: list[str] = []
    for y, row in enumerate(picture.rows):
        for run in row:
            if run.ink.ground != picture.ground:
                grounds.add(run.ink.ground, Rect(run.x * WIDTH, y * HEIGHT, run.cells * WIDTH, HEIGHT))
            words += _words(run, y, classes, shapes)
    body = [*grounds.paths(), *shapes.paths(), *words]
    width, height = picture.width * WIDTH + 2 * MARGIN, picture.height * HEIGHT + 2 * MARGIN
    size = f'viewBox="0 0 {width} {height}" width="{width}" height="{height}"'
    style = "".join(f".{name}{{{rule}}}" for rule, name in classes.items())
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size}>',
            f"<title>{_safe(picture.title)}</title>",
            f"<style>text{{font:{SIZE}px {FONTS};white-space:pre}}{style}</style>",
            f'<rect width="{width}" height="{height}" rx="6" fill="{picture.ground}"/>',
            f'<g transform="translate({MARGIN} {MARGIN})" shape-rendering="crispEdges">',
            *body,
            "</g>",
            "</svg>\n",
        ]
    )


class Shapes:
    """Filled parts of the picture by colour; those that touch along a whole side become one."""

    def __init__(self) -> None:
        self._rects: dict[str, dict[tuple[float, float, float], Rect]] = {}
        """By colour, and then by row, height and where a part ends."""

    def add(self, colour: str, rect: Rect) -> None:
        """Fills a part; parts come in the order of reading."""
        rects = self._rects.setdefault(colour, {})
        left = rects.pop((rect.y, rect.height, rect.x), None)
        whole = rect._replace(x=left.x, width=left.width + rect.width) if left else rect
        rects[whole.y, whole.height, whole.x + whole.width] = whole

    def paths(self) -> Iterator[str]:
        """One path a colour."""
        for colour, rects in self._rects.items():
            joined: dict[tuple[float, float, float], Rect] = {}
            for rect in rects.values():
                above = joined.pop((rect.x, rect.width, rect.y), None)
                whole = rect._replace(y=above.y, height=above.height + rect.height) if above else rect
                joined[rect.x, rect.width, rect.y + rect.height] = whole
            steps = (
                f"M{_number(r.x)} {_number(r.y)}h{_number(r.width)}v{_number(r.height)}h-{_number(r.width)}z"
                for r in joined.values()
            )
            yield f'<path fill="{colour}" d="{"".join(steps)}"/>'


def _words(run: Run, y: int, classes: dict[str, str], shapes: Shapes) -> Iterator[str]:
    """Shapes for lines and blocks, and text in stretches whose width is told, so that columns hold in any font."""
    start, held = run.x, ""
    for x, cells, text in [*clusters(run), (run.x + run.cells, 0, "")]:
        parts = rectangles(text, WIDTH, HEIGHT) if len(text) == 1 else ()
        for part in parts:
            shapes.add(run.ink.colour, part._replace(x=x * WIDTH + part.x, y=y * HEIGHT + part.y))
        if parts or cells != 1 or (text == " " and held.endswith(" ")):
            yield from _text(held, start, y, run.ink, classes)
            held = ""
            if cells > 1 and not parts:
                yield from _text(text, x, y, run.ink, classes, cells)
            continue
        if not held:
            start = x
        held += text
    if (run.ink.underline or run.ink.strike) and run.text.strip():
        rise = BASE + 2 if run.ink.underline else HEIGHT // 2 + 1
        shapes.add(run.ink.colour, Rect(run.x * WIDTH, y * HEIGHT + rise, run.cells * WIDTH, 1))


def _text(text: str, x: int, y: int, ink: Ink, classes: dict[str, str], cells: int = 0) -> Iterator[str]:
    words = text.strip(" ")
    if not words:
        return
    x += len(text) - len(text.lstrip(" "))
    cells = cells or sum(1 for _ in clusters(Run(0, 0, words, ink)))
    rule = f"fill:{ink.colour}" + ";font-weight:bold" * ink.bold + ";font-style:italic" * ink.italic
    name = classes.setdefault(rule, f"i{len(classes)}")
    place = f'x="{x * WIDTH}" y="{y * HEIGHT + BASE}" textLength="{cells * WIDTH}"'
    yield f'<text {place} lengthAdjust="spacingAndGlyphs" class="{name}">{_safe(words)}</text>'


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _safe(text: str) -> str:
    """Text as XML may hold it: what `visible` lets through is allowed there, and anything else is marked."""
    return escape("".join(char if char.isprintable() or char in "\u200c\u200d\ufe0f" else "\ufffd" for char in text))
