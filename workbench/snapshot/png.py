"""A picture as PNG, drawn with Pillow and a font of this machine; both are optional."""

from __future__ import annotations

import io
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from workbench.language import _
from workbench.snapshot.boxes import rectangles
from workbench.snapshot.picture import Ink, Picture, Run, clusters

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

WIDTH: Final = 16
HEIGHT: Final = 34
"""Of a cell, in pixels."""
BASE: Final = 26
"""From the top of a cell to the foot of its letters."""
SIZE: Final = 26
"""Pixels of the font; its letters are then about as wide as a cell."""
FOLDERS: Final = (
    "/usr/share/fonts/truetype/dejavu",
    "/usr/share/fonts/dejavu-sans-mono-fonts",
    "/usr/share/fonts/dejavu",
    "/usr/share/fonts/TTF",
    "/usr/share/fonts/truetype/liberation",
    "/usr/share/fonts/liberation-mono",
    "/usr/local/share/fonts",
    "/System/Library/Fonts/Supplemental",
    "/Library/Fonts",
    "C:/Windows/Fonts",
)
FAMILIES: Final = (
    ("DejaVuSansMono.ttf", "DejaVuSansMono-Bold.ttf", "DejaVuSansMono-Oblique.ttf", "DejaVuSansMono-BoldOblique.ttf"),
    (
        "LiberationMono-Regular.ttf",
        "LiberationMono-Bold.ttf",
        "LiberationMono-Italic.ttf",
        "LiberationMono-BoldItalic.ttf",
    ),
    ("consola.ttf", "consolab.ttf", "consolai.ttf", "consolaz.ttf"),
    ("Courier New.ttf", "Courier New Bold.ttf", "Courier New Italic.ttf", "Courier New Bold Italic.ttf"),
)
"""Upright, bold, slanted, bold and slanted; the first family found is used."""


def why_not() -> str:
    """Why no PNG can be drawn here, as one sentence; empty when it can."""
    try:
        import PIL.ImageFont  # noqa: F401
    except ImportError:
        return _(
            "PNG is left out: Pillow is not installed; install the program with its extra “snapshots” to get pictures."
        )
    if _family() is None:
        return _("PNG is left out: no fixed-width font was found; install DejaVu Sans Mono to get pictures.")
    return ""


def png(picture: Picture) -> bytes:
    """The picture as a PNG file; ask `why_not` first."""
    from PIL import Image, ImageDraw

    image = Image.new("RGB", (picture.width * WIDTH, picture.height * HEIGHT), picture.ground)
    draw = ImageDraw.Draw(image)
    for y, row in enumerate(picture.rows):
        for run in row:
            draw.rectangle(_area(run.x, y, run.cells), fill=run.ink.ground)
        for run in row:
            _run(draw, run, y)
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def _run(draw: ImageDraw, run: Run, y: int) -> None:
    for x, cells, text in clusters(run):
        parts = rectangles(text, WIDTH, HEIGHT) if len(text) == 1 else ()
        for part in parts:
            left, top = x * WIDTH + part.x, y * HEIGHT + part.y
            draw.rectangle(
                (round(left), round(top), round(left + part.width) - 1, round(top + part.height) - 1),
                fill=run.ink.colour,
            )
        if not parts and text.strip():
            _glyph(draw, text, x, y, max(cells, 1), run.ink)
    if run.ink.underline or run.ink.strike:
        rise = y * HEIGHT + (BASE + 4 if run.ink.underline else HEIGHT // 2)
        draw.rectangle((run.x * WIDTH, rise, (run.x + run.cells) * WIDTH - 1, rise + 1), fill=run.ink.colour)


def _glyph(draw: ImageDraw, text: str, x: int, y: int, cells: int, ink: Ink) -> None:
    """One character in the middle of its cells."""
    font = _font(ink.bold, ink.italic)
    slack = (cells * WIDTH - font.getlength(text)) / 2
    draw.text((x * WIDTH + slack, y * HEIGHT + BASE), text, font=font, fill=ink.colour, anchor="ls")


def _area(x: int, y: int, cells: int) -> tuple[int, int, int, int]:
    return x * WIDTH, y * HEIGHT, (x + cells) * WIDTH - 1, (y + 1) * HEIGHT - 1


@cache
def _font(bold: bool, italic: bool) -> FreeTypeFont:
    from PIL.ImageFont import truetype

    family = _family()
    assert family is not None
    upright, wanted = family[0], family[bold + 2 * italic]
    return truetype(wanted if wanted.exists() else upright, SIZE)


@cache
def _family() -> tuple[Path, ...] | None:
    for names in FAMILIES:
        for folder in FOLDERS:
            if Path(folder, names[0]).exists():
                return tuple(Path(folder, name) for name in names)
    return None
