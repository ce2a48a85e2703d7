"""Small real files: pictures as PNG and pages as PDF, drawn here so that nothing is shipped."""

import struct
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

Colour = tuple[int, int, int]

WIDTH: Final = 120
HEIGHT: Final = 90


@dataclass(frozen=True, slots=True)
class Blob:
    """A soft round spot on skin."""

    x: float
    y: float
    radius: float
    colour: Colour


INK: Final = (bytes((244, 242, 236)), bytes((70, 70, 78)))
"""One pixel of paper, one of a written line."""
SKIN: Final[Colour] = (222, 184, 158)
SPOTS: Final[dict[str, tuple[Blob, ...]]] = {
    "rash": tuple(
        Blob(20 + 83 * (n * 0.37 % 1), 12 + 66 * (n * 0.61 % 1), 6 + n % 5, (196, 84, 82)) for n in range(14)
    ),
    "wound": (Blob(60, 45, 30, (206, 120, 110)), Blob(60, 45, 15, (150, 38, 44)), Blob(66, 48, 6, (226, 206, 140))),
    "mole": (Blob(58, 44, 13, (104, 62, 44)), Blob(65, 50, 8, (58, 34, 30))),
    "eye": (Blob(60, 45, 38, (240, 226, 222)), Blob(60, 45, 16, (86, 120, 140)), Blob(60, 45, 7, (18, 16, 18))),
}


@cache
def picture(kind: str) -> bytes:
    """Return a PNG of WIDTH x HEIGHT pixels that looks a little like `kind`: `letter`, or a name in SPOTS.

    Raises:
        KeyError: nobody can draw `kind`.
    """
    rows = b"".join(b"\0" + (_paper(y) if kind == "letter" else _skin(SPOTS[kind], y)) for y in range(HEIGHT))
    header = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def _paper(y: int) -> bytes:
    """Return one row of a photographed letter: grey lines of uneven length on white."""
    ends = WIDTH - 10 - (y // 9 * 17) % 40 if y % 9 in (3, 4) else 10
    return INK[0] * 10 + INK[1] * (ends - 10) + INK[0] * (WIDTH - ends)


def _skin(spots: Sequence[Blob], y: int) -> bytes:
    """Return one row of skin with `spots`."""
    near = [spot for spot in spots if abs(y - spot.y) < spot.radius]
    row = bytearray()
    for x in range(WIDTH):
        colour = SKIN
        for spot in near:
            distance = ((x - spot.x) ** 2 + (y - spot.y) ** 2) ** 0.5
            if distance < spot.radius:
                colour = _mixed(colour, spot.colour, min(1.0, (spot.radius - distance) / (spot.radius * 0.4)))
        row += bytes(colour)
    return bytes(row)


def _mixed(under: Colour, over: Colour, share: float) -> Colour:
    red, green, blue = (int(a + (b - a) * share) for a, b in zip(under, over, strict=True))
    return red, green, blue


def pdf(lines: Sequence[str]) -> bytes:
    """Return a PDF of one A4 page with `lines`; a character outside Windows-1252 becomes a question mark."""
    shown = "".join(f"({_escaped(line)}) Tj T*\n" for line in lines)
    stream = f"BT /F1 11 Tf 15 TL 60 780 Td\n{shown}ET".encode("cp1252", "replace")
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R"
        b" /Resources << /Font << /F1 4 0 R >> >> >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    )
    body = bytearray(b"%PDF-1.4\n")
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    start = len(body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    body += b"xref\n0 6\n0000000000 65535 f \n%strailer\n<< /Size 6 /Root 1 0 R >>\n" % table
    return bytes(body + b"startxref\n%d\n%%%%EOF\n" % start)


def _escaped(line: str) -> str:
    return line.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)")
