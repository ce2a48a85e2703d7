"""What kind of content some bytes are, by their first bytes and, failing that, by a name."""

from __future__ import annotations

import mimetypes

OCTETS = "application/octet-stream"
LONGEST_ENDING = 10
BEGINNINGS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"{\\rtf", "application/rtf"),
    (b"PK\x03\x04", "application/zip"),
    (b"\x7fELF", "application/x-executable"),
    (b"MZ", "application/x-msdownload"),
)
"""First bytes that tell a format, from the formats' own specifications."""
_OFFICE = "application/vnd.openxmlformats-officedocument."
_OPEN = "application/vnd.oasis.opendocument."
ZIPPED = {
    ".docx": f"{_OFFICE}wordprocessingml.document",
    ".xlsx": f"{_OFFICE}spreadsheetml.sheet",
    ".pptx": f"{_OFFICE}presentationml.presentation",
    ".odt": f"{_OPEN}text",
    ".ods": f"{_OPEN}spreadsheet",
    ".odp": f"{_OPEN}presentation",
    ".zip": "application/zip",
}
"""Formats that are a zip file inside, by the ending that tells them apart."""
USUAL = {kind: ending for ending, kind in ZIPPED.items()} | {
    "image/heic": ".heic",
    "image/jpeg": ".jpg",
    "image/tiff": ".tiff",
    "image/webp": ".webp",
    "text/plain": ".txt",
}
"""The ending to use where Python's table has several, or none."""

_TABLE = mimetypes.MimeTypes()
"""Python's own table: the machine's files of types are not read, so that the answer is the same everywhere."""


def sniffed(data: bytes) -> str:
    """The content type that first bytes tell, empty when they tell none.

    Args:
        data: At least the first 32 bytes, or all there are.
    """
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    if data[4:8] == b"ftyp":
        return "image/heic" if data[8:12] in (b"heic", b"heix", b"mif1", b"msf1") else "video/mp4"
    return next((kind for beginning, kind in BEGINNINGS if data.startswith(beginning)), "")


def content_type(name: str, data: bytes, declared: str = "") -> str:
    """The content type of a file: its first bytes are believed before what is said of it, and that before its name.

    Args:
        name: The file's name.
        data: Its first bytes.
        declared: What its sender says it is, empty when nothing.

    Returns:
        A media type, `application/octet-stream` when nothing tells.
    """
    found = sniffed(data)
    if found == "application/zip":
        return ZIPPED.get(extension(name), found)
    told = declared.partition(";")[0].strip().lower()
    return found or (told if told != OCTETS else "") or named_type(name) or OCTETS


def named_type(name: str) -> str:
    """The content type that a name's ending tells, empty when it tells none."""
    ending = extension(name)
    return ZIPPED.get(ending) or _TABLE.types_map[True].get(ending, "")


def extension(name: str) -> str:
    """The last ending of a name, lower case with its dot; empty when it has none of at most ten letters and digits."""
    stem, _, ending = name.rpartition(".")
    return f".{ending.lower()}" if stem and ending.isalnum() and len(ending) <= LONGEST_ENDING else ""


def extension_of(kind: str) -> str:
    """The ending that belongs to a content type, empty when none is known."""
    kind = kind.partition(";")[0].strip().lower()
    return USUAL.get(kind) or _TABLE.guess_extension(kind) or ""
