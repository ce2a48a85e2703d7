"""A picture as SVG that names no font to fetch and no address: the same everywhere, down to the byte."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from typing import Final

from workbench.snapshot.boxes import rectangles
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
    body = [line for y, row in enumerate(picture.rows) for line in _row(row, y, picture.ground, classes)]
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


def _row(row: tuple[Run, ...], y: int, ground: str, classes: dict[str, str]) -> Iterator[str]:
    yield from _grounds(row, y, ground)
    for run in row:
        yield from _words(run, y, classes)


def _grounds(row: tuple[Run, ...], y: int, ground: str) -> Iterator[str]:
    """What lies behind the letters, neighbours of one colour as one."""
    start, end, colour = 0, 0, ground
    for x, cells, ink_ground in [*((run.x, run.cells, run.ink.ground) for run in row), (-1, 0, "")]:
        if ink_ground != colour:
            if colour != ground and end > start:
                yield _rect(start * WIDTH, y * HEIGHT, (end - start) * WIDTH, HEIGHT, colour)
            start, colour = x, ink_ground
        end = x + cells


def _words(run: Run, y: int, classes: dict[str, str]) -> Iterator[str]:
    """Shapes for lines and blocks, and text in stretches whose width is told, so that columns hold in any font."""
    shapes: list[str] = []
    start, held = run.x, ""
    for x, cells, text in [*clusters(run), (run.x + run.cells, 0, "")]:
        shape = _shape(text, x, y) if len(text) == 1 else ""
        if shape or cells != 1 or (text == " " and held.endswith(" ")):
            yield from _text(held, start, y, run.ink, classes)
            held = ""
            if cells > 1 and not shape:
                yield from _text(text, x, y, run.ink, classes, cells)
            shapes += [shape] if shape else []
            continue
        if not held:
            start = x
        held += text
    if shapes:
        yield f'<path fill="{run.ink.colour}" d="{"".join(shapes)}"/>'
    if (run.ink.underline or run.ink.strike) and run.text.strip():
        rise = BASE + 2 if run.ink.underline else HEIGHT // 2 + 1
        yield _rect(run.x * WIDTH, y * HEIGHT + rise, run.cells * WIDTH, 1, run.ink.colour)


def _text(text: str, x: int, y: int, ink: Ink, classes: dict[str, str], cells: int = 0) -> Iterator[str]:
    words = text.strip(" ")
    if not words:
        return
    x += len(text) - len(text.lstrip(" "))
    cells = cells or sum(1 for _ in clusters(Run(0, 0, words, ink)))
    rule = f"fill:{ink.colour}" + ";font-weight:bold" * ink.bold + ";font-style:italic" * ink.italic
    name = classes.setdefault(rule, f"i{len(classes)}")
    length = f' textLength="{cells * WIDTH}" lengthAdjust="spacingAndGlyphs"'
    yield f'<text x="{x * WIDTH}" y="{y * HEIGHT + BASE}"{length} class="{name}">{_safe(words)}</text>'


def _shape(char: str, x: int, y: int) -> str:
    parts = []
    for rect in rectangles(char, WIDTH, HEIGHT):
        left, top, width, height = map(_number, (x * WIDTH + rect.x, y * HEIGHT + rect.y, rect.width, rect.height))
        parts.append(f"M{left} {top}h{width}v{height}h-{width}z")
    return "".join(parts)


def _rect(x: int, y: int, width: int, height: int, colour: str) -> str:
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="{colour}"/>'


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _safe(text: str) -> str:
    """Text as XML may hold it: what `visible` lets through is allowed there, and anything else is marked."""
    return escape("".join(char if char.isprintable() or char in "\u200c\u200d\ufe0f" else "\ufffd" for char in text))
